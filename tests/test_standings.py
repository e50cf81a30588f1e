"""What a published month brings: stars and the honour wall, the ranking, and notices about who stood last."""

import pytest
from api import Answer, ask
from matter import EYE
from month import (
    LEFT_OUT,
    ORG,
    RESIDENT,
    SECRETARY,
    TIANHU,
    Month,
    flagged,
    happened,
    ordered,
    scored,
    tenth,
)
from plea import GRID, VOLUNTEER, WORKER, neighbours
from world import Time, World

from actions.standings import masked
from models import AuditEntry, Event, Notice, TaskScore

pytest_plugins = ["monday"]

COORDINATOR, TOWN = "junan.coordinator", "440606106"
WALL = "query($code: AreaCode!) { area(code: $code) { honourWall { month place flags shownAs member { login } } } }"
RANKING = """query($id: ID!) { publication(id: $id) { honours { place flags shownAs member { login } }
    unitRanking { name tasks mean score place }
    gridRanking { name tasks mean score place grid { id } } } }"""
NOTICES = """query($area: AreaCode) { notices(area: $area) { totalCount edges { node {
    kind occurrence area { code } unit { name } subject { name } publication { state month } } } } }"""


async def ranked(month: Month, by: str = EYE) -> Answer:
    told: Answer = (await ask(by, RANKING, id=month.id))["publication"]
    return told


async def notices(by: str, **area: str) -> list[tuple[str, int, str, str]]:
    told = (await ask(by, NOTICES, **area))["notices"]["edges"]
    return [
        (one["kind"], one["occurrence"], one["area"]["code"], one["unit"]["name"])
        for one in (edge["node"] for edge in told)
    ]


async def test_the_three_with_most_flags_are_honoured_when_the_month_is_public(world: World) -> None:
    await neighbours(world)
    await flagged(world, VOLUNTEER, 3)
    await flagged(world, WORKER, 5, area=GRID)
    await flagged(world, "tianhu.cadre", 3, hour=1)
    await flagged(world, SECRETARY, 1)
    await flagged(world, RESIDENT, 9, month="2026-01-01")
    month = await Month.shown(world)
    assert (await ranked(month))["honours"] == []
    await month.let_the_time_pass()
    await month.done(SECRETARY, "publishPublication")
    stars = [(one["place"], one["flags"]) for one in (await ranked(month))["honours"]]
    assert stars == [(1, 5), (2, 3), (3, 3)]
    wall = (await ask(SECRETARY, WALL, code=TIANHU))["area"]["honourWall"]
    assert [one["member"]["login"] for one in wall] == [WORKER, VOLUNTEER, "tianhu.cadre"]
    seen = [one["member"] for one in (await ranked(month, "zr.liaison"))["honours"]]
    assert seen == [None, None, {"login": "tianhu.cadre"}], "who holds office is known"
    assert {one["shownAs"] for one in wall} == {"t＊＊"}


async def test_the_wall_has_the_newest_month_first_and_what_was_corrected_no_more(world: World) -> None:
    await neighbours(world)
    await flagged(world, VOLUNTEER, month="2026-01-01")
    await flagged(world, WORKER)
    for month in ("2026-01-01", "2026-02-01"):
        published = await Month.published(world, month=month)
    await happened(world)
    await published.done(ORG, "correctPublication", **LEFT_OUT, reason="漏计。")
    wall = (await ask(SECRETARY, WALL, code=TIANHU))["area"]["honourWall"]
    told = [(one["month"], one["member"]["login"]) for one in wall]
    assert told == [("2026-02-01", WORKER), ("2026-01-01", VOLUNTEER)]
    assert (await ask(EYE, WALL, code=TOWN))["area"]["honourWall"] == []


def test_only_the_family_name_is_shown() -> None:
    assert [masked(name) for name in ("王小明", "李雷", "陈")] == ["王＊＊", "李＊＊", "＊＊"]


async def test_units_are_ranked_from_five_tasks_on_and_drawn_to_the_mean(world: World) -> None:
    await scored(world, "zr", *[90.5] * 5)
    await scored(world, "zf", *[60] * 10)
    await scored(world, "cj", 100, 100)
    month = await Month.drafted(world, COORDINATOR, area=TOWN)
    told = (await ranked(month))["unitRanking"]
    overall = (5 * 90.5 + 600 + 200) / 17
    wanted = [
        ("zr", 5, 90.5, round((5 * 90.5 + 5 * overall) / 10, 3), 1),
        ("zf", 10, 60.0, round((600 + 5 * overall) / 15, 3), 2),
        ("cj", 2, 100.0, None, None),
    ]
    assert [(world.units[name].name, *rest) for name, *rest in wanted] == [
        (one["name"], one["tasks"], one["mean"], one["score"], one["place"]) for one in told
    ]
    await TaskScore.filter(unit_id=world.units["zf"].id).update(total=10000)
    await month.done(COORDINATOR, "redraftPublication", reason="申诉成立。")
    assert next(one["name"] for one in (await ranked(month))["unitRanking"]) == world.units["zf"].name


async def test_grids_are_ranked_by_the_orders_that_were_verified(world: World) -> None:
    await neighbours(world)
    await flagged(world, WORKER, 6, area=GRID)
    for state in ("EXPIRED", "EXPIRED", "CANCELLED", "OPEN"):
        await ordered(world, GRID, state)
    await flagged(world, VOLUNTEER, 2)
    [grid] = (await ranked(await Month.drafted(world)))["gridRanking"]
    assert (grid["name"], grid["tasks"], grid["mean"], grid["score"], grid["place"]) == (
        "天湖第一网格",
        8,
        75.0,
        75.0,
        1,
    )


