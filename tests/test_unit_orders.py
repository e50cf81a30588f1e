"""Work orders given to units: taken on and done by whoever stands for the unit, who earns the flag."""

import pytest
from api import ask
from co_building import ORG, done, paired
from matter import EYE
from plea import CADRE, RESIDENT, SECRETARY, TIANHU, VOLUNTEER, WORK, Plea, neighbours
from world import Time, World

from models import FlagEntry, Unit, UnitKind, UnitLevel, clock
from policies.inbox import orders_to_verify

pytest_plugins = ["monday"]

LIAISON, HEAD = "zr.liaison", "zr.head"
SEEN = "query($id: ID!) { order(id: $id) { state mode unit { name } assignee { login } doneBy { login } } }"
LIST = (
    "query($filter: OrderFilter) { orders(filter: $filter) { totalCount edges { node { request { id } } } } }"
)


async def given_to_zr(world: World) -> Plea:
    await paired(world)
    return await Plea.ordered(world, unit="zr")


async def seen(plea: Plea, number: int = 1) -> list[object]:
    """State, mode, unit, assignee and who did it."""
    order = (await ask(EYE, SEEN, id=(await plea.order(number))["id"]))["order"]
    names = [order["unit"] and order["unit"]["name"], *(_login(order[key]) for key in ("assignee", "doneBy"))]
    return [order["state"], order["mode"], *names]


def _login(member: dict[str, str] | None) -> str | None:
    return member and member["login"]


async def test_a_paired_unit_takes_it_on_and_who_did_it_has_the_flag(world: World) -> None:
    plea = await given_to_zr(world)
    zr = world.units["zr"].name
    assert await seen(plea) == ["OPEN", "DISPATCHED", zr, None, None]
    await plea.done(LIAISON, "acceptOrder", 1)
    await plea.done(HEAD, "completeOrder", 1, text="已换。")
    assert await seen(plea) == ["DONE", "DISPATCHED", zr, None, HEAD]
    await plea.done(CADRE, "returnOrder", 1, reason="还是不亮。")
    assert await seen(plea) == ["ACCEPTED", "DISPATCHED", zr, None, None]
    await plea.done(LIAISON, "completeOrder", 1, text="换了灯座。")
    await plea.done(CADRE, "verifyOrder", 1)
    assert await plea.stands() == "DONE: VERIFIED"
    assert await FlagEntry.all().values_list("member_id", flat=True) == [world.members[LIAISON].id]


async def test_the_unit_sees_its_orders_and_not_the_request(world: World) -> None:
    plea = await given_to_zr(world)
    others = await Plea.ordered(world)
    for login, filter in ((LIAISON, None), (EYE, {"unit": world_id(world, "zr")})):
        told = (await ask(login, LIST, filter=filter))["orders"]
        shown = None if login == LIAISON else {"id": plea.id}
        assert (told["totalCount"], told["edges"]) == (1, [{"node": {"request": shown}}])
    for login in ("zf.liaison", "zr.member"):
        assert (await ask(login, LIST))["orders"]["totalCount"] == 0
    assert await others.why_not(LIAISON, "claimOrder", 1) == "NotFound NOT_FOUND order"


def world_id(world: World, unit: str) -> str:
    return str(world.ids({"unit": unit})["unit"])


async def test_what_may_be_done_with_it_and_why_not(world: World) -> None:
    await neighbours(world)
    plea = await given_to_zr(world)
    assert await plea.available(LIAISON, 1) == {
        "claim": "ORDER_IS_FOR_SOMEBODY",
        "accept": None,
        "decline": None,
        "assign": "NO_RULE",
        "cancel": "NO_RULE",
    }
    assert (await plea.available(VOLUNTEER, 1))["accept"] == "NOT_YOUR_ORDER"
    assert await plea.why_not(VOLUNTEER, "acceptOrder", 1) == "WrongState NOT_YOUR_ORDER"
    await plea.done(LIAISON, "acceptOrder", 1)
    assert (await plea.available(HEAD, 1))["complete"] is None
    assert await plea.why_not(VOLUNTEER, "completeOrder", 1, text="好。") == "WrongState NOT_YOUR_ORDER"
    await world.hold(CADRE, "unit_head", unit="zr")
    await plea.done(LIAISON, "completeOrder", 1, text="已换。")
    for mutation, given in (("verifyOrder", {}), ("returnOrder", {"reason": "不好。"})):
        assert await plea.why_not(CADRE, mutation, 1, **given) == "WrongState OWN_ORDER"
    assert (await plea.available(SECRETARY, 1))["verify"] is None
    waiting = {
        login: await orders_to_verify(await world.actor(login)).count() for login in (CADRE, SECRETARY)
    }
    assert waiting == {CADRE: 0, SECRETARY: 1}


