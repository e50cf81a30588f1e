"""Orphans: live tasks that no clock watches, so that nobody would ever be reminded of them. There must be none."""

from collections.abc import Iterable

from tortoise.connection import get_connection

from models.clocks import ClockKind as C
from models.rows import Text, ask
from models.tasks import LIVE
from models.tasks import TaskState as T

AWAITED = {
    T.PENDING: C.ACCEPT,
    T.DECLINED: C.ARBITRATE,
    T.ACCEPTED: C.ASSIGN,
    T.ASSIGNED: C.ARRIVE,
    T.ARRIVED: C.RESOLVE,
    T.ON_HOLD: C.HOLD,
    T.RESOLVED: C.EVALUATE,
}
"""The clock that must be open for a live task in each state."""
LEFT_BY_TIMER = (T.PENDING, T.DECLINED, T.ON_HOLD, T.RESOLVED)
"""States that a timer ends when nobody else does: there the clock must also be going to ring."""


def _among(states: Iterable[T]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


_LIVE = " AND ".join(
    f"state <> '{state}'" for state in T if state not in LIVE
)  # PostgreSQL tells IN otherwise
_KIND = " ".join(f"WHEN '{state}' THEN '{kind}'" for state, kind in AWAITED.items())
ORPHANED = f"""{_LIVE} AND NOT EXISTS (
    SELECT 1 FROM sla_clock
    WHERE sla_clock.task_id = task.id AND sla_clock.stopped_at IS NULL
    AND sla_clock.kind = CASE task.state {_KIND} END
    AND (sla_clock.next_at IS NOT NULL OR task.state NOT IN {_among(LEFT_BY_TIMER)}))"""
ORPHANS = f"SELECT count(*) AS orphans FROM task WHERE {ORPHANED}"


async def orphans() -> int:
    """How many there are now; it looks at live tasks and open clocks alone, in the indexes below."""
    [row] = await get_connection("default").execute_query_dict(ORPHANS)
    return int(row["orphans"])


async def orphans_by_issuer(start: str, end: str) -> dict[str, int]:
    """How many there are now of each issuer whose path lies in the half-open range; none where there are none."""
    found = await ask(
        Text(("SELECT path, count(*) FROM task WHERE path >= ", " AND path < "), (start,)),
        Text(("", f" AND {ORPHANED} GROUP BY path"), (end,)),
    )
    return {str(path): int(str(number)) for path, number in found}


INDEXES = (
    f"CREATE INDEX IF NOT EXISTS task_live ON task (id, state) WHERE {_LIVE}",
    "CREATE INDEX IF NOT EXISTS sla_clock_open ON sla_clock (task_id, kind, next_at) WHERE stopped_at IS NULL",
)


async def index_what_lives() -> None:
    """Few tasks of all there ever were are live, few clocks open. Running it again changes nothing."""
    for statement in INDEXES:
        await get_connection("default").execute_query(statement)
