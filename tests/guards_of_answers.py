"""Guards on the unit's answer and its visit, and on rulings about declines."""

from typing import Any

from api import do
from guards import No, at, no, situation, visit
from matter import Matter
from world import Time, World

SECRETARY, COORDINATOR = "tianhu.secretary", "junan.coordinator"
LONG = "长" * 2001
DECLINE = {"reason": "NOT_OUR_DUTY", "note": "不属我单位职责。", "dutyItem": "zr", "suggestedUnit": "cj"}
LATER, LATEST = visit("03-04 09:00", "03-04 11:00"), visit("03-05 09:00", "03-05 11:00")
PAST, BACKWARDS = visit("03-01 09:00", "03-04 11:00"), visit("03-04 11:00", "03-04 09:00")


def accepting(answer: str, **given: Any) -> No:
    return no("zr.liaison", "acceptTask", answer, "zr", **given)


def declining(answer: str, login: str = "zr.head", **given: Any) -> No:
    return no(login, "declineTask", answer, "zr", **DECLINE | given)


def forcing(answer: str, login: str = COORDINATOR, **given: Any) -> No:
    return no(
        login, "forceReassignTask", answer, "zr", **{"reason": "长期未办。", "reassignTo": "cj"} | given
    )


@situation(
    accepting("InvalidInput TOO_LONG note", note=LONG),
    accepting("InvalidInput APPOINTMENT_IN_PAST appointment/from", appointment=PAST),
    accepting("InvalidInput APPOINTMENT_UPSIDE_DOWN appointment/to", appointment=BACKWARDS),
    accepting("InvalidInput MEMBER_NOT_OF_UNIT responsible", responsible="zf.member"),
    accepting("InvalidInput MEMBER_DISABLED responsible", responsible="zr.gone"),
    accepting("InvalidInput MEMBER_LACKS_ROLE responsible", responsible="zr.new"),
    accepting("Conflict VERSION_CHANGED", version=0),
    no("zr.member", "acceptTask", "NotFound NOT_FOUND task", "zr"),
    no("zf.liaison", "acceptTask", "NotFound NOT_FOUND task", "zr"),
    no(SECRETARY, "acceptTask", "NotAllowed NO_RULE", "zr"),
    no("zr.liaison", "assignTask", "WrongState WRONG_STATE", "zr", member="zr.member"),
    no(SECRETARY, "confirmArrival", "WrongState WRONG_STATE", "zr"),
    declining("NotAllowed NO_RULE", "zr.liaison"),
    declining("InvalidInput EMPTY note", note=""),
    declining("InvalidInput SUGGESTS_ITSELF suggestedUnit", suggestedUnit="zr"),
    declining("InvalidInput UNIT_NOT_SUMMONABLE suggestedUnit", suggestedUnit="party"),
    declining("InvalidInput DUTY_ITEM_OF_OTHERS dutyItem", dutyItem="zf"),
    declining("NotFound NOT_FOUND dutyItem", dutyItem="RHV0eUl0ZW06MA"),
    forcing("InvalidInput EMPTY reason", reason=""),
    forcing("InvalidInput SAME_UNIT reassignTo", reassignTo="zr"),
    forcing("InvalidInput UNIT_HAS_TASK reassignTo", reassignTo="zf"),
    forcing("InvalidInput UNIT_NOT_SUMMONABLE reassignTo", reassignTo="party"),
    forcing("NotAllowed NO_RULE", SECRETARY),
    forcing("NotFound NOT_FOUND task", "longjiang.coordinator"),
    no("zr.head", "urgeTask", "NotAllowed NO_RULE", "zr"),
    no(COORDINATOR, "instructTask", "NotAllowed NO_RULE", "zr", note="限期办结。"),
    no("junan.leader", "instructTask", "InvalidInput EMPTY note", "zr", note=" "),
    no(SECRETARY, "addUnit", "InvalidInput UNIT_HAS_TASK unit", unit="zf"),
    no(SECRETARY, "addUnit", "InvalidInput TOO_LONG note", unit="cj", note=LONG),
    no("tianhu.cadre", "addUnit", "NotAllowed NO_RULE", unit="cj"),
    no(SECRETARY, "releaseUnit", "InvalidInput UNIT_HAS_NO_TASK unit", unit="cj", reason="无须参与。"),
    no(SECRETARY, "releaseUnit", "InvalidInput EMPTY reason", unit="zf", reason=""),
    no(SECRETARY, "ratifySummons", "WrongState NOT_EMERGENCY", resolution={
        "meetingAt": at("03-01 09:00"), "present": 3, "minutes": "同意。"}),
)  # fmt: skip
async def two_units_that_have_not_answered(world: World, time: Time) -> Matter:
    await world.enter("zr.new", "440606", "zr")
    await world.enter("zr.gone", "440606", "zr")
    gone = world.ids({"member": "zr.gone", "reason": "退休。"})
    assert (await do("zr.head", "disableMember", gone))["problems"] == []
    return await Matter.issued(world, "zr", "zf")


