"""Positions given out after the commit by one process, so that writers need not stand in line behind the log's lock.

A writer sets its events down without positions, commits, and waits until they are in place. Whoever leads places what
was committed, in the order it was set down; after a second of waiting the writer does so itself.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actions import feed
from actions.places import RIGHTS_LOCK, hold_log_end, place
from models import Conflict, Event, Unplaced
from models.generations import Moment
from models.writes import Values, Writes, columns_of
from policies.scopes import whole

AT_ONCE = 500
"""Events that are placed in one transaction."""
HELP_AFTER = 1.0
GIVE_UP_AFTER = 30.0
LOOK_EVERY = 0.05
WORK = frozenset({"Summons", "Task", "Request", "WorkOrder"})
"""What may be written about side by side; everything else may take rights away."""
log = logging.getLogger(__name__)
ANY_UNPLACED = f"SELECT EXISTS (SELECT FROM {Unplaced._meta.db_table}) AS found"


class Sequencer:
    """Of this process, and only on PostgreSQL. Beside others that go by the lock the order holds, but is no faster."""

    def __init__(self) -> None:
        self.is_used = False

    async def hold_rights(self, events: Sequence[Event]) -> None:
        """Until the transaction ends: whoever changes rights waits for all work under way, and work for them.

        (An advisory lock, because its line is fair: with locks on a row, work that never ceases would starve them.)
        """
        shared = "_shared" if all(event.aggregate in WORK for event in events) else ""
        await get_connection("default").execute_query(
            f"SELECT pg_advisory_xact_lock{shared}($1)", [RIGHTS_LOCK]
        )

    async def set_down(self, events: Sequence[Event], entries: Sequence[Values]) -> None:
        """Raises Conflict when somebody else was faster with the same version."""
        writes = Writes()
        rows = [
            {
                "event_id": event.id,
                "aggregate_id": event.aggregate_id,
                "version": event.version,
                "event": _whole(event),
                "entry": entry,
            }
            for event, entry in zip(events, entries, strict=True)
        ]
        writes.insert_values(Unplaced, rows)
        try:
            await writes.send()
        except IntegrityError as taken:
            raise Conflict from taken
        await _require_new(events)

    async def wait_for(self, events: Sequence[Event]) -> None:
        """Until they are in place; each has its position then."""
        places = await self.positions([event.id for event in events])
        for event in events:
            event.pos, event._saved_in_db = places[event.id], True

    async def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """Of committed events, as soon as all have one. TimeoutError leaves them committed."""
        found: dict[str, int] = {}
        began = monotonic()
        with feed.Bell() as bell:
            feed.ring_sequencer()
            while len(found) < len(ids):
                await bell.wait(LOOK_EVERY)
                missing = [id for id in ids if id not in found]
                found |= dict(await whole(Event).filter(id__in=missing).values_list("id", "pos"))
                if monotonic() - began > HELP_AFTER:
                    await _help()
                if monotonic() - began > GIVE_UP_AFTER:
                    raise TimeoutError("committed, but without a position in the log")
        return found


SEQUENCER = Sequencer()


async def _help() -> None:
    """A failure is none of whoever waits: what they did is committed."""
    try:
        await HELP.now()
    except Exception:
        log.exception("cannot place events")


def _whole(event: Event) -> Values:
    """Every column but `pos`. What the log would refuse is refused here, where the transaction can still fail."""
    columns = {name: getattr(event, name) for name in columns_of(Event) if name != "pos"}
    for name, value in columns.items():
        field = Event._meta.fields_map[name]
        field.validate(value)
        if value is None and not field.null:
            raise IntegrityError(f"an event without {name}")
    return columns


async def _require_new(events: Sequence[Event]) -> None:
    """What is in place already has left the table whose key would tell."""
    later = [event for event in events if event.version > 1]
    if not later:
        return
    versions = " OR ".join(
        f"(aggregate_id = ${2 * n + 1} AND version = ${2 * n + 2})" for n in range(len(later))
    )
    taken = await get_connection("default").execute_query_dict(
        f"SELECT 1 FROM {Event._meta.db_table} WHERE {versions} LIMIT 1",
        [value for event in later for value in (event.aggregate_id, event.version)],
    )
    if taken:
        raise Conflict


async def place_waiting() -> int:
    """Put what was committed without a position into place; how many events that were, at most 500."""
    [told] = await get_connection("default").execute_query_dict(ANY_UNPLACED)
    if not told["found"]:
        return 0
    async with in_transaction() as connection:
        await hold_log_end(connection)
        placed = await place_some()
    feed.ring()
    return placed


async def place_some() -> int:
    """The same in the open transaction, which holds the log's end."""
    waiting = await Unplaced.all().order_by("id").limit(AT_ONCE)
    placed = await _placed(waiting)
    await Unplaced.filter(id__in=[one.id for one in placed]).delete()
    return len(placed)


async def _placed(waiting: Sequence[Unplaced]) -> Sequence[Unplaced]:
    """Those that could be: should one not fit the log, its aggregate waits for a human, and nobody else for it."""
    if not waiting:
        return []
    try:
        async with in_transaction():
            await _place(waiting)
        return waiting
    except IntegrityError:
        log.exception("some events do not fit the log; placing them one by one")
    placed, stuck = [], set()
    for one in waiting:
        if one.aggregate_id not in stuck:
            try:
                async with in_transaction():
                    await _place([one])
                placed.append(one)
            except IntegrityError:
                log.exception("event %s cannot be placed", one.event_id)
                stuck.add(one.aggregate_id)
    return placed


async def _place(waiting: Sequence[Unplaced]) -> None:
    events = [_with_moment(one.event) for one in waiting]
    await place(events, [_with_moment(one.entry) for one in waiting])


def _with_moment(told: dict[str, object]) -> Values:
    return {**told, "at": datetime.fromisoformat(str(told["at"]))}


HELP = Moment(place_waiting)
"""However many wait in a process, one of them helps."""


async def keep_vacuumed() -> None:
    """A table that is filled and emptied all day is to be cleaned sooner than others."""
    database = get_connection("default")
    if database.capabilities.dialect == "postgres":
        await database.execute_query(
            f"ALTER TABLE {Unplaced._meta.db_table} SET"
            " (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)"
        )
