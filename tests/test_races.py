"""Two at once: one wins and the other is told; nothing happens twice, nothing is lost."""

from asyncio import gather
from collections import Counter
from collections.abc import Awaitable

from api import Answer, ask, do, why_not
from matter import DRAFT, Matter, scores
from plea import CADRE, VOLUNTEER, Plea, neighbours
from tortoise import Tortoise
from world import Time, World, everything

from actions.tick import tick

pytest_plugins = ["monday"]

TIANHU = "440606106004"


async def open_connections() -> None:
    """A pool opens its connections one by one; have several ready, so that those who race start together."""
    connection = Tortoise.get_connection("default")
    await gather(*(connection.execute_query("SELECT 1") for _ in range(8)))


async def race(*attempts: Awaitable[list[str]]) -> list[tuple[str, ...]]:
    """What each of them is told: nothing, if it won."""
    await open_connections()
    return [tuple(answer) for answer in await gather(*attempts)]


async def test_of_two_who_accept_one_wins(world: World) -> None:
    for _ in range(5):
        matter = await Matter.issued(world, "zr")
        task = {"task": await matter.task_id("zr")}
        logins = ("zr.liaison", "zr.head") * 2
        answers = await race(*(why_not(login, "acceptTask", task) for login in logins))
        assert Counter(answers) == {(): 1, ("WrongState WRONG_STATE",): 3}
        assert await matter.history("zr") == ["task.created", "task.accepted"]


async def test_of_two_who_do_different_things_with_what_they_saw_one_wins(world: World) -> None:
    matter = await Matter.issued(world, "zr", "zf")
    seen = {"summons": matter.id, "version": 3, "reason": "情况有变。"}
    releasing = seen | world.ids({"unit": "zf"})
    answers = await race(
        why_not("tianhu.secretary", "cancelSummons", seen),
        why_not("junan.coordinator", "releaseUnit", releasing),
    )
    assert sorted(answers) == [(), ("Conflict VERSION_CHANGED",)]
    assert (await matter.history()).count("task.withdrawn") in (1, 2)


async def test_of_several_who_claim_an_order_one_has_it(world: World) -> None:
    await neighbours(world)
    for number in range(5):
        plea = await Plea.ordered(world)
        order = await plea.about(1)
        logins = (VOLUNTEER, CADRE, "tianhu.secretary") * 2
        answers = await race(*(why_not(login, "claimOrder", order) for login in logins))
        assert Counter(answers) == {(): 1, ("WrongState WRONG_STATE",): 5}
        assert (await plea.history()).count("order.claimed") == 1, number


async def test_two_who_merge_two_requests_into_each_other_leave_one_that_goes_on(world: World) -> None:
    for _ in range(5):
        one, other = await Plea.made(world), await Plea.made(world)
        answers = await race(
            why_not(CADRE, "mergeRequest", {"request": one.id, "into": other.id}),
            why_not("tianhu.secretary", "mergeRequest", {"request": other.id, "into": one.id}),
        )
        assert sorted(answers)[0] == ()
        assert sorted([await one.state(), await other.state()]) == ["MERGED", "NEW"]


async def test_what_ends_a_summons_and_what_its_residents_say_do_not_wait_for_each_other(
    world: World,
) -> None:
    for _ in range(5):
        plea = await Plea.triaged(world, "PUBLIC")
        summons = await plea.reopened()
        answers = await race(
            why_not(CADRE, "summonRequestAgain", {"request": plea.id}),
            why_not(
                "tianhu.secretary",
                "reopenSummons",
                world.ids({"summons": summons.id, "units": ["zf"], "reason": "再查。"}),
            ),
        )
        assert answers.count(()) == 1, answers
        assert await summons.state() == "IN_PROGRESS"


async def test_who_joins_a_summons_that_meanwhile_ends_is_told_or_gets_the_request_back(world: World) -> None:
    first = await Plea.triaged(world, "PUBLIC")
    for _ in range(5):
        await first.done(CADRE, "summonRequest", **DRAFT | {"units": ["zr"]})
        summons = (await first.seen())["summons"]["id"]
        pleas = [await Plea.triaged(world, "PUBLIC") for _ in range(3)]
        cancelling = {"summons": summons, "reason": "情况有变。"}
        joined = [{"request": plea.id, "summons": summons} for plea in pleas]
        answers = await race(
            why_not(CADRE, "summonRequest", joined[0]),
            why_not("tianhu.secretary", "cancelSummons", cancelling),
            *(why_not(CADRE, "summonRequest", one) for one in joined[1:]),
        )
        assert answers.pop(1) == ()
        for plea, answer in zip(pleas, answers, strict=True):
            ended = ("InvalidInput SUMMONS_ENDED summons",)
            assert (answer, await plea.state()) in [((), "NEW"), (ended, "VILLAGE_HANDLING")]


