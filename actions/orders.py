"""Work orders (派单/接单): dispatched or claimed, done, verified by the village; each verified one is a red flag."""

from urllib.parse import urlsplit

from actions import limits
from actions.checks import TEXT_LENGTH, check_text, check_words, holds_post
from actions.request_case import RequestCase
from actions.requests import (
    CLASS_KNOWN,
    RequestNeed,
    RequestTurn,
    RequestView,
    request_step,
    settle_request,
    to_triage,
)
from actions.summons import may_have_note, needs_reason
from actions.turn import Faults, Registers, also
from models import ClockKind as C
from models import FlagEntry, MatterClass, Member, OrderMode, Outcome, RequestCategory, WorkOrder
from policies.guard import may
from policies.loading import load_actor
from policies.scopes import readable, whole

MOST_EVIDENCE, LONGEST_EVIDENCE = 10, 500

order_step = Registers[RequestCase]("order")


def order_of(view: RequestView) -> WorkOrder:
    """The order that the step is about; only steps of orders ask for it."""
    assert isinstance(view.about, WorkOrder), f"{view.step.action} is no step of an order"
    return view.about


NOT_PUBLIC = RequestNeed("IS_PUBLIC", lambda view: view.case.request.matter_class != MatterClass.PUBLIC)
CLAIMABLE = RequestNeed("ORDER_IS_FOR_SOMEBODY", lambda view: order_of(view).mode == OrderMode.CLAIMABLE)
MINE = RequestNeed("NOT_YOUR_ORDER", lambda view: view.actor.is_(order_of(view).assignee_id))
OF_OTHERS = RequestNeed("OWN_ORDER", lambda view: not view.actor.stands_for(order_of(view).assignee_id))
ALL_ENDED = RequestNeed("ORDERS_REMAIN", lambda view: not view.case.open_orders)
SOME_VERIFIED = RequestNeed("NOTHING_VERIFIED", lambda view: bool(view.case.verified_orders))
NONE_VERIFIED = RequestNeed("SOMETHING_VERIFIED", lambda view: not view.case.verified_orders)


async def _check_order(turn: RequestTurn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)
    await _check_assignee(turn, faults)


async def _check_assignee(turn: RequestTurn, faults: Faults) -> None:
    """Somebody who may take orders here. Nobody is told off for a family's own matter: whoever volunteers claims it."""
    if turn.given.member is None:
        return
    member = await readable(Member, turn.actor).get_or_none(id=turn.given.member)
    if member is None:
        faults.missing("Member", "assignee")
    elif turn.case.request.matter_class == MatterClass.FAMILY:
        faults.add("FAMILY_IS_VOLUNTARY", "assignee")
    elif not await _may_do_it(turn, member):
        faults.add("ASSIGNEE_LACKS_RIGHT", "assignee")


async def _may_do_it(turn: RequestTurn, member: Member) -> bool:
    doer, facts = await load_actor(member, turn.now), turn.case.facts(_like(turn))
    return may(doer, "order", "claim", facts) and may(doer, "order", "complete", facts)


def _like(turn: RequestTurn) -> WorkOrder:
    return WorkOrder(request_id=turn.case.request.id, path=turn.case.request.path)


@request_step("dispatch", needs=[CLASS_KNOWN, NOT_PUBLIC], check=_check_order)
async def dispatch(turn: RequestTurn) -> None:
    turn.case.request.escalation_level = 0
    await limits.stop(turn)
    await _open(turn)


@request_step("order", check=_check_order)
async def order(turn: RequestTurn) -> None:
    await _open(turn)


async def _open(turn: RequestTurn) -> None:
    given = turn.given
    order = WorkOrder(
        request_id=turn.case.request.id,
        path=turn.case.request.path,
        mode=OrderMode.DISPATCHED if given.member else OrderMode.CLAIMABLE,
        text=given.text,
        post=given.post,
        assignee_id=given.member,
        round=turn.case.request.round,
        created_at=turn.now,
        updated_at=turn.now,
    )
    turn.case.orders.append(order)
    turn.event.payload["order"] = order.id
    await also(turn, "create", order)
    await limits.start(turn, C.ORDER_ACCEPT, order)


@order_step("create")
async def create(turn: RequestTurn) -> None:
    """That it is there is all."""


