"""What happens when nobody acts: for every kind of clock a matter on which it runs, and what it brings about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from guards import at, visit
from matter import Matter
from month import Month
from plea import CADRE, RESIDENT, Plea
from verdict import Verdict
from world import World

from models import ClockKind as C

GATED = {"by": "wanan"}
"""Summonses of 万安 pass the town's gate."""
HOLD = {"reason": "等待材料。", "plan": "材料到后施工。", "resumeAt": at("03-20 09:00")}
DECLINE = {"reason": "NOT_OUR_DUTY", "note": "不属我单位职责。", "dutyItem": "zr", "suggestedUnit": "cj"}

Arrange = Callable[[World], Awaitable[Matter | Plea | Month]]


@dataclass(frozen=True)
class Silence:
    """From Monday 09:00 nobody acts; until the minute before `due` it is as it was, then the events follow."""

    kind: C
    arrange: Arrange
    due: str
    events: list[str]
    stands: str


async def _at(world: World, state: str, *units: str, **more: Any) -> Matter:
    if not units:
        return await (await Matter.drafted(world, "zr", **more)).bring(state)
    return await (await Matter.issued(world, *units, **more)).bring(state, *units)


async def asked_to_sign(world: World, **more: Any) -> Matter:
    matter = await _at(world, "PENDING_REVIEW", coIssuers=["440606104217"], **more)
    await matter.done(f"{matter.village}.secretary", "requestCosign")
    return matter


async def at_the_gate(world: World) -> Matter:
    matter = await _at(world, "PENDING_REVIEW", **GATED)
    await matter.done("wanan.secretary", "requestGate")
    return matter


async def emergency(world: World) -> Matter:
    matter = await Matter.drafted(world, "zr", tier="EMERGENCY")
    await matter.done("tianhu.cadre", "issueEmergencySummons", reason="河堤渗水。")
    return await matter.bring("RESOLVED", "zr")


async def closed_unresolved(world: World) -> Matter:
    """Nobody scored anything, so nothing has to be locked."""
    matter = await _at(world, "ARRIVED", "zr")
    await matter.done("junan.coordinator", "closeSummonsUnresolved", outcome="PARTIAL", explanation="转办。")
    return matter


async def appealed(world: World) -> Matter:
    matter = await Verdict.issued(world, "zr")
    await matter.bring("EVALUATED", "zr")
    await matter.done("zr.head", "appealEvaluation", "zr", reason="评分偏低。")
    return matter


async def declined(world: World) -> Matter:
    matter = await Matter.issued(world, "zr")
    await matter.done("zr.head", "declineTask", "zr", **DECLINE)
    return matter


async def returned(world: World) -> Matter:
    matter = await declined(world)
    await matter.done("junan.coordinator", "upholdDecline", "zr", ground="请村重新确定单位。")
    return matter


async def asking(world: World, state: str, login: str, mutation: str, **given: Any) -> Matter:
    matter = await Matter.issued(world, "zr", leadUnit="zr")
    await (await matter.bring(state, "zr")).done(login, mutation, "zr", **given)
    return matter


async def held(world: World) -> Matter:
    matter = await asking(world, "ARRIVED", "zr.head", "requestHold", **HOLD)
    await matter.done("tianhu.secretary", "approveHold", "zr")
    return matter


def rescheduling(world: World) -> Awaitable[Matter]:
    return asking(
        world, "ASSIGNED", "zr.liaison", "proposeReschedule", appointment=visit("03-04 09:00", "03-04 11:00")
    )


async def withdrawn(world: World) -> Plea:
    plea = await Plea.made(world)
    await plea.done(RESIDENT, "withdrawRequest")
    return plea


async def named_order(world: World, mutation: str, **given: Any) -> Plea:
    plea = await Plea.ordered(world, assignee=CADRE)
    await plea.done(CADRE, mutation, 1, **given)
    return plea


async def done_order(world: World) -> Plea:
    plea = await named_order(world, "acceptOrder")
    await plea.done(CADRE, "completeOrder", 1, text="已换。")
    return plea


