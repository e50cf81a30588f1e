"""The lives of requests and work orders, as data: one row for each step."""

from models.clocks import ClockKind as C
from models.requests import OrderState as O
from models.requests import RequestState as R
from models.steps import NEW, SAME, SYSTEM, USER, Rung, row, table
from models.working_time import Span, TimeUnit

TO_TRIAGE = {R.NEW, R.REOPENED}
WITH_VILLAGE = TO_TRIAGE | {R.VILLAGE_HANDLING}
"""Where the village can still choose the way."""
PROMISED = {R.ANSWERED, R.VILLAGE_HANDLING, R.TRANSFERRED}
LASTING = {R.DONE, R.CLOSED, R.REJECTED}
OPEN_ORDERS = frozenset({O.OPEN, O.ACCEPTED, O.DECLINED, O.DONE})

REQUEST_RIGHTS = {
    "edit": ("request", "update"),
    "summon": ("request", "triage"),
    "summonAgain": ("request", "triage"),
    "reject": ("request", "triage"),
    "transfer": ("request", "transferUp"),
    "complete": ("request", "answer"),
    "inform": ("request", "answer"),
    "order": ("order", "create"),
}
"""Steps whose right is not their own action; whoever answers also says what came of it."""

REQUEST_STEPS = table(
    "request",
    REQUEST_RIGHTS,
    row("R01", "create", USER, NEW, R.NEW, "request.created"),
    row("R02", "edit", USER, TO_TRIAGE, SAME, "request.edited"),
    row("R03", "triage", USER, TO_TRIAGE, R.VILLAGE_HANDLING, "request.triaged"),
    row("R04", "answer", USER, WITH_VILLAGE | {R.TRANSFERRED}, R.ANSWERED, "request.answered"),
    row("R05", "dispatch", USER, WITH_VILLAGE, R.ORDERED, "request.ordered"),
    row("R05o", "order", USER, {R.ORDERED}, R.ORDERED, "request.ordered"),
    row("R06", "summon", USER, WITH_VILLAGE, R.SUMMONED, "request.summoned"),
    row("R07", "transfer", USER, WITH_VILLAGE, R.TRANSFERRED, "request.transferred"),
    row("R08", "merge", USER, WITH_VILLAGE, R.MERGED, "request.merged"),
    row("R08o", "takeIn", SYSTEM, frozenset(R) - LASTING - {R.MERGED}, SAME, "request.joined"),
    row("R09", "reject", USER, WITH_VILLAGE, R.REJECTED, "request.rejected"),
    row("R10", "complete", USER, PROMISED, R.DONE, "request.done"),
    row("R11", "answeredForGood", SYSTEM, {R.ANSWERED}, R.DONE, "request.done"),
    row("R12", "ordersVerified", SYSTEM, {R.ORDERED}, R.DONE, "request.done"),
    row("R13", "ordersEnded", SYSTEM, {R.ORDERED}, R.NEW, "request.returned"),
    row("R14", "summonsClosed", SYSTEM, {R.SUMMONED}, R.DONE, "request.done"),
    row("R15", "summonsCancelled", SYSTEM, {R.SUMMONED}, R.NEW, "request.returned"),
    row("R16", "feedback", USER, {R.DONE, R.CLOSED}, SAME, "request.feedback_given"),
    row("R17", "inform", USER, LASTING, SAME, "request.reporter_informed"),
    row("R18", "allContent", SYSTEM, {R.DONE}, R.CLOSED, "request.closed"),
    row("R19", "discontent", SYSTEM, {R.DONE, R.CLOSED}, R.REOPENED, "request.reopened"),
    row("R20", "feedbackTimeout", SYSTEM, {R.DONE}, R.CLOSED, "request.closed"),
    row("R21", "reopen", USER, {R.CLOSED, R.REJECTED}, R.REOPENED, "request.reopened"),
    row("R22", "withdraw", USER, WITH_VILLAGE | {R.ANSWERED}, R.CLOSED, "request.withdrawn"),
    row("R23", "summonAgain", USER, {R.REOPENED}, R.SUMMONED, "request.summoned"),
    row("R24", "summonedAgain", SYSTEM, {R.REOPENED}, R.SUMMONED, "request.summoned"),
    row("R24o", "summonsReopened", SYSTEM, {R.REOPENED}, R.SUMMONED, "request.summoned"),
    row("R25", "escalate", SYSTEM, TO_TRIAGE | PROMISED, SAME, "request.escalated"),
)

ORDER_RIGHTS = {
    "accept": ("order", "claim"),
    "decline": ("order", "claim"),
    "returnOrder": ("order", "verify"),
}

ORDER_STEPS = table(
    "order",
    ORDER_RIGHTS,
    row("W01", "create", SYSTEM, NEW, O.OPEN, "order.created"),
    row("W02", "claim", USER, {O.OPEN}, O.ACCEPTED, "order.claimed"),
    row("W03", "accept", USER, {O.OPEN}, O.ACCEPTED, "order.accepted"),
    row("W04", "decline", USER, {O.OPEN, O.ACCEPTED}, O.DECLINED, "order.declined"),
    row("W05", "assign", USER, {O.OPEN, O.DECLINED}, O.OPEN, "order.assigned"),
    row("W06", "offerToAll", SYSTEM, {O.DECLINED}, O.OPEN, "order.offered"),
    row("W07", "complete", USER, {O.ACCEPTED}, O.DONE, "order.done"),
    row("W08", "verify", USER, {O.DONE}, O.VERIFIED, "order.verified"),
    row("W09", "returnOrder", USER, {O.DONE}, O.ACCEPTED, "order.returned"),
    row("W10", "cancel", USER, {O.OPEN, O.ACCEPTED, O.DECLINED}, O.CANCELLED, "order.cancelled"),
    row("W11", "expire", SYSTEM, {O.OPEN}, O.EXPIRED, "order.expired"),
    row("W12", "escalate", SYSTEM, {O.DONE}, SAME, "order.escalated"),
)

REQUEST_CONSEQUENCES = (
    "answeredForGood",
    "ordersVerified",
    "ordersEnded",
    "allContent",
    "discontent",
    "summonedAgain",
)
"""Steps of a request that follow at once from its answer, its orders or its reporters, in the order they are tried."""

_AT_ONCE = Span(0, TimeUnit.MINUTE)
_ONE_DAY = Span(1, TimeUnit.WORKDAY)
_ESCALATE = (Rung(_AT_ONCE, ("escalate",)), Rung(_ONE_DAY, ("escalate",)))

REQUEST_LADDERS: dict[C, tuple[Rung, ...]] = {
    C.TRIAGE: _ESCALATE,
    C.ANSWER: _ESCALATE,
    C.FEEDBACK: (Rung(_AT_ONCE, ("feedbackTimeout",)),),
    C.REQUEST_WINDOW: (),
    C.ORDER_ACCEPT: (Rung(_AT_ONCE, ("expire",)),),
    C.ORDER_OFFER: (Rung(_AT_ONCE, ("offerToAll",)),),
    C.ORDER_COMPLETE: (),
    C.ORDER_VERIFY: _ESCALATE,
}