async def test_a_declined_one_goes_to_another_unit_to_a_member_or_to_all(world: World, time: Time) -> None:
    await neighbours(world)
    plea = await given_to_zr(world)
    await paired(world, "zf")
    await plea.done(LIAISON, "declineOrder", 1, reason="人手不足。")
    assert await seen(plea) == ["DECLINED", "DISPATCHED", None, None, None]
    await plea.done(CADRE, "assignOrder", 1, unit="zf")
    assert await plea.why_not(LIAISON, "acceptOrder", 1) == "NotFound NOT_FOUND order"
    await plea.done(CADRE, "assignOrder", 1, assignee=VOLUNTEER)
    assert await seen(plea) == ["OPEN", "DISPATCHED", None, VOLUNTEER, None]
    await plea.done(CADRE, "assignOrder", 1, unit="zf")
    await plea.done("zf.liaison", "declineOrder", 1, reason="人手不足。")
    await time.tick_at("03-03 09:00")
    assert await seen(plea) == ["OPEN", "CLAIMABLE", None, None, None]


async def test_who_does_it_before_it_was_accepted_is_not_asked_again_when_the_pairing_ends(
    world: World,
) -> None:
    id = await paired(world)
    plea = await Plea.ordered(world, unit="zr")
    await done(world, ORG, "endPairing", pairing=id, reason="轮换。")
    await plea.done(LIAISON, "acceptOrder", 1)
    assert (
        await plea.why_not(CADRE, "createOrder", **WORK, unit="zr") == "InvalidInput UNIT_NOT_OF_VILLAGE unit"
    )


async def test_a_unit_that_lies_in_the_village_needs_no_pairing(world: World) -> None:
    plea = await Plea.ordered(world, unit="party")
    assert (await seen(plea))[2] == world.units["party"].name


@pytest.mark.parametrize(
    ("matter_class", "given", "told"),
    [
        ("COMMUNITY", {"unit": "zf"}, "InvalidInput UNIT_NOT_OF_VILLAGE unit"),
        ("COMMUNITY", {"unit": "cj"}, "InvalidInput UNIT_CLOSED unit"),
        ("COMMUNITY", {"unit": "zr", "assignee": CADRE}, "InvalidInput MEMBER_OR_UNIT unit"),
        (
            "COMMUNITY",
            {"unit": "zf", "assignee": "zr.member", "text": " "},
            "InvalidInput EMPTY text; InvalidInput MEMBER_OR_UNIT unit; "
            "InvalidInput ASSIGNEE_LACKS_RIGHT assignee; InvalidInput UNIT_NOT_OF_VILLAGE unit",
        ),
        ("FAMILY", {"unit": "zr"}, "InvalidInput FAMILY_IS_VOLUNTARY unit"),
    ],
)
async def test_a_wrong_unit_is_refused(
    world: World, matter_class: str, given: dict[str, str], told: str
) -> None:
    await paired(world)
    await Unit.filter(id=world.units["cj"].id).update(closed_at=clock.now())
    plea = await Plea.triaged(world, matter_class)
    assert await plea.why_not(CADRE, "dispatchRequest", **WORK | given) == told


async def test_an_unknown_unit_is_not_there(world: World) -> None:
    await paired(world)
    unit = await Unit.create(
        name="物业",
        kind=UnitKind.PROPERTY,
        level=UnitLevel.VILLAGE,
        line="unknown.",
        home_area_id=TIANHU,
        territory=world.areas[TIANHU].path,
        created_at=clock.now(),
    )
    world.units["gone"] = unit
    plea = await Plea.triaged(world, "COMMUNITY")
    id = world_id(world, "gone")
    await unit.delete()
    assert await plea.why_not(CADRE, "dispatchRequest", **WORK, unit=id) == "NotFound NOT_FOUND unit"
    assert await plea.why_not(RESIDENT, "dispatchRequest", **WORK, unit=id) == "NotAllowed NO_RULE"
