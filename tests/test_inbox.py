"""The inbox: parts of scores that a town owes, appeals for who rules on them, and orders that are done."""

from api import ask
from matter import scores
from plea import CADRE, SECRETARY, VOLUNTEER, Plea, neighbours
from test_appeals import HEAD, ORG, TOWN, UNFAIR, scored
from world import World

pytest_plugins = ["monday"]

TASKS = "{ viewer { tasks { totalCount edges { node { id } } } } }"
ORDERS = "{ viewer { orders { totalCount edges { node { state assignee { login } } } } } }"


async def waits(login: str) -> list[str]:
    return [edge["node"]["id"] for edge in (await ask(login, TASKS))["viewer"]["tasks"]["edges"]]


async def test_a_town_is_told_of_the_part_that_it_owes(world: World) -> None:
    matter = await scored(world)
    task = await matter.task_id("zf")
    told = {login: await waits(login) for login in (TOWN, "junan.leader", "longjiang.coordinator", ORG, HEAD)}
    assert told == {TOWN: [task], "junan.leader": [task], "longjiang.coordinator": [], ORG: [], HEAD: []}
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(80))
    assert await waits(TOWN) == await waits("junan.leader") == []


async def test_nobody_owes_a_part_about_their_own_unit(world: World) -> None:
    await scored(world)
    await world.hold(TOWN, "unit_liaison", unit="zf")
    assert await waits(TOWN) == []


async def test_an_appeal_waits_for_who_rules_on_it(world: World) -> None:
    matter = await scored(world)
    task = await matter.task_id("zf")
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(80))
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR, area="440606106004")
    told = {login: await waits(login) for login in (TOWN, ORG, HEAD, "longjiang.coordinator")}
    assert told == {TOWN: [], ORG: [task], HEAD: [], "longjiang.coordinator": []}, "the town scored it too"
    await matter.done(ORG, "adjudicateEvaluation", "zf", ground="情况属实。", area="440606106004")
    assert await waits(ORG) == []


async def test_an_appeal_waits_for_the_town_first(world: World) -> None:
    matter = await scored(world)
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    assert await waits(TOWN) == await waits(ORG) == [await matter.task_id("zf")]


async def test_what_others_have_done_waits_to_be_verified(world: World) -> None:
    await neighbours(world)
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    assert (await ask(CADRE, ORDERS))["viewer"]["orders"]["totalCount"] == 0
    await plea.done(VOLUNTEER, "completeOrder", 1, text="已换。")
    for login, number in {CADRE: 1, SECRETARY: 1, VOLUNTEER: 0, "shapu.secretary": 0, TOWN: 0}.items():
        orders = (await ask(login, ORDERS))["viewer"]["orders"]
        assert (orders["totalCount"], len(orders["edges"])) == (number, number), login
    await plea.done(CADRE, "verifyOrder", 1)
    assert (await ask(CADRE, ORDERS))["viewer"]["orders"]["totalCount"] == 0
