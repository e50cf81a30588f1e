"""The walk-throughs of the domain paper, each from the draft to its end, through the API."""

from api import ask, refused
from matter import EYE, Matter, scores
from world import Time, World

pytest_plugins = ["monday"]

ISSUED = ["summons.drafted", "summons.submitted", "summons.issued", "task.created"]
BEFORE_EVALUATION = ["task.assigned", "task.checked_in", "task.resolved"]
CODE = "query($code: AreaCode!) { area(code: $code) { ... on Village { checkInCode } } }"


async def test_two_units_come_and_the_last_result_asks_for_the_scores(world: World, time: Time) -> None:
    matter = await Matter.issued(world, "zr", "zf")
    assert await matter.stands() == "ISSUED: zf PENDING, zr PENDING"
    assert await matter.due("zr") == "03-03 09:00"

    await matter.done("zr.liaison", "acceptTask", "zr", responsible="zr.member")
    assert await matter.stands() == "IN_PROGRESS: zf PENDING, zr ASSIGNED"
    assert await matter.due("zr") == "03-05 09:00"
    time.pass_to("03-03 08:45")
    shown = (await ask("tianhu.cadre", CODE, code="440606106004"))["area"]["checkInCode"]
    await matter.done("zr.member", "checkIn", "zr", villageCode=shown)
    assert await matter.due("zr") == "03-17 08:45"
    await matter.done("zr.member", "submitResult", "zr", outcome="RESOLVED", text="已修好。")

    await matter.done("zf.liaison", "acceptTask", "zf")
    assert await matter.due("zf") == "03-04 08:45"
    await matter.done("zf.liaison", "assignTask", "zf", member="zf.member")
    await matter.done("tianhu.cadre", "confirmArrival", "zf", member="zf.liaison")
    assert await matter.stands() == "IN_PROGRESS: zf ARRIVED, zr RESOLVED"
    await matter.done("zf.liaison", "submitResult", "zf", outcome="RESOLVED", text="已清理。")
    assert await matter.stands() == "AWAITING_EVALUATION: zf RESOLVED, zr RESOLVED"

    await matter.bring("EVALUATED", "zr")
    assert await matter.stands() == "AWAITING_EVALUATION: zf RESOLVED, zr EVALUATED"
    await matter.bring("EVALUATED", "zf")
    assert await matter.stands() == "CLOSED: zf EVALUATED, zr EVALUATED"
    assert (await matter.seen())["outcome"] == "RESOLVED"
    assert await matter.history() == [
        *ISSUED,
        "task.created",
        "task.assigned",
        "summons.in_progress",
        "task.checked_in",
        "task.resolved",
        "task.accepted",
        *BEFORE_EVALUATION,
        "summons.awaiting_evaluation",
        *["task.evaluated"] * 2,
        "summons.closed",
    ]


async def test_two_villages_summon_together_and_both_score(world: World) -> None:
    matter = await Matter.drafted(world, "agri", by="wanan", coIssuers=["440606104217"])
    await matter.bring("PENDING_REVIEW")
    assert await matter.why_not("wanan.secretary", "issueSummons") == "WrongState HAS_CO_ISSUERS"
    await matter.done("wanan.secretary", "requestCosign")
    assert await matter.stands() == "PENDING_COSIGN"
    await matter.done("mailang.secretary", "cosignSummons")
    assert await matter.stands() == "ISSUED: agri PENDING"

    await matter.done("agri.liaison", "acceptTask", "agri", responsible="agri.member")
    await matter.bring("RESOLVED", "agri")
    assert await matter.why_not("longjiang.coordinator", "evaluateTask", "agri", scores=scores(80)) == (
        "NotAllowed NO_RULE"
    )
    await matter.done("wanan.secretary", "evaluateTask", "agri", scores=scores(90))
    assert await matter.stands() == "AWAITING_EVALUATION: agri RESOLVED"
    assert (await matter.available("wanan.secretary", "agri"))["evaluate"] == "ALREADY_EVALUATED"
    await matter.done("mailang.secretary", "evaluateTask", "agri", scores=scores(70))
    assert await matter.stands() == "CLOSED: agri EVALUATED"
    assert await matter.history() == [
        "summons.drafted",
        "summons.submitted",
        "summons.cosign_requested",
        "summons.issued",
        "task.created",
        "task.assigned",
        "summons.in_progress",
        "task.checked_in",
        "task.resolved",
        "summons.awaiting_evaluation",
        "task.evaluated_partly",
        "task.evaluated",
        "summons.closed",
    ]


async def test_a_village_that_does_not_sign_is_dropped(world: World, time: Time) -> None:
    matter = await Matter.drafted(world, "agri", by="wanan", coIssuers=["440606104217", "440606106004"])
    await matter.bring("PENDING_REVIEW")
    await matter.done("wanan.secretary", "requestCosign")
    await matter.done("tianhu.secretary", "cosignSummons")
    assert await time.tick_at("03-04 08:59") == 0
    assert await time.tick_at("03-04 09:00") == 1
    assert await matter.stands() == "ISSUED: agri PENDING"
    joined = "query($id: ID!) { summons(id: $id) { coIssuers { code } signedBy { code } } }"
    assert (await ask(EYE, joined, id=matter.id))["summons"] == {
        "coIssuers": [{"code": "440606106004"}],
        "signedBy": [{"code": "440606106004"}],
    }
    assert await refused("mailang.secretary", joined, id=matter.id) == []
    assert (await ask("mailang.secretary", joined, id=matter.id))["summons"] is None


