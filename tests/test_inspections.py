"""Visits that come round: when they fall due, who records them and until when, and what is collected at them."""

from asyncio import gather
from datetime import datetime

import pytest
from api import Answer, ask, do, why_not
from matter import EYE, local
from plea import CADRE, GRID, NEIGHBOUR, NEW, RESIDENT, SECRETARY, TIANHU, VOLUNTEER, WORKER, Plea, neighbours
from sent import sent
from test_races import open_connections
from tortoise import Tortoise
from visit import COLLECTION, SINGLE, WEEKLY, days, done, planned, plans, single, visits
from world import Time, World, everything

from actions.tick import tick
from models import AuditEntry, Event, Inspection, InspectionPlan, clock

pytest_plugins = ["monday"]

SHAPU = "440606106201"
BEFORE_THE_FESTIVAL = datetime.fromisoformat("2026-02-13T16:00:00+08:00")


async def told(aggregate: str) -> list[str]:
    return [event.type for event in await Event.filter(aggregate=aggregate).order_by("pos")]


async def test_visits_are_entered_a_month_ahead_and_each_once(world: World, time: Time) -> None:
    await planned()
    assert await days() == ["03-23 PLANNED"]
    await time.tick_at("03-23 23:59")
    assert await days() == ["03-23 PLANNED"]
    assert await time.tick_at("03-24 00:00") == 2
    assert await days() == ["03-23 MISSED", "04-23 PLANNED"]
    assert await tick() == 0
    [first, second] = await visits()
    assert (first["timeOfDay"], first["place"], local(first["dueAt"])) == (
        "09:00",
        "社区党群服务中心",
        "03-24 00:00",
    )
    assert second["plan"] == first["plan"] is not None
    assert await told("InspectionPlan") == ["inspectionPlan.created"]
    assert sorted(await told("Inspection")) == ["inspection.missed", *["inspection.planned"] * 2]


async def test_the_31st_is_the_last_day_of_a_shorter_month(world: World, time: Time) -> None:
    await planned(dayOfMonth=31)
    await time.tick_at("04-01 00:00")
    await time.tick_at("05-01 00:00")
    assert await days() == ["03-31 MISSED", "04-30 MISSED", "05-31 PLANNED"]


@pytest.mark.parametrize("time", [BEFORE_THE_FESTIVAL], indirect=True)
async def test_visits_move_to_the_next_working_day_of_the_area(world: World, time: Time) -> None:
    """Two of them onto one day are one visit; where they stay, they stay on days of rest."""
    day = {"day": "2026-03-09", "kind": "REST", "name": "龙舟赛"}
    await done("shunde.org", "setCalendarDays", area="440606106", calendar=[day])
    more = WEEKLY | {"from": "2026-02-13", "onRestDay": "NEXT_WORKDAY"}
    for title, weekday in (("六", 6), ("一", 1)):
        await done(CADRE, "createInspectionPlan", **more | {"title": title, "weekday": weekday})
    await done(CADRE, "createInspectionPlan", **WEEKLY | {"from": "2026-02-13", "title": "留", "weekday": 6})
    found: dict[str, list[str]] = {"六": [], "一": [], "留": []}
    for one in await visits():
        found[one["title"]].append(one["dueDay"][5:])
    assert found == {
        "六": ["02-14", "02-24", "02-28", "03-10", "03-16"],
        "一": ["02-24", "03-02", "03-10"],
        "留": ["02-14", "02-21", "02-28", "03-07", "03-14"],
    }


async def test_a_day_moved_onto_one_that_comes_later_into_reach_is_one_visit(
    world: World, time: Time
) -> None:
    """The 4th of May, a Monday, is a day of rest of the village; so is the whole week, until the next visit."""
    rest = [{"day": f"2026-05-{day:02}", "kind": "REST"} for day in range(4, 11)]
    await done("shunde.org", "setCalendarDays", area=TIANHU, calendar=rest)
    await done(CADRE, "createInspectionPlan", **WEEKLY | {"weekday": 1, "onRestDay": "NEXT_WORKDAY"})
    for moment in ("04-03 00:00", "04-04 00:00", "04-11 00:00", "04-18 00:00"):
        await time.tick_at(moment)
    assert [day for day in await days() if day.startswith("05")] == ["05-11 PLANNED", "05-18 PLANNED"]