async def _check_claim(turn: RequestTurn, faults: Faults) -> None:
    """A post that the order asks for is held now, wherever."""
    await may_have_note(turn, faults)
    wanted = order_of(turn).post
    if wanted is not None and not await holds_post(turn.actor.id, wanted, turn.now):
        faults.add("POST_DOES_NOT_FIT", "order")


@order_step("claim", needs=[CLAIMABLE], check=_check_claim)
async def claim(turn: RequestTurn) -> None:
    order_of(turn).assignee_id = turn.actor.id
    await _take_up(turn)


@order_step("accept", needs=[MINE], check=may_have_note)
async def accept(turn: RequestTurn) -> None:
    await _take_up(turn)


async def _take_up(turn: RequestTurn) -> None:
    order = order_of(turn)
    order.accepted_at = turn.now
    await limits.stop(turn, about=order)
    await limits.start(turn, C.ORDER_COMPLETE, order)


@order_step("decline", needs=[MINE], check=needs_reason)
async def decline(turn: RequestTurn) -> None:
    order = order_of(turn)
    order.assignee_id = order.accepted_at = None
    await limits.stop(turn, about=order)
    await limits.start(turn, C.ORDER_OFFER, order)


async def _check_assignment(turn: RequestTurn, faults: Faults) -> None:
    await may_have_note(turn, faults)
    await _check_assignee(turn, faults)


@order_step("assign", check=_check_assignment)
async def assign(turn: RequestTurn) -> None:
    """To somebody, or to whoever claims it."""
    await _offer(turn, turn.given.member)


@order_step("offerToAll")
async def offer_to_all(turn: RequestTurn) -> None:
    await _offer(turn, None)


async def _offer(turn: RequestTurn, member_id: str | None) -> None:
    order = order_of(turn)
    order.mode = OrderMode.DISPATCHED if member_id else OrderMode.CLAIMABLE
    order.assignee_id = member_id
    await limits.stop(turn, about=order)
    await limits.start(turn, C.ORDER_ACCEPT, order)


async def _check_completion(turn: RequestTurn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)
    if not turn.given.evidence and await _wants_evidence(turn):
        faults.add("EVIDENCE_MISSING", "evidence")
    if len(turn.given.evidence) > MOST_EVIDENCE:
        faults.add("TOO_MUCH_EVIDENCE", "evidence")
    for index, address in enumerate(turn.given.evidence):
        before = len(faults)
        check_words(faults, address, f"evidence.{index}", LONGEST_EVIDENCE)
        if len(faults) == before and not _is_address(address):
            faults.add("EVIDENCE_MALFORMED", "evidence", str(index))


async def _wants_evidence(turn: RequestTurn) -> bool:
    """Whether the request's category does."""
    id = turn.case.request.category_id
    return id is not None and await whole(RequestCategory).filter(id=id, needs_evidence=True).exists()


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and text.isprintable()


@order_step("complete", needs=[MINE], check=_check_completion)
async def complete(turn: RequestTurn) -> None:
    order = order_of(turn)
    order.result, order.evidence, order.done_at = turn.given.text, list(turn.given.evidence), turn.now
    await limits.stop(turn, about=order)


@order_step("returnOrder", needs=[OF_OTHERS], check=needs_reason)
async def return_order(turn: RequestTurn) -> None:
    order_of(turn).done_at = None
    await limits.start(turn, C.ORDER_COMPLETE, order_of(turn))


@order_step("verify", needs=[OF_OTHERS], check=may_have_note)
async def verify(turn: RequestTurn) -> None:
    order = order_of(turn)
    assert order.assignee_id is not None, "somebody did it"
    request = turn.case.request
    await FlagEntry.create(
        order_id=order.id,
        member_id=order.assignee_id,
        area_id=request.area_id,
        path=request.path,
        at=turn.now,
    )


@order_step("cancel", check=needs_reason)
async def cancel(turn: RequestTurn) -> None:
    await limits.stop(turn, about=order_of(turn))


@order_step("expire")
async def expire(turn: RequestTurn) -> None:
    await limits.stop(turn, about=order_of(turn))


@request_step("ordersVerified", needs=[ALL_ENDED, SOME_VERIFIED])
async def orders_verified(turn: RequestTurn) -> None:
    results = [order.result for order in turn.case.verified_orders if order.result]
    await settle_request(turn, Outcome.RESOLVED, "\n".join(results))


@request_step("ordersEnded", needs=[ALL_ENDED, NONE_VERIFIED])
async def orders_ended(turn: RequestTurn) -> None:
    await to_triage(turn)
