"""What happened meanwhile counts: a unit that was closed, an offer that lapsed, a right that was taken away."""

from api import do
from matter import Matter
from world import Time, World

from models import Grant, clock

pytest_plugins = ["monday"]


async def test_a_unit_closed_before_the_issue_gets_no_task(world: World, time: Time) -> None:
    matter = await Matter.drafted(world, "zr", "cj")
    await matter.bring("PENDING_REVIEW")
    closing = world.ids({"unit": "cj", "reason": "机构改革。"})
    assert (await do("shunde.org", "closeUnit", closing))["problems"] == []
    await matter.bring("ISSUED")
    assert await matter.stands() == "ISSUED: zr PENDING"


async def test_a_draft_whose_units_are_all_gone_comes_back(world: World, time: Time) -> None:
    matter = await Matter.drafted(world, "cj")
    await matter.bring("PENDING_REVIEW")
    await do("shunde.org", "closeUnit", world.ids({"unit": "cj", "reason": "机构改革。"}))
    await matter.done("tianhu.secretary", "issueSummons")
    assert (await matter.stands()).startswith("DRAFT")


async def test_an_offer_without_an_answer_is_no_longer_shown(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ASSIGNED", "zr")
    await matter.done("zr.liaison", "proposeRemote", "zr", how="电话指导即可。")
    assert [one["kind"] for one in (await matter.task("zr"))["proposals"]] == ["REMOTE"]
    assert await time.tick_at("03-03 09:00") == 1
    assert (await matter.task("zr"))["proposals"] == []


async def test_an_answer_is_not_given_again_to_somebody_who_lost_the_right_to_read(
    world: World, time: Time
) -> None:
    matter = await Matter.issued(world, "zr")
    given = {"task": await matter.task_id("zr"), "idempotencyKey": "once"}
    assert (await do("zr.liaison", "acceptTask", given))["problems"] == []
    assert (await do("zr.liaison", "acceptTask", given))["problems"] == []
    await Grant.filter(id=world.grants["zr.liaison"].id).update(until=clock.now())
    [problem] = (await do("zr.liaison", "acceptTask", given))["problems"]
    assert problem["__typename"] == "NotFound"