def declining(unit: str, suggested: str) -> dict[str, str]:
    return {
        "reason": "NOT_OUR_DUTY",
        "note": "不属我单位职责。",
        "dutyItem": unit,
        "suggestedUnit": suggested,
    }


async def test_the_town_gives_a_declined_task_to_the_other_unit(world: World) -> None:
    matter = await Matter.issued(world, "zf", "zr")
    await matter.done("zf.head", "declineTask", "zf", **declining("zf", "cj"))
    assert await matter.due("zf") == "03-03 09:00"
    await matter.done("junan.coordinator", "upholdDecline", "zf", ground="属城建办职责。", reassignTo="cj")
    assert await matter.stands() == "ISSUED: cj PENDING, zf REASSIGNED, zr PENDING"
    assert await matter.history("zf") == ["task.created", "task.declined", "task.reassigned"]
    assert (
        await matter.why_not("junan.coordinator", "addUnit", unit="cj") == "InvalidInput UNIT_HAS_TASK unit"
    )


async def test_a_decline_climbs_from_town_to_district_and_ends_where_it_began(
    world: World, time: Time
) -> None:
    matter = await Matter.issued(world, "zf")
    await matter.done("zf.head", "declineTask", "zf", **declining("zf", "cj"))
    assert (await matter.available("junan.coordinator", "zf"))["overrule"] is None
    assert (await matter.available("shunde.leader", "zf"))["overrule"] == "ARBITRATION_ELSEWHERE"
    assert await time.tick_at("03-03 09:00") == 1
    assert (await matter.available("junan.coordinator", "zf"))["overrule"] == "ARBITRATION_ELSEWHERE"
    assert (await matter.available("shunde.org", "zf"))["overrule"] is None
    assert await time.tick_at("03-04 09:00") == 1
    assert (await matter.available("shunde.org", "zf"))["overrule"] == "ARBITRATION_ELSEWHERE"
    assert (await matter.available("shunde.leader", "zf"))["overrule"] is None
    assert await matter.due("zf") == "03-09 09:00"
    assert await time.tick_at("03-09 09:00") == 1
    assert await matter.stands() == "IN_PROGRESS: zf ACCEPTED"
    assert await matter.history("zf") == [
        "task.created",
        "task.declined",
        "task.escalated",
        "task.escalated",
        "task.arbitrated",
    ]


async def test_a_dispute_with_a_unit_of_the_district_is_not_the_towns_to_rule(world: World) -> None:
    matter = await Matter.issued(world, "zf")
    await matter.done("zf.head", "declineTask", "zf", **declining("zf", "jt"))
    ruling = {"ground": "属交通局职责。", "reassignTo": "jt"}
    assert await matter.why_not("junan.coordinator", "upholdDecline", "zf", **ruling) == (
        "NotAllowed WRONG_PLACE"
    )
    await matter.done("shunde.org", "upholdDecline", "zf", **ruling)
    assert await matter.stands() == "ISSUED: jt PENDING, zf REASSIGNED"
    await matter.done("jt.head", "declineTask", "jt", **declining("jt", "cj"))
    back = {"ground": "属执法办职责。", "reassignTo": "zf"}
    assert await matter.why_not("shunde.org", "upholdDecline", "jt", **back) == (
        "InvalidInput UNIT_DECLINE_UPHELD reassignTo"
    )


async def test_an_upheld_decline_without_another_unit_brings_the_draft_back(world: World) -> None:
    matter = await Matter.issued(world, "zf")
    await matter.done("zf.head", "declineTask", "zf", **declining("zf", "cj"))
    await matter.done("junan.coordinator", "upholdDecline", "zf", ground="请村重新确定单位。")
    assert await matter.stands() == "DRAFT: zf WITHDRAWN"
    assert await matter.history() == [*ISSUED, "task.declined", "task.withdrawn", "summons.returned"]
    await matter.done("tianhu.cadre", "updateDraftSummons", units=["cj"])
    await matter.bring("ISSUED")
    assert await matter.stands() == "ISSUED: cj PENDING, zf WITHDRAWN"


async def test_a_silent_unit_is_escalated_bound_and_at_last_replaced_by_the_town(
    world: World, time: Time
) -> None:
    matter = await Matter.issued(world, "zf")
    steps = {}
    for moment in ("03-03", "03-04", "03-05", "03-09", "03-10", "03-11", "03-13"):
        before = len(await matter.history("zf"))
        await time.tick_at(f"{moment} 09:00")
        task = await matter.task("zf")
        steps[moment] = (
            task["state"],
            task["escalationLevel"],
            (await matter.history("zf"))[before:],
        )
    assert steps == {
        "03-03": ("PENDING", 1, ["task.escalated"]),
        "03-04": ("ACCEPTED", 0, ["task.escalated", "task.deemed_accepted"]),
        "03-05": ("ASSIGNED", 0, ["task.assigned"]),
        "03-09": ("ASSIGNED", 0, ["task.no_show"]),
        "03-10": ("ASSIGNED", 1, ["task.escalated"]),
        "03-11": ("ASSIGNED", 2, ["task.escalated"]),
        "03-13": ("ASSIGNED", 3, ["task.escalated", "task.escalated"]),
    }
    assert (await matter.task("zf"))["responsible"] == {"login": "zf.head"}
    await matter.done("junan.coordinator", "forceReassignTask", "zf", reason="长期未到场。", reassignTo="cj")
    assert await matter.stands() == "IN_PROGRESS: cj PENDING, zf REASSIGNED"
