"""Honours by hand: stars of service beside the three with most flags, never twice for the same month."""

from collections import Counter
from datetime import timedelta
from typing import Any

from api import Answer, ask, do, why_not
from matter import EYE
from month import RESIDENT, SECRETARY, SHAPU, TIANHU, Month, flagged
from plea import CADRE, GRID, NEIGHBOUR, VOLUNTEER, WORKER, neighbours
from test_races import race
from world import Time, World, everything

from models import AuditEntry, Event, Honour, Member, clock

pytest_plugins = ["monday"]

FEBRUARY, JANUARY = "2026-02-01", "2026-01-31"
WALL = """query($code: AreaCode!) { area(code: $code) { honourWall {
    month place flags shownAs ground honouredAt member { login } honouredBy { login } } } }"""


def star(member: str = WORKER, **more: Any) -> Answer:
    return {"area": TIANHU, "member": member, "month": FEBRUARY, "ground": "台风夜连续值守。", **more}


async def honoured(world: World, member: str = WORKER, by: str = SECRETARY, **more: Any) -> None:
    payload = await do(by, "honourMember", world.ids(star(member, **more)))
    assert (payload["problems"], payload["event"]["type"]) == ([], "honour.given")


async def wall(by: str = SECRETARY) -> list[Answer]:
    told: list[Answer] = (await ask(by, WALL, code=TIANHU))["area"]["honourWall"]
    return told


async def test_a_village_honours_who_earned_a_flag_there(world: World) -> None:
    await neighbours(world)
    await flagged(world, WORKER, 2, area=GRID)
    await flagged(world, WORKER, 4, area=GRID, month="2026-01-01")
    await honoured(world)
    [told] = await wall()
    assert (told["month"], told["place"], told["flags"]) == (FEBRUARY, None, 2)
    assert (told["ground"], told["shownAs"]) == (star()["ground"], "t＊＊")
    assert (told["member"], told["honouredBy"]) == ({"login": WORKER}, {"login": SECRETARY})
    [public] = await wall("zr.liaison")
    assert (public["member"], public["shownAs"]) == (None, "t＊＊")
    event = await Event.get(type="honour.given")
    assert (event.aggregate, event.area_id) == ("Honour", TIANHU)
    entry = await AuditEntry.get(event_id=event.id)
    assert (entry.type, entry.action, entry.role) == ("flag", "honour", "village_secretary")


async def test_only_who_reads_the_flags_hears_of_it(world: World) -> None:
    await neighbours(world)
    await flagged(world, WORKER)
    await honoured(world)
    document = '{ events(types: ["honour.given"]) { edges { cursor } } }'
    hearers = {WORKER: 1, CADRE: 1, EYE: 1, NEIGHBOUR: 0, "shapu.secretary": 0, "zr.liaison": 0}
    heard = {one: len((await ask(one, document))["events"]["edges"]) for one in hearers}
    assert heard == hearers


async def test_who_cannot_be_honoured_is_not_and_nothing_is_left_behind(world: World) -> None:
    await neighbours(world)
    for login in (WORKER, VOLUNTEER, SECRETARY, RESIDENT):
        await flagged(world, login)
    await flagged(world, NEIGHBOUR, area=SHAPU)
    await honoured(world)
    await Member.filter(login=WORKER).update(name="陈大文")
    await Member.filter(login=RESIDENT).update(disabled_at=clock.now())
    before = await everything()
    for login, given, told in [
        (CADRE, star(VOLUNTEER), ["NotAllowed NO_RULE"]),
        ("shapu.secretary", star(VOLUNTEER), ["NotAllowed WRONG_PLACE"]),
        (SECRETARY, star(), ["InvalidInput ALREADY_HONOURED member"]),
        (SECRETARY, star(month="2026-02-28"), ["InvalidInput ALREADY_HONOURED member"]),
        (SECRETARY, star(SECRETARY), ["InvalidInput OWN_HONOUR member"]),
        (SECRETARY, star(NEIGHBOUR), ["InvalidInput NO_FLAG_HERE member"]),
        (SECRETARY, star(RESIDENT), ["InvalidInput MEMBER_DISABLED member"]),
        (SECRETARY, star(area="440699"), ["NotFound NOT_FOUND area", "InvalidInput ALREADY_HONOURED member"]),
        (SECRETARY, star("wanan.secretary", month="2026-04-01", ground=" "), [
            "InvalidInput EMPTY ground", "InvalidInput MONTH_AHEAD month", "InvalidInput NO_FLAG_HERE member",
        ]),
        (SECRETARY, star(month=JANUARY, ground="陈大文值守。"), ["InvalidInput GROUND_NAMES_MEMBER ground"]),
        (SECRETARY, star(month=JANUARY, ground="长" * 501), ["InvalidInput TOO_LONG ground"]),
        (SECRETARY, star(month="0001-01-01"), ["InvalidInput PERIOD_OUT_OF_RANGE month"]),
    ]:  # fmt: skip
        assert sorted(await why_not(login, "honourMember", world.ids(given))) == sorted(told), given
    assert await everything() == before
    await honoured(world, month=JANUARY)


async def test_a_star_of_the_month_is_not_honoured_again(world: World) -> None:
    await neighbours(world)
    await flagged(world, WORKER, 2)
    await honoured(world, month="2026-01-01")
    await Month.published(world)
    told = await why_not(SECRETARY, "honourMember", world.ids(star()))
    assert told == ["InvalidInput ALREADY_HONOURED member"]


async def test_who_becomes_a_star_afterwards_is_on_the_wall_once(world: World, time: Time) -> None:
    await neighbours(world)
    await flagged(world, WORKER, 3)
    await flagged(world, VOLUNTEER, month="2025-12-01")
    await honoured(world)
    await honoured(world, VOLUNTEER)
    await honoured(world, VOLUNTEER, month="2026-01-01")
    time.wait(timedelta(minutes=1))
    await Month.published(world)
    told = [(one["month"], one["place"], one["member"]["login"]) for one in await wall()]
    assert told == [(FEBRUARY, 1, WORKER), (FEBRUARY, None, VOLUNTEER), ("2026-01-01", None, VOLUNTEER)]


async def test_ten_of_a_month_are_enough(world: World) -> None:
    await neighbours(world)
    await flagged(world, WORKER)
    place = {"area_id": TIANHU, "path": world.areas[TIANHU].path}
    for _ in range(10):
        await Honour.create(**place, shown_as="王＊＊", month=FEBRUARY, flags=1, ground="好。")
    told = await why_not(SECRETARY, "honourMember", world.ids(star()))
    assert told == ["InvalidInput TOO_MANY_HONOURED month"]
    await honoured(world, month="2026-01-01")


async def test_of_several_who_honour_somebody_at_once_one_does(world: World) -> None:
    await neighbours(world)
    await flagged(world, WORKER)
    await flagged(world, WORKER, area=SHAPU)
    await world.hold("shapu.secretary", "village_cadre", area=TIANHU)
    villages = ((SECRETARY, TIANHU), ("shapu.secretary", SHAPU))
    for month in ("2026-01-01", FEBRUARY):
        given = [(login, world.ids(star(area=area, month=month))) for login, area in villages * 2]
        answers = await race(*(why_not(login, "honourMember", one) for login, one in given))
        assert Counter(answers) == {(): 1, ("InvalidInput ALREADY_HONOURED member",): 3}
        assert await Honour.filter(month=month).count() == 1
