"""Days of calendars from a table: the country's holidays of a year, or what single areas decided."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from actions.calendars import COUNTRY, DAYS
from actions.decisions import FIRST_YEAR, LAST_YEAR, LONGEST_NAME, CalendarChange, Day, enter_days
from actions.record import recording
from actions.sheets import (
    LOOKED_UP,
    Imported,
    Progress,
    Sheet,
    batches,
    no_progress,
    refuse_in_line_order,
    rows_with,
)
from actions.texts import name_fault
from actions.turn import Faults
from models import Area, CalendarDay, DayKind
from policies.actor import SYSTEM
from policies.scopes import whole

SHEET = Sheet(("area", "day", "kind"), ("name",))


class Row(NamedTuple):
    """A line of the table; no `area`: the whole country."""

    line: int
    area: str
    day: str
    kind: str
    name: str

    @property
    def id(self) -> str:
        return f"{self.area or COUNTRY}-{self.day}"


async def check_calendar(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """What `import_calendar` would do. Raises all faults of the file at once."""
    return await _counted(await _checked(file))


async def import_calendar(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """Enter the days, or change those that are there; all of them or none. Each area's are one event of the area.

    Days of the whole country belong to no area, so they are told by no event, as those that come with the program.
    """
    async with recording() as record:
        rows = await _checked(file)
        imported = await _counted(rows)
        for done, code in enumerate(sorted({row.area for row in rows}), start=1):
            days = tuple(_day(row) for row in rows if row.area == code)
            if code:
                area = await whole(Area).select_for_update(no_key=True).get(code=code)
                await enter_days(record, SYSTEM, area, CalendarChange(code, days))
            else:
                await _enter_country(days)
            progress(done, len(rows))
    DAYS.forget()
    return imported


def _day(row: Row) -> Day:
    return Day(date.fromisoformat(row.day), DayKind[row.kind], row.name)


async def _enter_country(days: tuple[Day, ...]) -> None:
    ids = {one.day: f"{COUNTRY}-{one.day}" for one in days}
    for some in batches(ids.values(), LOOKED_UP):
        await CalendarDay.filter(id__in=some).delete()
    await CalendarDay.bulk_create(
        CalendarDay(id=ids[one.day], day=one.day, kind=one.kind, name=one.name) for one in days
    )


async def _counted(rows: list[Row]) -> Imported:
    known = await rows_with(CalendarDay, "id", [row.id for row in rows])
    return Imported(len(rows), len(rows) - len(known))


async def _checked(file: Iterable[str]) -> list[Row]:
    faults, rows = Faults(), dict[str, Row]()
    for line, cells in SHEET.read(file, faults):
        row = Row(line, *cells)
        if row.id in rows:
            faults.add("DAY_TWICE", str(line), "day")
        else:
            rows[row.id] = row
    codes = {row.area for row in rows.values()} - {""}
    known = {area.code for area in await rows_with(Area, "code", codes)}
    for row in rows.values():
        _check(row, known, faults)
    refuse_in_line_order(faults)
    return list(rows.values())


def _check(row: Row, known: set[str], faults: Faults) -> None:
    line = str(row.line)
    if row.area and row.area not in known:
        faults.add("AREA_UNKNOWN", line, "area")
    if fault := _day_fault(row.day):
        faults.add(fault, line, "day")
    if row.kind not in DayKind.__members__:
        faults.add("KIND_UNKNOWN", line, "kind")
    if row.name and (fault := name_fault(row.name, LONGEST_NAME)):
        faults.add(fault, line, "name")


def _day_fault(text: str) -> str | None:
    """Only 2027-10-01: not 20271001, which Python reads too."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "DAY_MALFORMED"
    if day.isoformat() != text:
        return "DAY_MALFORMED"
    return None if FIRST_YEAR <= day.year <= LAST_YEAR else "DAY_OUT_OF_RANGE"
