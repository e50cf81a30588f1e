"""The objective part of a score: what the clocks of a task say, without anybody's opinion."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from actions.weigh import WHOLE, mean
from models import ClockKind as C
from models import SlaClock

COUNTED = (C.ACCEPT, C.ASSIGN, C.ARRIVE, C.RESOLVE)
"""What a unit is given time for; each counts alike, however often it ran."""
HALF, A_DAY_LATE, NO_SHOW = 5_000, 1_000, 1_000
ONE_DAY = timedelta(days=1)


def objective_score(
    clocks: Iterable[SlaClock], arrived_at: datetime | None = None, no_shows: int = 0
) -> int | None:
    """0 to WHOLE, of the ended clocks of one round; None when none of the kinds COUNTED ran.

    A kind whose clocks were all met gives 100; else 50, and 10 less for each whole day (24 hours) that the worst of
    them ran over, at least 0. The score is the mean of the kinds, less 10 for each time nobody came, at least 0.
    `arrived_at`: as recorded, which counts rather than when the village confirmed it. Holds and extensions have moved
    the clocks already.
    """
    over: dict[C, timedelta] = {}
    for clock in clocks:
        if clock.kind in COUNTED and clock.stopped_at is not None:
            over[clock.kind] = max(
                over.get(clock.kind, timedelta()), _over(clock, clock.stopped_at, arrived_at)
            )
    if not over:
        return None
    marks = mean((1, _mark(late)) for late in over.values())
    return max(0, marks - NO_SHOW * no_shows)


def _over(clock: SlaClock, stopped_at: datetime, arrived_at: datetime | None) -> timedelta:
    """How long it ran over; nothing while it was paused."""
    if clock.remaining_s is not None:
        return timedelta()
    end = stopped_at
    if clock.kind == C.ARRIVE and arrived_at is not None and clock.started_at <= arrived_at:
        end = min(stopped_at, arrived_at)
    return max(end - clock.due_at, timedelta())


def _mark(late: timedelta) -> int:
    return max(0, HALF - A_DAY_LATE * (late // ONE_DAY)) if late else WHOLE
