"""Guards on the way from the draft to the units."""

from typing import Any

from api import do
from guards import No, at, no, not_yet, situation, visit
from matter import DRAFT, RESOLUTION, Matter
from world import Time, World

from models import Area, DutyItem, DutyKind, clock

TIANHU, SHAPU, WANAN, MAILANG = "440606106004", "440606106201", "440606104219", "440606104217"
GRID, CLOSED = "440606106004001", MAILANG
VILLAGER, SECRETARY = "tianhu.cadre", "tianhu.secretary"
NEW = DRAFT | {"issuer": TIANHU, "units": ["zr"]}
SUBMIT = "submitSummonsForReview"
BEFORE = RESOLUTION | {"meetingAt": at("03-01 15:00")}


def drafting(answer: str, login: str = VILLAGER, **given: Any) -> No:
    return no(login, "draftSummons", answer, **NEW | given)


@situation(
    drafting("NotAllowed NO_RULE", "zr.head"),
    drafting("NotAllowed WRONG_PLACE", issuer=SHAPU),
    drafting("NotFound NOT_FOUND issuer", issuer="440606106999"),
    drafting("InvalidInput ISSUER_LEVEL issuer", issuer=GRID),
    drafting("InvalidInput EMPTY title", title=" "),
    drafting("InvalidInput TOO_LONG title", title="天" * 201),
    drafting("InvalidInput NUL_CHARACTER text", text="天\x00湖"),
    drafting("InvalidInput BROKEN_CHARACTER text", text="天\ud800湖"),
    drafting("InvalidInput EMPTY title; InvalidInput TOO_LONG text", title="", text="天" * 20_001),
    drafting("NotFound NOT_FOUND units/1", units=["zr", "VW5pdDow"]),
    drafting("InvalidInput UNIT_NOT_SUMMONABLE units/1", units=["zr", "party"]),
    drafting("InvalidInput UNIT_TWICE units/1", units=["zr", "zr"]),
    drafting("InvalidInput LEAD_NOT_AMONG_UNITS leadUnit", leadUnit="zf"),
    drafting("InvalidInput CO_ISSUER_IS_ISSUER coIssuers/0", coIssuers=[TIANHU]),
    drafting("InvalidInput CO_ISSUER_TWICE coIssuers/1", coIssuers=[SHAPU, SHAPU]),
    drafting("InvalidInput CO_ISSUER_LEVEL coIssuers/0", coIssuers=["440606106"]),
    drafting("NotFound NOT_FOUND coIssuers/0", coIssuers=["440606106999"]),
    drafting("InvalidInput AREA_CLOSED coIssuers/0", coIssuers=[CLOSED]),
    drafting("InvalidInput AREA_CLOSED issuer", "mailang.secretary", issuer=CLOSED),
    drafting(
        "InvalidInput APPOINTMENT_IN_PAST appointment/from", appointment=visit("03-01 09:00", "03-03 11:00")
    ),
    drafting(
        "InvalidInput APPOINTMENT_UPSIDE_DOWN appointment/to", appointment=visit("03-03 11:00", "03-03 09:00")
    ),
    drafting(
        "InvalidInput TOO_LONG appointment/place",
        appointment=visit("03-03 09:00", "03-03 11:00", place="天" * 201),
    ),
    drafting("Conflict KEY_REUSED", title="另一事项", idempotencyKey="once"),
    drafting("InvalidInput KEY_MALFORMED idempotencyKey", idempotencyKey=""),
    no("mailang.secretary", "cancelSummons", "NotFound NOT_FOUND summons", reason="错发。"),
    no("zr.head", "cancelSummons", "NotFound NOT_FOUND summons", reason="错发。"),
    no("junan.coordinator", SUBMIT, "NotAllowed WRONG_PLACE", resolution=BEFORE),
    no(VILLAGER, SUBMIT, "WrongState TARGETS_MISSING", resolution=BEFORE),
    no(VILLAGER, SUBMIT, "Conflict VERSION_CHANGED", resolution=BEFORE, version=7),
    no(VILLAGER, "issueEmergencySummons", "WrongState TIER_NOT_EMERGENCY", reason="河堤渗水。"),
    no(SECRETARY, "issueSummons", "WrongState WRONG_STATE"),
    no(SECRETARY, "updateDraftSummons", "InvalidInput EMPTY text", text=""),
    no(SECRETARY, "updateDraftSummons", "InvalidInput LEAD_NOT_AMONG_UNITS leadUnit", leadUnit="zr"),
    no(SECRETARY, "cancelSummons", "InvalidInput EMPTY reason", reason=""),
)
async def a_draft_without_units(world: World, time: Time) -> Matter:
    gone = clock.local_date(clock.now()).replace(day=1)
    await Area.filter(code=CLOSED).update(valid_to=gone)
    matter = await Matter.drafted(world)
    first = world.ids(NEW | {"idempotencyKey": "once"})
    assert (await do(VILLAGER, "draftSummons", first))["problems"] == []
    return matter


@situation(
    no(VILLAGER, SUBMIT, "InvalidInput RESOLUTION_IN_FUTURE resolution/meetingAt",
       resolution=BEFORE | {"meetingAt": at("03-03 09:00")}),
    no(VILLAGER, SUBMIT, "InvalidInput RESOLUTION_NOBODY resolution/present", resolution=BEFORE | {"present": 0}),
    no(VILLAGER, SUBMIT, "InvalidInput EMPTY resolution/minutes", resolution=BEFORE | {"minutes": ""}),
    no(VILLAGER, SUBMIT, "InvalidInput TOO_LONG note", resolution=BEFORE, note="天" * 2001),
    no(VILLAGER, SUBMIT, "InvalidInput DUPLICATE_OF_ITSELF duplicateOf", resolution=BEFORE, duplicateOf="@"),
    no(VILLAGER, SUBMIT, "NotFound NOT_FOUND duplicateOf", resolution=BEFORE, duplicateOf="U3VtbW9uczow"),
)  # fmt: skip
async def a_draft(world: World, time: Time) -> Matter:
    return await Matter.drafted(world, "zr")


