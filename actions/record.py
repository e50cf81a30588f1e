"""A transaction and the event rows it ends with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actions import feed
from actions.audit import Change, Warrant, entries_for, values_of
from models import Area, AuditEntry, Conflict, Event, clock
from models.generations import generations
from models.writes import Values, Writes
from policies import guard
from policies.actor import SYSTEM, Actor
from policies.facts import Facts
from policies.loading import load_actor

LOG_LOCK = 0x62616F6461  # any fixed number: the key of the advisory lock on the log's end
TOGETHER = 50
"""Events that are written by one statement, with their audit entries."""
CHANNEL = "baodao"
"""Where PostgreSQL tells the other processes that the log grew."""


class Versioned(Protocol):
    """A row that counts its own events."""

    version: int


@dataclass(slots=True)
class Record:
    """What one transaction has to tell. `now` is the moment everything in it happens at."""

    now: datetime
    actor: Actor = SYSTEM
    changes: list[Change] = field(default_factory=list)
    warrant: Warrant = field(default_factory=Warrant)
    _known: dict[int, Values] = field(default_factory=dict)

    @property
    def events(self) -> list[Event]:
        return [change.event for change in self.changes]

    def require(self, actor: Actor, type: str, action: str, facts: Facts) -> None:
        """Raises NotAllowed; else the audit log will say by which right the changes were made."""
        guard.require(actor, type, action, facts)
        self.warrant = Warrant(type, action, facts, guard.title_of(actor, type, action, facts), actor.policy)

    def watch(self, row: Model) -> None:
        """Remember how the row is before it is changed, for the audit log."""
        self._known[id(row)] = values_of(row)

    def tell(self, about: Versioned, event: Event) -> Event:
        """Add the event as the next version of `about`; the caller saves `about` itself.

        Changes made before this are in the audit log only if the row was watched.
        """
        assert isinstance(about, Model), "a row"
        present = values_of(about)
        for change in self.changes:
            if change.row is about and change.after is None:
                change.after = present
        before = self._known.pop(id(about), present if about.version else {})
        about.version += 1
        event.version = about.version
        self.changes.append(Change(event, about, before))
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
async def recording(actor: Actor = SYSTEM) -> AsyncIterator[Record]:
    """One transaction; its events are written last, so that the log's order is the order of commits.

    Raises Conflict when the actor lost a right, or the rules changed, since the actor was loaded.
    """
    async with in_transaction() as connection:
        record = Record(clock.now(), actor)
        yield record
        await _write(record, connection)
    feed.ring()


async def _write(record: Record, connection: BaseDBAsyncClient) -> None:
    if not record.changes:
        return
    if connection.capabilities.dialect == "postgres":  # SQLite has one writer at a time anyway
        await connection.execute_query(
            "SELECT pg_advisory_xact_lock($1), pg_notify($2, '')", [LOG_LOCK, CHANNEL]
        )
    await _check_rights(record)
    _name_principal(record)
    for start in range(0, len(record.changes), TOGETHER):
        await _enter(record.changes[start : start + TOGETHER], record.warrant)


async def _enter(changes: list[Change], warrant: Warrant) -> None:
    """Events and audit entries; the events last, so that they learn their positions."""
    writes = Writes()
    writes.insert_values(AuditEntry, await entries_for(changes, warrant))
    writes.insert([change.event for change in changes])
    for change, numbers in zip(changes, await writes.send(), strict=True):
        change.event.pos = numbers["pos"]


def _name_principal(record: Record) -> None:
    """What a deputy did by a right that was lent to them tells in whose name."""
    title = record.warrant.title
    if title is not None and title[1].principal_id is not None:
        for event in record.events:
            if event.actor_id is not None:
                event.payload["onBehalfOf"] = title[1].principal_id


async def _is_as_it_was(actor: Actor) -> bool:
    """Whether nothing about anybody's rights was committed since the actor was loaded, and no grant ran out."""
    if actor.generations is None or (actor.changes_at is not None and actor.changes_at <= clock.now()):
        return False
    return (await generations()).rights == actor.generations.rights


async def _check_rights(record: Record) -> None:
    """Look again behind the log's lock: whoever took a right away has committed by now, or comes after us.

    So nothing is ever written after a revocation was acknowledged. What this transaction itself ends does not count.
    """
    actor = record.actor
    if actor.id is None or await _is_as_it_was(actor):
        return
    now = await load_actor(actor.id, clock.now())
    ended = {event.aggregate_id for event in record.events}
    lost = {grant.id for grant in actor.grants} - {grant.id for grant in now.grants} - ended
    rules_changed = now.policy != actor.policy and not any(
        event.type == "policy.published" for event in record.events
    )
    if lost or rules_changed or (now.disabled and actor.id not in ended):
        raise Conflict("RIGHTS_CHANGED")
