"""The live stream: the event log read on and on. The bell only wakes; what is sent comes from the log."""

from asyncio import get_running_loop
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from strawberry import ID
from tortoise.expressions import Q

from actions.feed import Bell
from models import Event, NotAllowed, Request, Summons, Task, Unit, WorkOrder, clock, subtree
from policies.actor import Actor
from policies.loading import load_actor
from policies.scopes import blind, readable_news
from resolvers.context import Context, Info
from resolvers.cursors import Cursor, LogCursors
from resolvers.events import known_types
from resolvers.ids import AreaCode, key_of
from resolvers.retention import require_recent
from resolvers.tail import TAIL, Recent, log_head

LONGEST_SLEEP = 2.0
BOOKMARK_EVERY = 20.0
ROUND = 100
REQUESTS = (Request.__name__, WorkOrder.__name__)


@dataclass(frozen=True, slots=True)
class Update:
    """An event, or without one just the place where the stream stands."""

    cursor: Cursor
    event: Event | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows a stream: paths from the first to before the second, a unit's id, types. `nowhere`: no event.

    `about`: what it tells of, as the log names it; nothing named: summonses and their tasks.
    """

    about: tuple[str, ...] = ()
    nowhere: bool = False
    inside: tuple[str, str] | None = None
    unit_id: str | None = None
    types: tuple[str, ...] | None = None

    def q(self) -> Q:
        wanted = [Q(aggregate__in=self.about) if self.about else Q(summons_id__isnull=False)]
        if self.nowhere:
            wanted.append(Q(pk__in=[]))
        if self.inside is not None:
            wanted.append(Q(path__gte=self.inside[0], path__lt=self.inside[1]))
        if self.unit_id is not None:
            wanted.append(Q(unit_id=self.unit_id))
        if self.types is not None:
            wanted.append(Q(type__in=self.types))
        return Q(*wanted)

    def covers(self, event: Event) -> bool:
        """As `q`, for an event in hand."""
        return (
            (event.aggregate in self.about if self.about else event.summons_id is not None)
            and not self.nowhere
            and (self.inside is None or self.inside[0] <= event.path < self.inside[1])
            and (self.unit_id is None or event.unit_id == self.unit_id)
            and (self.types is None or event.type in self.types)
        )


@dataclass(slots=True, eq=False)
class Reader:
    """A place in the log: everything wanted up to `position` was read."""

    log: LogCursors
    wanted: Wanted
    position: int

    async def next(self, actor: Actor, recent: Recent) -> list[Event]:
        """Up to 100 events the actor may read, after the position up to the head of what is recent."""
        if self.position < recent.since:
            unread = readable_news(actor, self.wanted.about).filter(
                self.wanted.q(), pos__gt=self.position, pos__lte=recent.head
            )
            events = await unread.order_by("pos").limit(ROUND)
        else:
            wanted = (event for event in recent.readable(actor, self.position) if self.wanted.covers(event))
            events = list(islice(wanted, ROUND))
        self.position = events[-1].pos if len(events) == ROUND else recent.head
        return events

    def update(self, event: Event) -> Update:
        return Update(self.log.cursor(event.pos), event)

    def bookmark(self) -> Update:
        return Update(self.log.cursor(self.position), None)


async def task_updates(
    info: Info,
    area: AreaCode | None = None,
    unit: ID | None = None,
    types: list[str] | None = None,
    after: Cursor | None = None,
) -> AsyncIterator[Update]:
    """Of summonses and their tasks; see `_updates`."""
    wanted = await _wanted(info, area, unit, types)
    async with aclosing(_updates(info, wanted, after)) as updates:
        async for update in updates:
            yield update


async def request_updates(
    info: Info, area: AreaCode | None = None, types: list[str] | None = None, after: Cursor | None = None
) -> AsyncIterator[Update]:
    """Of requests and their orders; see `_updates`."""
    wanted = replace(await _wanted(info, area, None, types), about=REQUESTS)
    async with aclosing(_updates(info, wanted, after)) as updates:
        async for update in updates:
            yield update


async def _updates(info: Info, wanted: Wanted, after: Cursor | None) -> AsyncGenerator[Update]:
    """First where the stream stands, then every event after it, and a bookmark when 20 s passed without one.

    Ends without an error once it has caught up, if the context says that others read on from there.
    Raises CursorExpired, InvalidInput for what was asked, and NotAllowed once the caller may read none of it at all.
    """
    context = info.context
    reader = context.go_on or await _begin(info, wanted, after)
    if context.go_on is None:
        yield _told(context, reader.bookmark())
    told_at = seconds()
    with Bell() as bell, _noted(reader):
        while True:
            recent = await TAIL.after(reader.position)
            await _renew(
                context, reader.wanted
            )  # after the head: whoever took a right away before that event is seen here
            events = await reader.next(context.actor, recent)
            for event in events:
                context.forget()
                yield _told(context, reader.update(event))
            if events:
                told_at = seconds()
            elif context.others_read_on:
                context.left = reader
                return
            elif seconds() - told_at >= BOOKMARK_EVERY:
                yield _told(context, reader.bookmark())
                told_at = seconds()
            else:
                await bell.wait(LONGEST_SLEEP)


@contextmanager
def _noted(reader: Reader) -> Iterator[None]:
    READING.add(reader)
    try:
        yield
    finally:
        READING.discard(reader)


READING: set[Reader] = set()
"""Those who read alone at present."""


async def _begin(info: Info, wanted: Wanted, after: Cursor | None) -> Reader:
    log = await info.context.loaders.log_cursors()
    return Reader(log, wanted, await _start(log, info.context.last_seen or after))


async def _wanted(info: Info, area: AreaCode | None, unit: ID | None, types: list[str] | None) -> Wanted:
    there = await info.context.loaders.areas.load(area) if area is not None else None
    return Wanted(
        nowhere=area is not None and there is None,
        inside=subtree(there.path) if there else None,
        unit_id=key_of(unit, Unit, "unit") if unit is not None else None,
        types=tuple(known_types(types)) if types is not None else None,
    )


def _told(context: Context, update: Update) -> Update:
    context.stands = update.cursor
    return update


async def _start(log: LogCursors, after: str | None) -> int:
    if after is None:
        return await log_head()
    await require_recent(position := log.pos(after))
    return position


async def _renew(context: Context, wanted: Wanted) -> None:
    """The actor with the grants of this moment, so that a right that was taken away ends at once."""
    if context.actor.id is None:
        return
    context.actor = await load_actor(context.actor.id, clock.now())
    context.forget()
    if context.actor.disabled:
        raise NotAllowed("subscribe", "DISABLED")
    if blind(context.actor, *((Request, WorkOrder) if wanted.about else (Summons, Task))):
        raise NotAllowed("subscribe", "NO_RULE")


def seconds() -> float:
    return get_running_loop().time()
