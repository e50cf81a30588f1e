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
from actions.audit import Change, Warrant, entry_for, values_of
from actions.places import hold_log_end_alone, place
from actions.sequencer import SEQUENCER, place_some
from models import Area, Conflict, Event, clock
from models.generations import generations
from models.writes import Values
from policies import guard
from policies.actor import SYSTEM, Actor
from policies.facts import Facts
from policies.loading import load_actor

TOGETHER = 50
"""Events that are written by one statement, with their audit entries."""


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
                aggregate_id=getattr(about, "pk"),  # noqa: B009
                area_id=area.code,
                path=area.path,
                actor_id=actor.id,
                at=self.now,
                note=note,
                payload=payload,
            ),
        )

    def tell_of_decision(
        self, area: Area, type: str, actor: Actor, before: Values, after: Values, note: str | None = None
    ) -> Event:
        """An event about an area; the audit log tells what it decided, where its own row does not show it.

        `after` has a value, perhaps None, for each that was changed. The caller saves the area.
        """
        event = self.tell_of_admin(area, type, actor, area, note, changed=sorted(after))
        self.changes[-1].before, self.changes[-1].after = before, after
        return event


@asynccontextmanager
async def recording(actor: Actor = SYSTEM) -> AsyncIterator[Record]:
    """One transaction; its events are written last, so that the log's order is the order of commits.

    Where the sequencer gives out positions, somebody's events have theirs a moment after the commit, when this ends.
    Raises Conflict when the actor lost a right, or the rules changed, since the actor was loaded.
    """
    async with in_transaction() as connection:
        record = Record(clock.now(), actor)
        yield record
        await _write(record, connection)
    if SEQUENCER.is_used and record.changes and actor.id is not None:
        await SEQUENCER.wait_for(record.events)
    feed.ring()


async def _write(record: Record, connection: BaseDBAsyncClient) -> None:
    if not record.changes:
        return
    if SEQUENCER.is_used:
        await SEQUENCER.hold_rights(record.events)
    elif await hold_log_end_alone(connection):
        while await place_some():
            pass
    await _check_rights(record)
    _name_principal(record)
    for start in range(0, len(record.changes), TOGETHER):
        await _enter(record.changes[start : start + TOGETHER], record.warrant)


async def _enter(changes: list[Change], warrant: Warrant) -> None:
    """Events and audit entries; the events last, so that they learn their positions."""
    events, entries = [change.event for change in changes], [entry_for(change, warrant) for change in changes]
    if SEQUENCER.is_used:
        await SEQUENCER.set_down(events, entries)
        return
    for event, position in zip(events, await place([vars(event) for event in events], entries), strict=True):
        event.pos, event._saved_in_db = position, True


def _name_principal(record: Record) -> None:
    """What a deputy did by a right that was lent to them tells in whose name."""
    title = record.warrant.title
    if title is not None and title[1].principal_id is not None:
        for event in record.events:
            if event.actor_id is not None:
                event.payload["onBehalfOf"] = title[1].principal_id


async def _check_rights(record: Record) -> None:
    """Look again behind the lock: whoever took a right away has committed by now, or comes after us.

    So nothing is ever written after a revocation was acknowledged. What this transaction itself ends does not count.
    """
    actor = record.actor
    if actor.id is None or actor.holds(await generations(), clock.now()):
        return
    now = await load_actor(actor.id, clock.now())
    ended = {event.aggregate_id for event in record.events}
    lost = {grant.id for grant in actor.grants} - {grant.id for grant in now.grants} - ended
    rules_changed = now.policy != actor.policy and not any(
        event.type == "policy.published" for event in record.events
    )
    if lost or rules_changed or (now.disabled and actor.id not in ended):
        raise Conflict("RIGHTS_CHANGED")
