"""What an area decides for itself: what counts where and who decided it, who may, and from when on it counts."""

from datetime import date, datetime

import pytest
from api import Answer, ask, do, refused, why_not
from matter import EYE, Matter
from world import Time, World, everything

from actions.calendars import calendar_for
from actions.held import Limited
from actions.limits import DEFAULTS, limit_for
from actions.settings_of_area import settings_for
from actions.tick import tick
from models import (
    AreaSettings,
    AuditEntry,
    CalendarDay,
    ClockKind,
    Event,
    SlaPolicy,
    SummonsCategory,
    Tier,
)
from models.generations import generations
from models.kept import hear

pytest_plugins = ["monday"]

DISTRICT, TOWN, VILLAGE, NEIGHBOUR = "440606", "440606106", "440606106004", "440606104"
ORG, COORDINATOR, SECRETARY = "shunde.org", "junan.coordinator", "tianhu.secretary"
SETTINGS = """query($area: AreaCode!) { area(code: $area) { version settings {
    requireTownGate requireTownGateBy { code } followUpCategories followUpCategoriesBy { code }
    followUpShare followUpShareBy { code } followUpShares { category share } followUpSharesBy { code }
    passScore passScoreBy { code } } } }"""
LIMITS = """query($area: AreaCode!, $category: SummonsCategory) { area(code: $area) { limits(category: $category) {
    clock tier category amount timeUnit source decidedBy { code } } } }"""
CALENDAR = """query($area: AreaCode!, $from: Date!, $to: Date!) { calendar(area: $area, from: $from, to: $to) {
    day kind name decidedBy { code } } }"""


async def settings(area: str, login: str = SECRETARY) -> dict[str, tuple[object, str | None]]:
    """Each setting as it counts there, and the code of who decided it."""
    told = (await ask(login, SETTINGS, area=area))["area"]["settings"]
    names = [name for name in told if not name.endswith("By")]
    return {name: (told[name], (told[f"{name}By"] or {}).get("code")) for name in names}


async def done(login: str, mutation: str, **given: object) -> Answer:
    payload = await do(login, mutation, given)
    assert payload["problems"] == [], payload["problems"]
    return payload


async def test_the_nearest_decision_counts_and_who_made_it_is_told(world: World) -> None:
    assert await settings(VILLAGE) == {
        "requireTownGate": (False, None),
        "followUpCategories": ([], None),
        "followUpShare": (0, None),
        "followUpShares": ([], None),
        "passScore": (60, None),
    }
    await done(ORG, "changeAreaSettings", area=DISTRICT, passScore=70, followUpCategories=["ECONOMY"])
    shares = [{"category": "ECONOMY", "share": 0.5}, {"category": "LIVELIHOOD", "share": 0}]
    await done(
        COORDINATOR,
        "changeAreaSettings",
        area=TOWN,
        passScore=75,
        followUpShares=shares,
        requireTownGate=True,
    )
    assert await settings(VILLAGE) == {
        "requireTownGate": (True, TOWN),
        "followUpCategories": (["ECONOMY"], DISTRICT),
        "followUpShare": (0, None),
        "followUpShares": (shares, TOWN),
        "passScore": (75, TOWN),
    }
    assert (await settings(NEIGHBOUR))["passScore"] == (70, DISTRICT)
    change = {"area": TOWN, "inherit": ["PASS_SCORE"], "followUpCategories": []}
    await done(COORDINATOR, "changeAreaSettings", **change)
    counting = await settings(VILLAGE)
    assert (counting["passScore"], counting["followUpCategories"]) == ((70, DISTRICT), ([], TOWN))
    known = await settings_for(world.areas[VILLAGE].path)
    assert (known.pass_score, known.followup_categories, known.require_town_gate) == (70, frozenset(), True)