async def five_units(world: World, month: str) -> Month:
    """Ranked in this order, of which the last two are worse than the others."""
    for unit, total in zip(("zr", "zf", "cj", "jt", "agri"), (95, 94, 93, 60, 50), strict=True):
        await scored(world, unit, *[total] * 5, month=month)
    return await Month.published(world, COORDINATOR, area=TOWN, month=month)


async def test_the_last_two_are_told_and_the_district_from_the_second_month_in_a_row_on(world: World) -> None:
    await five_units(world, "2025-12-01")
    jt, agri = world.units["jt"].name, world.units["agri"].name
    first = [("BOTTOM_TWO", 1, TOWN, jt), ("BOTTOM_TWO", 1, TOWN, agri)]
    assert sorted(await notices(COORDINATOR)) == sorted(first)
    assert await Event.filter(type__startswith="notice.").count() == 2
    await five_units(world, "2026-01-01")
    again = [("BOTTOM_TWO", 2, TOWN, name) for name in (jt, agri)]
    reported = [("REPORTED", 2, "440606", name) for name in (jt, agri)]
    assert sorted(await notices(ORG)) == sorted(first + again + reported)
    assert sorted(await notices(COORDINATOR)) == sorted(first + again)
    assert sorted(await notices("jt.liaison")) == sorted(
        one for one in first + again + reported if one[3] == jt
    )
    assert await notices("zr.liaison") == []
    events = "{ events(first: 100) { edges { node { type } } } }"
    for login, number in ((ORG, 2), (COORDINATOR, 0)):
        told = (await ask(login, events))["events"]["edges"]
        assert [edge["node"]["type"] for edge in told].count("notice.reported") == number


async def test_a_month_in_between_begins_the_count_anew(world: World) -> None:
    for month in ("2025-12-01", "2026-02-01"):
        await five_units(world, month)
    assert {occurrence for _, occurrence, *_ in await notices(ORG)} == {1}


async def test_a_month_that_is_public_later_is_counted_where_it_belongs(world: World) -> None:
    for month in ("2025-12-01", "2026-02-01"):
        await five_units(world, month)
    await five_units(world, "2026-01-01")
    jt, agri = world.units["jt"].name, world.units["agri"].name
    counted = [("BOTTOM_TWO", nth, TOWN, name) for name in (jt, agri) for nth in (1, 2, 3)]
    reported = [("REPORTED", nth, "440606", name) for name in (jt, agri) for nth in (2, 3)]
    assert sorted(await notices(ORG)) == sorted(counted + reported)
    assert await Event.filter(type="notice.recounted").count() == 2
    audit = await AuditEntry.filter(event="notice.recounted")
    assert [(one.before["occurrence"], one.after["occurrence"]) for one in audit] == [(1, 3)] * 2


async def test_a_correction_is_counted_in_the_months_after_it(world: World) -> None:
    december = await five_units(world, "2025-12-01")
    await five_units(world, "2026-01-01")
    await TaskScore.filter(scored_at__lt=tenth("2026-01-01"), unit_id=world.units["jt"].id).update(total=9900)
    await december.done(ORG, "correctPublication", **LEFT_OUT, reason="申诉成立。")
    jt, agri = world.units["jt"].name, world.units["agri"].name
    told = await notices(ORG)
    assert [one[:2] for one in told if one[3] == jt and one[2] == TOWN].count(("BOTTOM_TWO", 1)) == 2
    assert [one for one in told if one[0] == "REPORTED"].count(("REPORTED", 1, "440606", jt)) == 1
    assert ("REPORTED", 2, "440606", agri) in told
    events = await Event.filter(type="notice.recounted").order_by("pos")
    assert [(one.area_id, one.payload["occurrence"]) for one in events] == [(TOWN, 1), ("440606", 1)]


async def test_who_is_ranked_too_few_or_too_equal_is_told_nothing(world: World) -> None:
    for unit in ("zr", "zf", "cj", "jt"):
        await scored(world, unit, *[90] * 5)
    await scored(world, "agri", 1)
    await Month.published(world, COORDINATOR, area=TOWN)
    for unit, total in zip(("zr", "zf", "cj", "jt", "agri"), (95, 94, 60, 60, 60), strict=True):
        await scored(world, unit, *[total] * 5, month="2026-01-01")
    await Month.published(world, COORDINATOR, area=TOWN, month="2026-01-01")
    assert await Notice.all().count() == 0


async def test_notices_count_only_what_holds(world: World, time: Time) -> None:
    """What a corrected edition told is told no more, and counts for no later month."""
    december = await five_units(world, "2025-12-01")
    await TaskScore.filter(unit_id=world.units["jt"].id).update(total=9900)
    await december.done(ORG, "correctPublication", **LEFT_OUT, reason="申诉成立。")
    told = [edge["node"] for edge in (await ask(ORG, NOTICES))["notices"]["edges"]]
    states = sorted((one["publication"]["state"], one["unit"]["name"]) for one in told)
    named = {name: world.units[name].name for name in ("jt", "agri", "cj")}
    assert states == sorted(
        [
            *(("CORRECTED", named[name]) for name in ("jt", "agri")),
            *(("PUBLISHED", named[name]) for name in ("agri", "cj")),
        ]
    )


@pytest.mark.parametrize("login", [RESIDENT, "zr.liaison"])
async def test_notices_are_for_those_concerned(world: World, login: str) -> None:
    await five_units(world, "2026-01-01")
    assert await notices(login) == []
