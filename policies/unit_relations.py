"""Relations between an object and the units where a role is held: a test, and below it the same as a clause."""

from tortoise.expressions import Q

from models import (
    DutyItem,
    Evaluation,
    FollowUp,
    Grant,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Pairing,
    Request,
    Summons,
    Task,
    TaskScore,
    Unit,
    WorkOrder,
)
from policies.actor import Actor
from policies.clauses import Clause, both, chosen, either, one_of, within
from policies.holder import Holder, Rows, Test, by_column

UNIT: dict[Rows, str] = {
    Unit: "id",
    **dict.fromkeys(
        (Member, DutyItem, Grant, MetricSnapshot, Notice, Pairing, WorkOrder, ListItem), "unit_id"
    ),
}


def target_unit(holder: Holder) -> Test:
    """The unit of the task, of one of the summons's tasks, or that a request went to, is one where the role is held."""
    units = holder.units()
    return lambda facts: not units.isdisjoint(facts.unit_ids) or facts.transferred_to_id in units


def target_unit_rows(holder: Holder, model: Rows) -> Clause:
    if model is Request:
        return one_of("transferred_to_id", holder.units())
    return _summoned(model, one_of("unit_id", holder.units()))


def _summoned(model: Rows, units: Clause) -> Clause:
    """Tasks and evaluations of the units; a summons that has such a task, and its follow-ups."""
    if model in (Summons, FollowUp):
        return chosen("id" if model is Summons else "summons_id", Task, "summons_id", units)
    return units if model in (Task, Evaluation, TaskScore) else False


def lead_unit(holder: Holder) -> Test:
    """It is the lead's own task, or a summons led by a unit where the role is held."""
    units = holder.units()
    return lambda facts: facts.lead_unit_id in units


def lead_unit_rows(holder: Holder, model: Rows) -> Clause:
    if model is Task:
        return both(Q(lead=True), one_of("unit_id", holder.units()))
    led = one_of("lead_unit_id", holder.units())
    if model is FollowUp:
        return chosen("summons_id", Summons, "id", led)
    return led if model is Summons else False


def own_unit(holder: Holder) -> Test:
    """Belongs to a unit where the role is held."""
    units = holder.units()
    return lambda facts: facts.unit_id in units


def own_unit_rows(holder: Holder, model: Rows) -> Clause:
    return by_column(UNIT, model, lambda column: one_of(column, holder.units()))


def paired(holder: Holder) -> Test:
    """Its village is paired with a unit where the role is held."""
    units = holder.units()
    return lambda facts: not units.isdisjoint(facts.paired_unit_ids)


def paired_rows(holder: Holder, model: Rows) -> Clause:
    """Orders that ask for a service; pairings of no other rows count for what is there already."""
    if model is not WorkOrder:
        return False
    live = both(Q(ended_at__isnull=True), one_of("unit_id", holder.units()))
    return chosen("village", Pairing, "area_id", live)


def member_of_evaluated_unit(holder: Holder) -> Test:
    """Looks at the unit's id too, so that a forgotten `unit_lines` lets nobody judge their own unit."""
    lines, units = holder.actor.lines, _units_of(holder.actor)
    return lambda facts: (
        any(line.startswith(lines) for line in facts.unit_lines) or not units.isdisjoint(facts.unit_ids)
    )


def member_of_evaluated_unit_rows(holder: Holder, model: Rows) -> Clause:
    below = chosen("unit_id", Unit, "id", within("line", holder.actor.lines))
    return _summoned(model, either([one_of("unit_id", _units_of(holder.actor)), below]))


def _units_of(actor: Actor) -> frozenset[str]:
    ids = (actor.unit_id, *(grant.unit_id for grant in actor.grants))
    return frozenset(id for id in ids if id is not None)
