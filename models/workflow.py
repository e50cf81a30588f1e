"""The life of a summons and of its tasks, as data: one row for each step.

The rows are the specification's (`tests/spec/transitions.csv`; a test compares). `actions.take_step` runs them and
`policies.guard` says who may; what a step needs and does beyond the change of state stands in `actions/`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from models.clocks import ClockKind as C
from models.summons import SummonsState as S
from models.tasks import LIVE
from models.tasks import TaskState as T
from models.working_time import Span, TimeUnit

State = S | T
NEW: frozenset[State] = frozenset()
NOT_UNDER_WAY = {S.DRAFT, S.PENDING_REVIEW, S.PENDING_COSIGN, S.PENDING_GATE, S.ISSUED}
TAKEN_UP = {T.ACCEPTED, T.ASSIGNED}
UNDER_WAY = {T.PENDING, T.ACCEPTED, T.ASSIGNED, T.ARRIVED}
SAME = None
USER, SYSTEM = True, False


@dataclass(frozen=True, slots=True)
class Step:
    """A move from one of `starts` to `leads_to` (None: the state stays), told to the world as `event`.

    No `starts`: the step makes the object. `right` is the policy's (type, action) that a member needs; steps of the
    system, taken by a timer or as the consequence of another step, have none.
    """

    id: str
    action: str
    starts: frozenset[State]
    leads_to: State | None
    event: str
    right: tuple[str, str] | None

    @property
    def by_system(self) -> bool:
        return self.right is None


RIGHTS = {
    "cosignLast": ("summons", "cosign"),
    "cosignLastGated": ("summons", "cosign"),
    "evaluate": ("evaluation", "submit"),
    "evaluatePart": ("evaluation", "submit"),
}
"""Steps whose right is not their own type and action (`tests/spec/actions.csv`)."""

Row = tuple[str, str, bool, Iterable[State], State | None, str]


def _row(id: str, action: str, by: bool, starts: Iterable[State], leads_to: State | None, event: str) -> Row:
    return id, action, by, starts, leads_to, event


def _table(type: str, *rows: Row) -> dict[str, Step]:
    return {row[1]: _step(type, *row) for row in rows}


def _step(
    type: str, id: str, action: str, by: bool, starts: Iterable[State], leads_to: State | None, event: str
) -> Step:
    right = RIGHTS.get(action, (type, action)) if by is USER else None
    return Step(id, action, frozenset(starts), leads_to, event, right)


SUMMONS_STEPS = _table(
    "summons",
    _row("S01", "create", USER, NEW, S.DRAFT, "summons.drafted"),
    _row("S01e", "edit", USER, {S.DRAFT}, S.DRAFT, "summons.edited"),
    _row("S02", "submitForReview", USER, {S.DRAFT}, S.PENDING_REVIEW, "summons.submitted"),
    _row("S03", "sendBack", USER, {S.PENDING_REVIEW}, S.DRAFT, "summons.returned"),
    _row("S04", "issue", USER, {S.PENDING_REVIEW}, S.ISSUED, "summons.issued"),
    _row("S05", "requestCosign", USER, {S.PENDING_REVIEW}, S.PENDING_COSIGN, "summons.cosign_requested"),
    _row("S06", "cosign", USER, {S.PENDING_COSIGN}, S.PENDING_COSIGN, "summons.cosigned"),
    _row("S07", "cosignLast", USER, {S.PENDING_COSIGN}, S.ISSUED, "summons.issued"),
    _row("S07g", "cosignLastGated", USER, {S.PENDING_COSIGN}, S.PENDING_GATE, "summons.gate_requested"),
    _row("S08", "refuseCosign", USER, {S.PENDING_COSIGN}, S.PENDING_REVIEW, "summons.cosign_refused"),
    _row("S09", "cosignTimeout", SYSTEM, {S.PENDING_COSIGN}, S.ISSUED, "summons.issued"),
    _row("S09g", "cosignTimeoutGated", SYSTEM, {S.PENDING_COSIGN}, S.PENDING_GATE, "summons.gate_requested"),
    _row("S10", "requestGate", USER, {S.PENDING_REVIEW}, S.PENDING_GATE, "summons.gate_requested"),
    _row("S11", "passGate", USER, {S.PENDING_GATE}, S.ISSUED, "summons.issued"),
    _row("S12", "gateReturn", USER, {S.PENDING_GATE}, S.DRAFT, "summons.returned"),
    _row("S13", "gateTimeout", SYSTEM, {S.PENDING_GATE}, S.ISSUED, "summons.issued"),
    _row("S14", "issueEmergency", USER, {S.DRAFT}, S.ISSUED, "summons.issued"),
    _row("S15", "ratify", USER, {S.ISSUED, S.IN_PROGRESS, S.AWAITING_EVALUATION}, SAME, "summons.ratified"),
    _row("S16", "firstAcceptance", SYSTEM, {S.ISSUED}, S.IN_PROGRESS, "summons.in_progress"),
    _row("S17", "addUnit", USER, {S.ISSUED, S.IN_PROGRESS}, SAME, "summons.unit_added"),
    _row("S18", "releaseUnit", USER, {S.ISSUED, S.IN_PROGRESS}, SAME, "summons.unit_released"),
    _row("S19", "retarget", SYSTEM, {S.ISSUED, S.IN_PROGRESS}, S.DRAFT, "summons.returned"),
    _row("S20", "allResolved", SYSTEM, {S.IN_PROGRESS}, S.AWAITING_EVALUATION, "summons.awaiting_evaluation"),
    _row("S21", "reworkStarted", SYSTEM, {S.AWAITING_EVALUATION}, S.IN_PROGRESS, "summons.in_progress"),
    _row(
        "S22",
        "evaluatedNeedFollowup",
        SYSTEM,
        {S.AWAITING_EVALUATION},
        S.AWAITING_FOLLOWUP,
        "summons.awaiting_followup",
    ),
    _row("S23", "evaluatedClose", SYSTEM, {S.AWAITING_EVALUATION}, S.CLOSED, "summons.closed"),
    _row("S24", "followupConfirmed", USER, {S.AWAITING_FOLLOWUP}, S.CLOSED, "summons.closed"),
    _row("S25", "followupFailed", USER, {S.AWAITING_FOLLOWUP}, S.IN_PROGRESS, "summons.reopened"),
    _row("S26", "followupTimeout", SYSTEM, {S.AWAITING_FOLLOWUP}, S.CLOSED, "summons.closed"),
    _row("S27", "reopen", USER, {S.CLOSED}, S.IN_PROGRESS, "summons.reopened"),
    _row("S28", "residentReopen", SYSTEM, {S.CLOSED}, S.IN_PROGRESS, "summons.reopened"),
    _row("S29", "cancel", USER, NOT_UNDER_WAY, S.CANCELLED, "summons.cancelled"),
    _row("S30", "cancelWithConsent", USER, {S.IN_PROGRESS}, S.CANCELLED, "summons.cancelled"),
    _row("S31", "closeUnresolved", USER, {S.IN_PROGRESS}, S.CLOSED, "summons.closed"),
    _row("S32", "archive", SYSTEM, {S.CLOSED}, S.ARCHIVED, "summons.archived"),
    _row("S33", "expireDraft", SYSTEM, {S.DRAFT}, S.CANCELLED, "summons.cancelled"),
    _row("S34", "reviewTimeout", SYSTEM, {S.PENDING_REVIEW}, S.DRAFT, "summons.returned"),
)

TASK_STEPS = _table(
    "task",
    _row("T01", "spawn", SYSTEM, NEW, T.PENDING, "task.created"),
    _row("T02", "accept", USER, {T.PENDING}, T.ACCEPTED, "task.accepted"),
    _row("T03", "acceptAndAssign", USER, {T.PENDING}, T.ASSIGNED, "task.assigned"),
    _row("T04", "decline", USER, {T.PENDING}, T.DECLINED, "task.declined"),
    _row("T05", "deemAccepted", SYSTEM, {T.PENDING}, T.ACCEPTED, "task.deemed_accepted"),
    _row("T06", "overrule", USER, {T.DECLINED}, T.ACCEPTED, "task.arbitrated"),
    _row("T07", "upholdReassign", USER, {T.DECLINED}, T.REASSIGNED, "task.reassigned"),
    _row("T08", "upholdReturn", USER, {T.DECLINED}, T.WITHDRAWN, "task.withdrawn"),
    _row("T09", "arbitrationTimeout", SYSTEM, {T.DECLINED}, T.DECLINED, "task.escalated"),
    _row("T10", "finalOverrule", SYSTEM, {T.DECLINED}, T.ACCEPTED, "task.arbitrated"),
    _row("T11", "assign", USER, {T.ACCEPTED}, T.ASSIGNED, "task.assigned"),
    _row("T12", "assignOverdue", SYSTEM, {T.ACCEPTED}, T.ASSIGNED, "task.assigned"),
    _row("T13", "changeMember", USER, {T.ASSIGNED}, T.ASSIGNED, "task.member_changed"),
    _row("T14", "proposeReschedule", USER, TAKEN_UP, SAME, "task.reschedule_proposed"),
    _row("T15", "agreeReschedule", USER, TAKEN_UP, SAME, "task.rescheduled"),
    _row("T15r", "refuseReschedule", USER, TAKEN_UP, SAME, "task.reschedule_refused"),
    _row("T16", "checkIn", USER, {T.ASSIGNED}, T.ARRIVED, "task.checked_in"),
    _row("T17", "confirmArrival", USER, {T.ASSIGNED}, T.ARRIVED, "task.checked_in"),
    _row("T18", "agreeRemote", USER, TAKEN_UP, T.ARRIVED, "task.handled_remotely"),
    _row("T18o", "proposeRemote", USER, TAKEN_UP, SAME, "task.remote_proposed"),
    _row("T19", "markNoShow", SYSTEM, TAKEN_UP, SAME, "task.no_show"),
    _row("T20", "addProgress", USER, {T.ARRIVED}, T.ARRIVED, "task.progressed"),
    _row("T21", "requestHold", USER, {T.ARRIVED}, T.ARRIVED, "task.hold_requested"),
    _row("T22", "approveHold", USER, {T.ARRIVED}, T.ON_HOLD, "task.held"),
    _row("T22r", "refuseHold", USER, {T.ARRIVED}, T.ARRIVED, "task.hold_refused"),
    _row("T22t", "holdTimeout", SYSTEM, {T.ARRIVED}, SAME, "task.hold_lapsed"),
    _row("T23", "resume", USER, {T.ON_HOLD}, T.ARRIVED, "task.resumed"),
    _row("T24", "resumeDue", SYSTEM, {T.ON_HOLD}, T.ARRIVED, "task.resumed"),
    _row("T25q", "requestExtension", USER, {T.ARRIVED}, SAME, "task.extension_requested"),
    _row("T25", "extend", USER, {T.ARRIVED}, T.ARRIVED, "task.extended"),
    _row("T26", "callCoUnit", USER, {T.ARRIVED}, T.ARRIVED, "task.counit_requested"),
    _row("T26t", "coUnitTimeout", SYSTEM, {T.ARRIVED}, SAME, "task.counit_lapsed"),
    _row("T27", "forceReassign", USER, UNDER_WAY | {T.ON_HOLD}, T.REASSIGNED, "task.reassigned"),
    _row("T28", "submitResult", USER, {T.ARRIVED}, T.RESOLVED, "task.resolved"),
    _row("T29", "returnForRework", USER, {T.RESOLVED}, T.ARRIVED, "task.returned"),
    _row("T30", "evaluate", USER, {T.RESOLVED}, T.EVALUATED, "task.evaluated"),
    _row("T30p", "evaluatePart", USER, {T.RESOLVED}, T.RESOLVED, "task.evaluated_partly"),
    _row("T31", "evaluationTimeout", SYSTEM, {T.RESOLVED}, T.EVALUATED, "task.evaluation_defaulted"),
    _row("T32", "withdraw", SYSTEM, LIVE, T.WITHDRAWN, "task.withdrawn"),
    _row("T33", "reopen", SYSTEM, {T.EVALUATED}, T.ARRIVED, "task.reopened"),
    _row("T34", "escalate", SYSTEM, UNDER_WAY, SAME, "task.escalated"),
    _row("T35", "urge", USER, UNDER_WAY, SAME, "task.urged"),
    _row("T36", "instruct", USER, UNDER_WAY | {T.ON_HOLD, T.RESOLVED}, SAME, "task.instructed"),
    _row("T37", "deemFailedToArrive", SYSTEM, {T.ASSIGNED}, T.ASSIGNED, "task.escalated"),
    _row("T38", "resolveOverdueL3", SYSTEM, {T.ARRIVED}, T.ARRIVED, "task.escalated"),
    _row("T39", "rehome", SYSTEM, LIVE, SAME, "task.unit_changed"),
    _row("T40", "memberLost", SYSTEM, {T.ASSIGNED}, T.ACCEPTED, "task.member_lost"),
    _row("T41", "rescheduleTimeout", SYSTEM, TAKEN_UP, SAME, "task.rescheduled"),
)

WAITING = {
    "S28": "needs the residents' feedback on requests",
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


@dataclass(frozen=True, slots=True)
class Rung:
    """What a timer does `after` a clock was due: the first of `actions` that can be taken then, if any."""

    after: Span
    actions: tuple[str, ...]


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
}
"""What happens when nobody acts. An empty ladder: the clock is only marked as breached."""
