"""Working-day calendars: the country's public holidays, and what single areas decided otherwise."""

import time
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays
from tortoise.transactions import in_transaction

from models import Calendar, CalendarDay, DayKind

FRESH_FOR = 60.0
"""Seconds after which a process looks again, in case another one changed a day."""
COUNTRY = "CN"
SATURDAY = 5


async def seed_calendar() -> None:
    """Enter the national holidays and make-up workdays since 2004; days that are there already stay as they are."""
    async with in_transaction():
        await CalendarDay.bulk_create(list(_national_days()), ignore_conflicts=True)


def _national_days() -> Iterator[CalendarDay]:
    for day, name in holidays.items():
        if day.weekday() < SATURDAY:
            yield _national_day(day, DayKind.REST, name)
    for day, name in workdays.items():
        if day.weekday() >= SATURDAY:
            yield _national_day(day, DayKind.WORK, name)


def _national_day(day: date, kind: DayKind, name: str) -> CalendarDay:
    return CalendarDay(id=f"{COUNTRY}-{day}", day=day, kind=kind, name=Holiday(name).chinese)


async def calendar_for(path: str) -> Calendar:
    """The country's days, each overridden by the nearest area at or above `path` that says otherwise."""
    global _known
    if _known is None or time.monotonic() - _known.read_at > FRESH_FOR:
        _known = await _read()
    return _known.calendar(path)


def forget_calendars() -> None:
    """Read the days anew when a calendar is wanted next; to be called after a day was changed."""
    global _known
    _known = None


Exceptions = dict[date, bool]


@dataclass(slots=True)
class _Known:
    """All days as they were at `read_at` (monotonic seconds), by area code; "" is the country."""

    read_at: float
    days: dict[str, Exceptions] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)

    def calendar(self, path: str) -> Calendar:
        if path not in self.calendars:
            chain = (self.days.get(code, {}) for code in ["", *path.split(".")[:-1]][::-1])
            self.calendars[path] = Calendar(dict(ChainMap(*chain)))
        return self.calendars[path]


_known: _Known | None = None


async def _read() -> _Known:
    known = _Known(time.monotonic())
    for area, day, kind in await CalendarDay.all().values_list("area_id", "day", "kind"):
        known.days.setdefault(area or "", {})[day] = kind == DayKind.WORK
    return known