async def test_a_decision_is_an_event_of_the_area_and_audited_with_before_and_after(world: World) -> None:
    first = await done(ORG, "changeAreaSettings", area=DISTRICT, passScore=70, note="区委研究。")
    assert first["event"]["type"] == "area.settingsChanged"
    given = {
        "area": DISTRICT,
        "clock": "GATE",
        "amount": 2,
        "timeUnit": "WORKDAY",
        "source": "顺组通〔2026〕1号",
    }
    await done(ORG, "setLimit", **given)
    await done(ORG, "setLimit", **given | {"amount": 1.5})
    await done(ORG, "endLimit", area=DISTRICT, clock="GATE")
    await done(
        ORG,
        "setCalendarDays",
        area=DISTRICT,
        calendar=[{"day": "2026-03-18", "kind": "REST", "name": "龙舟赛"}],
    )
    await done(ORG, "changeAreaSettings", area=DISTRICT, passScore=65, followUpShare=0.25)
    told = await Event.filter(aggregate="Area").order_by("pos")
    assert [(one.version, one.type, one.aggregate_id, one.note) for one in told] == [
        (1, "area.settingsChanged", DISTRICT, "区委研究。"),
        (2, "area.limitSet", DISTRICT, None),
        (3, "area.limitSet", DISTRICT, None),
        (4, "area.limitEnded", DISTRICT, None),
        (5, "area.calendarSet", DISTRICT, None),
        (6, "area.settingsChanged", DISTRICT, None),
    ]
    entries = await AuditEntry.filter(kind="Area").order_by("seq")
    assert [(one.type, one.action, one.before, one.after) for one in entries] == [
        ("area", "configure", {}, {"pass_score": 70}),
        ("sla_policy", "manage", {}, {"GATE amount": 2, "GATE unit": "WORKDAY", "GATE source": "顺组通〔2026〕1号"}),
        ("sla_policy", "manage", {"GATE amount": 2}, {"GATE amount": 1.5}),
        ("sla_policy", "manage", {"GATE amount": 1.5, "GATE unit": "WORKDAY", "GATE source": "顺组通〔2026〕1号"},
         {"GATE amount": None, "GATE unit": None, "GATE source": None}),
        ("calendar", "manage", {}, {"2026-03-18": "REST 龙舟赛"}),
        ("area", "configure", {"pass_score": 70}, {"pass_score": 65, "followup_share": 0.25}),
    ]  # fmt: skip
    assert (await ask(SECRETARY, SETTINGS, area=DISTRICT))["area"]["version"] == 6
    stale = {"area": DISTRICT, "passScore": 1, "version": 5}
    assert await why_not(ORG, "changeAreaSettings", stale) == ["Conflict VERSION_CHANGED"]
    assert await why_not(ORG, "changeAreaSettings", stale | {"version": 6}) == []


async def limits(area: str, category: str | None = None) -> dict[tuple[str, str], tuple[object, ...]]:
    told = (await ask(SECRETARY, LIMITS, area=area, category=category))["area"]["limits"]
    return {
        (one["clock"], one["tier"]): (one["amount"], one["timeUnit"], (one["decidedBy"] or {}).get("code"))
        for one in told
    }


async def some_limits() -> None:
    """Of several areas, for some tiers and categories or all."""
    for login, given in (
        (ORG, {"area": DISTRICT, "clock": "RESOLVE", "amount": 8}),
        (ORG, {"area": DISTRICT, "clock": "RESOLVE", "tier": "KEY", "amount": 6}),
        (COORDINATOR, {"area": TOWN, "clock": "RESOLVE", "category": "ECONOMY", "amount": 5}),
        (COORDINATOR, {"area": TOWN, "clock": "REVIEW", "amount": 2}),
        (ORG, {"area": VILLAGE, "clock": "RESOLVE", "tier": "KEY", "category": "ECONOMY", "amount": 4}),
        (ORG, {"area": NEIGHBOUR, "clock": "REVIEW", "amount": 1}),
    ):
        await done(login, "setLimit", **given | {"timeUnit": "WORKDAY"})


def tiers_of(kind: str) -> list[str | None]:
    """Requests, work orders and publications have none."""
    without = ("ORDER_", "TRIAGE", "ANSWER", "FEEDBACK", "REQUEST_", "OBJECTION")
    return [None] if kind.startswith(without) else list(Tier)


async def test_limits_are_told_as_they_count_for_every_clock_tier_and_category(world: World) -> None:
    await some_limits()
    kinds, checked = {kind for kind, _ in DEFAULTS}, 0
    for area in (DISTRICT, TOWN, VILLAGE, NEIGHBOUR):
        for category in SummonsCategory:
            told = await limits(area, category)
            assert told.keys() == {(kind, tier) for kind in kinds for tier in tiers_of(kind)}
            for (kind, tier), (amount, unit, _) in told.items():
                path = world.areas[area].path
                matter = Limited(path, category, Tier(tier)) if tier else Limited(path)
                span = await limit_for(matter, ClockKind(kind))
                assert (float(span.amount), span.unit) == (amount, unit), (area, kind, tier, category)
                checked += 1
    assert checked == 4 * 5 * sum(len(tiers_of(kind)) for kind in kinds)