@situation(no(SECRETARY, "releaseUnit", "WrongState LAST_TASK", unit="zr", reason="无须参与。"))
async def one_unit_that_has_not_answered(world: World, time: Time) -> Matter:
    return await Matter.issued(world, "zr")


@situation(declining("WrongState DECLINE_TOO_LATE"))
async def a_unit_whose_time_to_answer_is_over(world: World, time: Time) -> Matter:
    matter = await Matter.issued(world, "zr")
    time.pass_to("03-03 09:01")
    return matter


@situation(
    no(COORDINATOR, "overruleDecline", "InvalidInput EMPTY ground", "zr", ground=""),
    no(COORDINATOR, "upholdDecline", "InvalidInput SAME_UNIT reassignTo", "zr", ground="是。", reassignTo="zr"),
    no(COORDINATOR, "upholdDecline", "InvalidInput UNIT_HAS_TASK reassignTo", "zr", ground="是。", reassignTo="zf"),
    no(COORDINATOR, "upholdDecline", "InvalidInput EMPTY ground", "zr", ground=" "),
    no("shunde.leader", "overruleDecline", "WrongState ARBITRATION_ELSEWHERE", "zr", ground="是。"),
    no("shunde.leader", "upholdDecline", "WrongState ARBITRATION_ELSEWHERE", "zr", ground="是。"),
    no("shunde.leader", "upholdDecline", "WrongState ARBITRATION_ELSEWHERE", "zr", ground="是。", reassignTo="cj"),
    no(SECRETARY, "overruleDecline", "NotAllowed NO_RULE", "zr", ground="是。"),
)  # fmt: skip
async def a_decline_that_the_town_has_to_rule_on(world: World, time: Time) -> Matter:
    matter = await Matter.issued(world, "zr", "zf")
    await matter.done("zr.head", "declineTask", "zr", **DECLINE)
    return matter


@situation(
    declining("WrongState DECLINED_BEFORE"),
    forcing("InvalidInput UNIT_DECLINE_UPHELD reassignTo", reassignTo="zf"),
)
async def units_whose_declines_were_upheld(world: World, time: Time) -> Matter:
    """Yet the village summons one of them again."""
    matter = await Matter.issued(world, "zr", "zf", "jt")
    for unit in ("zr", "zf"):
        await matter.done(f"{unit}.head", "declineTask", unit, **DECLINE | {"dutyItem": unit})
        await matter.done(COORDINATOR, "upholdDecline", unit, ground="不属其职责。")
    await matter.done(SECRETARY, "addUnit", unit="zr")
    return matter


@situation(accepting("InvalidInput RANK_TOO_LOW responsible", responsible="zr.member"))
async def a_matter_for_which_a_deputy_head_must_come(world: World, time: Time) -> Matter:
    return await Matter.issued(world, "zr", tier="KEY")


