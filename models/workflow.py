"""The lives of summonses and tasks, as data: one row for each step; and where the steps of everything are found.

The rows are the specification's (`tests/spec/transitions.csv`; a test compares). `actions.take_step` runs them and
`policies.guard` says who may; what a step needs and does beyond the change of state stands in `actions/`.
"""

from tortoise.models import Model

from models.clocks import ClockKind as C
from models.evaluation_workflow import EVALUATION_LADDERS, EVALUATION_STEPS
from models.evaluations import Evaluation
from models.publication_workflow import PUBLICATION_LADDERS, PUBLICATION_STEPS
from models.publications import Publication
from models.request_workflow import ORDER_STEPS, REQUEST_LADDERS, REQUEST_STEPS
from models.requests import Request, WorkOrder
from models.steps import NEW, SAME, SYSTEM, USER, Rung, Step, row, table
from models.summons import Summons
from models.summons import SummonsState as S
from models.tasks import LIVE, Task
from models.tasks import TaskState as T
from models.working_time import Span, TimeUnit

NOT_UNDER_WAY = {S.DRAFT, S.PENDING_REVIEW, S.PENDING_COSIGN, S.PENDING_GATE, S.ISSUED}
TAKEN_UP = {T.ACCEPTED, T.ASSIGNED}
UNDER_WAY = {T.PENDING, T.ACCEPTED, T.ASSIGNED, T.ARRIVED}

RIGHTS = {
    "cosignLast": ("summons", "cosign"),
    "cosignLastGated": ("summons", "cosign"),
    "evaluate": ("evaluation", "submit"),
    "evaluatePart": ("evaluation", "submit"),
}
"""Steps whose right is not their own type and action (`tests/spec/actions.csv`)."""