async def test_whoever_comes_second_enters_nothing_again(world: World, time: Time) -> None:
    for number in range(4):
        await planned(title=f"第{number}处")
    time.pass_to("03-24 00:00")
    await open_connections()
    assert sum(await gather(tick(), tick(), tick())) == 8
    assert await days() == ["03-23 MISSED"] * 4 + ["04-23 PLANNED"] * 4
    assert sorted(await told("Inspection")) == ["inspection.missed"] * 4 + ["inspection.planned"] * 8


async def test_a_plan_ends_when_its_last_day_is_over(world: World, time: Time) -> None:
    await planned(until="2026-04-23")
    await time.tick_at("03-24 00:00")
    assert [one["state"] for one in await plans()] == ["ACTIVE"]
    assert await time.tick_at("04-24 00:00") == 2
    [plan] = await plans()
    assert (plan["state"], plan["availableActions"], plan["inspections"]["totalCount"]) == ("ENDED", [], 2)
    assert await told("InspectionPlan") == ["inspectionPlan.created", "inspectionPlan.ended"]
    assert not await InspectionPlan.filter(next_at__not_isnull=True).exists()


async def test_nobody_visits_a_place_that_is_no_more(world: World, time: Time) -> None:
    await planned()
    world.areas[TIANHU].valid_to = datetime(2026, 4, 1).date()
    await world.areas[TIANHU].save(update_fields=["valid_to"])
    await time.tick_at("03-24 00:00")
    await time.tick_at("04-02 00:00")
    assert await days(SECRETARY) == ["03-23 MISSED"]
    assert (await InspectionPlan.get()).state == "ENDED"


async def test_a_plan_that_fails_does_not_stop_the_others(sqlite_world: World, time: Time) -> None:
    await planned()
    await planned(title="另一处")
    await InspectionPlan.filter(title="党群征集日").update(day_of_month=None)
    time.pass_to("03-24 00:00")
    failed: set[str] = set()
    assert await tick(failed) == 3
    assert failed == {(await InspectionPlan.get(title="党群征集日")).id}
    assert [one["title"] for one in await visits(state=["PLANNED"])] == ["另一处"]


async def test_a_plan_that_begins_later_waits(world: World, time: Time) -> None:
    await planned(**{"from": "2026-05-01"})
    assert await time.tick_at("04-22 23:59") == 0
    assert await time.tick_at("04-23 00:00") == 1
    assert await days() == ["05-23 PLANNED"]


async def test_timers_without_work_ask_two_indexes(sqlite_world: World) -> None:
    await planned()
    await single()
    with sent() as noted:
        assert await tick() == 0
    asked = [text for round in noted.rounds for text in round if 'FROM "inspection' in text]
    assert len(asked) == 2
    for text in asked:
        filled = text.replace("?", "'2026-03-02'")
        steps = await Tortoise.get_connection("default").execute_query_dict(f"EXPLAIN QUERY PLAN {filled}")
        assert "USING INDEX" in steps[0]["detail"], steps


RECORDING = [
    ("03-22 23:59", ["WrongState INSPECTION_TOO_EARLY"], None),
    ("03-23 00:00", [], False),
    ("03-23 23:59", [], False),
    ("03-24 00:00", [], True),
    ("03-26 23:59", [], True),
    ("03-27 00:00", ["WrongState RECORD_TOO_LATE"], None),
]


@pytest.mark.parametrize(("moment", "problems", "late"), RECORDING)
async def test_it_is_recorded_on_its_day_or_three_working_days_later(
    sqlite_world: World, time: Time, moment: str, problems: list[str], late: bool | None
) -> None:
    await planned()
    await time.tick_at(moment)
    [visit, *_] = await visits()
    [foretold] = [one for one in visit["availableActions"] if one["action"] == "record"]
    found = {"inspection": visit["id"], "note": "收集意见三条。", "households": 12}
    assert await why_not(CADRE, "recordInspection", found) == problems
    assert foretold["reasonCode"] == (problems[0].split()[1] if problems else None)
    visit = (await visits())[0]
    assert visit["late"] is bool(late)
    if not problems:
        assert (visit["state"], visit["households"], visit["visitor"]) == ("DONE", 12, {"login": CADRE})
        assert (local(visit["recordedAt"]), visit["recordedBy"]) == (moment, {"login": CADRE})
        assert visit["availableActions"] == []
        assert await why_not(CADRE, "recordInspection", found) == ["WrongState WRONG_STATE"]


