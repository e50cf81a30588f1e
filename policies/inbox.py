"""What waits for an actor: tasks, and work orders."""

from collections.abc import Iterable

from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from models import (
    Area,
    AreaLevel,
    Evaluation,
    EvaluationState,
    OrderState,
    Party,
    Task,
    TaskScore,
    TaskState,
    Template,
    WorkOrder,
)
from models.evaluation_workflow import SCORED_IN
from policies.actor import Actor
from policies.clauses import Clause, as_q, both, chosen, either, one_of, rows, where, within
from policies.compile import scope_of
from policies.facts import Facts
from policies.guard import may

WAITING: tuple[tuple[frozenset[TaskState], str, str], ...] = (
    (frozenset({TaskState.PENDING}), "task", "accept"),
    (frozenset({TaskState.ACCEPTED}), "task", "assign"),
    (frozenset({TaskState.ASSIGNED}), "task", "changeMember"),
    (frozenset({TaskState.ASSIGNED}), "task", "checkIn"),
    (frozenset({TaskState.ARRIVED, TaskState.ON_HOLD}), "task", "submitResult"),
    (frozenset({TaskState.DECLINED}), "task", "overrule"),
    (frozenset({TaskState.RESOLVED}), "evaluation", "submit"),
)
"""A task in one of the states waits for those who may take the action (type, name)."""

PARTS = {"submitTown": (Party.TOWN, AreaLevel.TOWN), "submitDistrict": (Party.DISTRICT, AreaLevel.DISTRICT)}
"""Which party's part of a score an action of evaluations gives, and of which level the areas are that give it."""


def inbox(actor: Actor, templates: Iterable[Template] = ()) -> QuerySet[Task]:
    """Tasks that wait for the actor: as the unit, as the arbiter of a decline, or as an area that has yet to score.

    Also, for whoever rules on them, those with an appeal; and, as far as `templates` (all there are) weigh it, those
    whose score lacks the part of a town or district, from when the first part of the round is known.
    """
    waiting = either(
        both(one_of("state", states), scope_of(actor, type, action).clause(Task))
        for states, type, action in WAITING
    )
    return rows(
        Task,
        either(
            [
                both(waiting, _not_scored_by(actor)),
                *(_lacking(actor, action, list(templates)) for action in PARTS),
                _appealed(actor),
            ]
        ),
    )


def _not_scored_by(actor: Actor) -> Clause:
    areas = [grant.area_id for grant in actor.grants if grant.area_id is not None]
    if not areas:
        return True
    # The filter on task__state is what makes Tortoise join the task; F("task__round") alone does not.
    scored = Evaluation.filter(
        area_id__in=areas, voided_at=None, task__state=TaskState.RESOLVED, round=F("task__round")
    ).values("task_id")
    return ~Q(id__in=Subquery(scored))


def gives_parts(actor: Actor) -> bool:
    """Whether tasks could wait for a part of the actor's town or district."""
    return any(scope_of(actor, "evaluation", action).grounds for action in PARTS)


def _lacking(actor: Actor, action: str, templates: list[Template]) -> Clause:
    party, level = PARTS[action]
    weighing = one_of("template_id", [one.id for one in templates if party in one.shares])
    scope = scope_of(actor, "evaluation", action)
    if weighing is False or not scope.grounds:
        return False
    present = Q(lock_id=None, task__state__in=list(SCORED_IN), round=F("task__round"))
    known = chosen("id", TaskScore, "task_id", both(weighing, present, scope.clause(TaskScore)))
    return both(one_of("state", SCORED_IN), scope.clause(Task), known, _not_given(actor, level))


def _not_given(actor: Actor, level: AreaLevel) -> Clause:
    """By none of the areas of that level around, or below, where the actor holds anything."""
    paths = [grant.path for grant in actor.grants if grant.unit_id is None]
    around = one_of("code", [code for path in paths for code in path.split(".")[:-1]])
    areas = Area.filter(as_q(both(Q(level=level), either([around, within("path", paths)])))).values("code")
    given = Evaluation.filter(
        area_id__in=Subquery(areas),
        voided_at=None,
        task__state__in=list(SCORED_IN),
        round=F("task__round"),
    ).values("task_id")
    return ~Q(id__in=Subquery(given))


def _appealed(actor: Actor) -> Clause:
    waiting = Q(state=EvaluationState.APPEALED)
    return chosen(
        "id",
        Evaluation,
        "task_id",
        both(waiting, scope_of(actor, "evaluation", "adjudicate").clause(Evaluation)),
    )


def orders_to_verify(actor: Actor) -> QuerySet[WorkOrder]:
    """Work orders that are done and wait for the actor; neither they nor a unit that they stand for did them."""
    own = sorted(filter(None, {actor.id, *(grant.principal_id for grant in actor.grants)}))
    held = sorted(filter(None, {grant.unit_id for grant in actor.grants}))
    units = [id for id in held if may(actor, "order", "complete", Facts(unit_id=id))]
    by_others = [_none_of(*one) for one in (("assignee_id", own), ("done_by_id", own), ("unit_id", units))]
    may_verify = scope_of(actor, "order", "verify").clause(WorkOrder)
    return rows(WorkOrder, both(one_of("state", [OrderState.DONE]), may_verify, *by_others))


def _none_of(column: str, ids: list[str]) -> Clause:
    """The column is empty, or none of these."""
    return either([where(f"{column}__isnull", True), ~as_q(one_of(column, ids))]) if ids else True