SILENCES = [
    Silence(C.DRAFT_IDLE, lambda w: Matter.drafted(w), "04-01 09:00", ["summons.cancelled"], "CANCELLED"),
    Silence(C.REVIEW, lambda w: _at(w, "PENDING_REVIEW"), "03-05 09:00", ["summons.returned"], "DRAFT"),
    Silence(C.COSIGN, asked_to_sign, "03-04 09:00", ["summons.issued", "task.created"], "ISSUED: zr PENDING"),
    Silence(
        C.COSIGN,
        lambda w: asked_to_sign(w, **GATED),
        "03-04 09:00",
        ["summons.gate_requested"],
        "PENDING_GATE",
    ),
    Silence(C.GATE, at_the_gate, "03-03 09:00", ["summons.issued", "task.created"], "ISSUED: zr PENDING"),
    Silence(C.RATIFY, emergency, "03-03 09:00", [], "AWAITING_EVALUATION: zr RESOLVED"),
    Silence(C.RETARGET, returned, "03-04 09:00", [], "DRAFT: zr WITHDRAWN"),
    Silence(
        C.FOLLOWUP,
        lambda w: _at(w, "EVALUATED", "zr", category="ECONOMY"),
        "03-23 09:00",
        ["summons.closed"],
        "CLOSED: zr EVALUATED",
    ),
    Silence(
        C.REOPEN_WINDOW,
        closed_unresolved,
        "04-01 09:00",
        ["summons.archived"],
        "ARCHIVED: zr WITHDRAWN",
    ),
    Silence(
        C.ACCEPT, lambda w: Matter.issued(w, "zr"), "03-03 09:00", ["task.escalated"], "ISSUED: zr PENDING"
    ),
    Silence(
        C.ASSIGN,
        lambda w: _at(w, "ACCEPTED", "zr"),
        "03-03 09:00",
        ["task.assigned"],
        "IN_PROGRESS: zr ASSIGNED",
    ),
    Silence(
        C.ARRIVE,
        lambda w: _at(w, "ASSIGNED", "zr"),
        "03-05 09:00",
        ["task.no_show"],
        "IN_PROGRESS: zr ASSIGNED",
    ),
    Silence(
        C.RESOLVE,
        lambda w: _at(w, "ARRIVED", "zr"),
        "03-16 09:00",
        ["task.escalated"],
        "IN_PROGRESS: zr ARRIVED",
    ),
    Silence(
        C.EVALUATE,
        lambda w: _at(w, "RESOLVED", "zr"),
        "03-09 09:00",
        ["task.evaluation_defaulted", "summons.closed"],
        "CLOSED: zr EVALUATED",
    ),
    Silence(C.ADJUDICATE, appealed, "03-09 09:00", ["evaluation.escalated"], "CLOSED: zr EVALUATED"),
    Silence(C.ARBITRATE, declined, "03-03 09:00", ["task.escalated"], "ISSUED: zr DECLINED"),
    Silence(C.HOLD, held, "03-20 09:00", ["task.resumed"], "IN_PROGRESS: zr ARRIVED"),
    Silence(
        C.RESCHEDULE_ANSWER,
        rescheduling,
        "03-03 09:00",
        ["task.rescheduled"],
        "IN_PROGRESS: zr ASSIGNED",
    ),
    Silence(
        C.REMOTE_ANSWER,
        lambda w: asking(w, "ASSIGNED", "zr.liaison", "proposeRemote", how="视频会商。"),
        "03-03 09:00",
        [],
        "IN_PROGRESS: zr ASSIGNED",
    ),
    Silence(
        C.HOLD_ANSWER,
        lambda w: asking(w, "ARRIVED", "zr.head", "requestHold", **HOLD),
        "03-04 09:00",
        ["task.hold_lapsed"],
        "IN_PROGRESS: zr ARRIVED",
    ),
    Silence(
        C.EXTENSION_ANSWER,
        lambda w: asking(w, "ARRIVED", "zr.liaison", "requestExtension", reason="工程量增加。", days=5),
        "03-03 09:00",
        [],
        "IN_PROGRESS: zr ARRIVED",
    ),
    Silence(
        C.CO_UNIT_ANSWER,
        lambda w: asking(w, "ARRIVED", "zr.liaison", "callCoUnit", unit="cj", note="请协助。"),
        "03-03 09:00",
        ["task.counit_lapsed"],
        "IN_PROGRESS: zr ARRIVED",
    ),
    Silence(C.TRIAGE, lambda w: Plea.made(w), "03-03 09:00", ["request.escalated"], "NEW"),
    Silence(
        C.ANSWER,
        lambda w: Plea.triaged(w, "PUBLIC"),
        "03-09 09:00",
        ["request.escalated"],
        "VILLAGE_HANDLING",
    ),
    Silence(C.FEEDBACK, lambda w: Plea.settled(w), "03-09 09:00", ["request.closed"], "CLOSED"),
    Silence(C.REQUEST_WINDOW, withdrawn, "04-01 09:00", [], "CLOSED"),
    Silence(
        C.ORDER_ACCEPT,
        lambda w: Plea.ordered(w),
        "03-04 09:00",
        ["order.expired", "request.returned"],
        "NEW: EXPIRED",
    ),
    Silence(
        C.ORDER_OFFER,
        lambda w: named_order(w, "declineOrder", reason="没空。"),
        "03-03 09:00",
        ["order.offered"],
        "ORDERED: OPEN",
    ),
    Silence(
        C.ORDER_COMPLETE, lambda w: named_order(w, "acceptOrder"), "03-09 09:00", [], "ORDERED: ACCEPTED"
    ),
    Silence(C.ORDER_VERIFY, done_order, "03-05 09:00", ["order.escalated"], "ORDERED: DONE"),
    Silence(C.OBJECTION, lambda w: Month.shown(w), "03-05 09:00", ["publication.published"], "PUBLISHED"),
]
