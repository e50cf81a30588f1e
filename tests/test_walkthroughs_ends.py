"""The walk-throughs of the domain paper from the arrival on: rework, hold, the ends, and taking it up again."""

from api import ask, do, why_not
from matter import EYE, RESOLUTION, Matter, local, scores
from world import Time, World

pytest_plugins = ["monday"]

TIANHU = "440606106004"
RETURN = ("returnForRework", "zr")
RESULT = "query($id: ID!) { task(id: $id) { evaluations { area { code } total } } }"


async def test_a_result_goes_back_twice_from_the_village_and_a_third_time_from_the_town(world: World) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr")
    for _ in range(2):
        await matter.done("tianhu.secretary", *RETURN, reason="仍有破损。")
        assert await matter.stands() == "IN_PROGRESS: zr ARRIVED"
        assert await matter.due("zr") == "03-05 09:00"
        await matter.bring("RESOLVED", "zr")
    third = await matter.why_not("tianhu.secretary", *RETURN, reason="仍有破损。")
    assert third == "WrongState REWORK_LIMIT"
    await matter.done("junan.coordinator", *RETURN, reason="镇级复核不通过。")
    await matter.bring("RESOLVED", "zr")
    fourth = await matter.why_not("junan.coordinator", *RETURN, reason="仍有破损。")
    assert fourth == "WrongState REWORK_LIMIT"
    once_more = ["task.returned", "summons.in_progress", "task.resolved", "summons.awaiting_evaluation"]
    assert (await matter.history())[-14:] == ["task.resolved", "summons.awaiting_evaluation", *once_more * 3]


