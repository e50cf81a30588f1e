"""Whom a work order is given to, a member or a unit, and who stands for whom it was given to."""

from actions.admin import find_open_unit
from actions.checks import are_paired
from actions.requests import RequestTurn, RequestView
from actions.turn import Faults
from models import MatterClass, Member, Unit, WorkOrder
from policies.actor import Actor
from policies.facts import Facts
from policies.guard import may
from policies.loading import load_actor
from policies.scopes import readable

CLAIM, COMPLETE = ("order", "claim"), ("order", "complete")


def order_of(view: RequestView) -> WorkOrder:
    """The order that the step is about; only steps of orders ask for it."""
    assert isinstance(view.about, WorkOrder), f"{view.step.action} is no step of an order"
    return view.about


def is_theirs(view: RequestView) -> bool:
    """Whether the order is the actor's, or a unit's for which the rules let them take this step."""
    order, right = order_of(view), view.step.right or CLAIM
    return view.actor.is_(order.assignee_id) or _acts_for(view.actor, order.unit_id, right)


def did_it(view: RequestView) -> bool:
    """Whether the actor, or somebody in whose name they act, or a unit that they stand for, did what was to be done."""
    order, actor = order_of(view), view.actor
    by_member = actor.stands_for(order.assignee_id) or actor.stands_for(order.done_by_id)
    return by_member or _acts_for(actor, order.unit_id, COMPLETE)


def _acts_for(actor: Actor, unit_id: str | None, right: tuple[str, str]) -> bool:
    """By what they hold in the unit: nothing else is known of what they act on."""
    return unit_id is not None and may(actor, *right, Facts(unit_id=unit_id))


async def check_assignee(turn: RequestTurn, faults: Faults) -> None:
    """Somebody who may take orders here, or a unit of this village, but not both.

    Nobody is told off for a family's own matter: whoever volunteers claims it.
    """
    given = turn.given
    if given.member is not None and given.unit is not None:
        faults.add("MEMBER_OR_UNIT", "unit")
    if given.member is not None:
        await _check_member(turn, faults, given.member)
    if given.unit is not None:
        await _check_unit(turn, faults, given.unit)


async def _check_member(turn: RequestTurn, faults: Faults, id: str) -> None:
    member = await readable(Member, turn.actor).get_or_none(id=id)
    if member is None:
        faults.missing("Member", "assignee")
    elif turn.case.request.matter_class == MatterClass.FAMILY:
        faults.add("FAMILY_IS_VOLUNTARY", "assignee")
    elif not await _may_do_it(turn, member):
        faults.add("ASSIGNEE_LACKS_RIGHT", "assignee")


async def _may_do_it(turn: RequestTurn, member: Member) -> bool:
    doer, facts = await load_actor(member, turn.now), turn.case.facts(_like(turn))
    return may(doer, *CLAIM, facts) and may(doer, *COMPLETE, facts)


def _like(turn: RequestTurn) -> WorkOrder:
    return WorkOrder(request_id=turn.case.request.id, path=turn.case.request.path)


async def _check_unit(turn: RequestTurn, faults: Faults, id: str) -> None:
    unit = await find_open_unit(turn.actor, faults, id, "unit")
    if turn.case.request.matter_class == MatterClass.FAMILY:
        faults.add("FAMILY_IS_VOLUNTARY", "unit")
    elif unit is not None and unit.closed_at is None and not await _is_of_village(unit, turn):
        faults.add("UNIT_NOT_OF_VILLAGE", "unit")


async def _is_of_village(unit: Unit, turn: RequestTurn) -> bool:
    """It lies there, such as a property company or a team of volunteers, or is paired with the village."""
    village = turn.case.village
    if village in unit.territory.split("."):
        return True
    return await are_paired(unit.id, village)
