"""Guards on the work itself, on its scores, and on the ends of a summons."""

from typing import Any

from guards import No, at, no, not_yet, situation
from matter import RESOLUTION, Matter, scores
from world import Time, World

SECRETARY, COORDINATOR = "tianhu.secretary", "junan.coordinator"
LONG = "长" * 2001
HOLD = {"reason": "等待材料。", "plan": "材料到后施工。", "resumeAt": at("03-20 09:00")}
MORE = {"reason": "工程量增加。", "days": 5}
BEFORE = RESOLUTION | {"meetingAt": at("03-01 15:00")}


def holding(answer: str, login: str = "zr.head", **given: Any) -> No:
    return no(login, "requestHold", answer, "zr", **HOLD | given)


def lengthening(answer: str, **given: Any) -> No:
    return no("zr.liaison", "requestExtension", answer, "zr", **MORE | given)


def closing(answer: str, login: str = COORDINATOR, **given: Any) -> No:
    return no(
        login, "closeSummonsUnresolved", answer, **{"outcome": "PARTIAL", "explanation": "转。"} | given
    )


def calling(answer: str, login: str = "zr.liaison", **given: Any) -> No:
    return no(login, "callCoUnit", answer, "zr", **{"unit": "cj", "note": "请协助。"} | given)


@situation(
    no("zr.liaison", "addProgress", "InvalidInput EMPTY note", "zr", note=""),
    no("zr.liaison", "addProgress", "InvalidInput NUL_CHARACTER note", "zr", note="完\x00成"),
    no("zr.liaison", "submitResult", "WrongState CO_UNITS_NOT_DONE", "zr", outcome="RESOLVED", text="完成。"),
    no("zr.liaison", "submitResult", "Conflict VERSION_CHANGED", "zr", outcome="RESOLVED", text="完。", version=1),
    no(SECRETARY, "evaluateTask", "WrongState WRONG_STATE", "zr", scores=scores(90)),
    no("zr.liaison", "resumeTask", "WrongState WRONG_STATE", "zr"),
    holding("NotAllowed NO_RULE", "zr.liaison"),
    holding("InvalidInput EMPTY reason; InvalidInput EMPTY plan", reason="", plan=""),
    holding("InvalidInput RESUME_IN_PAST resumeAt", resumeAt=at("03-02 09:00")),
    holding("InvalidInput HOLD_TOO_LONG resumeAt", resumeAt=at("06-01 09:00")),
    lengthening("InvalidInput DAYS_OUT_OF_RANGE days", days=0),
    lengthening("InvalidInput DAYS_OUT_OF_RANGE days", days=31),
    lengthening("InvalidInput EMPTY reason", reason=""),
    no(SECRETARY, "approveHold", "WrongState NO_OPEN_PROPOSAL", "zr"),
    no(SECRETARY, "refuseHold", "WrongState NO_OPEN_PROPOSAL", "zr", reason="不同意。"),
    no(SECRETARY, "extendTask", "WrongState NO_OPEN_PROPOSAL", "zr"),
    calling("InvalidInput UNIT_HAS_TASK unit", unit="zf"),
    calling("InvalidInput UNIT_NOT_SUMMONABLE unit", unit="party"),
    calling("InvalidInput EMPTY note", note=""),
    no(COORDINATOR, "cancelSummons", "WrongState TASK_ARRIVED", reason="不办了。"),
    closing("InvalidInput OUTCOME_NOT_UNRESOLVED outcome", outcome="RESOLVED"),
    closing("InvalidInput EMPTY explanation", explanation=""),
    closing("NotAllowed NO_RULE", SECRETARY),
    no(SECRETARY, "reopenSummons", "WrongState WRONG_STATE", reason="又坏了。", units=["cj"]),
)  # fmt: skip
async def a_lead_unit_that_has_arrived_before_the_other(world: World, time: Time) -> Matter:
    matter = await Matter.issued(world, "zr", "zf", leadUnit="zr")
    return await matter.bring("ARRIVED", "zr")


