"""Pairings (结对共建): arranged between a unit and a village, and ended."""

from dataclasses import dataclass

from actions.admin import check_reason, check_version, find_area, find_open_unit, locked
from actions.checks import are_paired
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Area, AreaLevel, Pairing, Unit, WrongState
from policies.actor import Actor
from policies.facts import Facts, pairing_facts
from policies.scopes import whole

ARRANGE, END = ("pairing", "arrange"), ("pairing", "end")


@dataclass(frozen=True, slots=True)
class NewPairing:
    """Which unit stands by the village `area`."""

    unit: str
    area: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PairingEnd:
    """Which pairing ends, and why."""

    pairing: str
    reason: str
    version: int | None = None
    key: str | None = None


async def arrange_pairing(actor: Actor, new: NewPairing) -> Done:
    """Needs `pairing.arrange` for the village. A unit and a village are paired once at a time."""

    async def work(record: Record) -> Done:
        unit, area = await _checked(record, actor, new)
        pairing = Pairing(
            unit_id=unit.id, area_id=area.code, path=area.path, arranged_by_id=actor.id, since=record.now
        )
        event = record.tell_of_admin(pairing, "pairing.arranged", actor, area, unit=unit.id)
        await pairing.save(force_create=True)
        return Done("Pairing", pairing.id, event.id)

    return await once(actor, new.key, ("arrangePairing", new), work)


async def _checked(record: Record, actor: Actor, new: NewPairing) -> tuple[Unit, Area]:
    faults = Faults()
    area = await find_area(actor, faults, new.area, "area")
    if area is not None:
        record.require(actor, *ARRANGE, Facts(area_path=area.path))
        if area.level != AreaLevel.VILLAGE:
            faults.add("PAIRING_LEVEL", "area")
    unit = await find_open_unit(actor, faults, new.unit, "unit")
    if not faults and unit is not None and area is not None and await _already_paired(unit, area):
        faults.add("ALREADY_PAIRED", "unit")
    faults.refuse()
    assert unit is not None and area is not None, "what is missing is a fault"
    return unit, area


async def _already_paired(unit: Unit, area: Area) -> bool:
    """As it stays while the unit's row is held."""
    await whole(Unit).select_for_update(no_key=True).get(id=unit.id)
    return await are_paired(unit.id, area.code)


async def end_pairing(actor: Actor, end: PairingEnd) -> Done:
    """Needs `pairing.end`. What the unit took on meanwhile stays with it."""

    async def work(record: Record) -> Done:
        pairing = await locked(record, Pairing, actor, end.pairing, END)
        record.require(actor, *END, pairing_facts(pairing))
        check_version(end.version, pairing.version)
        if pairing.ended_at is not None:
            raise WrongState("end", "ENDED", "PAIRING_ENDED")
        faults = Faults()
        check_reason(faults, end.reason)
        faults.refuse()
        pairing.ended_at = record.now
        area = await whole(Area).get(code=pairing.area_id)
        event = record.tell_of_admin(pairing, "pairing.ended", actor, area, end.reason)
        await pairing.save()
        return Done("Pairing", pairing.id, event.id)

    return await once(actor, end.key, ("endPairing", end), work)