async def test_a_hold_stops_the_clock_and_what_was_left_of_it_runs_on(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    assert await matter.due("zr") == "03-16 09:00"
    time.pass_to("03-04 09:00")
    wish = {"reason": "等待材料。", "plan": "材料到后三日内施工。", "resumeAt": "2026-03-20T09:00:00+08:00"}
    await matter.done("zr.head", "requestHold", "zr", **wish)
    time.pass_to("03-05 09:00")
    await matter.done("tianhu.secretary", "approveHold", "zr")
    assert await matter.stands() == "IN_PROGRESS: zr ON_HOLD"
    assert await matter.due("zr") == "03-20 09:00"
    assert await time.tick_at("03-19 09:00") == 0
    assert await time.tick_at("03-20 09:00") == 1
    assert await matter.stands() == "IN_PROGRESS: zr ARRIVED"
    assert await matter.due("zr") == "03-31 09:00"

    time.pass_to("03-23 09:00")
    await matter.done("zr.head", "requestHold", "zr", **wish | {"resumeAt": "2026-04-20T09:00:00+08:00"})
    await matter.done("junan.coordinator", "approveHold", "zr")
    time.pass_to("03-25 09:00")
    await matter.done("zr.liaison", "resumeTask", "zr", note="材料已到。")
    assert await matter.due("zr") == "04-02 09:00"
    assert (await matter.history("zr"))[-6:] == ["task.hold_requested", "task.held", "task.resumed"] * 2


async def test_more_time_comes_once_from_the_village_and_once_from_the_town(world: World) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    wish = {"reason": "工程量增加。", "days": 5}
    assert await matter.why_not("tianhu.secretary", "extendTask", "zr") == "WrongState NO_OPEN_PROPOSAL"
    await matter.done("zr.liaison", "requestExtension", "zr", **wish)
    await matter.done("tianhu.secretary", "extendTask", "zr")
    assert await matter.due("zr") == "03-23 09:00"
    await matter.done("zr.liaison", "requestExtension", "zr", **wish)
    assert await matter.why_not("tianhu.secretary", "extendTask", "zr") == "WrongState EXTENSION_LIMIT"
    await matter.done("junan.coordinator", "extendTask", "zr")
    assert await matter.due("zr") == "03-30 09:00"
    assert local((await matter.seen())["dueAt"]) == "03-30 09:00"
    await matter.done("zr.liaison", "requestExtension", "zr", **wish)
    assert await matter.why_not("junan.coordinator", "extendTask", "zr") == "WrongState EXTENSION_LIMIT"


async def test_before_work_begins_the_village_cancels_and_every_task_goes_with_it(world: World) -> None:
    matter = await Matter.issued(world, "zr", "zf")
    await matter.done("tianhu.secretary", "cancelSummons", reason="群众已自行解决。")
    assert await matter.stands() == "CANCELLED: zf WITHDRAWN, zr WITHDRAWN"
    assert (await matter.history())[-3:] == ["summons.cancelled", "task.withdrawn", "task.withdrawn"]
    assert await matter.due("zr") is None
    assert await matter.available("tianhu.secretary") == {}


async def test_once_a_unit_has_accepted_only_the_town_or_the_district_cancels(world: World) -> None:
    matter = await (await Matter.issued(world, "zr", "zf")).bring("ACCEPTED", "zr")
    cancelling = {"reason": "并入镇级工程。"}
    refusal = await matter.why_not("tianhu.secretary", "cancelSummons", **cancelling)
    assert refusal == "NotAllowed NO_RULE"
    await matter.done("junan.coordinator", "cancelSummons", **cancelling)
    assert await matter.stands() == "CANCELLED: zf WITHDRAWN, zr WITHDRAWN"

    arrived = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    assert await arrived.why_not("shunde.org", "cancelSummons", **cancelling) == "WrongState TASK_ARRIVED"
    closing = {"outcome": "TRANSFERRED", "explanation": "转入区级项目库。"}
    await arrived.done("shunde.org", "closeSummonsUnresolved", **closing)
    assert await arrived.stands() == "CLOSED: zr WITHDRAWN"
    assert (await arrived.seen())["outcome"] == "TRANSFERRED"


async def test_a_follow_up_that_fails_opens_another_round_until_the_window_is_over(
    world: World, time: Time
) -> None:
    await world.decide(TIANHU, followup_categories=["LIVING_ENVIRONMENT"])
    matter = await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")
    assert await matter.stands() == "AWAITING_FOLLOWUP: zr EVALUATED"
    await matter.done("tianhu.delegate", "failFollowUp", note="雨后又积水。")
    assert await matter.stands() == "IN_PROGRESS: zr ARRIVED"
    assert (await matter.seen())["round"] == 2
    assert await matter.due("zr") == "03-09 09:00"
    await matter.bring("EVALUATED", "zr")
    await matter.done("tianhu.delegate", "confirmFollowUp", outcome="PARTIAL")
    assert await matter.stands() == "CLOSED: zr EVALUATED"
    assert (await matter.seen())["outcome"] == "PARTIAL"
    assert (await matter.history())[-8:] == [
        "summons.awaiting_followup",
        "summons.reopened",
        "task.reopened",
        "task.resolved",
        "summons.awaiting_evaluation",
        "task.evaluated",
        "summons.awaiting_followup",
        "summons.closed",
    ]

    again = {"reason": "又坏了。", "tasks": [await matter.task_id("zr")]}
    await matter.done("shunde.supervision", "reopenSummons", **again)
    await matter.bring("EVALUATED", "zr")
    await matter.done("tianhu.secretary", "confirmFollowUp")
    too_often = await matter.why_not("tianhu.secretary", "reopenSummons", **again)
    assert too_often == "WrongState ROUND_LIMIT"
    assert await time.tick_at("04-01 08:59") == 0
    period = {"area": "440606", "from": "2026-03-01", "to": "2026-03-31"}
    assert await why_not("shunde.org", "lockScores", period) == []
    assert await time.tick_at("04-01 09:00") == 1
    assert await matter.stands() == "ARCHIVED: zr EVALUATED"
    assert await matter.why_not("tianhu.secretary", "reopenSummons", **again) == "WrongState WRONG_STATE"


async def test_an_emergency_goes_out_at_once_and_is_ratified_late_but_never_cancelled(
    world: World, time: Time
) -> None:
    matter = await Matter.drafted(world, "zr", tier="EMERGENCY")
    await matter.done("tianhu.cadre", "issueEmergencySummons", reason="河堤渗水。")
    assert await matter.due("zr") == "03-02 09:15"
    await matter.bring("ARRIVED", "zr")
    assert await matter.due("zr") == "03-03 09:00"
    await time.tick_at("03-03 09:30")
    assert await matter.state() == "IN_PROGRESS"
    limits = (
        "query($id: ID!) { summons(id: $id) { resolution { present } availableActions { action dueAt } } }"
    )
    shown = (await ask("tianhu.secretary", limits, id=matter.id))["summons"]
    assert shown["resolution"] is None
    assert {one["action"]: local(one["dueAt"]) for one in shown["availableActions"]}["ratify"] == (
        "03-03 09:00"
    )
    await matter.done("tianhu.secretary", "ratifySummons", resolution=RESOLUTION)
    again = await matter.why_not("tianhu.secretary", "ratifySummons", resolution=RESOLUTION)
    assert again == "WrongState ALREADY_RATIFIED"
    await matter.bring("EVALUATED", "zr")
    assert await matter.stands() == "CLOSED: zr EVALUATED"


async def test_a_village_that_does_not_score_leaves_its_part_out(world: World, time: Time) -> None:
    matter = await Matter.drafted(world, "agri", by="wanan", coIssuers=["440606104217"])
    await matter.bring("PENDING_REVIEW")
    await matter.done("wanan.secretary", "requestCosign")
    await matter.done("mailang.secretary", "cosignSummons")
    await matter.bring("RESOLVED", "agri")
    await matter.done("wanan.secretary", "evaluateTask", "agri", scores=scores(90))
    assert await time.tick_at("03-09 09:00") == 1
    assert await matter.stands() == "CLOSED: agri EVALUATED"
    assert (await matter.history())[-2:] == ["task.evaluation_defaulted", "summons.closed"]
    task = await matter.task_id("agri")
    assert (await ask("longjiang.coordinator", RESULT, id=task))["task"]["evaluations"] == [
        {"area": {"code": "440606104219"}, "total": 90.0}
    ]

    silent = await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr")
    await time.tick_at("03-16 09:00")
    assert await silent.stands() == "CLOSED: zr EVALUATED"
    task = await silent.task_id("zr")
    assert (await ask(EYE, RESULT, id=task))["task"]["evaluations"] == []


async def test_when_the_responsible_member_leaves_the_unit_names_another(world: World) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ASSIGNED", "zr")
    leaving = {"member": "zr.member", "unit": "zf"}
    payload = await do("shunde.org", "updateMember", world.ids(leaving))
    assert payload["problems"] == []
    assert await matter.stands() == "IN_PROGRESS: zr ACCEPTED"
    assert (await matter.task("zr"))["responsible"] is None
    assert await matter.due("zr") == "03-03 09:00"
    refusal = await matter.why_not("zr.liaison", "assignTask", "zr", member="zr.member")
    assert refusal == "InvalidInput MEMBER_NOT_OF_UNIT member"

    await matter.done("zr.liaison", "assignTask", "zr", member="zr.liaison")
    disabling = {"member": "zr.liaison", "reason": "调离。"}
    assert (await do("zr.head", "disableMember", world.ids(disabling)))["problems"] == []
    assert await matter.stands() == "IN_PROGRESS: zr ACCEPTED"
    await matter.done("zr.head", "assignTask", "zr", member="zr.head")
    assert (await matter.history("zr"))[-5:] == ["task.assigned", "task.member_lost"] * 2 + ["task.assigned"]
