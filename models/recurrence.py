"""Days that come again and again: every so many months on a day of the month, or weeks on a weekday."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.working_time import Calendar

ONE_DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Begins with the first such day at or after `first`, from which `every` counts.

    One of `day_of_month` (1–31; in a shorter month its last day) and `weekday` (1 is Monday, 7 Sunday).
    """

    first: date
    every: int = 1
    day_of_month: int | None = None
    weekday: int | None = None

    def days(self) -> Iterator[date]:
        """In their order, without an end: ValueError or OverflowError after the year 9999."""
        return self._weekly() if self.day_of_month is None else self._monthly(self.day_of_month)

    def _weekly(self) -> Iterator[date]:
        assert self.weekday is not None, "one of both"
        day = self.first + (self.weekday - self.first.isoweekday()) % 7 * ONE_DAY
        while True:
            yield day
            day += self.every * WEEK

    def _monthly(self, wanted: int) -> Iterator[date]:
        month = self.first.year * MONTHS + self.first.month - 1
        if _in_month(month, wanted) < self.first:
            month += 1
        while True:
            yield _in_month(month, wanted)
            month += self.every


def _in_month(month: int, wanted: int) -> date:
    """`month` counts all months since the year 0."""
    year, before = divmod(month, MONTHS)
    return date(year, before + 1, min(wanted, monthrange(year, before + 1)[1]))


def next_workday(day: date, calendar: Calendar) -> date:
    """The day itself, if people work on it."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day