@situation(
    no(VILLAGER, SUBMIT, "InvalidInput ON_NEGATIVE_LIST summons", resolution=BEFORE),
)
async def a_draft_about_something_on_the_negative_list(world: World, time: Time) -> Matter:
    await DutyItem.create(code="N-1", title="公园改造", kind=DutyKind.VILLAGE_NEGATIVE)
    return await Matter.drafted(world, "zr")


@situation(no(VILLAGER, SUBMIT, "InvalidInput UNIT_CLOSED units/0", resolution=BEFORE))
async def a_draft_whose_unit_was_closed(world: World, time: Time) -> Matter:
    matter = await Matter.drafted(world, "cj")
    closing = world.ids({"unit": "cj", "reason": "机构改革。"})
    assert (await do("shunde.org", "closeUnit", closing))["problems"] == []
    return matter


@situation(
    no(VILLAGER, "issueEmergencySummons", "WrongState TARGETS_MISSING", reason="河堤渗水。"),
)
async def an_emergency_without_units(world: World, time: Time) -> Matter:
    return await Matter.drafted(world, tier="EMERGENCY")


@situation(
    no(SECRETARY, "requestCosign", "WrongState NO_CO_ISSUER"),
    no(SECRETARY, "requestGate", "WrongState GATE_NOT_REQUIRED"),
    no(SECRETARY, "sendBackSummons", "InvalidInput EMPTY reason", reason="\n"),
    no(VILLAGER, "issueSummons", "NotAllowed NO_RULE"),
    no("shapu.secretary", "issueSummons", "NotFound NOT_FOUND summons"),
    no("junan.leader", "issueSummons", "NotAllowed WRONG_PLACE"),
    no(SECRETARY, "issueSummons", "InvalidInput NUL_CHARACTER note", note="\x00"),
)
async def a_summons_in_review(world: World, time: Time) -> Matter:
    return await (await Matter.drafted(world, "zr")).bring("PENDING_REVIEW")


@situation(
    no(SECRETARY, "issueSummons", "WrongState GATE_REQUIRED"),
    no(VILLAGER, "requestGate", "NotAllowed NO_RULE"),
)
async def a_summons_in_review_where_the_town_looks_first(world: World, time: Time) -> Matter:
    await world.decide("440606106", require_town_gate=True)
    return await (await Matter.drafted(world, "zr")).bring("PENDING_REVIEW")


@situation(
    no("junan.coordinator", "returnFromGate", "WrongState GATE_RETURNED_BEFORE", reason="材料不齐。"),
    no("longjiang.coordinator", "passGate", "NotFound NOT_FOUND summons"),
    no(SECRETARY, "passGate", "NotAllowed NO_RULE"),
)
async def a_summons_at_the_gate_for_the_second_time(world: World, time: Time) -> Matter:
    await world.decide("440606", require_town_gate=True)
    matter = await Matter.drafted(world, "zr")
    for _ in range(2):
        await matter.bring("PENDING_REVIEW")
        await matter.done(SECRETARY, "requestGate")
        if "summons.returned" not in await matter.history():
            await matter.done("junan.coordinator", "returnFromGate", reason="材料不齐。")
    return matter


@situation(
    no(SECRETARY, "issueSummons", "WrongState HAS_CO_ISSUERS"),
    no(SECRETARY, "requestGate", "WrongState HAS_CO_ISSUERS"),
    no("shapu.secretary", "cosignSummons", "WrongState WRONG_STATE"),
)
async def a_summons_in_review_with_a_co_issuer(world: World, time: Time) -> Matter:
    return await (await Matter.drafted(world, "zr", coIssuers=[SHAPU])).bring("PENDING_REVIEW")


@situation(
    no("shapu.secretary", "cosignSummons", "WrongState ALREADY_SIGNED"),
    no("shapu.secretary", "refuseCosign", "WrongState ALREADY_SIGNED", reason="与我村无关。"),
    no("wanan.secretary", "refuseCosign", "InvalidInput EMPTY reason", reason=""),
    no(SECRETARY, "cosignSummons", "NotAllowed WRONG_PLACE"),
    not_yet("wanan.secretary", "cosignLast", "OTHERS_MISSING"),
    not_yet("wanan.secretary", "cosignLastGated", "OTHERS_MISSING"),
)
async def a_summons_that_one_of_three_villages_has_signed(world: World, time: Time) -> Matter:
    matter = await Matter.drafted(world, "zr", coIssuers=[SHAPU, WANAN, MAILANG])
    await matter.bring("PENDING_REVIEW")
    await matter.done(SECRETARY, "requestCosign")
    await matter.done("shapu.secretary", "cosignSummons")
    return matter


@situation(
    not_yet("wanan.secretary", "cosign", "LAST_SIGNATURE"),
    not_yet("wanan.secretary", "cosignLastGated", "GATE_NOT_REQUIRED"),
)
async def a_summons_that_lacks_one_signature(world: World, time: Time) -> Matter:
    matter = await (await Matter.drafted(world, "zr", coIssuers=[WANAN])).bring("PENDING_REVIEW")
    await matter.done(SECRETARY, "requestCosign")
    return matter


@situation(
    not_yet("wanan.secretary", "cosignLast", "GATE_REQUIRED"),
)
async def a_summons_that_lacks_one_signature_and_the_towns_look(world: World, time: Time) -> Matter:
    await world.decide(TIANHU, require_town_gate=True)
    return await a_summons_that_lacks_one_signature(world, time)