SUMMONS_STEPS = table(
    "summons",
    RIGHTS,
    row("S01", "create", USER, NEW, S.DRAFT, "summons.drafted"),
    row("S01e", "edit", USER, {S.DRAFT}, S.DRAFT, "summons.edited"),
    row("S02", "submitForReview", USER, {S.DRAFT}, S.PENDING_REVIEW, "summons.submitted"),
    row("S03", "sendBack", USER, {S.PENDING_REVIEW}, S.DRAFT, "summons.returned"),
    row("S04", "issue", USER, {S.PENDING_REVIEW}, S.ISSUED, "summons.issued"),
    row("S05", "requestCosign", USER, {S.PENDING_REVIEW}, S.PENDING_COSIGN, "summons.cosign_requested"),
    row("S06", "cosign", USER, {S.PENDING_COSIGN}, S.PENDING_COSIGN, "summons.cosigned"),
    row("S07", "cosignLast", USER, {S.PENDING_COSIGN}, S.ISSUED, "summons.issued"),
    row("S07g", "cosignLastGated", USER, {S.PENDING_COSIGN}, S.PENDING_GATE, "summons.gate_requested"),
    row("S08", "refuseCosign", USER, {S.PENDING_COSIGN}, S.PENDING_REVIEW, "summons.cosign_refused"),
    row("S09", "cosignTimeout", SYSTEM, {S.PENDING_COSIGN}, S.ISSUED, "summons.issued"),
    row("S09g", "cosignTimeoutGated", SYSTEM, {S.PENDING_COSIGN}, S.PENDING_GATE, "summons.gate_requested"),
    row("S10", "requestGate", USER, {S.PENDING_REVIEW}, S.PENDING_GATE, "summons.gate_requested"),
    row("S11", "passGate", USER, {S.PENDING_GATE}, S.ISSUED, "summons.issued"),
    row("S12", "gateReturn", USER, {S.PENDING_GATE}, S.DRAFT, "summons.returned"),
    row("S13", "gateTimeout", SYSTEM, {S.PENDING_GATE}, S.ISSUED, "summons.issued"),
    row("S14", "issueEmergency", USER, {S.DRAFT}, S.ISSUED, "summons.issued"),
    row("S15", "ratify", USER, {S.ISSUED, S.IN_PROGRESS, S.AWAITING_EVALUATION}, SAME, "summons.ratified"),
    row("S16", "firstAcceptance", SYSTEM, {S.ISSUED}, S.IN_PROGRESS, "summons.in_progress"),
    row("S17", "addUnit", USER, {S.ISSUED, S.IN_PROGRESS}, SAME, "summons.unit_added"),
    row("S18", "releaseUnit", USER, {S.ISSUED, S.IN_PROGRESS}, SAME, "summons.unit_released"),
    row("S19", "retarget", SYSTEM, {S.ISSUED, S.IN_PROGRESS}, S.DRAFT, "summons.returned"),
    row("S20", "allResolved", SYSTEM, {S.IN_PROGRESS}, S.AWAITING_EVALUATION, "summons.awaiting_evaluation"),
    row("S21", "reworkStarted", SYSTEM, {S.AWAITING_EVALUATION}, S.IN_PROGRESS, "summons.in_progress"),
    row(
        "S22",
        "evaluatedNeedFollowup",
        SYSTEM,
        {S.AWAITING_EVALUATION},
        S.AWAITING_FOLLOWUP,
        "summons.awaiting_followup",
    ),
    row("S23", "evaluatedClose", SYSTEM, {S.AWAITING_EVALUATION}, S.CLOSED, "summons.closed"),
    row("S24", "followupConfirmed", USER, {S.AWAITING_FOLLOWUP}, S.CLOSED, "summons.closed"),
    row("S25", "followupFailed", USER, {S.AWAITING_FOLLOWUP}, S.IN_PROGRESS, "summons.reopened"),
    row("S26", "followupTimeout", SYSTEM, {S.AWAITING_FOLLOWUP}, S.CLOSED, "summons.closed"),
    row("S27", "reopen", USER, {S.CLOSED}, S.IN_PROGRESS, "summons.reopened"),
    row("S28", "residentReopen", SYSTEM, {S.CLOSED}, S.IN_PROGRESS, "summons.reopened"),
    row("S29", "cancel", USER, NOT_UNDER_WAY, S.CANCELLED, "summons.cancelled"),
    row("S30", "cancelWithConsent", USER, {S.IN_PROGRESS}, S.CANCELLED, "summons.cancelled"),
    row("S31", "closeUnresolved", USER, {S.IN_PROGRESS}, S.CLOSED, "summons.closed"),
    row("S32", "archive", SYSTEM, {S.CLOSED}, S.ARCHIVED, "summons.archived"),
    row("S33", "expireDraft", SYSTEM, {S.DRAFT}, S.CANCELLED, "summons.cancelled"),
    row("S34", "reviewTimeout", SYSTEM, {S.PENDING_REVIEW}, S.DRAFT, "summons.returned"),
)