async def test_who_changes_a_member_does_not_stand_in_the_way_of_what_that_member_does(world: World) -> None:
    """Else each would wait for the other: the one for the log's end, the other to name the member in the log."""
    for number in range(5):
        matter = await Matter.issued(world, "zr")
        renaming = world.ids({"member": "zr.liaison", "name": f"改名{number}"})
        answers = await race(
            why_not("zr.liaison", "acceptTask", {"task": await matter.task_id("zr")}),
            why_not("shunde.org", "updateMember", renaming),
            why_not("shunde.org", "updateMember", renaming | {"name": f"又改名{number}"}),
        )
        assert answers == [()] * 3


async def test_of_two_secretaries_one_scores(world: World) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr")
    await world.hold("tianhu.cadre", "village_secretary", area=TIANHU)
    given = {"task": await matter.task_id("zr"), "scores": scores(90)}
    answers = await race(
        *(why_not(login, "evaluateTask", given) for login in ("tianhu.secretary", "tianhu.cadre"))
    )
    assert sorted(answers) == [(), ("WrongState WRONG_STATE",)]
    assert (await matter.history()).count("task.evaluated") == 1


async def test_drafts_written_at_once_get_numbers_without_a_hole(world: World) -> None:
    given = world.ids(DRAFT | {"issuer": TIANHU, "units": ["zr"]})
    await open_connections()
    payloads = await gather(*(do("tianhu.cadre", "draftSummons", given) for _ in range(8)))
    assert [payload["problems"] for payload in payloads] == [[]] * 8
    numbers = [row["number"] for row in (await everything())["Summons"]]
    assert sorted(numbers) == [f"{TIANHU}-2026-{number:04d}" for number in range(1, 9)]


async def test_all_who_look_first_see_the_same_code_of_the_village(world: World) -> None:
    code = '{ area(code: "440606106004") { ... on Village { checkInCode } } }'
    await open_connections()
    shown = await gather(*(ask("tianhu.cadre", code) for _ in range(6)), ask("tianhu.secretary", code))
    assert len({one["area"]["checkInCode"] for one in shown}) == 1


async def test_a_retry_beside_the_first_try_has_the_same_answer_and_no_second_effect(world: World) -> None:
    given = world.ids(DRAFT | {"issuer": TIANHU, "units": ["zr"], "idempotencyKey": "one"})
    await open_connections()
    payloads: list[Answer] = list(
        await gather(*(do("tianhu.cadre", "draftSummons", given) for _ in range(6)))
    )
    assert payloads == [payloads[0]] * 6
    assert len((await everything())["Summons"]) == 1


async def test_two_ticks_at_once_ring_each_clock_once(world: World, time: Time) -> None:
    matters = [await Matter.issued(world, "zr", "zf") for _ in range(4)]
    time.pass_to("03-03 09:00")
    await open_connections()
    assert sum(await gather(tick(), tick(), tick())) == 8
    for matter in matters:
        assert (await matter.history()).count("task.escalated") == 2
        assert [(await matter.task(unit))["escalationLevel"] for unit in ("zr", "zf")] == [1, 1]


async def test_a_tick_beside_an_answer_leaves_one_of_both(world: World, time: Time) -> None:
    matter = await Matter.issued(world, "zr")
    await time.tick_at("03-03 09:00")
    task = {"task": await matter.task_id("zr")}
    time.pass_to("03-04 09:00")
    await open_connections()
    answer, _ = await gather(why_not("zr.liaison", "acceptTask", task), tick())
    taken_up = [
        name for name in await matter.history("zr") if name in ("task.accepted", "task.deemed_accepted")
    ]
    assert (answer, taken_up) in (
        ([], ["task.accepted"]),
        (["WrongState WRONG_STATE"], ["task.deemed_accepted"]),
    )