async def test_who_records_needs_the_right_there_and_it_is_told_in_the_audit_log(world: World) -> None:
    await neighbours(world)
    mine = await single(area=GRID)
    of_village = await single()
    assert await why_not(WORKER, "recordInspection", {"inspection": of_village}) == [
        "NotFound NOT_FOUND inspection"
    ]
    payload = await done(WORKER, "recordInspection", inspection=mine, note="路面完好。", version=1)
    assert payload["event"]["type"] == "inspection.recorded"
    entry = await AuditEntry.all().order_by("-seq").first()
    assert (entry.type, entry.action, entry.event, entry.reason, entry.kind) == (
        "inspection",
        "record",
        "inspection.recorded",
        "路面完好。",
        "Inspection",
    )
    assert (entry.before["state"], entry.after["state"]) == ("PLANNED", "DONE")
    stale = {"inspection": of_village, "version": 7}
    assert await why_not(CADRE, "recordInspection", stale) == ["Conflict VERSION_CHANGED"]


async def test_somebody_can_be_named_to_go(world: World) -> None:
    await neighbours(world)
    await world.hold(WORKER, "grid_worker", area=TIANHU)
    worker = world.ids({"visitor": WORKER})
    await planned(**worker)
    [visit] = await visits()
    assert visit["visitor"] == {"login": WORKER}
    outsider = COLLECTION | world.ids({"visitor": RESIDENT})
    assert await why_not(CADRE, "createInspectionPlan", outsider) == [
        "InvalidInput VISITOR_LACKS_RIGHT visitor"
    ]


async def test_changes_of_a_plan_reach_the_visits_it_has_planned(world: World, time: Time) -> None:
    plan = await planned(until="2026-06-30")
    more = {"title": "征集日", "place": "广场", "timeOfDay": "14:30", "until": "2026-04-22"}
    await done(CADRE, "changeInspectionPlan", inspectionPlan=plan, version=1, **more)
    [visit] = await visits()
    assert [visit[name] for name in ("title", "place", "timeOfDay", "version")] == [
        "征集日",
        "广场",
        "14:30",
        2,
    ]
    await time.tick_at("03-24 00:00")
    assert await days() == ["03-23 MISSED"]
    await done(CADRE, "changeInspectionPlan", inspectionPlan=plan, until="2026-05-31")
    assert await days() == ["03-23 MISSED", "04-23 PLANNED"]
    assert [(one["title"], one["version"]) for one in await visits()] == [("征集日", 3), ("征集日", 1)]
    early = {"inspectionPlan": plan, "until": "2026-04-22"}
    assert await why_not(CADRE, "changeInspectionPlan", early) == ["InvalidInput PLANNED_BEYOND until"]
    assert await told("InspectionPlan") == ["inspectionPlan.created", *["inspectionPlan.changed"] * 2]


async def test_when_a_plan_is_ended_what_it_planned_for_later_is_called_off(world: World, time: Time) -> None:
    plan = (await done(CADRE, "createInspectionPlan", **WEEKLY))["inspectionPlan"]["id"]
    assert await days() == [f"{day} PLANNED" for day in ("03-04", "03-11", "03-18", "03-25", "04-01")]
    await time.tick_at("03-11 10:00")
    ending = {"inspectionPlan": plan, "reason": "改为网格走访。"}
    await done(SECRETARY, "endInspectionPlan", **ending)
    assert await days() == ["03-04 MISSED", "03-11 PLANNED", *(
        f"{day} CANCELLED" for day in ("03-18", "03-25", "04-01", "04-08")
    )]  # fmt: skip
    assert {one["reason"] for one in await visits(state=["CANCELLED"])} == {"改为网格走访。"}
    assert await why_not(CADRE, "endInspectionPlan", ending) == ["WrongState PLAN_ENDED"]
    change = {"inspectionPlan": plan, "title": "新"}
    assert await why_not(CADRE, "changeInspectionPlan", change) == ["WrongState PLAN_ENDED"]
    await time.tick_at("03-31 00:00")
    assert len(await days()) == 6