@situation(
    holding("WrongState PROPOSAL_OPEN"),
    lengthening("WrongState PROPOSAL_OPEN"),
    calling("WrongState PROPOSAL_OPEN"),
    no(SECRETARY, "refuseHold", "InvalidInput EMPTY reason", "zr", reason=""),
    no(SECRETARY, "approveHold", "InvalidInput TOO_LONG note", "zr", note=LONG),
    no("tianhu.cadre", "approveHold", "NotAllowed NO_RULE", "zr"),
    no(SECRETARY, "extendTask", "InvalidInput TOO_LONG note", "zr", note=LONG),
)
async def a_lead_unit_that_has_asked_for_everything(world: World, time: Time) -> Matter:
    matter = await Matter.issued(world, "zr", leadUnit="zr")
    await matter.bring("ARRIVED", "zr")
    await matter.done("zr.head", "requestHold", "zr", **HOLD)
    await matter.done("zr.liaison", "requestExtension", "zr", **MORE)
    await matter.done("zr.liaison", "callCoUnit", "zr", unit="cj", note="请协助。")
    return matter


@situation(
    no(SECRETARY, "extendTask", "WrongState EXTENSION_LIMIT", "zr"),
    no("zr.liaison", "submitResult", "InvalidInput EMPTY text", "zr", outcome="RESOLVED", text=""),
    calling("NotAllowed WRONG_PLACE"),
)
async def a_unit_that_asks_for_more_time_again(world: World, time: Time) -> Matter:
    matter = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    await matter.done("zr.liaison", "requestExtension", "zr", **MORE)
    await matter.done(SECRETARY, "extendTask", "zr")
    await matter.done("zr.liaison", "requestExtension", "zr", **MORE)
    return matter


def scoring(answer: str, login: str = SECRETARY, **given: Any) -> No:
    return no(login, "evaluateTask", answer, "zr", **{"scores": scores(90)} | given)


FOUR = scores(90)


@situation(
    scoring("NotAllowed NO_RULE", "tianhu.cadre"),
    scoring("NotAllowed WRONG_PLACE", "junan.leader"),
    scoring("NotAllowed OWN_UNIT", "zr.head"),
    scoring("InvalidInput SCORE_MISSING scores", scores=FOUR[:3]),
    scoring("InvalidInput SCORE_TWICE scores/4/dimension", scores=[*FOUR, FOUR[0]]),
    scoring("InvalidInput SCORE_UNKNOWN scores/4/dimension", scores=[*FOUR, {"dimension": "LOOKS", "score": 9}]),
    scoring("InvalidInput SCORE_RANGE scores/0/score", scores=[{"dimension": "RESPONSE", "score": 101}, *FOUR[1:]]),
    scoring("InvalidInput COMMENT_MISSING comment", scores=scores(59)),
    scoring("InvalidInput COMMENT_MISSING comment", scores=scores(59), comment="  "),
    scoring("InvalidInput TOO_LONG comment", comment=LONG),
    no(SECRETARY, "returnForRework", "InvalidInput EMPTY reason", "zr", reason=""),
)  # fmt: skip
async def a_result_to_score(world: World, time: Time) -> Matter:
    """The head of the unit happens to be a secretary of the village too."""
    await world.hold("zr.head", "village_secretary", area="440606106004")
    return await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr")


@situation(
    scoring("WrongState ALREADY_EVALUATED", "wanan.secretary"),
    not_yet("mailang.secretary", "evaluatePart", "LAST_SCORE", "zr"),
)
async def a_result_that_one_of_two_villages_has_scored(world: World, time: Time) -> Matter:
    matter = await a_result_for_two_villages(world, time)
    await matter.done("wanan.secretary", "evaluateTask", "zr", scores=scores(90))
    return matter


@situation(not_yet("wanan.secretary", "evaluate", "OTHER_SCORES_MISSING", "zr"))
async def a_result_for_two_villages(world: World, time: Time) -> Matter:
    matter = await Matter.drafted(world, "zr", by="wanan", coIssuers=["440606104217"])
    await matter.bring("PENDING_REVIEW")
    await matter.done("wanan.secretary", "requestCosign")
    await matter.done("mailang.secretary", "cosignSummons")
    return await matter.bring("RESOLVED", "zr")


