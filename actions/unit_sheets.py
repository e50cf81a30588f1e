"""Units from a table: entering many, or bringing those that are there up to date."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from actions.record import Record, recording
from actions.sheets import Imported, Progress, Sheet, no_progress, refuse_in_line_order, rows_with
from actions.texts import name_fault
from actions.turn import Faults
from actions.units import LONGEST_LINE, LONGEST_NAME, line_below, move_line, move_territory, territory_of
from models import Area, Unit, UnitKind, UnitLevel
from models.ids import new_id
from policies.actor import SYSTEM
from policies.scopes import whole

SHEET = Sheet(
    ("code", "name", "kind", "level", "parent_code", "home_area", "command_area", "summonable"),
)
LONGEST_CODE = 40
ID_LENGTH = len(new_id() + ".")
YES_OR_NO = {"yes": True, "true": True, "1": True, "是": True, "": True}
YES_OR_NO |= {"no": False, "false": False, "0": False, "否": False}


class Row(NamedTuple):
    """A line of the table, as it was written; `parent` is a code, and it may be empty like `command_area`."""

    line: int
    code: str
    name: str
    kind: str
    level: str
    parent: str
    home_area: str
    command_area: str
    summonable: str


@dataclass(slots=True)
class Plan:
    """The rows by code, parents first once checked, and what the database has of units and areas with these codes."""

    rows: dict[str, Row] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)

    @property
    def imported(self) -> Imported:
        return Imported(len(self.rows), sum(code not in self.units for code in self.rows))


async def check_units(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """What `import_units` would do. Raises all faults of the file at once."""
    return (await _checked(file)).imported


async def import_units(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """Enter the units, or change those whose code is there already; all of them or none, each with its event."""
    async with recording() as record:
        plan = await _checked(file)
        imported = plan.imported
        for done, row in enumerate(plan.rows.values(), start=1):
            plan.units[row.code] = await _store(record, row, plan)
            progress(done, imported.rows)
    return imported


async def _checked(file: Iterable[str]) -> Plan:
    faults, plan = Faults(), Plan()
    for line, cells in SHEET.read(file, faults):
        row = Row(line, *cells)
        if row.code in plan.rows:
            faults.add("CODE_TWICE", str(line), "code")
        else:
            plan.rows[row.code] = row
    await _look_up(plan)
    for row in plan.rows.values():
        _check_words(row, faults)
        _check_places(row, plan, faults)
    refuse_in_line_order(faults)
    plan.rows = dict(sorted(plan.rows.items(), key=lambda item: len(_chain(item[1], plan))))
    return plan


async def _look_up(plan: Plan) -> None:
    codes = plan.rows.keys() | {row.parent for row in plan.rows.values()}
    areas = {code for row in plan.rows.values() for code in (row.home_area, row.command_area)}
    plan.units = {str(unit.code): unit for unit in await rows_with(Unit, "code", codes)}
    plan.areas = {area.code: area for area in await rows_with(Area, "code", areas)}


def _check_words(row: Row, faults: Faults) -> None:
    line = str(row.line)
    for column, text, longest in (("code", row.code, LONGEST_CODE), ("name", row.name, LONGEST_NAME)):
        if fault := name_fault(text, longest):
            faults.add(fault, line, column)
    if row.kind not in UnitKind.__members__:
        faults.add("KIND_UNKNOWN", line, "kind")
    if row.level not in UnitLevel.__members__:
        faults.add("LEVEL_UNKNOWN", line, "level")
    if row.summonable.lower() not in YES_OR_NO:
        faults.add("YES_OR_NO", line, "summonable")


def _check_places(row: Row, plan: Plan, faults: Faults) -> None:
    line = str(row.line)
    if row.home_area not in plan.areas:
        faults.add("AREA_UNKNOWN", line, "home_area")
    if row.command_area and row.command_area not in plan.areas:
        faults.add("AREA_UNKNOWN", line, "command_area")
    if row.parent and row.parent not in plan.rows and row.parent not in plan.units:
        faults.add("PARENT_UNKNOWN", line, "parent_code")
    else:
        _check_line(row, plan, faults)


def _check_line(row: Row, plan: Plan, faults: Faults) -> None:
    above, known = _chain(row, plan), plan.units.get(row.code)
    highest = plan.units.get(above[-1]) if above and above[-1] not in plan.rows else None
    top = highest.line if highest else ""
    inside = 1 + sum(code in plan.rows for code in above)
    if row.code in above or (known and top.startswith(known.line)):
        faults.add("PARENT_LOOP", str(row.line), "parent_code")
    elif len(top) + inside * ID_LENGTH > LONGEST_LINE:
        faults.add("LINE_TOO_DEEP", str(row.line), "parent_code")


def _chain(row: Row, plan: Plan) -> list[str]:
    """The codes above the row, nearest first, as far as the file knows; it ends with the row's own in a loop."""
    above: list[str] = []
    while row.parent and row.parent not in above:
        above.append(row.parent)
        if row.parent not in plan.rows:
            break
        row = plan.rows[row.parent]
    return above


async def _store(record: Record, row: Row, plan: Plan) -> Unit:
    parent = plan.units.get(row.parent)
    known = plan.units.get(row.code)
    unit = (
        await whole(Unit).get(id=known.id)
        if known
        else Unit(id=new_id(), code=row.code, created_at=record.now, version=0)
    )
    before = _content(unit) if known else None
    former_line, former_territory = unit.line, unit.territory
    _fill(unit, row, parent, plan)
    if _content(unit) == before:
        return unit
    kind = "unit.updated" if known else "unit.created"
    record.tell_of_admin(unit, kind, SYSTEM, await territory_of(unit), name=unit.name)
    await unit.save(force_create=known is None)
    if known:
        await move_line(former_line, unit.line)
        await move_territory(unit, former_territory)
    return unit


def _fill(unit: Unit, row: Row, parent: Unit | None, plan: Plan) -> None:
    home, command = plan.areas[row.home_area], plan.areas.get(row.command_area)
    unit.name, unit.kind, unit.level = row.name, UnitKind(row.kind), UnitLevel(row.level)
    unit.parent_id, unit.line = parent.id if parent else None, line_below(parent, unit.id)
    unit.home_area_id, unit.command_area_id = home.code, command.code if command else None
    unit.territory, unit.summonable = (command or home).path, YES_OR_NO[row.summonable.lower()]


def _content(unit: Unit) -> tuple[object, ...]:
    return (
        *(unit.name, unit.kind, unit.level, unit.parent_id, unit.line),
        *(unit.home_area_id, unit.command_area_id, unit.summonable),
    )
