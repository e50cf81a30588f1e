"""Units: creating, changing and closing them."""

from dataclasses import dataclass

from actions.admin import check_name, check_reason, check_version, find_area, find_open_unit, locked
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import LIVE, Area, Grant, Task, Unit, UnitKind, UnitLevel, WrongState, subtree
from models.ids import new_id
from policies.actor import Actor
from policies.facts import unit_facts
from policies.guard import require
from policies.scopes import whole

MANAGE, CLOSE = ("unit", "manage"), ("unit", "close")
LONGEST_NAME = 120
LONGEST_LINE = 320


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be: `home_area` and `command_area` are codes, `parent` an id."""

    name: str
    kind: UnitKind
    level: UnitLevel
    home_area: str
    parent: str | None = None
    command_area: str | None = None
    summonable: bool = True
    key: str | None = None


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What is to be different; None leaves it as it is."""

    unit: str
    name: str | None = None
    parent: str | None = None
    command_area: str | None = None
    summonable: bool | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class UnitClosing:
    """Which unit ends, and why."""

    unit: str
    reason: str
    version: int | None = None
    key: str | None = None


async def create_unit(actor: Actor, new: NewUnit) -> Done:
    """Needs `manage` on the unit to be, and on its parent. Raises every fault of the input at once."""

    async def work(record: Record) -> Done:
        unit, parent = await _made(actor, new, record)
        record.require(actor, *MANAGE, unit_facts(unit))
        if parent is not None:
            require(actor, *MANAGE, unit_facts(parent))
        event = record.tell_of_admin(unit, "unit.created", actor, await territory_of(unit), name=unit.name)
        await unit.save(force_create=True)
        return Done("Unit", unit.id, event.id)

    return await once(actor, new.key, ("createUnit", new), work)


async def _made(actor: Actor, new: NewUnit, record: Record) -> tuple[Unit, Unit | None]:
    faults, id = Faults(), new_id()
    check_name(faults, new.name, LONGEST_NAME)
    home = await find_area(actor, faults, new.home_area, "homeArea")
    command = await find_area(actor, faults, new.command_area, "commandArea")
    parent = await find_open_unit(actor, faults, new.parent, "parent")
    line = line_below(parent, id)
    _check_line(faults, len(line))
    faults.refuse()
    assert home is not None, "a missing area is a fault"
    unit = Unit(
        id=id,
        name=new.name,
        kind=new.kind,
        level=new.level,
        parent_id=new.parent,
        line=line,
        home_area_id=home.code,
        command_area_id=new.command_area,
        territory=(command or home).path,
        summonable=new.summonable,
        created_at=record.now,
        version=0,
    )
    return unit, parent


async def update_unit(actor: Actor, change: UnitChange) -> Done:
    """Moving the unit needs `manage` on it in the old and in the new territory, and on the old and the new parent.

    What lies below it moves with it, and so do the roles held there and the tasks' territory.
    """

    async def work(record: Record) -> Done:
        unit = await locked(record, Unit, actor, change.unit, MANAGE)
        record.require(actor, *MANAGE, unit_facts(unit))
        check_version(change.version, unit.version)
        _require_open("update", unit)
        former_line, former_territory = unit.line, unit.territory
        await _apply(actor, unit, change)
        event = record.tell_of_admin(
            unit, "unit.updated", actor, await territory_of(unit), changed=_changed(change)
        )
        await unit.save()
        await move_line(former_line, unit.line)
        await move_territory(unit, former_territory)
        return Done("Unit", unit.id, event.id)

    return await once(actor, change.key, ("updateUnit", change), work)


async def _apply(actor: Actor, unit: Unit, change: UnitChange) -> None:
    faults = Faults()
    check_name(faults, change.name, LONGEST_NAME)
    command = await find_area(actor, faults, change.command_area, "commandArea")
    parent = await _find_new_parent(actor, faults, unit, change.parent)
    faults.refuse()
    if parent is not None and parent.id != unit.parent_id:
        await _require_manage_parents(actor, unit, parent)
        unit.parent_id, unit.line = parent.id, line_below(parent, unit.id)
    if command is not None and command.code != unit.command_area_id:
        unit.command_area_id, unit.territory = command.code, command.path
        require(actor, *MANAGE, unit_facts(unit))
    unit.name = change.name or unit.name
    unit.summonable = unit.summonable if change.summonable is None else change.summonable