TASK_STEPS = table(
    "task",
    RIGHTS,
    row("T01", "spawn", SYSTEM, NEW, T.PENDING, "task.created"),
    row("T02", "accept", USER, {T.PENDING}, T.ACCEPTED, "task.accepted"),
    row("T03", "acceptAndAssign", USER, {T.PENDING}, T.ASSIGNED, "task.assigned"),
    row("T04", "decline", USER, {T.PENDING}, T.DECLINED, "task.declined"),
    row("T05", "deemAccepted", SYSTEM, {T.PENDING}, T.ACCEPTED, "task.deemed_accepted"),
    row("T06", "overrule", USER, {T.DECLINED}, T.ACCEPTED, "task.arbitrated"),
    row("T07", "upholdReassign", USER, {T.DECLINED}, T.REASSIGNED, "task.reassigned"),
    row("T08", "upholdReturn", USER, {T.DECLINED}, T.WITHDRAWN, "task.withdrawn"),
    row("T09", "arbitrationTimeout", SYSTEM, {T.DECLINED}, T.DECLINED, "task.escalated"),
    row("T10", "finalOverrule", SYSTEM, {T.DECLINED}, T.ACCEPTED, "task.arbitrated"),
    row("T11", "assign", USER, {T.ACCEPTED}, T.ASSIGNED, "task.assigned"),
    row("T12", "assignOverdue", SYSTEM, {T.ACCEPTED}, T.ASSIGNED, "task.assigned"),
    row("T13", "changeMember", USER, {T.ASSIGNED}, T.ASSIGNED, "task.member_changed"),
    row("T14", "proposeReschedule", USER, TAKEN_UP, SAME, "task.reschedule_proposed"),
    row("T15", "agreeReschedule", USER, TAKEN_UP, SAME, "task.rescheduled"),
    row("T15r", "refuseReschedule", USER, TAKEN_UP, SAME, "task.reschedule_refused"),
    row("T16", "checkIn", USER, {T.ASSIGNED}, T.ARRIVED, "task.checked_in"),
    row("T17", "confirmArrival", USER, {T.ASSIGNED}, T.ARRIVED, "task.checked_in"),
    row("T18", "agreeRemote", USER, TAKEN_UP, T.ARRIVED, "task.handled_remotely"),
    row("T18o", "proposeRemote", USER, TAKEN_UP, SAME, "task.remote_proposed"),
    row("T19", "markNoShow", SYSTEM, TAKEN_UP, SAME, "task.no_show"),
    row("T20", "addProgress", USER, {T.ARRIVED}, T.ARRIVED, "task.progressed"),
    row("T21", "requestHold", USER, {T.ARRIVED}, T.ARRIVED, "task.hold_requested"),
    row("T22", "approveHold", USER, {T.ARRIVED}, T.ON_HOLD, "task.held"),
    row("T22r", "refuseHold", USER, {T.ARRIVED}, T.ARRIVED, "task.hold_refused"),
    row("T22t", "holdTimeout", SYSTEM, {T.ARRIVED}, SAME, "task.hold_lapsed"),
    row("T23", "resume", USER, {T.ON_HOLD}, T.ARRIVED, "task.resumed"),
    row("T24", "resumeDue", SYSTEM, {T.ON_HOLD}, T.ARRIVED, "task.resumed"),
    row("T25q", "requestExtension", USER, {T.ARRIVED}, SAME, "task.extension_requested"),
    row("T25", "extend", USER, {T.ARRIVED}, T.ARRIVED, "task.extended"),
    row("T26", "callCoUnit", USER, {T.ARRIVED}, T.ARRIVED, "task.counit_requested"),
    row("T26t", "coUnitTimeout", SYSTEM, {T.ARRIVED}, SAME, "task.counit_lapsed"),
    row("T27", "forceReassign", USER, UNDER_WAY | {T.ON_HOLD}, T.REASSIGNED, "task.reassigned"),
    row("T28", "submitResult", USER, {T.ARRIVED}, T.RESOLVED, "task.resolved"),
    row("T29", "returnForRework", USER, {T.RESOLVED}, T.ARRIVED, "task.returned"),
    row("T30", "evaluate", USER, {T.RESOLVED}, T.EVALUATED, "task.evaluated"),
    row("T30p", "evaluatePart", USER, {T.RESOLVED}, T.RESOLVED, "task.evaluated_partly"),
    row("T31", "evaluationTimeout", SYSTEM, {T.RESOLVED}, T.EVALUATED, "task.evaluation_defaulted"),
    row("T32", "withdraw", SYSTEM, LIVE, T.WITHDRAWN, "task.withdrawn"),
    row("T33", "reopen", SYSTEM, {T.EVALUATED}, T.ARRIVED, "task.reopened"),
    row("T34", "escalate", SYSTEM, UNDER_WAY, SAME, "task.escalated"),
    row("T35", "urge", USER, UNDER_WAY, SAME, "task.urged"),
    row("T36", "instruct", USER, UNDER_WAY | {T.ON_HOLD, T.RESOLVED}, SAME, "task.instructed"),
    row("T37", "deemFailedToArrive", SYSTEM, {T.ASSIGNED}, T.ASSIGNED, "task.escalated"),
    row("T38", "resolveOverdueL3", SYSTEM, {T.ARRIVED}, T.ARRIVED, "task.escalated"),
    row("T39", "rehome", SYSTEM, LIVE, SAME, "task.unit_changed"),
    row("T40", "memberLost", SYSTEM, {T.ASSIGNED}, T.ACCEPTED, "task.member_lost"),
    row("T41", "rescheduleTimeout", SYSTEM, TAKEN_UP, SAME, "task.rescheduled"),
)