async def test_a_visit_that_was_called_off_is_not_entered_again(world: World, time: Time) -> None:
    await planned()
    [visit] = await visits()
    await done(CADRE, "cancelInspection", inspection=visit["id"], reason="台风。")
    again = {"inspection": visit["id"], "reason": "台风。"}
    assert await why_not(CADRE, "cancelInspection", again) == ["WrongState WRONG_STATE"]
    assert await why_not(CADRE, "recordInspection", {"inspection": visit["id"]}) == ["WrongState WRONG_STATE"]
    await time.tick_at("03-24 00:00")
    assert await days() == ["03-23 CANCELLED", "04-23 PLANNED"]


async def test_a_retry_with_the_same_key_makes_one_plan(world: World) -> None:
    both = [await do(CADRE, "createInspectionPlan", COLLECTION | {"idempotencyKey": "one"}) for _ in range(2)]
    assert both[0] == both[1]
    assert len(await plans()) == len(await visits()) == 1


async def test_requests_are_collected_at_a_visit(world: World) -> None:
    await neighbours(world)
    visit = await single(kind="COLLECTION_DAY")
    given = {"channel": "COLLECTION_DAY", "inspection": visit}
    first = await Plea.made(world, CADRE, **given)
    await Plea.made(world, CADRE, **given | {"area": GRID})
    shown = """query($id: ID!) { inspection(id: $id) { requests { totalCount edges { node { id inspection { id } } } }
        availableActions { action reasonCode } } }"""
    found = (await ask(CADRE, shown, id=visit))["inspection"]
    edges = [edge["node"] for edge in found["requests"]["edges"]]
    assert (found["requests"]["totalCount"], edges[0]) == (2, {"id": first.id, "inspection": {"id": visit}})
    calling_off = {"inspection": visit, "reason": "下雨。"}
    assert await why_not(CADRE, "cancelInspection", calling_off) == ["WrongState INSPECTION_HAS_REQUESTS"]
    assert {"action": "cancel", "reasonCode": "INSPECTION_HAS_REQUESTS"} in found["availableActions"]
    event = await Event.filter(type="request.created").order_by("pos").first()
    assert event.payload["inspection"] == (await Inspection.get()).id


async def test_a_request_that_does_not_fit_the_visit_is_refused(world: World, time: Time) -> None:
    await neighbours(world)
    await world.hold(CADRE, "village_cadre", area=SHAPU)
    later = await single(day="2026-03-03")
    missed, cancelled = await single(), await single()
    await done(CADRE, "cancelInspection", inspection=cancelled, reason="下雨。")
    await time.tick_at("03-03 00:00")
    of_grid = await single(area=GRID, day="2026-03-03")
    elsewhere = await single(area=SHAPU, day="2026-03-03")
    tomorrow = await single(day="2026-03-04")
    new = NEW | {"channel": "INSPECTION"}
    before = await everything()
    for login, given, problems in [
        (CADRE, {"inspection": missed}, ["InvalidInput INSPECTION_NOT_HELD inspection"]),
        (CADRE, {"inspection": cancelled}, ["InvalidInput INSPECTION_NOT_HELD inspection"]),
        (CADRE, {"inspection": tomorrow}, ["InvalidInput INSPECTION_TOO_EARLY inspection"]),
        (CADRE, {"inspection": of_grid}, ["InvalidInput INSPECTION_ELSEWHERE inspection"]),
        (CADRE, {"inspection": elsewhere}, ["InvalidInput INSPECTION_ELSEWHERE inspection"]),
        (CADRE, {"inspection": later, "channel": "VISIT"}, ["InvalidInput CHANNEL_OF_ANOTHER_KIND channel"]),
        (
            CADRE,
            {"inspection": missed, "channel": "BOX", "text": ""},
            [
                "InvalidInput EMPTY text",
                "InvalidInput CHANNEL_OF_ANOTHER_KIND channel",
                "InvalidInput INSPECTION_NOT_HELD inspection",
            ],
        ),
        (RESIDENT, {"inspection": later}, ["NotFound NOT_FOUND inspection"]),
    ]:
        assert await why_not(login, "createRequest", new | given) == problems, given
    assert await everything() == before
    assert await why_not(CADRE, "createRequest", new | {"inspection": later}) == []