@situation(no(SECRETARY, "returnForRework", "WrongState REWORK_LIMIT", "zr", reason="仍有破损。"))
async def a_result_that_was_returned_twice(world: World, time: Time) -> Matter:
    matter = await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr")
    for _ in range(2):
        await matter.done(SECRETARY, "returnForRework", "zr", reason="仍有破损。")
        await matter.bring("RESOLVED", "zr")
    return matter


@situation(
    no("tianhu.delegate", "confirmFollowUp", "InvalidInput OUTCOME_NOT_CONFIRMED outcome", outcome="UNRESOLVED"),
    no("tianhu.delegate", "confirmFollowUp", "InvalidInput TOO_LONG note", note=LONG),
    no("tianhu.delegate", "failFollowUp", "InvalidInput EMPTY note", note=""),
    no(SECRETARY, "failFollowUp", "NotAllowed NO_RULE", note="未解决。"),
    no(COORDINATOR, "confirmFollowUp", "NotAllowed NO_RULE"),
)  # fmt: skip
async def a_summons_to_follow_up(world: World, time: Time) -> Matter:
    await world.decide("440606106004", followup_share=1.0)
    return await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")


def reopening(answer: str, login: str = SECRETARY, **given: Any) -> No:
    return no(login, "reopenSummons", answer, **{"reason": "又坏了。", "tasks": ["@zr"]} | given)


@situation(
    reopening("InvalidInput NOTHING_TO_REOPEN tasks", tasks=[]),
    reopening("InvalidInput EMPTY reason", reason=""),
    reopening("InvalidInput TASK_NOT_EVALUATED tasks/1", tasks=["@zr", "@zf"]),
    reopening("NotFound NOT_FOUND tasks/0", tasks=["VGFzazow"]),
    reopening("InvalidInput UNIT_NOT_SUMMONABLE units/0", units=["party"]),
    reopening("InvalidInput UNIT_HAS_TASK units/1", units=["cj", "zr"]),
    reopening("NotAllowed NO_RULE", "tianhu.cadre"),
    no(SECRETARY, "cancelSummons", "WrongState WRONG_STATE", reason="不办了。"),
)
async def a_closed_summons(world: World, time: Time) -> Matter:
    matter = await Matter.issued(world, "zr", "zf")
    await matter.done(SECRETARY, "releaseUnit", unit="zf", reason="无须参与。")
    return await matter.bring("EVALUATED", "zr")


@situation(
    reopening("InvalidInput UNIT_TWICE tasks/1", tasks=["@zr", "@zr"]),
)
async def another_closed_summons(world: World, time: Time) -> Matter:
    return await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")


@situation(reopening("WrongState REOPEN_WINDOW_OVER"))
async def a_summons_closed_a_month_ago(world: World, time: Time) -> Matter:
    matter = await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")
    time.pass_to("04-01 09:00")
    return matter


@situation(reopening("WrongState ROUND_LIMIT"))
async def a_summons_closed_for_the_third_time(world: World, time: Time) -> Matter:
    matter = await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")
    for _ in range(2):
        again = [await matter.task_id("zr")]
        await matter.done(SECRETARY, "reopenSummons", reason="又坏了。", tasks=again)
        await matter.bring("EVALUATED", "zr")
    return matter


@situation(
    no(SECRETARY, "ratifySummons", "WrongState ALREADY_RATIFIED", resolution=BEFORE),
    no("tianhu.cadre", "ratifySummons", "NotAllowed NO_RULE", resolution=BEFORE),
)
async def an_emergency_that_was_ratified(world: World, time: Time) -> Matter:
    matter = await an_emergency(world, time)
    await matter.done(SECRETARY, "ratifySummons", resolution=BEFORE)
    return matter


@situation(
    no(SECRETARY, "ratifySummons", "InvalidInput RESOLUTION_IN_FUTURE resolution/meetingAt",
       resolution=BEFORE | {"meetingAt": at("03-03 09:00")}),
)  # fmt: skip
async def an_emergency(world: World, time: Time) -> Matter:
    matter = await Matter.drafted(world, "zr", tier="EMERGENCY")
    await matter.done("tianhu.cadre", "issueEmergencySummons", reason="河堤渗水。")
    return matter
