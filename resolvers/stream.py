"""The live stream: the event log read on and on. The bell only wakes; what is sent comes from the log."""

from asyncio import get_running_loop
from collections.abc import AsyncIterator
from dataclasses import dataclass

from strawberry import ID
from tortoise.expressions import Q

from actions.feed import Bell
from models import Event, NotAllowed, Summons, Task, Unit, clock
from policies.loading import load_actor
from policies.scopes import blind, readable, whole
from resolvers.areas import inside_code
from resolvers.context import Context, Info
from resolvers.cursors import Cursor, CursorExpired, LogCursors
from resolvers.events import known_types
from resolvers.ids import AreaCode, key_of

LONGEST_SLEEP = 2.0
BOOKMARK_EVERY = 20.0
ROUND = 100


@dataclass(frozen=True, slots=True)
class Update:
    """An event, or without one just the place where the stream stands."""

    cursor: Cursor
    event: Event | None


async def task_updates(
    info: Info,
    area: AreaCode | None = None,
    unit: ID | None = None,
    types: list[str] | None = None,
    after: Cursor | None = None,
) -> AsyncIterator[Update]:
    """First where the stream stands, then every event after it, and a bookmark when 20 s passed without one.

    Raises CursorExpired, InvalidInput for what was asked, and NotAllowed once the caller may read no task at all.
    """
    log = await info.context.loaders.log_cursors()
    where = await _wanted(info, area, unit, types)
    position = await _start(log, after)
    yield Update(log.cursor(position), None)
    told_at = _seconds()
    with Bell() as bell:
        while True:
            head = await _head()
            await _renew(
                info.context
            )  # after the head: whoever took a right away before that event is seen here
            events, position = await _next(info.context, where, position, head)
            for event in events:
                info.context.forget()
                yield Update(log.cursor(event.pos), event)
            if events:
                told_at = _seconds()
            elif _seconds() - told_at >= BOOKMARK_EVERY:
                yield Update(log.cursor(position), None)
                told_at = _seconds()
            else:
                await bell.wait(LONGEST_SLEEP)


async def _wanted(info: Info, area: AreaCode | None, unit: ID | None, types: list[str] | None) -> Q:
    wanted = [Q(summons_id__isnull=False)]
    if area is not None:
        wanted.append(await inside_code("path", area, info))
    if unit is not None:
        wanted.append(Q(unit_id=key_of(unit, Unit, "unit")))
    if types is not None:
        wanted.append(Q(type__in=known_types(types)))
    return Q(*wanted)


async def _start(log: LogCursors, after: Cursor | None) -> int:
    """CursorExpired also for a place this log has not reached: it was restored from a copy."""
    head = await _head()
    if after is None:
        return head
    if (position := log.pos(after)) > head:
        raise CursorExpired
    return position


async def _head() -> int:
    last = await whole(Event).order_by("-pos").first()
    return last.pos if last else 0


async def _renew(context: Context) -> None:
    """The actor with the grants of this moment, so that a right that was taken away ends at once."""
    if context.actor.id is None:
        return
    context.actor = await load_actor(context.actor.id, clock.now())
    context.forget()
    if context.actor.disabled:
        raise NotAllowed("subscribe", "DISABLED")
    if blind(context.actor, Summons, Task):
        raise NotAllowed("subscribe", "NO_RULE")


async def _next(context: Context, where: Q, position: int, head: int) -> tuple[list[Event], int]:
    """Up to 100 readable events after the position up to the head, and how far the log has been read with them."""
    unread = readable(Event, context.actor).filter(where, pos__gt=position, pos__lte=head)
    events = await unread.order_by("pos").limit(ROUND)
    return events, events[-1].pos if len(events) == ROUND else head


def _seconds() -> float:
    return get_running_loop().time()
