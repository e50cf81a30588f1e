"""Pairings: arranged by the district's organisation department, ended by it, and read by those concerned."""

from api import ask, do, why_not
from co_building import ORG, done, paired
from matter import EYE
from plea import CADRE, RESIDENT, SECRETARY, TIANHU
from world import World, everything

from models import Event, Unit, clock
from resolvers.ids import global_id

pytest_plugins = ["monday"]

SHAPU = "440606106201"
LIST = "query($area: AreaCode, $unit: ID) { pairings(area: $area, unit: $unit) { totalCount edges { node {"
LIST += " endedAt unit { name } area { code } arrangedBy { login } } } } }"


async def test_a_unit_stands_by_a_village_until_that_ends(world: World) -> None:
    id = await paired(world)
    payload = await done(world, ORG, "endPairing", pairing=id, reason="轮换。", version=1)
    assert payload["event"]["type"] == "pairing.ended"
    again = await paired(world)
    edges = (await ask(CADRE, LIST))["pairings"]["edges"]
    assert [bool(edge["node"]["endedAt"]) for edge in edges] == [False, True]
    assert edges[0]["node"] | {"endedAt": None} == {
        "endedAt": None,
        "unit": {"name": world.units["zr"].name},
        "area": {"code": TIANHU},
        "arrangedBy": {"login": ORG},
    }
    assert again != id
    told = await Event.filter(aggregate="Pairing").order_by("pos").values_list("type", flat=True)
    assert told == ["pairing.arranged", "pairing.ended", "pairing.arranged"]


async def test_what_is_refused_leaves_everything_as_it_was(world: World) -> None:
    ended, open_one = await paired(world, "zf"), await paired(world)
    await done(world, ORG, "endPairing", pairing=ended, reason="轮换。")
    await Unit.filter(id=world.units["cj"].id).update(closed_at=clock.now())
    new = {"unit": "zf", "area": TIANHU}
    before = await everything()
    for login, mutation, given, told in [
        (SECRETARY, "arrangePairing", new, "NotAllowed NO_RULE"),
        (ORG, "arrangePairing", new | {"area": "440606106"}, "InvalidInput PAIRING_LEVEL area"),
        (ORG, "arrangePairing", new | {"area": "44"}, "NotAllowed WRONG_PLACE"),
        (ORG, "arrangePairing", new | {"unit": "zr"}, "InvalidInput ALREADY_PAIRED unit"),
        (ORG, "arrangePairing", new | {"unit": "cj"}, "InvalidInput UNIT_CLOSED unit"),
        (CADRE, "endPairing", {"pairing": open_one, "reason": "轮换。"}, "NotAllowed NO_RULE"),
        (RESIDENT, "endPairing", {"pairing": open_one, "reason": "轮换。"}, "NotFound NOT_FOUND pairing"),
        (ORG, "endPairing", {"pairing": open_one, "reason": " "}, "InvalidInput EMPTY reason"),
        (ORG, "endPairing", {"pairing": ended, "reason": "轮换。"}, "WrongState PAIRING_ENDED"),
        (ORG, "endPairing", {"pairing": open_one, "reason": "。", "version": 7}, "Conflict VERSION_CHANGED"),
    ]:
        assert await why_not(login, mutation, world.ids(given)) == [told], (login, mutation, given)
    assert await everything() == before


async def test_those_concerned_read_them(world: World) -> None:
    await paired(world)
    await paired(world, "zf", SHAPU)
    counts = {}
    for login in (ORG, EYE, CADRE, "shapu.secretary", "zr.liaison", "zf.head", RESIDENT, "wanan.secretary"):
        counts[login] = (await ask(login, LIST))["pairings"]["totalCount"]
    assert list(counts.values()) == [2, 2, 1, 1, 1, 1, 0, 0]
    unit = global_id(world.units["zf"])
    assert (await ask(ORG, LIST, area=TIANHU))["pairings"]["totalCount"] == 1
    assert (await ask(ORG, LIST, unit=unit))["pairings"]["edges"][0]["node"]["area"]["code"] == SHAPU


async def test_the_same_key_arranges_once(world: World) -> None:
    given = world.ids({"unit": "zr", "area": TIANHU, "idempotencyKey": "once"})
    first, second = await do(ORG, "arrangePairing", given), await do(ORG, "arrangePairing", given)
    assert first["pairing"]["id"] == second["pairing"]["id"]