MACHINES: dict[str, dict[str, Step]] = {
    "summons": SUMMONS_STEPS,
    "task": TASK_STEPS,
    "evaluation": EVALUATION_STEPS,
    "request": REQUEST_STEPS,
    "order": ORDER_STEPS,
    "publication": PUBLICATION_STEPS,
}
Stepped = Summons | Task | Evaluation | Request | WorkOrder | Publication
"""Rows that steps are taken on."""
_MACHINE_OF: dict[type[Model], str] = {
    Summons: "summons",
    Task: "task",
    Evaluation: "evaluation",
    Request: "request",
    WorkOrder: "order",
    Publication: "publication",
}


def steps_of(row: Model) -> dict[str, Step]:
    """By action; none for a row that has no states."""
    return MACHINES.get(_MACHINE_OF.get(row.__class__, ""), {})


WAITING = {
    "T38": "needs joint meetings and their agenda",
    "T39": "needs the merging and splitting of units",
}
"""Rows that no code takes yet, and what each waits for."""

AUTOMATIC = (
    "firstAcceptance",
    "retarget",
    "allResolved",
    "reworkStarted",
    "evaluatedNeedFollowup",
    "evaluatedClose",
)
"""Steps of a summons that follow at once from what its tasks became, in the order they are tried."""


_AT_ONCE = Span(0, TimeUnit.MINUTE)
_ONE_DAY = Span(1, TimeUnit.WORKDAY)
_TWO_DAYS = Span(2, TimeUnit.WORKDAY)
_THREE_DAYS = Span(3, TimeUnit.WORKDAY)
_ESCALATE = (Rung(_AT_ONCE, ("escalate",)), Rung(_ONE_DAY, ("escalate",)), Rung(_THREE_DAYS, ("escalate",)))

LADDERS: dict[C, tuple[Rung, ...]] = {
    C.DRAFT_IDLE: (Rung(_AT_ONCE, ("expireDraft",)),),
    C.REVIEW: (Rung(_AT_ONCE, ("reviewTimeout",)),),
    C.COSIGN: (Rung(_AT_ONCE, ("cosignTimeout", "cosignTimeoutGated")),),
    C.GATE: (Rung(_AT_ONCE, ("gateTimeout",)),),
    C.RATIFY: (),
    C.RETARGET: (),
    C.FOLLOWUP: (Rung(_AT_ONCE, ("followupTimeout",)),),
    C.REOPEN_WINDOW: (Rung(_AT_ONCE, ("archive",)),),
    C.ACCEPT: (
        Rung(_AT_ONCE, ("escalate",)),
        Rung(_ONE_DAY, ("escalate",)),
        Rung(_ONE_DAY, ("deemAccepted",)),
    ),
    C.ASSIGN: (
        Rung(_AT_ONCE, ("assignOverdue", "escalate")),
        Rung(_ONE_DAY, ("assignOverdue", "escalate")),
        Rung(_THREE_DAYS, ("assignOverdue", "escalate")),
    ),
    C.ARRIVE: (
        Rung(_AT_ONCE, ("markNoShow", "escalate")),
        *_ESCALATE[1:],
        Rung(_THREE_DAYS, ("deemFailedToArrive",)),
    ),
    C.RESOLVE: _ESCALATE,
    C.EVALUATE: (Rung(_AT_ONCE, ("evaluationTimeout",)),),
    C.ARBITRATE: (Rung(_AT_ONCE, ("arbitrationTimeout", "finalOverrule")),),
    C.HOLD: (Rung(_AT_ONCE, ("resumeDue",)),),
    C.RESCHEDULE_ANSWER: (Rung(_AT_ONCE, ("rescheduleTimeout",)),),
    C.REMOTE_ANSWER: (),
    C.HOLD_ANSWER: (Rung(_AT_ONCE, ("holdTimeout",)), Rung(_TWO_DAYS, ("holdTimeout",))),
    C.EXTENSION_ANSWER: (),
    C.CO_UNIT_ANSWER: (Rung(_AT_ONCE, ("coUnitTimeout",)), Rung(_ONE_DAY, ("coUnitTimeout",))),
    **EVALUATION_LADDERS,
    **REQUEST_LADDERS,
    **PUBLICATION_LADDERS,
}
"""What happens when nobody acts. An empty ladder: the clock is only marked as breached."""