@situation(
    no("zr.liaison", "assignTask", "InvalidInput MEMBER_NOT_OF_UNIT member", "zr", member="zf.member"),
    no("zr.liaison", "assignTask", "InvalidInput NUL_CHARACTER note", "zr", member="zr.member", note="\x00"),
    no("zr.head", "declineTask", "WrongState WRONG_STATE", "zr", **DECLINE),
    no("zr.liaison", "proposeRemote", "InvalidInput EMPTY how", "zr", how=""),
    no("zr.liaison", "proposeReschedule", "InvalidInput APPOINTMENT_IN_PAST appointment/from", "zr",
       appointment=PAST),
    no(SECRETARY, "agreeReschedule", "WrongState NO_OPEN_PROPOSAL", "zr"),
    no(SECRETARY, "refuseReschedule", "WrongState NO_OPEN_PROPOSAL", "zr", reason="不便。"),
    no(SECRETARY, "agreeRemote", "WrongState NO_OPEN_PROPOSAL", "zr"),
)  # fmt: skip
async def a_unit_that_has_accepted(world: World, time: Time) -> Matter:
    return await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr")


@situation(
    no("zr.liaison", "proposeReschedule", "WrongState PROPOSAL_OPEN", "zr", appointment=LATEST),
    no("zr.liaison", "proposeRemote", "WrongState PROPOSAL_OPEN", "zr", how="视频会商。"),
    no("zr.liaison", "agreeReschedule", "NotAllowed NO_RULE", "zr"),
    no(SECRETARY, "agreeReschedule", "InvalidInput TOO_LONG note", "zr", note=LONG),
    no(SECRETARY, "refuseReschedule", "InvalidInput EMPTY reason", "zr", reason=""),
    no(SECRETARY, "agreeRemote", "InvalidInput TOO_LONG note", "zr", note=LONG),
)
async def a_unit_that_asks_for_another_time_and_to_stay_away(world: World, time: Time) -> Matter:
    matter = await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr")
    await matter.done("zr.liaison", "proposeReschedule", "zr", appointment=LATER)
    await matter.done("zr.liaison", "proposeRemote", "zr", how="视频会商。")
    return matter


@situation(no("zr.liaison", "proposeReschedule", "WrongState RESCHEDULE_LIMIT", "zr", appointment=LATER))
async def a_visit_that_was_moved_twice(world: World, time: Time) -> Matter:
    matter = await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr")
    for moved in (LATER, LATEST):
        await matter.done("zr.liaison", "proposeReschedule", "zr", appointment=moved)
        await matter.done(SECRETARY, "agreeReschedule", "zr")
    return matter


@situation(
    no("zr.member", "checkIn", "InvalidInput VILLAGE_CODE_WRONG villageCode", "zr", villageCode="天湖"),
    no("zr.member", "checkIn", "InvalidInput TOO_LONG note", "zr", note=LONG),
    no("zr.liaison", "checkIn", "NotAllowed WRONG_PLACE", "zr"),
    no(SECRETARY, "confirmArrival", "InvalidInput ARRIVAL_IN_FUTURE arrivedAt", "zr", arrivedAt=at("03-02 09:01")),
    no(SECRETARY, "confirmArrival", "InvalidInput ARRIVAL_TOO_EARLY arrivedAt", "zr", arrivedAt=at("03-01 09:00")),
    no(SECRETARY, "confirmArrival", "InvalidInput MEMBER_NOT_OF_UNIT member", "zr", member="zf.member"),
    no(SECRETARY, "confirmArrival", "InvalidInput TOO_LONG note", "zr", note=LONG),
    no("shapu.secretary", "confirmArrival", "NotFound NOT_FOUND task", "zr"),
    no("zr.liaison", "addProgress", "WrongState WRONG_STATE", "zr", note="已到。"),
)  # fmt: skip
async def a_unit_whose_member_is_expected(world: World, time: Time) -> Matter:
    return await (await Matter.issued(world, "zr")).bring("ASSIGNED", "zr")


@situation(
    no(SECRETARY, "urgeTask", "WrongState URGED_TODAY", "zr"),
    no(COORDINATOR, "urgeTask", "InvalidInput TOO_LONG note", "zr", note=LONG),
)
async def a_unit_that_was_urged_today(world: World, time: Time) -> Matter:
    matter = await Matter.issued(world, "zr")
    await matter.done(SECRETARY, "urgeTask", "zr")
    return matter