async def test_what_is_called_off_and_collected_at_once_is_one_of_both(world: World) -> None:
    for number in range(5):
        visit = await single(title=f"第{number}次")
        request = NEW | {"channel": "INSPECTION", "inspection": visit}
        await open_connections()
        answers = await gather(
            why_not(CADRE, "createRequest", request),
            why_not(SECRETARY, "cancelInspection", {"inspection": visit, "reason": "下雨。"}),
        )
        assert answers in (
            [[], ["WrongState INSPECTION_HAS_REQUESTS"]],
            [["InvalidInput INSPECTION_NOT_HELD inspection"], []],
        )


async def test_what_is_recorded_as_its_day_passes_is_done(world: World, time: Time) -> None:
    ids = [await single(title=f"第{number}处") for number in range(4)]
    time.pass_to("03-03 00:00")
    await open_connections()
    answers = await gather(*(why_not(CADRE, "recordInspection", {"inspection": id}) for id in ids), tick())
    assert answers[:4] == [[]] * 4
    assert [(one["state"], one["late"]) for one in await visits()] == [("DONE", True)] * 4


PLANNING = [
    ({"dayOfMonth": 0}, ["InvalidInput DAY_OF_MONTH_OUT_OF_RANGE dayOfMonth"]),
    ({"dayOfMonth": 32}, ["InvalidInput DAY_OF_MONTH_OUT_OF_RANGE dayOfMonth"]),
    ({"dayOfMonth": None, "weekday": 0}, ["InvalidInput WEEKDAY_OUT_OF_RANGE weekday"]),
    ({"dayOfMonth": None, "weekday": 8}, ["InvalidInput WEEKDAY_OUT_OF_RANGE weekday"]),
    ({"weekday": 1}, ["InvalidInput RECURRENCE_UNCLEAR weekday"]),
    ({"dayOfMonth": None}, ["InvalidInput RECURRENCE_UNCLEAR weekday"]),
    ({"every": 0}, ["InvalidInput EVERY_OUT_OF_RANGE every"]),
    ({"every": 13}, ["InvalidInput EVERY_OUT_OF_RANGE every"]),
    ({"from": "2026-03-01"}, ["InvalidInput VISIT_DAY_PAST from"]),
    ({"from": "9999-12-31"}, ["InvalidInput VISIT_DAY_TOO_FAR from"]),
    ({"until": "2026-03-01"}, ["InvalidInput UNTIL_BEFORE_FROM until"]),
    ({"until": "2036-03-04"}, ["InvalidInput VISIT_DAY_TOO_FAR until"]),
    ({"until": "9999-12-31"}, ["InvalidInput VISIT_DAY_TOO_FAR until"]),
    ({"until": "2026-03-22"}, ["InvalidInput PLAN_WITHOUT_DAYS until"]),
    ({"timeOfDay": "24:00"}, ["InvalidInput TIME_MALFORMED timeOfDay"]),
    ({"timeOfDay": "9:00"}, ["InvalidInput TIME_MALFORMED timeOfDay"]),
    ({"area": "440606106201"}, ["NotAllowed WRONG_PLACE"]),
    ({"area": "440606106"}, ["NotAllowed WRONG_PLACE"]),
    ({"area": "440606106999"}, ["NotFound NOT_FOUND area"]),
    (
        {"title": " ", "place": "长" * 201, "dayOfMonth": 32, "every": 0, "from": "2026-03-01"},
        [
            "InvalidInput EMPTY title",
            "InvalidInput TOO_LONG place",
            "InvalidInput VISIT_DAY_PAST from",
            "InvalidInput DAY_OF_MONTH_OUT_OF_RANGE dayOfMonth",
            "InvalidInput EVERY_OUT_OF_RANGE every",
        ],
    ),
]


