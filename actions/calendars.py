"""Working-day calendars: the country's public holidays, and what single areas decided otherwise."""

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays
from tortoise.transactions import in_transaction

from actions.remembered import Remembered
from models import Calendar, CalendarDay, DayKind

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
    return (await DAYS.get()).calendar(path)


Exceptions = dict[date, bool]


@dataclass(slots=True)
class Days:
    """All exceptional days by area code; "" is the country. Calendars are put together when first wanted."""

    exceptions: dict[str, Exceptions] = field(default_factory=dict)
    calendars: dict[tuple[str, ...], Calendar] = field(default_factory=dict)

    def calendar(self, path: str) -> Calendar:
        """One calendar for all paths that share the same exceptions, which is nearly all of them."""
        sources = ("", *(code for code in path.split(".")[:-1] if code in self.exceptions))
        if sources not in self.calendars:
            chain = (self.exceptions.get(source, {}) for source in sources)
            self.calendars[sources] = Calendar(dict(ChainMap(*reversed(list(chain)))))
        return self.calendars[sources]


async def _load() -> Days:
    days = Days()
    for area, day, kind in await CalendarDay.all().values_list("area_id", "day", "kind"):
        days.exceptions.setdefault(area or "", {})[day] = kind == DayKind.WORK
    return days


DAYS = Remembered(_load, "calendar_day")
