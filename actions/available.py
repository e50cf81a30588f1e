"""What somebody may do with something now, and why not: the rules of taking a step, asked beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import other_parties, take_step  # noqa: F401  (register the rules of the steps)
from actions.cases import cases_around
from actions.held import Held
from actions.turn import AnyCase, View, rule_of
from models import ClockKind as C
from models import Task, clock
from models.evaluation_workflow import EVALUATION_STEPS, SCORED_IN
from models.steps import State, Step
from models.workflow import Stepped, steps_of
from policies.actor import Actor
from policies.guard import decide

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
    "uphold": C.ADJUDICATE,
    "adjust": C.ADJUDICATE,
}
"""The limit by which an action of a summons, a task or an evaluation is due: the clock that it answers."""

CLOCKS_OF_REQUESTS: dict[str, C] = {
    **dict.fromkeys(("triage", "dispatch", "summon", "transfer", "merge", "reject"), C.TRIAGE),
    "complete": C.ANSWER,
    "feedback": C.FEEDBACK,
    "reopen": C.REQUEST_WINDOW,
}
"""The same for requests, and below for work orders."""
CLOCKS_OF_ORDERS: dict[str, C] = {
    **dict.fromkeys(("claim", "accept"), C.ORDER_ACCEPT),
    "assign": C.ORDER_OFFER,
    "complete": C.ORDER_COMPLETE,
    **dict.fromkeys(("verify", "returnOrder"), C.ORDER_VERIFY),
}
CLOCKS_OF_PUBLICATIONS = dict.fromkeys(("object", "answerObjection", "publish"), C.OBJECTION)
CLOCKS = {
    "summons": CLOCKS_THEY_STOP,
    "task": CLOCKS_THEY_STOP,
    "evaluation": CLOCKS_THEY_STOP,
    "request": CLOCKS_OF_REQUESTS,
    "order": CLOCKS_OF_ORDERS,
    "publication": CLOCKS_OF_PUBLICATIONS,
}


ON_TASKS = {action: step for action, step in EVALUATION_STEPS.items() if not step.starts}
"""Steps that make an evaluation, asked of its task."""


@dataclass(frozen=True, slots=True)
class Available:
    """An action of the present state; `reason_code` says why it is not allowed, None when it is."""

    action: str
    reason_code: str | None
    due_at: datetime | None

    @property
    def allowed(self) -> bool:
        return self.reason_code is None


async def available_actions(actor: Actor, objects: Sequence[Stepped]) -> list[list[Available]]:
    """For each object every action that starts from its state, in the order of the workflow table.

    The number of statements does not grow with the number of objects. None on evaluations that count no more.
    """
    cases = await cases_around(objects, LOOKED_AT)
    return [_available(actor, cases[one.id], one) if one.id in cases else [] for one in objects]


async def action_on(actor: Actor, one: Stepped, action: str) -> Available | None:
    """One action, whether or not it starts from the present state; None for an unknown one."""
    step = _steps(one).get(action)
    if step is None or step.by_system:
        return None
    case = (await cases_around([one], LOOKED_AT)).get(one.id)
    return _answer(_view(actor, case, step, one)) if case else None


LOOKED_AT = ("proposals", "evaluations", "declines", "lines", "scores", "group_ids")
"""What needs look at in the case of a summons."""


def _available(actor: Actor, case: Held, one: Stepped) -> list[Available]:
    steps = [step for step in _steps(one).values() if not step.by_system and one.state in _starts(step)]
    return [_answer(_view(actor, case, step, one)) for step in steps]


def _steps(one: Stepped) -> dict[str, Step]:
    return steps_of(one) | ON_TASKS if isinstance(one, Task) else steps_of(one)


def _starts(step: Step) -> frozenset[State]:
    """Of what makes an evaluation, the states of its task."""
    return SCORED_IN if step.action in ON_TASKS else step.starts


def _view(actor: Actor, case: Held, step: Step, one: Stepped) -> View[Held]:
    return View(case, actor, clock.now(), step, case.part(one.id))


def _answer(view: View[AnyCase]) -> Available:
    return Available(view.step.action, _why_not(view), _due_at(view))


def _why_not(view: View[AnyCase]) -> str | None:
    assert view.step.right is not None, "only steps of users are asked about"
    decision = decide(view.actor, *view.step.right, view.case.facts(view.about))
    if not decision.allowed:
        return decision.reason_code
    if view.object.state not in _starts(view.step):
        return "WRONG_STATE"
    return rule_of(view).missing(view)


def _due_at(view: View[AnyCase]) -> datetime | None:
    kind, part_id = CLOCKS[view.step.machine].get(view.step.action), view.about.id if view.about else None
    running = (one for one in view.case.clocks if one.kind == kind and one.part_id == part_id)
    return next((one.due_at for one in running if one.remaining_s is None), None)
