"""Lists come in pages by keyset: exact on both databases, whatever comes and goes meanwhile."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from asking import Town, open_town
from world import MONDAY

import actions
from models import Area, AreaLevel, Summons, SummonsState, Task, Unit
from resolvers.cursors import LogCursors
from resolvers.events import ADMIN_TYPES

ORDERS = ["ISSUED_DESC", "ISSUED_ASC", "UPDATED_DESC", "DUE_ASC"]


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def fill(town: Town, number: int = 30) -> list[Summons]:
    """Summonses of 天湖 with few different moments, so that many share a place; a third is not issued."""
    chance, village = Random(7), town.world.areas["440606106004"]

    def moment() -> datetime:
        return MONDAY + timedelta(hours=chance.randrange(4), microseconds=chance.choice([0, 0, 250]))

    rows = [
        Summons(
            number=f"{village.code}-{index:04d}",
            issuer=village,
            path=village.path,
            title=f"第{index}项",
            text="……",
            category="ECONOMY",
            state=SummonsState.ISSUED if index % 3 else SummonsState.DRAFT,
            created_at=moment(),
            issued_at=moment() if index % 3 else None,
            due_at=moment() if index % 2 else None,
            updated_at=moment(),
        )
        for index in range(number)
    ]
    for row in rows:
        row.listed_at = row.issued_at or row.created_at
    await Summons.bulk_create(rows)
    return rows


async def walk(
    town: Town, login: str, field: str, node: str, arguments: str = "", first: int = 4
) -> list[Any]:
    """Every node of a list, page by page."""
    found, after, goes_on = list[Any](), None, True
    while goes_on:
        document = f"""query($after: Cursor) {{ {field}(first: {first}, after: $after {arguments}) {{
            totalCount edges {{ cursor node {{ {node} }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""
        page = (await town.ask(login, document, after=after))[field]
        info, edges = page["pageInfo"], page["edges"]
        assert info["hasPreviousPage"] == (after is not None)
        assert [info["startCursor"], info["endCursor"]] == [edges[0]["cursor"], edges[-1]["cursor"]]
        found += [edge["node"] for edge in edges]
        after, goes_on = info["endCursor"], info["hasNextPage"]
        assert len(edges) == first or not goes_on
    assert len(found) == page["totalCount"]
    return found


def place(order: str, row: Summons) -> tuple[object, ...]:
    """Where the row stands, smaller first; descending orders are compared the other way round."""
    far = datetime.max.replace(tzinfo=MONDAY.tzinfo)
    moments = {"UPDATED_DESC": row.updated_at, "DUE_ASC": row.due_at or far}
    return moments.get(order, row.listed_at), row.id


@pytest.mark.parametrize("order", ORDERS)
async def test_pages_joined_are_the_list_in_its_order(town: Town, order: str) -> None:
    rows = await fill(town)
    found = await walk(town, "tianhu.secretary", "summonses", "id", f"orderBy: {order}")
    expected = sorted(rows, key=lambda row: place(order, row), reverse=order.endswith("DESC"))
    assert [node["id"] for node in found] == [town.id(row) for row in expected]


async def test_newest_come_first_unless_asked_otherwise(town: Town) -> None:
    rows = await fill(town)
    found = await walk(town, "tianhu.secretary", "summonses", "id")
    expected = sorted(rows, key=lambda row: place("ISSUED_DESC", row), reverse=True)
    assert [node["id"] for node in found] == [town.id(row) for row in expected]


async def test_rows_that_come_and_go_do_not_shift_the_others(town: Town) -> None:
    rows = sorted(await fill(town), key=lambda row: place("UPDATED_DESC", row), reverse=True)
    query = """query($after: Cursor) { summonses(first: 10, orderBy: UPDATED_DESC, after: $after) {
        edges { node { id } } pageInfo { endCursor } } }"""
    first = (await town.ask("tianhu.secretary", query))["summonses"]
    await Summons.filter(id__in=[row.id for row in rows[:3]]).delete()
    await Summons.filter(id=rows[9].id).update(
        updated_at=MONDAY + timedelta(days=1)
    )  # the cursor's own row moves up
    await town.draft("zr")
    second = (await town.ask("tianhu.secretary", query, after=first["pageInfo"]["endCursor"]))["summonses"]
    assert [edge["node"]["id"] for edge in second["edges"]] == [town.id(row) for row in rows[10:20]]


async def test_tasks_come_due_first_and_those_without_a_limit_last(town: Town) -> None:
    chance, issuer = Random(3), (await fill(town, 1))[0]
    units = [unit for unit in town.world.units.values() if unit.summonable]
    rows = [
        Task(
            summons_id=issuer.id,
            path=issuer.path,
            unit=chance.choice(units),
            territory=units[0].territory,
            due_at=MONDAY + timedelta(hours=chance.randrange(3)) if index % 3 else None,
            created_at=MONDAY,
            updated_at=MONDAY,
        )
        for index in range(20)
    ]
    await Task.bulk_create(rows)
    found = await walk(town, "tianhu.secretary", "tasks", "id dueAt")
    expected = sorted(rows, key=lambda row: (row.due_at is None, row.due_at or MONDAY, row.id))
    assert [node["id"] for node in found] == [town.id(row) for row in expected]


async def test_areas_come_by_code_and_units_and_members_by_name(town: Town) -> None:
    areas = await walk(town, "tianhu.cadre", "areas", "code")
    assert [area["code"] for area in areas] == sorted(town.world.areas)
    for field in ("units", "dutyItems"):
        found = await walk(town, "tianhu.cadre", field, "id")
        assert len({node["id"] for node in found}) == len(found) == 6


async def test_two_units_of_one_name_are_both_listed(town: Town) -> None:
    like = town.world.units["zf"]
    for number in range(5):
        id = f"SAME{number}"
        rest = {"kind": like.kind, "level": like.level, "territory": like.territory, "created_at": MONDAY}
        await Unit.create(id=id, line=f"{id}.", name="同名单位", home_area_id=like.home_area_id, **rest)
    found = await walk(town, "tianhu.cadre", "units", "id name", 'name: "同名"', first=2)
    assert [node["name"] for node in found] == ["同名单位"] * 5
    assert len({node["id"] for node in found}) == 5


async def test_an_empty_page_has_no_cursors(town: Town) -> None:
    query = "{ summonses { totalCount edges { cursor } pageInfo { hasNextPage startCursor endCursor } } }"
    assert (await town.ask("tianhu.secretary", query))["summonses"] == {
        "totalCount": 0,
        "edges": [],
        "pageInfo": {"hasNextPage": False, "startCursor": None, "endCursor": None},
    }


async def test_a_page_holds_one_to_a_hundred(town: Town) -> None:
    for field in ("summonses", "areas", "events", "tasks"):
        for first in (0, -1, 101, 10_000):
            document = f"{{ {field}(first: {first}) {{ pageInfo {{ hasNextPage }} }} }}"
            error = await town.refused("tianhu.secretary", document)
            assert (error["code"], error["message"]) == ("BAD_USER_INPUT", "Ask for 1 to 100 at a time.")


async def test_a_page_holds_twenty_unless_asked_otherwise(town: Town) -> None:
    await fill(town)
    for arguments, number in [("", 20), ("(first: 1)", 1), ("(first: 100)", 30), ("(first: null)", 20)]:
        page = await town.ask("tianhu.secretary", f"{{ summonses{arguments} {{ edges {{ cursor }} }} }}")
        assert len(page["summonses"]["edges"]) == number


async def cursor_of(town: Town, field: str) -> str:
    page = await town.ask("tianhu.secretary", f"{{ {field} {{ pageInfo {{ endCursor }} }} }}")
    return str(page[field.partition("(")[0]]["pageInfo"]["endCursor"])


NO_CURSORS = ["", "abc", "WyJhcmVhcyJd", "WyJhcmVhcyIsMV0", "W1tbW1tb", "é", "WyJhcmVhcyIsIgAiXQ", "=" * 5000]
NO_CURSORS += ["W" * 5000, "W1tb" * 2000]


@pytest.mark.parametrize("field", ["areas", "summonses", "events"])
async def test_what_is_no_cursor_is_refused(town: Town, field: str) -> None:
    document = f"query($after: Cursor) {{ {field}(after: $after) {{ pageInfo {{ hasNextPage }} }} }}"
    for cursor in NO_CURSORS:
        error = await town.refused("tianhu.secretary", document, after=cursor)
        assert error["code"] == "BAD_USER_INPUT", cursor


async def test_a_cursor_fits_only_its_own_list_and_order(town: Town) -> None:
    await fill(town)
    cursors = {
        field: await cursor_of(town, field) for field in ("areas", "summonses", "summonses(orderBy: DUE_ASC)")
    }
    for made_by, cursor in cursors.items():
        for field in cursors:
            arguments = field.replace(")", ", after: $after)") if "(" in field else f"{field}(after: $after)"
            document = f"query($after: Cursor) {{ {arguments} {{ pageInfo {{ hasNextPage }} }} }}"
            if field == made_by:
                await town.ask("tianhu.secretary", document, after=cursor)
            else:
                error = await town.refused("tianhu.secretary", document, after=cursor)
                assert error["code"] == "BAD_USER_INPUT"


async def test_the_log_goes_on_after_a_cursor_and_an_old_epoch_s_has_expired(town: Town) -> None:
    await town.issue("zr", "zf")
    query = """query($after: Cursor) { events(first: 2, after: $after) {
        edges { cursor node { id cursor type } } pageInfo { hasNextPage endCursor } } }"""
    found, after = list[Any](), None
    while page := (await town.ask("tianhu.secretary", query, after=after))["events"]:
        assert all(edge["cursor"] == edge["node"]["cursor"] for edge in page["edges"])
        found += [edge["node"]["type"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == ["summons.drafted", "summons.submitted", "summons.issued", "task.created", "task.created"]
    foreign = LogCursors("another epoch").cursor(1)
    assert (await town.refused("tianhu.secretary", query, after=foreign))["code"] == "CURSOR_EXPIRED"


async def test_events_are_narrowed_by_type_and_place(town: Town) -> None:
    await town.issue("zr")
    query = """query($area: AreaCode, $types: [String!]) { events(area: $area, types: $types) {
        edges { node { type } } } }"""
    for area, types, number in [
        ("440606106", ["task.created", "summons.issued"], 2),
        ("440606106", [], 0),
        ("440606104", None, 0),
        ("99", None, 0),
        (None, None, 4),
    ]:
        page = await town.ask("tianhu.secretary", query, area=area, types=types)
        assert len(page["events"]["edges"]) == number
    error = await town.refused("tianhu.secretary", query, types=["task.created", "task.eaten"])
    assert (error["code"], error["argument"]) == ("BAD_USER_INPUT", ["types", "1"])


def test_every_event_that_actions_tell_can_be_asked_for_by_its_type() -> None:
    sources = [path.read_text("utf-8") for path in Path(actions.__file__).parent.glob("*.py")]
    kinds = (
        "area|breakGlass|category|claim|commitment|credential|export|followupGroup|grant|honour|inspection|inspectionPlan|item|member"
        "|metric|notice|pairing|policy|scores|template|unit|webhook"
    )
    names = re.compile(rf'"((?:{kinds})\.[A-Za-z_]+|task\.resident_[a-z]+)"')
    told = {type for text in sources for type in names.findall(text)}
    assert told == ADMIN_TYPES


def test_log_cursors_tell_nothing_of_the_positions_between_them() -> None:
    log = LogCursors("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    positions = [0, 1, 2, 3, 255, 256, 2**62]
    cursors = [log.cursor(pos) for pos in positions]
    assert [log.pos(cursor) for cursor in cursors] == positions
    assert all(not one.startswith(other[:4]) for one, other in pairwise(cursors))


def issued_after(row: Summons, hours: int) -> bool:
    return row.issued_at is not None and row.issued_at >= MONDAY + timedelta(hours=hours)


FILTERS: list[tuple[dict[str, object], Callable[[Summons], bool]]] = [
    ({"state": ["DRAFT"]}, lambda row: row.state == "DRAFT"),
    ({"state": []}, lambda row: False),
    ({"state": ["DRAFT", "CLOSED"], "tier": ["NORMAL"]}, lambda row: row.state == "DRAFT"),
    ({"category": ["LIVELIHOOD"]}, lambda row: False),
    ({"issuer": "440606106004"}, lambda row: True),
    ({"issuer": "440606106"}, lambda row: False),
    ({"text": "第1"}, lambda row: row.title.startswith("第1")),
    ({"text": "%"}, lambda row: False),
    ({"issuedFrom": "2026-03-02T03:00:00Z"}, lambda row: issued_after(row, 2)),
    (
        {"issuedTo": "2026-03-02T03:00:00Z"},
        lambda row: row.issued_at is not None and not issued_after(row, 2),
    ),
    (
        {"updatedSince": "2026-03-02T12:00:00+08:00"},
        lambda row: row.updated_at >= MONDAY + timedelta(hours=3),
    ),
]


async def test_a_filter_leaves_just_what_fits(town: Town) -> None:
    rows = await fill(town)
    query = "query($f: SummonsFilter) { summonses(filter: $f, first: 100) { edges { node { id } } } }"
    for wanted, fits in FILTERS:
        found = (await town.ask("tianhu.secretary", query, f=wanted))["summonses"]["edges"]
        assert {edge["node"]["id"] for edge in found} == {town.id(row) for row in rows if fits(row)}, wanted


async def test_overdue_is_what_is_under_way_past_its_limit(town: Town) -> None:
    rows = await fill(town)
    town.time.advance(timedelta(hours=2))
    query = (
        "query($late: Boolean) { summonses(filter: {overdue: $late}, first: 100) { edges { node { id } } } }"
    )
    late = {
        town.id(row)
        for row in rows
        if row.state == "ISSUED" and row.due_at and row.due_at < MONDAY + timedelta(hours=2)
    }
    for wanted, expected in [(True, late), (False, {town.id(row) for row in rows} - late)]:
        found = (await town.ask("tianhu.secretary", query, late=wanted))["summonses"]["edges"]
        assert {edge["node"]["id"] for edge in found} == expected


async def test_tasks_are_narrowed_by_unit_place_and_person(town: Town) -> None:
    _, (task, _) = await town.issue("zr", "zf")
    member = town.id(town.world.members["zr.member"])
    await town.done("zr.liaison", "acceptTask", task=task, responsible=member)
    query = "query($f: TaskFilter) { tasks(filter: $f) { edges { node { unit { name } } } } }"
    for wanted, number in [
        ({"unit": town.id(town.world.units["zr"])}, 1),
        ({"responsible": member}, 1),
        ({"state": ["ASSIGNED"]}, 1),
        ({"area": "440606106"}, 2),
        ({"area": "440606104"}, 0),
        ({"overdue": True}, 0),
        ({"overdue": False, "updatedSince": "2026-03-02T01:00:00Z"}, 2),
    ]:
        found = (await town.ask("tianhu.secretary", query, f=wanted))["tasks"]["edges"]
        assert len(found) == number, wanted
    summonses = "query($f: SummonsFilter) { summonses(filter: $f) { totalCount } }"
    for unit, number in [("zr", 1), ("jt", 0)]:
        found = await town.ask("tianhu.secretary", summonses, f={"unit": town.id(town.world.units[unit])})
        assert found["summonses"]["totalCount"] == number


SEARCHES = [
    ('{ areas(name: "%s") { totalCount } }', ["name"]),
    ('{ units(name: "%s") { totalCount } }', ["name"]),
    ('{ dutyItems(text: "%s") { totalCount } }', ["text"]),
    ('{ summonses(filter: {text: "%s"}) { totalCount } }', ["filter", "text"]),
]


async def test_no_search_for_endless_or_broken_text(town: Town) -> None:
    for document, argument in SEARCHES:
        for text in ("x" * 201, "\\u0000"):
            error = await town.refused("tianhu.secretary", document % text)
            assert (error["code"], error["argument"]) == ("BAD_USER_INPUT", argument)


async def test_the_tree_is_walked_downwards_and_upwards(town: Town) -> None:
    query = """{ area(code: "440606") { ... on District { towns { name villages { name town { name }
        grids { name village { name } grids { name } } } } }
        all: children(level: VILLAGE) { totalCount } below: children { edges { node { name } } }
        units { totalCount } parent { name } } }"""
    area = (await town.ask("tianhu.cadre", query))["area"]
    assert {one["name"]: [village["name"] for village in one["villages"]] for one in area["towns"]} == {
        "龙江镇": ["麦朗村", "万安村"],
        "均安镇": ["天湖社区", "沙浦村"],
    }
    assert (area["all"]["totalCount"], len(area["below"]["edges"]), area["units"]["totalCount"]) == (4, 2, 5)
    (grid,) = area["towns"][1]["villages"][0]["grids"]
    assert grid == {"name": "天湖第一网格", "village": {"name": "天湖社区"}, "grids": []}


async def test_a_level_may_be_skipped_on_the_way_down(town: Town) -> None:
    district = town.world.areas["440606"]
    path = f"{district.path}440606900001."
    rest = {"level": AreaLevel.VILLAGE, "parent": district, "path": path, "depth": 4}
    await Area.create(code="440606900001", name="直管村", **rest)
    query = (
        '{ area(code: "440606900001") { ... on Village { town { __typename name } } ancestors { name } } }'
    )
    area = (await town.ask("tianhu.cadre", query))["area"]
    assert area["town"] == {"__typename": "District", "name": "顺德区"}
    assert [above["name"] for above in area["ancestors"]] == ["广东省", "佛山市", "顺德区"]
