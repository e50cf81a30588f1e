"""A transaction and the event rows it ends with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from actions import feed
from models import Area, Event, clock
from policies.actor import Actor

LOG_LOCK = 0x62616F6461  # any fixed number: the key of the advisory lock on the log's end


class Versioned(Protocol):
    """A row that counts its own events."""

    version: int


@dataclass(slots=True)
class Record:
    """What one transaction has to tell. `now` is the moment everything in it happens at."""

    now: datetime
    events: list[Event] = field(default_factory=list)

    def tell(self, about: Versioned, event: Event) -> Event:
        """Add the event as the next version of `about`; the caller saves `about` itself."""
        about.version += 1
        event.version = about.version
        self.events.append(event)
        return event

    def tell_of_admin(
        self,
        about: Versioned,
        type: str,
        actor: Actor,
        area: Area,
        note: str | None = None,
        **payload: object,
    ) -> Event:
        """An event about a unit, a member or a grant, told in `area`."""
        return self.tell(
            about,
            Event(
                type=type,
                aggregate=about.__class__.__name__,
                aggregate_id=getattr(about, "id"),  # noqa: B009
                area_id=area.code,
                path=area.path,
                actor_id=actor.id,
                at=self.now,
                note=note,
                payload=payload,
            ),
        )


@asynccontextmanager
async def recording() -> AsyncIterator[Record]:
    """One transaction; its events are written last, so that the log's order is the order of commits."""
    async with in_transaction() as connection:
        record = Record(clock.now())
        yield record
        await _write(record.events, connection)
    feed.ring()


async def _write(events: list[Event], connection: BaseDBAsyncClient) -> None:
    if not events:
        return
    if connection.capabilities.dialect == "postgres":  # SQLite has one writer at a time anyway
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [LOG_LOCK])
    await Event.bulk_create(events)
