"""Orders that ask for a service: claimed only by who offers it in that village, or stands for a unit that does."""

from api import ask
from co_building import LIAISON, ORG, done, offered, paired
from plea import CADRE, GRID, VOLUNTEER, WORK, Plea, neighbours
from test_list_items import menu
from test_unit_orders import seen
from world import World

from models import FlagEntry

pytest_plugins = ["monday"]

OPEN = "{ orders { totalCount edges { node { service { name } } } } }"


async def asking(world: World, service: str = "lamp", **given: str) -> Plea:
    """Of three entries, one below the other, the order asks for the second or another."""
    await neighbours(world)
    await menu(world)
    await menu(world, "lamp", "light")
    await menu(world, "bulb", "lamp")
    plea = await Plea.triaged(world, "COMMUNITY", **given)
    await plea.done(CADRE, "dispatchRequest", **WORK, service=service)
    return plea


async def test_a_member_who_offers_it_or_more_claims_it(world: World) -> None:
    plea = await asking(world)
    assert (await plea.available(VOLUNTEER, 1))["claim"] == "SERVICE_NOT_OFFERED"
    await offered(world, VOLUNTEER, requestCategory="bulb")
    assert await plea.why_not(VOLUNTEER, "claimOrder", 1) == "WrongState SERVICE_NOT_OFFERED"
    offer = await offered(world, VOLUNTEER, requestCategory="light")
    assert (await plea.available(VOLUNTEER, 1))["claim"] is None
    await done(world, VOLUNTEER, "closeListItem", item=offer, reason="没空。")
    assert await plea.why_not(VOLUNTEER, "claimOrder", 1) == "WrongState SERVICE_NOT_OFFERED"
    await offered(world, VOLUNTEER, requestCategory="lamp")
    await plea.done(VOLUNTEER, "claimOrder", 1)
    assert (await seen(plea))[:4] == ["ACCEPTED", "CLAIMABLE", None, VOLUNTEER]


async def test_who_stands_for_a_unit_claims_it_in_its_name(world: World) -> None:
    plea = await asking(world)
    id = await paired(world)
    assert (await ask(LIAISON, OPEN))["orders"]["totalCount"] == 1
    assert (await ask("zf.liaison", OPEN))["orders"]["totalCount"] == 0
    assert (await plea.available(LIAISON, 1))["claim"] == "SERVICE_NOT_OFFERED"
    await offered(world)
    await paired(world, "zf")
    await plea.done(LIAISON, "claimOrder", 1)
    assert (await seen(plea))[:4] == ["ACCEPTED", "CLAIMABLE", world.units["zr"].name, None]
    assert await plea.why_not("zf.liaison", "claimOrder", 1) == "WrongState WRONG_STATE"
    await done(world, ORG, "endPairing", pairing=id, reason="轮换。")
    await plea.done("zr.head", "completeOrder", 1, text="已换。")
    await plea.done(CADRE, "verifyOrder", 1)
    assert await FlagEntry.all().values_list("member_id", flat=True) == [world.members["zr.head"].id]


async def test_an_offer_counts_no_more_when_the_pairing_ended(world: World) -> None:
    plea = await asking(world)
    id = await paired(world)
    await offered(world)
    await done(world, ORG, "endPairing", pairing=id, reason="轮换。")
    assert (await ask(LIAISON, OPEN))["orders"]["totalCount"] == 0
    assert await plea.why_not(LIAISON, "claimOrder", 1) == "NotFound NOT_FOUND order"
    await paired(world)
    await plea.done(LIAISON, "claimOrder", 1)


async def test_an_offer_to_another_village_does_not_count_but_grids_are_of_theirs(world: World) -> None:
    plea = await asking(world, area=GRID)
    await paired(world)
    await paired(world, area="440606106201")
    await share_a_menu(world)
    await offered(world, area="440606106201", requestCategory="shared")
    assert await plea.why_not(LIAISON, "claimOrder", 1) == "WrongState SERVICE_NOT_OFFERED"
    await offered(world)
    await plea.done(LIAISON, "claimOrder", 1)


async def share_a_menu(world: World) -> None:
    """An entry of the town's menu, above all others here."""
    await menu(world, "shared", area="440606106")
    world.categories["light"].parent_id = world.categories["shared"].id
    await world.categories["light"].save()


async def test_whoever_is_named_need_offer_nothing_and_a_service_needs_nobody_named(world: World) -> None:
    plea = await asking(world)
    await plea.done(CADRE, "assignOrder", 1, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    await menu(world, "elsewhere", area="440606106201")
    for service, assignee, told in (
        ("lamp", CADRE, "InvalidInput SERVICE_NEEDS_NOBODY service"),
        ("elsewhere", None, "InvalidInput CATEGORY_ELSEWHERE service"),
    ):
        more = {"assignee": assignee} if assignee else {}
        assert await plea.why_not(CADRE, "createOrder", **WORK, service=service, **more) == told
