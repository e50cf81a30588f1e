"""How far back one can read on from a cursor. Nothing is deleted: histories need every event, for ever."""

from dataclasses import dataclass
from datetime import timedelta

from models import Event, clock
from policies.scopes import whole
from resolvers.context import Info
from resolvers.cursors import Cursor, CursorExpired
from resolvers.tail import log_head


@dataclass(slots=True)
class Retention:
    """Set once, when the process starts."""

    days: int = 90


RETENTION = Retention()


@dataclass(frozen=True, slots=True)
class EventLog:
    """The log as those who read it on and on need to know it."""

    retention_days: int
    head: Cursor


async def event_log(info: Info) -> EventLog:
    log, head = await info.context.loaders.log_cursors(), info.context.head
    return EventLog(RETENTION.days, log.cursor(await log_head() if head is None else head))


async def require_recent(position: int) -> None:
    """CursorExpired when what comes next is older than the retention; the end of the log never is.

    And for a place this log has not reached: it was restored from a copy.
    """
    coming = await _next(position)
    if coming is None and position > await log_head():
        raise CursorExpired
    if _is_too_old(coming):
        raise CursorExpired


async def start_of_log() -> int:
    """Where reading begins without a cursor: before the first event within the retention.

    Positions ascend with time, so some twenty look-ups by key find it, and one does as long as the log is young.
    """
    if not _is_too_old(await _next(0)):
        return 0
    too_old, recent = 0, await log_head()
    while recent - too_old > 1:
        middle = (too_old + recent) // 2
        too_old, recent = (middle, recent) if _is_too_old(await _next(middle)) else (too_old, middle)
    return recent


async def _next(position: int) -> Event | None:
    return await whole(Event).filter(pos__gt=position).order_by("pos").first().only("pos", "at")


def _is_too_old(coming: Event | None) -> bool:
    return coming is not None and coming.at < clock.now() - timedelta(days=RETENTION.days)
