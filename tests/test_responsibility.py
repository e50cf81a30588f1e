"""A responsible member whose role runs out loses the task, whoever was running when it did."""

from matter import Matter
from world import Time, World

from actions.tick import tick
from models import Grant

pytest_plugins = ["monday"]


async def test_a_role_that_runs_out_takes_the_task_with_it(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr", "zf")).bring("ASSIGNED", "zr")
    await matter.bring("ASSIGNED", "zf")
    until = world.grants["zr.member"].since.replace(hour=2, minute=0)
    await Grant.filter(id=world.grants["zr.member"].id).update(until=until.replace(day=3))

    assert await time.tick_at("03-03 08:00") == 0
    assert (await matter.task("zr"))["responsible"] is not None

    assert await time.tick_at("03-03 10:30") == 1
    assert (await matter.task("zr"))["responsible"] is None
    assert (await matter.task("zf"))["responsible"] is not None
    assert (await matter.history("zr"))[-1] == "task.member_lost"
    assert await tick() == 0
