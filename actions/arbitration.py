"""Declines (退约) and the rulings on them, up the ladder town, organisation department, district leader."""

from actions import limits
from actions.acceptance import take_up
from actions.authority import may_rule_at
from actions.checks import TEXT_LENGTH, check_text, find_unit
from actions.turn import Faults, Need, Turn, View, task_step
from actions.units_of_case import open_task
from models import ArbitrationLevel as Level
from models import ClockKind as C
from models import Decline, DutyItem, Precedent, Ruling, Task, Unit, common_area
from policies.scopes import whole

LADDER = (Level.TOWN, Level.DISTRICT_ORG, Level.DISTRICT_LEADER)
TOWN_DEPTH = 4


def _is_inside_window(view: View) -> bool:
    return any(
        clock.kind == C.ACCEPT and clock.task_id == view.task.id and view.now <= clock.due_at
        for clock in view.case.clocks
    )


def _is_first_decline(view: View) -> bool:
    return all(decline.unit_id != view.task.unit_id for decline in view.case.declines)


def _is_my_ruling(view: View) -> bool:
    return may_rule_at(view, view.task.arbitration_level or Level.TOWN)


IN_TIME = Need("DECLINE_TOO_LATE", _is_inside_window)
FIRST = Need("DECLINED_BEFORE", _is_first_decline)
MY_RULING = Need("ARBITRATION_ELSEWHERE", _is_my_ruling)
HIGHER_LEVEL = Need("TOP_LEVEL", lambda view: view.task.arbitration_level != LADDER[-1])
AT_THE_TOP = Need("NOT_TOP_LEVEL", lambda view: view.task.arbitration_level == LADDER[-1])


async def _check_decline(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.note, "note")
    suggested = await find_unit(turn.actor, faults, turn.given.unit, "suggestedUnit")
    if suggested and suggested.id == turn.task.unit_id:
        faults.add("SUGGESTS_ITSELF", "suggestedUnit")
    item = await whole(DutyItem).get_or_none(id=turn.given.duty_item)
    if item is None:
        faults.missing("DutyItem", "dutyItem")
    elif item.unit_id not in (turn.task.unit_id, turn.given.unit):
        faults.add("DUTY_ITEM_OF_OTHERS", "dutyItem")


@task_step("decline", needs=[IN_TIME, FIRST], check=_check_decline, reads=["declines"])
async def decline(turn: Turn) -> None:
    task, given = turn.task, turn.given
    suggested = await whole(Unit).get(id=given.unit)
    await Decline.create(
        task_id=task.id,
        summons_id=turn.summons.id,
        unit_id=task.unit_id,
        reason=given.decline_reason,
        note=given.note,
        duty_item_id=given.duty_item,
        suggested_unit_id=suggested.id,
        declined_by_id=turn.actor.id,
        declined_at=turn.now,
    )
    turn.event.payload |= {"reason": given.decline_reason, "suggestedUnit": suggested.id}
    task.disputed_path = common_area(task.territory, suggested.territory)
    task.arbitration_level = _first_level(turn)
    await limits.stop(turn, C.ACCEPT, about=task)
    await limits.start(turn, C.ARBITRATE, task)


def _first_level(turn: Turn) -> Level:
    """The issuer's town rules when every unit in dispute lies inside it, else the district."""
    town = ".".join(turn.summons.path.split(".")[:TOWN_DEPTH]) + "."
    return Level.TOWN if (turn.task.disputed_path or "").startswith(town) else Level.DISTRICT_ORG


@task_step("arbitrationTimeout", when=[HIGHER_LEVEL])
async def arbitration_timeout(turn: Turn) -> None:
    level = LADDER[LADDER.index(turn.task.arbitration_level or Level.TOWN) + 1]
    turn.task.arbitration_level = level
    turn.event.payload["level"] = level.value
    limit = limits.TOP_LEVEL_ARBITRATION if level == LADDER[-1] else None
    await limits.start(turn, C.ARBITRATE, turn.task, limit)


async def _check_ground(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "ground", TEXT_LENGTH)


@task_step("overrule", needs=[MY_RULING], check=_check_ground, reads=["declines"])
async def overrule(turn: Turn) -> None:
    ruled = await _rule(turn, Ruling.OVERRULED, turn.given.text or "")
    await _set_precedent(turn, ruled, turn.task.unit_id, responsible=True)
    await take_up(turn)


@task_step("finalOverrule", when=[AT_THE_TOP], reads=["declines"])
async def final_overrule(turn: Turn) -> None:
    """Nobody ruled: the unit stays responsible, so that no matter is ever nobody's."""
    await _rule(turn, Ruling.OVERRULED, "")
    await take_up(turn)


async def _check_reassignment(turn: Turn, faults: Faults) -> None:
    await _check_ground(turn, faults)
    await check_successor(turn, faults)


async def check_successor(turn: Turn, faults: Faults) -> None:
    """The unit that gets the task instead: another one, not here yet, and not let off here before."""
    unit = await find_unit(turn.actor, faults, turn.given.unit, "reassignTo")
    if unit is None:
        return
    if unit.id == turn.task.unit_id:
        faults.add("SAME_UNIT", "reassignTo")
    elif turn.case.live_task_of(unit.id):
        faults.add("UNIT_HAS_TASK", "reassignTo")
    elif any(one.unit_id == unit.id and one.ruling in UPHELD for one in turn.case.declines):
        faults.add("UNIT_DECLINE_UPHELD", "reassignTo")


UPHELD = frozenset({Ruling.REASSIGNED, Ruling.RETURNED})


@task_step("upholdReassign", needs=[MY_RULING], check=_check_reassignment, reads=["declines"])
async def uphold_reassign(turn: Turn) -> None:
    ruled = await _rule(turn, Ruling.REASSIGNED, turn.given.text or "")
    await _set_precedent(turn, ruled, turn.given.unit or "", responsible=True)
    await hand_over(turn)


@task_step("upholdReturn", needs=[MY_RULING], check=_check_ground, reads=["declines"])
async def uphold_return(turn: Turn) -> None:
    ruled = await _rule(turn, Ruling.RETURNED, turn.given.text or "")
    await _set_precedent(turn, ruled, turn.task.unit_id, responsible=False)
    await limits.stop(turn, about=turn.task)


async def hand_over(turn: Turn) -> Task:
    """End this task and open one for the unit named instead."""
    await limits.stop(turn, about=turn.task)
    successor = await open_task(turn, await whole(Unit).get(id=turn.given.unit), replaces=turn.task)
    turn.event.payload["reassignedTo"] = successor.id
    return successor


async def _rule(turn: Turn, ruling: Ruling, ground: str) -> Decline:
    ruled = [one for one in turn.case.declines if one.task_id == turn.task.id][-1]
    ruled.ruling, ruled.ground, ruled.ruled_at = ruling, ground, turn.now
    ruled.ruled_level = turn.task.arbitration_level
    ruled.ruled_by_id = turn.actor.id
    await ruled.save()
    turn.event.payload["ruling"] = ruling.value
    return ruled


async def _set_precedent(turn: Turn, ruled: Decline, unit_id: str, *, responsible: bool) -> None:
    await Precedent.create(
        category=turn.summons.category,
        unit_id=unit_id,
        responsible=responsible,
        ground=ruled.ground,
        decline_id=ruled.id,
        area_id=turn.summons.issuer_id,
        ruled_at=turn.now,
    )