async def test_who_decided_a_limit_is_told(world: World) -> None:
    await some_limits()
    economy, plain = await limits(VILLAGE, "ECONOMY"), await limits(VILLAGE)
    assert economy["RESOLVE", "KEY"] == (4, "WORKDAY", VILLAGE)
    assert economy["RESOLVE", "NORMAL"] == (5, "WORKDAY", TOWN)
    assert plain["RESOLVE", "KEY"] == (6, "WORKDAY", DISTRICT)
    assert plain["RESOLVE", "NORMAL"] == (8, "WORKDAY", DISTRICT)
    assert plain["REVIEW", "NORMAL"] == (2, "WORKDAY", TOWN)
    assert plain["EVALUATE", "NORMAL"] == (5, "WORKDAY", None)
    await done(COORDINATOR, "endLimit", area=TOWN, clock="RESOLVE", category="ECONOMY")
    assert (await limits(VILLAGE, "ECONOMY"))["RESOLVE", "NORMAL"] == (8, "WORKDAY", DISTRICT)


async def test_a_running_clock_keeps_its_limit_and_the_next_one_takes_the_new(world: World) -> None:
    running = await Matter.issued(world, "zr")
    assert await running.due("zr") == "03-03 09:00"
    two_days = {"area": TOWN, "clock": "ACCEPT", "amount": 2, "timeUnit": "WORKDAY"}
    await done(COORDINATOR, "setLimit", **two_days)
    assert await running.due("zr") == "03-03 09:00"
    assert await (await Matter.issued(world, "zr")).due("zr") == "03-04 09:00"
    await done(ORG, "setCalendarDays", area=TOWN, calendar=[{"day": "2026-03-03", "kind": "REST"}])
    assert await running.due("zr") == "03-03 09:00"
    assert await (await Matter.issued(world, "zr")).due("zr") == "03-05 09:00"
    await done(COORDINATOR, "endLimit", area=TOWN, clock="ACCEPT")
    assert await (await Matter.issued(world, "zr")).due("zr") == "03-04 09:00"
    assert await running.due("zr") == "03-03 09:00"


