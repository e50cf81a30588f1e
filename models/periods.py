"""Periods of local days, such as a quarter, and the moment as of which their figures are told."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models import clock
from models.refusals import InvalidInput

JUST_BEFORE = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
MOST_MONTHS = 24


class Period(NamedTuple):
    """Local days, both of them included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return clock.start_of_day(self.first)

    @property
    def end(self) -> datetime:
        """The last instant that counts: of the period, or now while it still runs."""
        return min(self.closing, clock.now())

    @property
    def closing(self) -> datetime:
        """The last instant of its last day."""
        return clock.end_of_day(self.last) - JUST_BEFORE

    @property
    def is_month(self) -> bool:
        """Whether it is one month, from its first to its last day."""
        return self == month_of(self.first)

    def months(self) -> list["Period"]:
        """The parts of it that lie in one month each. InvalidInput TOO_MANY_MONTHS for more than 24."""
        found = list(self._months())
        if len(found) > MOST_MONTHS:
            raise InvalidInput("TOO_MANY_MONTHS", "to")
        return found

    def _months(self) -> Iterator["Period"]:
        first, most = self.first, MOST_MONTHS + 1
        while first <= self.last and (most := most - 1) >= 0:
            following = _after(first)
            yield Period(first, min(following - ONE_DAY, self.last))
            first = following


def month_of(day: date) -> Period:
    """The month that the day lies in. InvalidInput PERIOD_OUT_OF_RANGE outside 1900–2999."""
    if not 1900 <= day.year <= 2999:
        raise InvalidInput("PERIOD_OUT_OF_RANGE", "month")
    first = day.replace(day=1)
    return Period(first, _after(first) - ONE_DAY)


def month_before(first: date) -> date:
    """The first day of the month before the one that begins then."""
    return (first - ONE_DAY).replace(day=1)


def _after(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def period(since: date, until: date) -> Period:
    """InvalidInput PERIOD_UPSIDE_DOWN when it ends before it begins, PERIOD_OUT_OF_RANGE outside 1900–2999."""
    if since > until:
        raise InvalidInput("PERIOD_UPSIDE_DOWN", "to")
    if not 1900 <= since.year <= until.year <= 2999:
        raise InvalidInput("PERIOD_OUT_OF_RANGE", "from")
    return Period(since, until)