async def _find_new_parent(actor: Actor, faults: Faults, unit: Unit, id: str | None) -> Unit | None:
    parent = await find_open_unit(actor, faults, id, "parent")
    if parent is None:
        return None
    if parent.line.startswith(unit.line):
        faults.add("PARENT_LOOP", "parent")
    deepest = max([len(below.line) for below in await whole(Unit).filter(**_below(unit.line))])
    _check_line(faults, len(line_below(parent, unit.id)) + deepest - len(unit.line))
    return parent


async def _require_manage_parents(actor: Actor, unit: Unit, parent: Unit) -> None:
    require(actor, *MANAGE, unit_facts(parent))
    if unit.parent_id is not None:
        require(actor, *MANAGE, unit_facts(await whole(Unit).get(id=unit.parent_id)))


async def close_unit(actor: Actor, closing: UnitClosing) -> Done:
    """A unit with live tasks, or with open units below it, cannot be closed; its roles and members stay."""

    async def work(record: Record) -> Done:
        unit = await locked(record, Unit, actor, closing.unit, CLOSE)
        record.require(actor, *CLOSE, unit_facts(unit))
        check_version(closing.version, unit.version)
        _require_open("close", unit)
        await _check_closing(unit, closing)
        unit.closed_at, unit.summonable = record.now, False
        event = record.tell_of_admin(unit, "unit.closed", actor, await territory_of(unit), closing.reason)
        await unit.save()
        return Done("Unit", unit.id, event.id)

    return await once(actor, closing.key, ("closeUnit", closing), work)


async def _check_closing(unit: Unit, closing: UnitClosing) -> None:
    faults = Faults()
    check_reason(faults, closing.reason)
    if await whole(Task).filter(unit_id=unit.id, state__in=list(LIVE)).exists():
        faults.add("UNIT_HAS_LIVE_TASKS", "unit")
    if await whole(Unit).filter(parent_id=unit.id, closed_at__isnull=True).exists():
        faults.add("UNIT_HAS_UNITS", "unit")
    faults.refuse()


def line_below(parent: Unit | None, id: str) -> str:
    """The chain of ids from the top of the line of command, each with a dot behind it."""
    return f"{parent.line if parent else ''}{id}."


async def territory_of(unit: Unit) -> Area:
    """The area that answers for the unit."""
    return await whole(Area).get(code=unit.command_area_id or unit.home_area_id)


def _check_line(faults: Faults, length: int) -> None:
    if length > LONGEST_LINE:
        faults.add("LINE_TOO_DEEP", "parent")


def _require_open(action: str, unit: Unit) -> None:
    if unit.closed_at is not None:
        raise WrongState(action, "CLOSED", "UNIT_CLOSED")


def _changed(change: UnitChange) -> list[str]:
    names = ("name", "parent", "command_area", "summonable")
    return [name for name in names if getattr(change, name) is not None]


def _below(line: str) -> dict[str, str]:
    start, end = subtree(line)
    return {"line__gte": start, "line__lt": end}


async def move_line(former: str, line: str) -> None:
    """Write the new line into every unit below and into the roles held in them; the unit's own row is saved already."""
    if former == line:
        return
    for unit in await whole(Unit).filter(**_below(former)):
        await whole(Unit).filter(id=unit.id).update(line=line + unit.line[len(former) :])
    for below in await whole(Unit).filter(**_below(line)):
        await whole(Grant).filter(unit_id=below.id).update(path=below.line)


async def move_territory(unit: Unit, former: str) -> None:
    """Tasks follow their unit into its new territory."""
    if unit.territory != former:
        await whole(Task).filter(unit_id=unit.id).update(territory=unit.territory)
