"""The time ledger (时间账) of a task: every second of it is booked to exactly one side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from models.tasks import LIVE
from models.tasks import TaskState as T
from models.working_time import Calendar


class TimeParty(StrEnum):
    """Whose time it is."""

    UNIT = "UNIT"
    VILLAGE = "VILLAGE"
    ARBITER = "ARBITER"
    HOLD = "HOLD"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    NOBODY = "NOBODY"


HAS_THE_BALL = {
    T.PENDING: TimeParty.UNIT,
    T.DECLINED: TimeParty.ARBITER,
    T.ACCEPTED: TimeParty.UNIT,
    T.ASSIGNED: TimeParty.UNIT,
    T.ARRIVED: TimeParty.UNIT,
    T.ON_HOLD: TimeParty.HOLD,
    T.RESOLVED: TimeParty.VILLAGE,
    T.EVALUATED: TimeParty.NOBODY,
}
"""Of a task in each state that another can follow. EVALUATED: over, until it was reopened."""
KEEPS_HOURS = frozenset({TimeParty.UNIT, TimeParty.VILLAGE, TimeParty.ARBITER})
"""Whoever has to do something has working time to do it in; a hold and what is over go on day and night."""


class Side(NamedTuple):
    """A party, and which unit or which area that is."""

    party: TimeParty
    unit_id: str | None = None
    area_id: str | None = None


OUTSIDE = Side(TimeParty.OUTSIDE_HOURS)


class Moved(NamedTuple):
    """What an event of the task left: its state, and the unit that had it."""

    at: datetime
    state: T
    unit_id: str | None


class Slice(NamedTuple):
    """From `since` until before `until`, both on the full second."""

    side: Side
    since: datetime
    until: datetime

    @property
    def seconds(self) -> int:
        return (self.until - self.since) // SECOND


SECOND = timedelta(seconds=1)


class Total(NamedTuple):
    """All that was booked to a side."""

    side: Side
    seconds: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """`stretches` follow each other without a gap, each with who had the ball. No `hours`: these run day and night."""

    stretches: tuple[Slice, ...]
    hours: Calendar | None
    running: bool = False

    @property
    def since(self) -> datetime | None:
        return self.stretches[0].since if self.stretches else None

    @property
    def until(self) -> datetime | None:
        return self.stretches[-1].until if self.stretches else None

    @property
    def seconds(self) -> int:
        return (self.stretches[-1].until - self.stretches[0].since) // SECOND if self.stretches else 0

    @property
    def totals(self) -> list[Total]:
        """In the order of the parties; without looking at each slice."""
        sums: dict[Side, int] = defaultdict(int)
        for stretch in self.stretches:
            inside = self._inside(stretch)
            sums[stretch.side] += inside
            sums[OUTSIDE] += stretch.seconds - inside
        order = list(TimeParty)
        told = [Total(side, seconds) for side, seconds in sums.items() if seconds]
        return sorted(told, key=lambda total: order.index(total.side.party))

    def _inside(self, stretch: Slice) -> int:
        if self.hours is None or stretch.side.party not in KEEPS_HOURS:
            return stretch.seconds
        return self.hours.between(stretch.since, stretch.until) // SECOND

    @property
    def slices(self) -> Iterator[Slice]:
        """Each touches the next, and neighbours are of different sides."""
        return _joined(chain.from_iterable(map(self._cut, self.stretches)))

    def _cut(self, stretch: Slice) -> Iterable[Slice]:
        """Into what lies within working time and what lies outside."""
        if self.hours is None or stretch.side.party not in KEEPS_HOURS:
            return [stretch]
        return _cut(stretch, self.hours)


def _cut(stretch: Slice, hours: Calendar) -> Iterator[Slice]:
    reached = stretch.since
    for opens, closes in hours.sessions(stretch.since, stretch.until):
        yield Slice(OUTSIDE, reached, opens)
        yield Slice(stretch.side, opens, closes)
        reached = closes
    yield Slice(OUTSIDE, reached, stretch.until)


def ledger(moves: Iterable[Moved], issuer: str, hours: Calendar | None, now: datetime) -> Ledger:
    """Of a task's events in their order; of one that is not over, up to now. Nothing is booked without events.

    It ends when the task does, whatever is told of it afterwards, such as a resident's rating.
    """
    told = list(moves)
    while len(told) > 1 and told[-2].state not in LIVE and told[-1].state not in LIVE:
        told.pop()
    if not told:
        return Ledger((), hours)
    running = told[-1].state in LIVE
    told += [Moved(now, T.EVALUATED, None)] if running else []
    return Ledger(tuple(_joined(_stretches(told, issuer))), hours, running)


def _stretches(moves: list[Moved], issuer: str) -> Iterator[Slice]:
    """An event never counts as earlier than the one before it: two clerks' clocks may differ a little."""
    moments = accumulate((move.at.replace(microsecond=0) for move in moves), max)
    for (move, since), (_, until) in pairwise(zip(moves, moments, strict=True)):
        yield Slice(_side(move, issuer), since, until)


def _side(move: Moved, issuer: str) -> Side:
    party = HAS_THE_BALL[move.state]
    return Side(
        party,
        move.unit_id if party is TimeParty.UNIT else None,
        issuer if party is TimeParty.VILLAGE else None,
    )


def _joined(slices: Iterable[Slice]) -> Iterator[Slice]:
    """Without those of no length, and as one where the side stays."""
    last: Slice | None = None
    for one in slices:
        if last is not None and last.side == one.side:
            last = last._replace(until=one.until)
        elif one.seconds:
            if last is not None:
                yield last
            last = one
    if last is not None:
        yield last