async def test_the_gate_and_the_pass_mark_count_at_once(world: World) -> None:
    matter = await (await Matter.drafted(world, "zr")).bring("PENDING_REVIEW")
    await done(COORDINATOR, "changeAreaSettings", area=TOWN, requireTownGate=True, passScore=95)
    assert await matter.why_not(SECRETARY, "issueSummons") == "WrongState GATE_REQUIRED"
    await done(COORDINATOR, "changeAreaSettings", area=TOWN, inherit=["REQUIRE_TOWN_GATE"])
    await matter.bring("ISSUED")
    await matter.bring("RESOLVED", "zr")
    scores = [{"dimension": name, "score": 90} for name in ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")]
    assert (
        await matter.why_not(SECRETARY, "evaluateTask", "zr", scores=scores)
        == "InvalidInput COMMENT_MISSING comment"
    )
    await matter.done(SECRETARY, "evaluateTask", "zr", scores=scores, comment="尚可。")
    assert await matter.state() == "AWAITING_FOLLOWUP"


async def test_what_another_process_decided_counts_with_the_next_request_or_tick(
    world: World, time: Time
) -> None:
    """Another process leaves nothing but rows: as here, where no action tells this one of them."""
    path = world.areas[VILLAGE].path
    assert (await settings_for(path)).pass_score == 60
    await SlaPolicy.create(area_id=TOWN, clock="ACCEPT", amount=3, unit="WORKDAY")
    await AreaSettings.create(area_id=TOWN, pass_score=80)
    await CalendarDay.create(id="x", area_id=TOWN, day=date(2026, 3, 3), kind="REST")
    assert await (await Matter.issued(world, "zr")).due("zr") == "03-06 09:00"
    assert (await settings_for(path)).pass_score == 80
    await AreaSettings.filter(area_id=TOWN).update(pass_score=85)
    await CalendarDay.filter(area_id=TOWN).delete()
    await tick()
    assert (await settings_for(path)).pass_score == 85
    assert (await calendar_for(path)).is_workday(date(2026, 3, 3))
    await AreaSettings.filter(area_id=TOWN).delete()
    hear(await generations())
    assert (await settings_for(path)).pass_score == 60


async def days(area: str, first: str, last: str) -> list[tuple[str, str, str, str | None]]:
    told = (await ask(SECRETARY, CALENDAR, **{"area": area, "from": first, "to": last}))["calendar"]
    return [(one["day"], one["kind"], one["name"], (one["decidedBy"] or {}).get("code")) for one in told]


async def test_the_calendar_tells_days_out_of_the_ordinary_and_who_decided_them(world: World) -> None:
    festival = ("2026-10-01", "REST", "国庆节", None)
    assert (await days(VILLAGE, "2026-10-01", "2026-10-01")) == [festival]
    await done(ORG, "setCalendarDays", area=TOWN, calendar=[
        {"day": "2026-10-01", "kind": "WORK", "name": "防汛"}, {"day": "2026-10-14", "kind": "REST"},
    ])  # fmt: skip
    await done(
        ORG, "setCalendarDays", area=VILLAGE, calendar=[{"day": "2026-10-14", "kind": "WORK", "name": "调休"}]
    )
    assert await days(TOWN, "2026-10-01", "2026-10-01") == [("2026-10-01", "WORK", "防汛", TOWN)]
    assert await days(VILLAGE, "2026-10-14", "2026-10-14") == [("2026-10-14", "WORK", "调休", VILLAGE)]
    assert await days(NEIGHBOUR, "2026-10-01", "2026-10-01") == [festival]
    assert not (await calendar_for(world.areas[TOWN].path)).is_workday(date(2026, 10, 14))
    await done(
        ORG,
        "setCalendarDays",
        area=TOWN,
        calendar=[{"day": "2026-10-01"}, {"day": "2026-10-14", "kind": "WORK"}],
    )
    assert await days(TOWN, "2026-10-01", "2026-10-14") == await days(
        DISTRICT, "2026-10-01", "2026-10-13"
    ) + [("2026-10-14", "WORK", "", TOWN)]
    year = await days(VILLAGE, "2026-01-01", "2027-01-01")
    assert year == sorted(year) and len(year) > 20


async def test_a_period_of_the_calendar_is_bounded(sqlite_world: World) -> None:
    for first, last, code in (
        ("2026-02-01", "2026-01-31", "PERIOD_UPSIDE_DOWN"),
        ("2026-01-01", "2027-01-02", "PERIOD_TOO_LONG"),
    ):
        asked = {"area": TOWN, "from": first, "to": last}
        assert await refused(SECRETARY, CALENDAR, **asked) == [f"BAD_USER_INPUT {code} to"]
    assert (
        await ask(SECRETARY, CALENDAR, **{"area": "449999", "from": "2026-01-01", "to": "2026-01-02"})
    ) == {"calendar": None}


FRIDAY = datetime.fromisoformat("2026-03-06T16:00:00+08:00")
SET, END, CHANGE, DAYS = "setLimit", "endLimit", "changeAreaSettings", "setCalendarDays"
LIMIT = {"area": TOWN, "clock": "RESOLVE", "amount": 5, "timeUnit": "WORKDAY"}
A_DAY = {"area": TOWN, "calendar": [{"day": "2026-03-18", "kind": "REST"}]}
HALF = {"category": "ECONOMY", "share": 0.5}
REFUSED = [
    (COORDINATOR, SET, LIMIT | {"amount": -1}, ["InvalidInput AMOUNT_RANGE amount"]),
    (COORDINATOR, SET, LIMIT | {"amount": 0}, ["InvalidInput AMOUNT_RANGE amount"]),
    (COORDINATOR, SET, LIMIT | {"amount": 1000.5, "source": "长" * 81},
     ["InvalidInput AMOUNT_RANGE amount", "InvalidInput TOO_LONG source"]),
    (COORDINATOR, SET, LIMIT | {"clock": "HOLD"}, ["InvalidInput CLOCK_WITHOUT_LIMIT clock"]),
    (COORDINATOR, SET, LIMIT | {"clock": "TRIAGE", "tier": "KEY", "category": "ECONOMY"},
     ["InvalidInput LIMIT_OF_REQUESTS tier", "InvalidInput LIMIT_OF_REQUESTS category"]),
    (COORDINATOR, SET, LIMIT | {"clock": "LUNCH"}, ["GRAPHQL_VALIDATION_FAILED"]),
    (COORDINATOR, SET, LIMIT | {"area": "449999"}, ["NotFound NOT_FOUND area"]),
    (COORDINATOR, SET, LIMIT | {"area": NEIGHBOUR}, ["NotAllowed WRONG_PLACE"]),
    (COORDINATOR, SET, LIMIT | {"area": VILLAGE}, ["NotAllowed WRONG_PLACE"]),
    (SECRETARY, SET, LIMIT | {"area": VILLAGE}, ["NotAllowed NO_RULE"]),
    ("shunde.leader", SET, LIMIT, ["NotAllowed NO_RULE"]),
    (COORDINATOR, END, {"area": TOWN, "clock": "RESOLVE"}, ["InvalidInput NO_LIMIT_HERE clock"]),
    (COORDINATOR, CHANGE, {"area": TOWN}, ["InvalidInput NOTHING_GIVEN"]),
    (COORDINATOR, CHANGE, {"area": TOWN, "followUpShare": 1.01, "passScore": 101},
     ["InvalidInput SHARE_RANGE followUpShare", "InvalidInput SCORE_RANGE passScore"]),
    (COORDINATOR, CHANGE, {"area": TOWN, "followUpShare": -0.01}, ["InvalidInput SHARE_RANGE followUpShare"]),
    (COORDINATOR, CHANGE, {"area": TOWN, "followUpShares": [HALF, HALF | {"share": 2}]},
     ["InvalidInput CATEGORY_TWICE followUpShares/1/category", "InvalidInput SHARE_RANGE followUpShares/1/share"]),
    (COORDINATOR, CHANGE, {"area": TOWN, "followUpCategories": ["ECONOMY", "ECONOMY"]},
     ["InvalidInput CATEGORY_TWICE followUpCategories/1"]),
    (COORDINATOR, CHANGE, {"area": TOWN, "passScore": 70, "inherit": ["PASS_SCORE"]},
     ["InvalidInput GIVEN_AND_INHERITED inherit/0"]),
    (SECRETARY, CHANGE, {"area": VILLAGE, "requireTownGate": False}, ["NotAllowed NO_RULE"]),
    (COORDINATOR, CHANGE, {"area": VILLAGE, "passScore": 70}, ["NotAllowed WRONG_PLACE"]),
    (ORG, DAYS, {"area": TOWN, "calendar": []}, ["InvalidInput NOTHING_GIVEN calendar"]),
    (ORG, DAYS, {"area": TOWN, "calendar": [{"day": "2026-03-18"}, {"day": "2026-03-18", "kind": "WORK"}]},
     ["InvalidInput DAY_TWICE calendar/1/day"]),
    (ORG, DAYS, {"area": TOWN, "calendar": [{"day": "1999-12-31"}]}, ["InvalidInput DAY_OUT_OF_RANGE calendar/0/day"]),
    (ORG, DAYS, {"area": TOWN, "calendar": [{"day": "2026-02-30"}]}, ["BAD_USER_INPUT"]),
    (COORDINATOR, DAYS, A_DAY, ["NotAllowed NO_RULE"]),
]  # fmt: skip


async def test_what_cannot_be_decided_is_refused_and_changes_nothing(sqlite_world: World) -> None:
    before = await everything()
    for login, mutation, given, problems in REFUSED:
        assert await why_not(login, mutation, given) == problems, (login, mutation, given)
    assert await everything() == before


async def test_who_may_read_what_was_decided(sqlite_world: World) -> None:
    """Whoever is held to it: every member, in every place."""
    for login in ("tianhu.resident", "zr.member", "longjiang.coordinator", EYE):
        assert await limits_seen(login) == sum(len(tiers_of(kind)) for kind in {kind for kind, _ in DEFAULTS})
        assert (await settings(TOWN, login))["passScore"] == (60, None)


async def limits_seen(login: str) -> int:
    return len((await ask(login, LIMITS, area=TOWN))["area"]["limits"])


@pytest.mark.parametrize("time", [FRIDAY], indirect=True)
async def test_a_make_up_workday_counts_for_clocks_that_start_after_it_was_decided(world: World) -> None:
    """Friday at four, and one working day to accept: on Monday at four, or on the Saturday that is worked."""
    assert await (await Matter.issued(world, "zr")).due("zr") == "03-09 16:00"
    await done(ORG, "setCalendarDays", area=DISTRICT, calendar=[{"day": "2026-03-07", "kind": "WORK"}])
    assert await (await Matter.issued(world, "zr")).due("zr") == "03-07 16:00"