async def test_a_plan_that_cannot_be_is_refused_and_changes_nothing(sqlite_world: World) -> None:
    await neighbours(sqlite_world)
    await sqlite_world.enter("tianhu.leader", TIANHU)
    await sqlite_world.hold("tianhu.leader", "grid_leader", area=GRID)
    plan, visit = await planned(), await single()
    await planned("tianhu.leader", area=GRID)
    of_plan: Answer = {"inspectionPlan": plan}
    ending = of_plan | {"reason": "停。"}

    def met(households: int) -> Answer:
        return {"inspection": visit, "households": households}

    before = await everything()
    for given, problems in PLANNING:
        assert await why_not(CADRE, "createInspectionPlan", COLLECTION | given) == problems, given
    for login, mutation, given, problems in [
        (WORKER, "createInspectionPlan", COLLECTION | {"area": GRID}, ["NotAllowed NO_RULE"]),
        (RESIDENT, "createInspectionPlan", COLLECTION, ["NotAllowed NO_RULE"]),
        ("tianhu.leader", "createInspectionPlan", COLLECTION, ["NotAllowed WRONG_PLACE"]),
        (CADRE, "planInspection", SINGLE | {"day": "2026-03-01"}, ["InvalidInput VISIT_DAY_PAST day"]),
        (CADRE, "planInspection", SINGLE | {"day": "2027-03-04"}, ["InvalidInput VISIT_DAY_TOO_FAR day"]),
        (CADRE, "planInspection", SINGLE | {"title": ""}, ["InvalidInput EMPTY title"]),
        (CADRE, "changeInspectionPlan", {"inspectionPlan": plan}, ["InvalidInput NOTHING_GIVEN"]),
        (
            CADRE,
            "changeInspectionPlan",
            {"inspectionPlan": plan, "until": "2026-03-01", "title": ""},
            ["InvalidInput EMPTY title", "InvalidInput UNTIL_BEFORE_FROM until"],
        ),
        (CADRE, "changeInspectionPlan", of_plan | {"until": "2026-03-05"}, ["InvalidInput PLANNED_BEYOND until"]),
        (CADRE, "changeInspectionPlan", of_plan | {"title": "新", "version": 9}, ["Conflict VERSION_CHANGED"]),
        (CADRE, "endInspectionPlan", of_plan | {"reason": ""}, ["InvalidInput EMPTY reason"]),
        (CADRE, "cancelInspection", {"inspection": visit, "reason": ""}, ["InvalidInput EMPTY reason"]),
        (CADRE, "recordInspection", met(-1), ["InvalidInput HOUSEHOLDS_OUT_OF_RANGE households"]),
        (CADRE, "recordInspection", met(100_001), ["InvalidInput HOUSEHOLDS_OUT_OF_RANGE households"]),
        ("shapu.secretary", "endInspectionPlan", ending, ["NotFound NOT_FOUND inspectionPlan"]),
        ("shapu.secretary", "recordInspection", {"inspection": visit}, ["NotFound NOT_FOUND inspection"]),
        ("junan.observer", "endInspectionPlan", ending, ["NotAllowed NO_RULE"]),
        ("junan.observer", "recordInspection", {"inspection": visit}, ["NotAllowed NO_RULE"]),
    ]:  # fmt: skip
        assert await why_not(login, mutation, given) == problems, (login, mutation, given)
    assert await everything() == before


async def test_a_closed_area_and_a_town_have_no_visits(sqlite_world: World) -> None:
    world = sqlite_world
    await world.hold(CADRE, "village_cadre", area=SHAPU)
    town = world.areas["440606106"]
    grant = world.grant(SECRETARY, "village_secretary", area="440606106")
    grant.level, grant.path = "VILLAGE", town.path
    await grant.save(force_create=True)
    world.areas[SHAPU].valid_to = datetime(2026, 2, 1).date()
    await world.areas[SHAPU].save(update_fields=["valid_to"])
    closed = COLLECTION | {"area": SHAPU}
    assert await why_not(CADRE, "createInspectionPlan", closed) == ["InvalidInput AREA_CLOSED area"]
    level = COLLECTION | {"area": "440606106"}
    assert await why_not(SECRETARY, "createInspectionPlan", level) == ["InvalidInput INSPECTION_LEVEL area"]


async def test_visits_are_read_by_the_place_and_by_those_who_look_on(world: World) -> None:
    await neighbours(world)
    await planned()
    await single(area=GRID)
    numbers = {
        CADRE: (2, 1), SECRETARY: (2, 1), WORKER: (1, 0), EYE: (2, 1), "junan.observer": (2, 1),
        RESIDENT: (0, 0), VOLUNTEER: (0, 0), NEIGHBOUR: (0, 0), "shapu.secretary": (0, 0), "zr.head": (0, 0),
    }  # fmt: skip
    assert {login: (len(await visits(login)), len(await plans(login))) for login in numbers} == numbers
    events = '{ events(types: ["inspection.planned"]) { edges { node { type } } } }'
    for login, number in ((CADRE, 2), (WORKER, 1), (RESIDENT, 0)):
        assert len((await ask(login, events))["events"]["edges"]) == number


