"""Notices by hand, of units and areas alone; and what the district decides about who was reported to it."""

from collections import Counter
from typing import Any

import pytest
from api import Answer, ask, do, why_not
from matter import EYE, Matter
from month import ORG, RESIDENT, SECRETARY, TIANHU, Month, happened
from test_races import race
from test_standings import COORDINATOR, TOWN, five_units
from world import World, everything

from models import AuditEntry, Event, Notice, TaskScore
from resolvers.ids import global_id

pytest_plugins = ["monday"]

LEADER, DISTRICT = "shunde.leader", "440606"
LIST = """{ notices { edges { node { id kind occurrence text issuedAt version area { code } unit { name }
    subject { code } issuedBy { login } summons { id } task { id } decision decidedBy { login }
    publication { month } availableActions { action allowed reasonCode } } } } }"""
VERDICT = {"text": "约谈主要负责人。"}


def praise(**more: Any) -> Answer:
    return {"kind": "PRAISE", "area": TOWN, "text": "到场及时,办理得力。", **more}


async def seen(login: str) -> list[Answer]:
    return [edge["node"] for edge in (await ask(login, LIST))["notices"]["edges"]]


async def issued(world: World, by: str = COORDINATOR, **given: Any) -> str:
    payload = await do(by, "issueNotice", world.ids(praise(**given)))
    assert (payload["problems"], payload["event"]["type"]) == ([], "notice.issued")
    return str(payload["notice"]["id"])


async def test_a_unit_is_praised_for_a_task_where_all_concerned_read_it(world: World) -> None:
    matter = await Matter.issued(world, "zr")
    task = await matter.task_id("zr")
    await issued(world, unit="zr", task=task)
    [told] = await seen("zr.liaison")
    assert (told["kind"], told["occurrence"], told["text"]) == ("PRAISE", 1, praise()["text"])
    assert (told["unit"]["name"], told["subject"]) == (world.units["zr"].name, None)
    assert (told["summons"], told["task"]) == ({"id": matter.id}, {"id": task})
    assert (told["area"], told["issuedBy"], told["availableActions"]) == (
        {"code": TOWN},
        {"login": COORDINATOR},
        [],
    )
    readers = {EYE: 1, ORG: 1, COORDINATOR: 1, "zf.liaison": 0, SECRETARY: 0, RESIDENT: 0}
    assert {login: len(await seen(login)) for login in readers} == readers
    event = await Event.get(type="notice.issued")
    assert (event.aggregate, event.payload, event.area_id) == (
        "Notice",
        {"kind": "PRAISE", "occurrence": 1},
        TOWN,
    )
    entry = await AuditEntry.get(event_id=event.id)
    assert (entry.type, entry.action, entry.role) == ("notice", "issue", "town_coordinator")


async def test_an_area_is_told_off_and_each_kind_is_counted(world: World) -> None:
    for kind in ("OVERDUE", "CRITICISM", "OVERDUE"):
        await issued(world, EYE, kind=kind, area=TIANHU)
    told = [(one["kind"], one["occurrence"], one["subject"]["code"]) for one in await seen(SECRETARY)]
    assert told == [("OVERDUE", 2, TIANHU), ("CRITICISM", 1, TIANHU), ("OVERDUE", 1, TIANHU)]
    assert await seen("shapu.secretary") == []


async def test_a_wrong_notice_is_refused_and_leaves_everything_as_it_was(world: World) -> None:
    here = await Matter.issued(world, "zr")
    there = await Matter.issued(world, "jt", by="wanan")
    of_zf = await (await Matter.issued(world, "zf")).task_id("zf")
    person = global_id(world.members["zr.member"])
    zr, of_zr = {"unit": "zr"}, await here.task_id("zr")
    await world.hold(COORDINATOR, "unit_liaison", unit="cj")
    before = await everything()
    for login, given, told in [
        (SECRETARY, praise(area=TIANHU), ["NotAllowed NO_RULE"]),
        ("longjiang.coordinator", praise(), ["NotAllowed WRONG_PLACE"]),
        (COORDINATOR, praise(area=DISTRICT), ["NotAllowed WRONG_PLACE"]),
        (COORDINATOR, praise(area="440699"), ["NotFound NOT_FOUND area"]),
        (COORDINATOR, praise(unit=person), ["InvalidInput WRONG_ID_TYPE unit"]),
        (COORDINATOR, praise(unit="jt"), ["InvalidInput UNIT_NOT_CONCERNED unit"]),
        (COORDINATOR, praise(unit="cj"), ["InvalidInput OWN_NOTICE unit"]),
        (COORDINATOR, praise(kind="REPORTED", text=" "), [
            "InvalidInput NOTICE_BY_RANKING kind", "InvalidInput EMPTY text",
        ]),
        (COORDINATOR, praise(kind="BOTTOM_TWO"), ["InvalidInput NOTICE_BY_RANKING kind"]),
        (COORDINATOR, praise(**zr, summons=there.id), ["NotFound NOT_FOUND summons"]),
        (EYE, praise(**zr, summons=there.id), [
            "InvalidInput MATTER_ELSEWHERE summons", "InvalidInput MATTER_OF_OTHERS summons",
        ]),
        (COORDINATOR, praise(**zr, task=of_zf), ["InvalidInput MATTER_OF_OTHERS task"]),
        (COORDINATOR, praise(summons=here.id, task=of_zf), ["InvalidInput TASK_OF_OTHER_SUMMONS task"]),
        (COORDINATOR, praise(area="440606106201", task=of_zr), ["InvalidInput MATTER_ELSEWHERE task"]),
    ]:  # fmt: skip
        assert sorted(await why_not(login, "issueNotice", world.ids(given))) == sorted(told), given
    assert await everything() == before


