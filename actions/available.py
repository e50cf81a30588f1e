"""What somebody may do with a summons or a task now, and why not: the rules of taking a step, asked beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import take_step  # noqa: F401  (registers the rules of the steps)
from actions.case import Case, read
from actions.cases import cases_of
from actions.turn import View, rule_of
from models import ClockKind as C
from models import Summons, Task, clock
from models.workflow import SUMMONS_STEPS, TASK_STEPS
from policies.actor import Actor
from policies.guard import decide
from policies.scopes import whole

CLOCKS_THEY_STOP: dict[str, C] = {
    "issue": C.REVIEW,
    "sendBack": C.REVIEW,
    "requestCosign": C.REVIEW,
    "requestGate": C.REVIEW,
    "cosign": C.COSIGN,
    "cosignLast": C.COSIGN,
    "cosignLastGated": C.COSIGN,
    "refuseCosign": C.COSIGN,
    "passGate": C.GATE,
    "gateReturn": C.GATE,
    "ratify": C.RATIFY,
    "followupConfirmed": C.FOLLOWUP,
    "followupFailed": C.FOLLOWUP,
    "reopen": C.REOPEN_WINDOW,
    "accept": C.ACCEPT,
    "acceptAndAssign": C.ACCEPT,
    "decline": C.ACCEPT,
    "overrule": C.ARBITRATE,
    "upholdReassign": C.ARBITRATE,
    "upholdReturn": C.ARBITRATE,
    "assign": C.ASSIGN,
    "agreeReschedule": C.RESCHEDULE_ANSWER,
    "refuseReschedule": C.RESCHEDULE_ANSWER,
    "agreeRemote": C.REMOTE_ANSWER,
    "checkIn": C.ARRIVE,
    "confirmArrival": C.ARRIVE,
    "approveHold": C.HOLD_ANSWER,
    "refuseHold": C.HOLD_ANSWER,
    "resume": C.HOLD,
    "extend": C.EXTENSION_ANSWER,
    "submitResult": C.RESOLVE,
    "evaluate": C.EVALUATE,
    "evaluatePart": C.EVALUATE,
    "returnForRework": C.EVALUATE,
}
"""The limit by which an action is due: the clock that it answers."""


@dataclass(frozen=True, slots=True)
class Available:
    """An action of the present state; `reason_code` says why it is not allowed, None when it is."""

    action: str
    reason_code: str | None
    due_at: datetime | None

    @property
    def allowed(self) -> bool:
        return self.reason_code is None


async def available_actions(actor: Actor, objects: Sequence[Summons | Task]) -> list[list[Available]]:
    """For each object every action that starts from its state, in the order of the workflow table.

    The number of statements does not grow with the number of objects.
    """
    cases = await _cases({one.summons_id if isinstance(one, Task) else one.id for one in objects})
    return [_available(actor, cases, one) for one in objects]


async def action_on(actor: Actor, one: Summons | Task, action: str) -> Available | None:
    """One action, whether or not it starts from the present state; None for an unknown one."""
    step = (TASK_STEPS if isinstance(one, Task) else SUMMONS_STEPS).get(action)
    if step is None or step.by_system:
        return None
    summons_id = one.summons_id if isinstance(one, Task) else one.id
    case = (await _cases({summons_id}))[summons_id]
    return _answer(View(case, actor, clock.now(), step, one if isinstance(one, Task) else None))


def _available(actor: Actor, cases: dict[str, Case], one: Summons | Task) -> list[Available]:
    is_task = isinstance(one, Task)
    case = cases[one.summons_id if isinstance(one, Task) else one.id]
    table = TASK_STEPS if is_task else SUMMONS_STEPS
    about = case.task(one.id) if is_task else None
    steps = [step for step in table.values() if not step.by_system and one.state in step.starts]
    return [_answer(View(case, actor, clock.now(), step, about)) for step in steps]


def _answer(view: View) -> Available:
    return Available(view.step.action, _why_not(view), _due_at(view))


def _why_not(view: View) -> str | None:
    assert view.step.right is not None, "only steps of users are asked about"
    decision = decide(view.actor, *view.step.right, view.case.facts(view.about))
    if not decision.allowed:
        return decision.reason_code
    if view.object.state not in view.step.starts:
        return "WRONG_STATE"
    return rule_of(view.step).missing(view)


def _due_at(view: View) -> datetime | None:
    kind, task_id = CLOCKS_THEY_STOP.get(view.step.action), view.about.id if view.about else None
    running = (one for one in view.case.clocks if one.kind == kind and one.task_id == task_id)
    return next((one.due_at for one in running if one.remaining_s is None), None)


async def _cases(summons_ids: set[str]) -> dict[str, Case]:
    """The cases by summons id, read without locks, each with everything that needs look at."""
    cases = await cases_of(await whole(Summons).filter(id__in=list(summons_ids)))
    await read(cases, ["proposals", "evaluations", "declines", "lines", "group_ids"])
    return {case.summons.id: case for case in cases}