async def test_lists_are_narrowed(world: World) -> None:
    await planned()
    await done(CADRE, "createInspectionPlan", **WEEKLY)
    patrol = await single(area=GRID)
    await done(CADRE, "recordInspection", inspection=patrol)
    assert len(await visits(area=GRID)) == 1 and len(await visits(area="440606104")) == 0
    assert await days(kind=["PATROL", "COLLECTION_DAY"]) == ["03-02 DONE", "03-23 PLANNED"]
    assert await days(state=["DONE"]) == ["03-02 DONE"]
    assert await days(dueFrom="2026-03-18", dueTo="2026-03-23") == ["03-18 PLANNED", "03-23 PLANNED"]
    assert [one["title"] for one in await plans(kind=["HOME_VISIT"])] == ["每周入户问需"]
    assert await plans(state=["ENDED"]) == [] == await plans(area=GRID)


FIGURES = """query($code: AreaCode!, $from: Date!, $to: Date!) { area(code: $code) {
    inspectionFigures(from: $from, to: $to) { total { ...all } byKind { kind ...all } asOf } } }
    fragment all on InspectionCounts { planned held late missed cancelled holdingRate households requests }"""


async def figures(code: str = "440606", since: str = "2026-03-01", to: str = "2026-03-31") -> Answer:
    found = await ask(EYE, FIGURES, code=code, **{"from": since, "to": to})
    told: Answer = found["area"]["inspectionFigures"]
    return told


async def test_the_figures_tell_what_was_held_and_collected(world: World, time: Time) -> None:
    assert (await figures())["byKind"] == []
    await planned()
    await done(CADRE, "createInspectionPlan", **WEEKLY)
    home = await single(kind="HOME_VISIT")
    await Plea.made(world, CADRE, channel="VISIT", inspection=home)
    await done(CADRE, "recordInspection", inspection=home, households=8)
    await time.tick_at("03-12 09:00")
    [late] = await visits(dueFrom="2026-03-11", dueTo="2026-03-11")
    await done(CADRE, "recordInspection", inspection=late["id"], households=5)
    [off] = await visits(dueFrom="2026-03-25", dueTo="2026-03-25")
    await done(CADRE, "cancelInspection", inspection=off["id"], reason="下雨。")
    whole = await figures()
    empty = {"late": 0, "missed": 0, "cancelled": 0, "households": 0, "requests": 0}
    day = {"planned": 1, "held": 0, "holdingRate": None} | empty
    homes = {"planned": 4, "held": 2, "late": 1, "missed": 1, "cancelled": 1, "holdingRate": 2 / 3}
    homes |= {"households": 13, "requests": 1}
    assert whole["byKind"] == [{"kind": "COLLECTION_DAY"} | day, {"kind": "HOME_VISIT"} | homes]
    assert whole["total"] == homes | {"planned": 5}
    assert (await figures(since="2026-03-03", to="2026-03-04"))["total"] == day | {
        "missed": 1,
        "holdingRate": 0.0,
    }
    assert (await figures("440606104"))["total"] == day | {"planned": 0}


async def test_the_ledger_is_narrowed_as_the_list(world: World) -> None:
    await planned()
    for ledger, filter in [
        ("INSPECTIONS", {"inspections": {"kind": ["COLLECTION_DAY"], "dueFrom": "2026-03-23"}}),
        ("INSPECTION_PLANS", {"inspectionPlans": {"state": ["ACTIVE"]}}),
    ]:
        given = {"ledger": ledger, "format": "CSV", "area": TIANHU, "filter": filter}
        await done(CADRE, "exportLedger", **given)


async def test_a_day_is_over_when_it_is_over_in_shanghai(world: World, time: Time) -> None:
    visit = await single()
    time.pass_to("03-02 23:59")
    assert clock.now().date().isoformat() == "2026-03-02"
    await done(CADRE, "recordInspection", inspection=visit)
    assert [one["late"] for one in await visits()] == [False]
