"""Bugs to plant in a service, so that the proofs are seen to notice them: ``FAULT_BUG=NAME python bugs.py serve``."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from random import random
from typing import Any

from former import former
from tortoise import Tortoise
from uvicorn.supervisors.multiprocess import Multiprocess

import actions.cases as cases
import actions.once
import actions.places as places
import actions.record as record
import actions.sequencer as sequencer
import baodao
import baodao.asgi
import baodao.cli
import baodao.database
import baodao.deliveries as deliveries
import baodao.fanout as fanout
import resolvers.stream as stream
import resolvers.tail as tail
from baodao.__main__ import main
from models import Event, LogEpoch, Tally, clock

BUGS: dict[str, Callable[[], None]] = {}


def bug(plant: Callable[[], None]) -> Callable[[], None]:
    BUGS[plant.__name__] = plant
    return plant


@bug
def order_of_begin() -> None:
    """Events are numbered without waiting for one another, so that a later number can be seen first."""

    async def write(written: record.Record, connection: Any) -> None:
        if written.changes:
            await connection.execute_query("SELECT pg_notify($1, '')", [places.CHANNEL])
            await record._check_rights(written)
            await record._enter(written.changes, written.warrant)
            await asyncio.sleep(random() * 0.02)

    async def place(events: Any, _: object) -> list[int]:
        """Without audit entries: their chain would stand in the way."""
        writes = places.Writes()
        writes.insert_values(Event, events)
        return [int(numbers["pos"]) for numbers in await writes.send()]

    record._write = write
    record.place = place


@bug
def events_after_commit() -> None:
    """What changed is committed, and only then is it told."""
    in_transaction, write = record.in_transaction, record._write

    @asynccontextmanager
    async def recording(actor: Any = record.SYSTEM) -> AsyncIterator[record.Record]:
        async with in_transaction():
            written = record.Record(clock.now(), actor)
            yield written
        await asyncio.sleep(0.15)
        async with in_transaction() as connection:
            await write(written, connection)
        record.feed.ring()

    actions.once.recording = recording


@bug
def struck_out_before_placed() -> None:
    """The sequencer forgets what it has read before it is in place."""
    in_transaction, put = sequencer.in_transaction, sequencer._place

    @asynccontextmanager
    async def none() -> AsyncIterator[Any]:
        yield Tortoise.get_connection("default")

    async def place(waiting: Any) -> None:
        await sequencer.Unplaced.filter(id__in=[one.id for one in waiting]).delete()
        await asyncio.sleep(0.2)
        async with in_transaction() as connection:
            await places.hold_log_end(connection)
            await put(waiting)

    sequencer.in_transaction, sequencer._place = none, place  # type: ignore[assignment]


@bug
def keys_forgotten() -> None:
    """A repeated request is done again."""

    async def once(actor: Any, key: object, body: object, work: Any) -> Any:
        async with record.recording(actor) as written:
            done = await work(written)
        return actions.once._in_hand(done, written)

    for module in list(sys.modules.values()):
        if getattr(module, "once", None) is ONCE:
            module.once = once  # type: ignore[attr-defined]


ONCE = actions.once.once


@bug
def rows_unlocked() -> None:
    """Two may take a step of the same matter at the same time, and whoever is second is numbered after the first."""
    for name in ("LOCKED", "LOCKED_BY_TASK"):
        prepared = getattr(cases, name)
        query = prepared._query
        prepared._query = lambda id, query=query: _unlocked(query(id))
    load = cases._load

    async def slowly(*locked: Any) -> Any:
        case = await load(*locked)
        await asyncio.sleep(random() * 0.02)
        return case

    write = record._write

    async def numbered(written: record.Record, connection: Any) -> None:
        await connection.execute_query("SELECT pg_advisory_xact_lock(1)")
        last: dict[str, int] = {}
        for event in written.events:
            if event.aggregate_id not in last:
                [told] = await connection.execute_query_dict(LAST_VERSION, [event.aggregate_id])
                last[event.aggregate_id] = told["last"]
            last[event.aggregate_id] += 1
            event.version = last[event.aggregate_id]
        await write(written, connection)

    cases._load, record._write = slowly, numbered


LAST_VERSION = """SELECT coalesce(max(version), 0) AS last FROM (SELECT aggregate_id, version FROM event
    UNION ALL SELECT aggregate_id, version FROM unplaced_event) AS told WHERE aggregate_id = $1"""


def _unlocked(query: Any) -> Any:
    query._select_for_update = False
    return query


@bug
def queues_without_end() -> None:
    """However slowly somebody reads, everything waits for them."""
    fanout.MOST_WAITING = sys.maxsize


@bug
def ends_at_once() -> None:
    """Who is told to end drops everything."""

    @contextmanager
    def draining() -> Iterator[None]:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        yield

    baodao.asgi.draining = draining


@bug
def place_before_sent() -> None:
    """How far a webhook has come is noted before it is sent."""

    async def go_on(self: deliveries.Sender, webhook: Any, head: int) -> bool:
        if webhook.position >= head:
            return False
        stretch = await deliveries.next_stretch(webhook, webhook.position, head)
        await deliveries.note_stretch(webhook, stretch, [])
        await asyncio.sleep(0.15)
        places = asyncio.Semaphore(1)
        for events in stretch.lanes.values():
            await self._lane(webhook.id, events, places, held=False)
        return bool(stretch.lanes)

    deliveries.Sender._go_on = go_on  # type: ignore[method-assign]


@bug
def cursor_of_clock() -> None:
    """Whoever listens is told what happened later than the last they heard, by the clocks of the events."""
    told_at: dict[int, datetime] = {}
    following = stream.Reader.next

    async def following_by_clock(self: stream.Reader, actor: Any, recent: tail.Recent) -> list[Any]:
        events = await following(self, actor, recent)
        last = told_at.get(id(self), datetime.min.replace(tzinfo=UTC))
        told = [event for event in events if event.at >= last]
        told_at[id(self)] = max([last, *(event.at for event in told)])
        return told

    stream.Reader.next = following_by_clock  # type: ignore[method-assign]


@bug
def dead_not_replaced() -> None:
    """The parent of the workers does not look after them."""
    Multiprocess.keep_subprocess_alive = lambda self: None  # type: ignore[method-assign]


@bug
def epoch_renewed() -> None:
    """An upgrade takes the database for another one."""
    _and_with_migrating(lambda: LogEpoch.all().update(epoch="new"))


@bug
def log_numbered_anew() -> None:
    """An upgrade moves the log to other positions."""

    async def move() -> None:
        connection = Tortoise.get_connection("default")
        await connection.execute_query("UPDATE event SET pos = pos + 1000000")
        if connection.capabilities.dialect == "postgres":
            await connection.execute_query("SELECT setval('event_pos_seq', max(pos)) FROM event")

    _and_with_migrating(move)


@bug
def tallies_begun_anew() -> None:
    """An upgrade keeps tallies from then on, and forgets what was there before."""

    async def begin_anew() -> None:
        await Tally.all().delete()

    _and_with_migrating(begin_anew)


def _and_with_migrating(work: Callable[[], Awaitable[object]]) -> None:
    migrate = baodao.database.migrate

    async def migrating(url: str) -> None:
        await migrate(url)
        async with baodao.database.database(url):
            await work()

    baodao.asgi.migrate = baodao.cli.migrate = migrating


def skew(seconds: float) -> None:
    """No bug of ours: this machine's clock is wrong by so much."""
    clock.set_source(lambda: datetime.now(UTC) + timedelta(seconds=seconds))


if __name__ in ("__main__", "__mp_main__"):  # the second is a worker, which is made by running this file anew
    {**BUGS, "former": former, "none": lambda: None}[os.environ["FAULT_BUG"]]()
    skew(float(os.environ["FAULT_SKEW"]))
if __name__ == "__main__":
    main()