async def test_a_unit_from_elsewhere_can_be_told_of_where_it_was_summoned(world: World) -> None:
    await Matter.issued(world, "jt")
    await issued(world, kind="OVERDUE", unit="jt")
    assert [one["kind"] for one in await seen("jt.liaison")] == ["OVERDUE"]


@pytest.fixture
async def reported(world: World) -> list[Notice]:
    """Two units were told of for two months in a row."""
    for month in ("2025-12-01", "2026-01-01"):
        await five_units(world, month)
    return list(await Notice.filter(kind="REPORTED").order_by("id"))


async def test_the_district_decides_once_about_who_was_reported(world: World, reported: list[Notice]) -> None:
    id = global_id(reported[0])
    for login, code in ((LEADER, None), (ORG, "NO_RULE")):
        offered = {one["id"]: one["availableActions"] for one in await seen(login)}
        assert offered[id] == [{"action": "decide", "allowed": code is None, "reasonCode": code}]
    payload = await do(LEADER, "decideNotice", {"notice": id, **VERDICT})
    assert (payload["problems"], payload["event"]["type"]) == ([], "notice.decided")
    [told] = [one for one in await seen(ORG) if one["id"] == id]
    assert (told["decision"], told["decidedBy"], told["availableActions"]) == (
        VERDICT["text"],
        {"login": LEADER},
        [],
    )
    entry = await AuditEntry.get(event="notice.decided")
    assert (entry.action, entry.role, entry.after["decision"]) == (
        "decide",
        "district_leader",
        VERDICT["text"],
    )


async def test_what_cannot_be_decided_is_refused(world: World, reported: list[Notice]) -> None:
    first, second = (global_id(one) for one in reported)
    bottom = global_id(await Notice.filter(kind="BOTTOM_TWO").first())
    by_hand = await issued(world, unit="zr")
    await do(LEADER, "decideNotice", {"notice": first, **VERDICT})
    before = await everything()
    for login, given, told in [
        (ORG, {"notice": second}, "NotAllowed NO_RULE"),
        (RESIDENT, {"notice": second}, "NotFound NOT_FOUND notice"),
        (LEADER, {"notice": second, "text": ""}, "InvalidInput EMPTY text"),
        (LEADER, {"notice": second, "version": 7}, "Conflict VERSION_CHANGED"),
        (LEADER, {"notice": first}, "WrongState NOTICE_DECIDED"),
        (LEADER, {"notice": bottom}, "WrongState NOT_REPORTED"),
        (LEADER, {"notice": by_hand}, "WrongState NOT_REPORTED"),
    ]:
        assert await why_not(login, "decideNotice", VERDICT | given) == [told], given
    assert await everything() == before


async def test_a_corrected_ranking_leaves_nothing_to_decide(world: World, reported: list[Notice]) -> None:
    january = await reported[0].publication
    await TaskScore.filter(unit_id=world.units["jt"].id).update(total=9900)
    corrected = Month(world, global_id(january))
    await happened(world, TOWN, "2026-01-01")
    await corrected.done(ORG, "correctPublication", cause="RULED_OTHERWISE", reason="申诉成立。")
    id = global_id(reported[0])
    assert await why_not(LEADER, "decideNotice", {"notice": id, **VERDICT}) == ["WrongState NOTICE_CORRECTED"]
    [offered] = [one["availableActions"] for one in await seen(LEADER) if one["id"] == id]
    assert offered == [{"action": "decide", "allowed": False, "reasonCode": "NOTICE_CORRECTED"}]


async def test_nobody_decides_about_their_own_unit(world: World, reported: list[Notice]) -> None:
    await world.hold(LEADER, "unit_head", unit="jt")
    told = {}
    for one in reported:
        [code] = await why_not(LEADER, "decideNotice", {"notice": global_id(one), **VERDICT}) or ["done"]
        told[world.name_of(global_id(await one.unit))] = code
    assert told == {"jt": "WrongState OWN_NOTICE", "agri": "done"}


async def test_of_several_who_decide_at_once_one_does(world: World, reported: list[Notice]) -> None:
    for one in reported:
        given = {"notice": global_id(one), **VERDICT}
        answers = await race(*(why_not(LEADER, "decideNotice", given) for _ in range(4)))
        assert Counter(answers) == {(): 1, ("WrongState NOTICE_DECIDED",): 3}
        assert await Event.filter(type="notice.decided", aggregate_id=one.id).count() == 1


async def test_notices_told_at_once_are_counted_one_after_the_other(world: World) -> None:
    given = world.ids(praise(unit="zr"))
    answers = await race(*(why_not(login, "issueNotice", given) for login in (COORDINATOR, EYE) * 2))
    assert answers == [()] * 4
    assert sorted(one.occurrence for one in await Notice.all()) == [1, 2, 3, 4]
