"""What changes of units, members and grants have in common: loading, locking, and checks of names and places."""

from datetime import datetime
from typing import TypeVar

from tortoise.models import Model

from actions.checks import NOTE_LENGTH, check_text
from actions.record import Record
from actions.texts import name_fault
from actions.turn import Faults
from models import Area, Conflict, NotFound, Unit, clock
from policies.actor import Actor
from policies.scopes import open_to, readable

M = TypeVar("M", bound=Model)


async def locked(
    record: Record, model: type[M], actor: Actor, id: str, right: tuple[str, str], path: str | None = None
) -> M:
    """The row, held against other writers until the transaction ends, and watched for the audit log.

    Rows that only name it may be written meanwhile: the log's end is held by somebody whose event may name this one.
    NotFound (at `path`) when the actor may neither read it nor has the right (type and action) wanted on it.
    """
    for known in (readable(model, actor), open_to(model, actor, *right)):
        if await known.filter(pk=id).exists():
            row = await model.select_for_update(no_key=True).get(pk=id)
            record.watch(row)
            return row
    raise NotFound(model.__name__, path or model.__name__.lower())


def check_version(wanted: int | None, version: int) -> None:
    """Raises Conflict when somebody changed the row since the caller looked."""
    if wanted is not None and wanted != version:
        raise Conflict


def check_name(faults: Faults, name: str | None, longest: int, path: str = "name") -> None:
    """A name may be left out of a change."""
    if name is not None and (fault := name_fault(name, longest)):
        faults.add(fault, path)


def check_reason(faults: Faults, reason: str | None) -> None:
    """A reason must be given."""
    check_text(faults, reason, "reason", NOTE_LENGTH)


async def find_area(actor: Actor, faults: Faults, code: str | None, *path: str) -> Area | None:
    """The area, if one is named; it must be in force."""
    if code is None:
        return None
    area = await readable(Area, actor).get_or_none(code=code)
    if area is None:
        faults.missing("Area", *path)
    elif area.valid_to is not None and area.valid_to < clock.local_date(clock.now()):
        faults.add("AREA_CLOSED", *path)
    return area


async def find_open_unit(actor: Actor, faults: Faults, id: str | None, *path: str) -> Unit | None:
    """The unit, if one is named; it must not be closed."""
    if id is None:
        return None
    unit = await readable(Unit, actor).get_or_none(id=id)
    if unit is None:
        faults.missing("Unit", *path)
    elif unit.closed_at is not None:
        faults.add("UNIT_CLOSED", *path)
    return unit


def is_live(since: datetime, until: datetime | None, now: datetime) -> bool:
    return since <= now and (until is None or now < until)
