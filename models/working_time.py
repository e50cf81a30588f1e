"""Working time: 08:30-12:00 and 14:00-17:30 in Shanghai on working days, and the limits counted in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from models.clock import SHANGHAI, local_date

OPENINGS = MORNING, AFTERNOON = time(8, 30), time(14)
SESSION = timedelta(hours=3, minutes=30)
WORKING_DAY = len(OPENINGS) * SESSION
SATURDAY = 5
ONE_DAY = timedelta(days=1)
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Monday to Friday, save the `exceptions`: True makes a day a workday (调休), False a day of rest."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def is_open(self, moment: datetime) -> bool:
        """Whether working time runs: at the opening of a session it does, at its end no longer."""
        local = moment.astimezone(SHANGHAI)
        sinces = (_since(opening, local) for opening in OPENINGS)
        return self.is_workday(local.date()) and any(NO_TIME <= since < SESSION for since in sinces)

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The earliest instant (UTC) at which that much working time has passed since `start`.

        So a limit ends at 12:00 or 17:30, not at the next opening. No time at all gives `start` itself, even
        at night. ValueError for a negative time.
        """
        if working < NO_TIME:
            raise ValueError(f"negative working time: {working}")
        if not working:
            return start
        day, left = local_date(start), self._worked_by(start) + working
        while left > (length := self._length(day)):
            day, left = day + ONE_DAY, left - length
        return _instant(day, left)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; none when `end` is not later."""
        if end <= start:
            return NO_TIME
        days = range(local_date(start).toordinal(), local_date(end).toordinal())
        workdays = sum(map(self.is_workday, map(date.fromordinal, days)))
        return workdays * WORKING_DAY + self._worked_by(end) - self._worked_by(start)

    def sessions(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time that lie between, as UTC."""
        for number in range(local_date(start).toordinal(), local_date(end).toordinal() + 1):
            day = date.fromordinal(number)
            for opening in OPENINGS if self.is_workday(day) else ():
                opens = datetime.combine(day, opening, SHANGHAI).astimezone(UTC)
                since, until = max(start, opens), min(end, opens + SESSION)
                if since < until:
                    yield since, until

    def _length(self, day: date) -> timedelta:
        return WORKING_DAY if self.is_workday(day) else NO_TIME

    def _worked_by(self, moment: datetime) -> timedelta:
        """The working time of the moment's own day that lies before it."""
        local = moment.astimezone(SHANGHAI)
        if not self.is_workday(local.date()):
            return NO_TIME
        return sum((min(max(_since(opening, local), NO_TIME), SESSION) for opening in OPENINGS), NO_TIME)


class TimeUnit(StrEnum):
    """HOUR and WORKDAY (7 hours) are working time; MINUTE, WALL_HOUR and DAY (24 hours) run day and night."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    WORKDAY = "WORKDAY"
    DAY = "DAY"
    WALL_HOUR = "WALL_HOUR"


LENGTHS = {
    TimeUnit.MINUTE: timedelta(minutes=1),
    TimeUnit.HOUR: timedelta(hours=1),
    TimeUnit.WORKDAY: WORKING_DAY,
    TimeUnit.DAY: ONE_DAY,
    TimeUnit.WALL_HOUR: timedelta(hours=1),
}
WORKING_UNITS = {TimeUnit.HOUR, TimeUnit.WORKDAY}


@dataclass(frozen=True, slots=True)
class Span:
    """How long a limit runs, such as 10 working days. ValueError for a negative amount."""

    amount: Decimal | float
    unit: TimeUnit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"negative span: {self.amount} {self.unit}")

    def due(self, start: datetime, calendar: Calendar) -> datetime:
        return resume(self.unit, start, float(self.amount) * LENGTHS[self.unit], calendar)

    def halved(self) -> "Span":
        return replace(self, amount=self.amount / 2)


def remaining(unit: TimeUnit, now: datetime, due: datetime, calendar: Calendar) -> timedelta:
    """What a clock in this unit has left, to keep while it is paused; none when it is overdue."""
    return calendar.between(now, due) if unit in WORKING_UNITS else max(due - now, NO_TIME)


def resume(unit: TimeUnit, now: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """When a clock in this unit falls due that goes on `now` with what `remaining` gave."""
    return calendar.after(now, left) if unit in WORKING_UNITS else now + left


def _since(opening: time, local: datetime) -> timedelta:
    """Negative before the day's opening."""
    return local - datetime.combine(local, opening, SHANGHAI)


def _instant(day: date, worked: timedelta) -> datetime:
    """When a workday has seen `worked`: more than none, at most 7 hours."""
    opening, left = (MORNING, worked) if worked <= SESSION else (AFTERNOON, worked - SESSION)
    return (datetime.combine(day, opening, SHANGHAI) + left).astimezone(UTC)
