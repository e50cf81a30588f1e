"""The demo: the published figures, the people who can sign in, and stories that end."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from api import ask, do
from conftest import DEMO_DAY as TODAY
from test_board import BOARD

import baodao  # noqa: F401  (puts the folders on the path)
from actions.tick import tick
from baodao.database import database, inline
from baodao.demo import EARLIEST_TODAY, FOUNDED, fresh_stories, load, old_stories, set_stage, silence
from baodao.demo.agenda import moments, play_all
from models import (
    Event,
    FollowUpState,
    Honour,
    Member,
    Notice,
    Party,
    SlaClock,
    Standing,
    Summons,
    SummonsState,
    TaskScore,
    TaskState,
    Unit,
    clock,
)
from models.clock import SHANGHAI
from policies.rules import packaged, put_in_force
from resolvers.ids import global_id

PERIOD = "2022-07-31 16:00:00+00:00", "2023-03-02 16:00:00+00:00"
"""From 2022-08-01 to the end of 2023-03-02 in Shanghai, as SQLite keeps it."""
FRESH = "2026-01-01"

FIGURES = """
SELECT count(*) AS issued,
       sum(st.resolved OR st.limit_at <= :end) AS due,
       sum(st.resolved) AS resolved
FROM summons s LEFT JOIN standing st ON st.summons_id = s.id AND st.since < :end AND coalesce(st.until >= :end, 1)
WHERE s.path LIKE :path || '%' AND s.issued_at >= :start AND s.issued_at < :end
"""
SHUNDE = "44.4406.440606."
TOWNS = [f"440606{town}" for town in ("003", "004", "005", "006", "101", "102", "103", "104", "105", "106")]


@pytest.fixture(scope="module")
def demo(loaded: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{loaded}?mode=ro", uri=True)
    yield connection
    connection.close()


def figures(demo: sqlite3.Connection, path: str) -> tuple[int, int, int]:
    start, end = PERIOD
    found: tuple[int, int, int] = demo.execute(FIGURES, {"path": path, "start": start, "end": end}).fetchone()
    return found


def column(demo: sqlite3.Connection, query: str, *values: str) -> list[str]:
    return [row[0] for row in demo.execute(query, values)]


def test_the_published_figures_come_out_exactly(demo: sqlite3.Connection) -> None:
    assert figures(demo, SHUNDE) == (764, 720, 684)


def test_the_ten_towns_add_up_to_the_district(demo: sqlite3.Connection) -> None:
    towns = [figures(demo, f"{SHUNDE}{town}.") for town in TOWNS]
    assert all(issued > 0 for issued, _, _ in towns)
    assert tuple(map(sum, zip(*towns, strict=True))) == (764, 720, 684)


def test_the_tallies_are_what_counting_gives(demo: sqlite3.Connection) -> None:
    counted = demo.execute("SELECT path, state, count(*) FROM summons GROUP BY path, state").fetchall()
    tallied = demo.execute("SELECT path, state, number FROM tally WHERE number <> 0").fetchall()
    assert sorted(tallied) == sorted(counted)
    assert len(counted) > 206


def test_lunjiao_solved_whatever_was_due(demo: sqlite3.Connection) -> None:
    _, due, resolved = figures(demo, f"{SHUNDE}440606003.")
    assert due == resolved > 0


def test_tianhu_summoned_nine_units_in_thirteen_matters(demo: sqlite3.Connection) -> None:
    of_tianhu = (
        "FROM summons s JOIN task t ON t.summons_id = s.id WHERE issuer_id = '440606106004' AND issued_at < ?"
    )
    counted = demo.execute(f"SELECT count(DISTINCT s.id), count(DISTINCT unit_id) {of_tianhu}", (PERIOD[1],))
    assert counted.fetchone() == (13, 9)


def test_every_village_of_the_district_issued_at_least_one_summons(demo: sqlite3.Connection) -> None:
    issued = "SELECT issuer_id FROM summons WHERE length(issuer_id) = 12 AND path LIKE ? AND issued_at < ?"
    numbers = Counter(column(demo, issued, f"{SHUNDE}%", PERIOD[1]))
    assert len(numbers) == 206
    assert sum(numbers.values()) / 206 == pytest.approx(3.7, abs=0.05)
    assert max(numbers.values()) == numbers["440606106004"]


def test_whoever_was_overdue_had_come_but_not_settled(demo: sqlite3.Connection) -> None:
    overdue = """
    SELECT count(DISTINCT st.summons_id) FROM standing st JOIN task t ON t.summons_id = st.summons_id
    JOIN attendance a ON a.task_id = t.id AND a.arrived_at < :end
    WHERE NOT st.resolved AND st.limit_at <= :end AND st.since < :end AND coalesce(st.until >= :end, 1)
    AND NOT EXISTS (SELECT 1 FROM event e WHERE e.task_id = t.id AND e.type = 'task.resolved' AND e.at < :end)
    """
    assert demo.execute(overdue, {"end": PERIOD[1]}).fetchone() == (36,)


@pytest.mark.parametrize(
    ("title", "units"),
    [
        ("天湖外村公园改造", {"自然资源局顺德分局均安管理所", "均安镇综合行政执法办"}),
        ("万安、麦朗美丽渔场建设", {"佛山市农业农村局"}),
        ("马宁村道路硬底化", {"顺德区交通运输局"}),
        ("容边快速路隔音屏加装", {"顺德区交通运输局", "顺德区属交通建设公司"}),
        ("连杜生菜会活动保障", {"勒流街道宣传文体旅游办公室", "勒流街道派出所"}),
        ("陈村地铁站电动车停放整治", {"陈村镇综合行政执法办", "佛山地铁三号线运营公司"}),
        ("兴乐老旧小区改造", {"乐从镇城建办", "兴乐小区物业服务中心"}),
        ("桥溪参访大道红砖墙整饰", {"龙江镇城建办"}),
    ],
)
def test_the_well_known_case_was_told(demo: sqlite3.Connection, title: str, units: set[str]) -> None:
    summoned = """SELECT u.name FROM summons s JOIN task t ON t.summons_id = s.id JOIN unit u ON u.id = t.unit_id
    WHERE s.title = ? AND s.state = 'ARCHIVED'"""
    assert set(column(demo, summoned, title)) == units


def test_events_count_the_versions_of_what_they_are_about_without_a_hole(demo: sqlite3.Connection) -> None:
    holes = """SELECT aggregate_id FROM event GROUP BY aggregate_id
    HAVING min(version) != 1 OR max(version) != count(*)"""
    assert column(demo, holes) == []
    stale = (
        "SELECT s.id FROM summons s WHERE version != (SELECT count(*) FROM event WHERE aggregate_id = s.id)"
    )
    assert column(demo, stale) == []


ROLES = """
tianhu.secretary        village_secretary             440606106004
tianhu.cadre            village_cadre                 440606106004
wanan.secretary         village_secretary             440606104219
mailang.secretary       village_secretary             440606104217
junan.leader            town_leader                   440606106
junan.coordinator       town_coordinator              440606106
longjiang.coordinator   town_coordinator              440606104
shunde.org              district_org_dept             440606
shunde.supervision      district_supervision          440606
shunde.leader           district_leader               440606
shunde.policy           policy_admin                  440606
shunde.auditor          discipline_auditor            440606
zr-junan.head           unit_head+responsible_member  U-ZR-JA
zr-junan.liaison        unit_liaison                  U-ZR-JA
zr-junan.member         responsible_member            U-ZR-JA
zf-junan.head           unit_head+responsible_member  U-ZF-JA
zf-junan.liaison        unit_liaison                  U-ZF-JA
zf-junan.member         responsible_member            U-ZF-JA
foshan-agri.head        unit_head+responsible_member  U-NY-FS
foshan-agri.liaison     unit_liaison                  U-NY-FS
foshan-agri.member      responsible_member            U-NY-FS
tianhu.resident         resident                      440606106004
junan.system            integration_client            440606106
junan.observer          observer                      440606106
"""


@pytest.mark.parametrize("line", ROLES.strip().splitlines())
def test_the_login_holds_its_roles_and_no_others(demo: sqlite3.Connection, line: str) -> None:
    login, roles, place = line.split()
    held = """SELECT g.role, coalesce(g.area_id, u.code) FROM member m JOIN role_grant g ON g.member_id = m.id
    LEFT JOIN unit u ON u.id = g.unit_id WHERE m.login = ?"""
    assert set(demo.execute(held, (login,))) == {(role, place) for role in roles.split("+")}


@pytest.mark.parametrize(
    ("login", "rank"), [("zr-junan.head", 3), ("zr-junan.liaison", 1), ("zf-junan.member", 1)]
)
def test_the_post_has_its_rank(demo: sqlite3.Connection, login: str, rank: int) -> None:
    ranks = "SELECT p.rank FROM post p JOIN member m ON m.id = p.member_id WHERE m.login = ?"
    assert column(demo, ranks, login) == [rank]


def test_a_stationed_agency_stands_under_its_bureau_and_in_its_town(demo: sqlite3.Connection) -> None:
    found = demo.execute(
        """SELECT u.kind, p.code, u.command_area_id, u.territory, u.line = p.line || u.id || '.'
        FROM unit u JOIN unit p ON p.id = u.parent_id WHERE u.code = 'U-ZR-JA'"""
    )
    place = f"{SHUNDE}440606106."
    assert found.fetchone() == ("STATIONED_AGENCY", "U-ZR-SD", "440606106", place, 1)


def test_old_matters_are_over(demo: sqlite3.Connection) -> None:
    states = set(column(demo, "SELECT state FROM summons WHERE created_at < ?", FRESH))
    assert states == {"ARCHIVED", "CANCELLED"}
    running = """SELECT id FROM sla_clock WHERE started_at < ?
    AND (stopped_at IS NULL AND kind != 'REQUEST_WINDOW' OR next_at IS NOT NULL)"""  # which only tells how long
    assert column(demo, running, FRESH) == []


def test_fresh_matters_are_in_every_state(demo: sqlite3.Connection) -> None:
    summonses = set(column(demo, "SELECT state FROM summons WHERE created_at > ?", FRESH))
    assert summonses == set(SummonsState) - {SummonsState.ARCHIVED}
    assert set(column(demo, "SELECT state FROM task WHERE created_at > ?", FRESH)) == set(TaskState)


def test_follow_ups_are_planned_with_a_visit_done_and_missed(demo: sqlite3.Connection) -> None:
    assert set(column(demo, "SELECT state FROM followup")) == set(FollowUpState)
    assert set(column(demo, "SELECT visitor_id IS NOT NULL FROM followup WHERE state = 'PLANNED'")) == {1}
    assert column(demo, "SELECT COUNT(*) FROM followup WHERE state = 'MISSED'") == column(
        demo, "SELECT COUNT(*) FROM summons WHERE followup_skipped"
    )


def test_visits_come_round_in_one_village_held_and_planned(demo: sqlite3.Connection) -> None:
    """Of the week of the Spring Festival, the home visit was held on the next working day."""
    told = demo.execute(
        "SELECT kind, due_day FROM inspection WHERE state = 'DONE' AND due_day > '2026-01-01' ORDER BY due_day"
    ).fetchall()
    assert told == [
        ("HOME_VISIT", "2026-02-11"),
        ("COLLECTION_DAY", "2026-02-23"),
        ("HOME_VISIT", "2026-02-24"),
        ("HOME_VISIT", "2026-02-25"),
    ]
    planned = "SELECT kind, count(*) FROM inspection WHERE state = 'PLANNED' GROUP BY kind ORDER BY kind"
    assert demo.execute(planned).fetchall() == [("COLLECTION_DAY", 1), ("HOME_VISIT", 5)]


async def test_nothing_is_left_for_the_timers_to_do(loaded: Path) -> None:
    with clock.at(TODAY):
        async with database(f"sqlite://{loaded}"):
            assert await tick() == 0


async def told(codes: list[str], start: str, end: str) -> dict[str, tuple[int, int, int]]:
    """What the API tells of each place, in that window."""
    fields = " ".join(
        f'a{code}: area(code: "{code}") {{ statistics(from: "{start}", to: "{end}") {{ issued due resolved }} }}'
        for code in codes
    )
    answer = await ask("shunde.org", f"{{ {fields} }}")
    return {name[1:]: tuple(found["statistics"].values()) for name, found in answer.items()}


async def test_the_api_tells_it_too_and_counts_what_is_issued_now(loaded: Path, tmp_path: Path) -> None:
    file = shutil.copy(loaded, tmp_path / "demo.db")
    put_in_force(packaged())
    async with database(f"sqlite://{file}"):
        with clock.at(TODAY):
            towns = await told(TOWNS, "2022-08-01", "2023-03-02")
            assert tuple(map(sum, zip(*towns.values(), strict=True))) == (764, 720, 684)
            today = clock.local_date(TODAY).isoformat()
            before = await told(["440606", "440606106", "440606106004"], today, today)
            await issue("tianhu")
            after = await told(["440606", "440606106", "440606106004"], today, today)
    assert {code: figures[0] - before[code][0] for code, figures in after.items()} == dict.fromkeys(before, 1)


METRICS = """query($by: MetricGrouping!) { area(code: "44") { orphans } district: area(code: "440606") { orphans }
    metrics(area: "440606", from: "2022-08-01", to: "2023-03-02", groupBy: $by) {
    definition { metric isShare } numerator denominator rate sourceRows(first: 1) { totalCount } } }"""


async def test_the_metrics_tell_it_by_their_definitions(loaded: Path, tmp_path: Path) -> None:
    """764 issued by 206 villages, 684 of 720 due: 95 %; and the towns add up to the district in every metric."""
    file = shutil.copy(loaded, tmp_path / "demo.db")
    put_in_force(packaged())
    async with database(f"sqlite://{file}"):
        with clock.at(TODAY):
            answer = await ask("shunde.org", METRICS, by="WHOLE")
            told = answer["metrics"]
            towns = (await ask("shunde.org", METRICS, by="AREA"))["metrics"]
    by_metric = {one["definition"]["metric"]: (one["numerator"], one["denominator"]) for one in told}
    assert (answer["area"]["orphans"], answer["district"]["orphans"]) == (None, 0)
    assert by_metric["CLOSING"] == (684, 720)
    assert by_metric["WHISTLE"] == (764, 206)
    assert [one["rate"] for one in told if one["definition"]["metric"] == "CLOSING"] == [0.95]
    added: dict[str, tuple[int, int]] = {}
    for one in towns:
        had = added.get(one["definition"]["metric"], (0, 0))
        added[one["definition"]["metric"]] = had[0] + one["numerator"], had[1] + one["denominator"]
    assert added == by_metric
    for one in told:
        rows = one["denominator"] + (0 if one["definition"]["isShare"] else one["numerator"])
        assert one["sourceRows"]["totalCount"] == rows > 0


SNAPSHOTS = (
    """{ metricSnapshots(area: "440606") { edges { node { id metric numerator denominator rate } } } }"""
)
CHECK = "query($id: ID!) { checkMetricSnapshot(id: $id) { holds numerator denominator } }"


async def test_the_published_figures_are_kept_and_hold(loaded: Path, tmp_path: Path) -> None:
    file = shutil.copy(loaded, tmp_path / "demo.db")
    put_in_force(packaged())
    async with database(f"sqlite://{file}"):
        with clock.at(TODAY):
            await issue("tianhu")
            edges = (await ask("junan.leader", SNAPSHOTS))["metricSnapshots"]["edges"]
            assert edges == []
            edges = (await ask("shunde.leader", SNAPSHOTS))["metricSnapshots"]["edges"]
            kept = {edge["node"].pop("metric"): edge["node"] for edge in edges}
            checks = {
                metric: (await ask("shunde.leader", CHECK, id=node["id"]))["checkMetricSnapshot"]
                for metric, node in kept.items()
            }
    assert {metric: (one["numerator"], one["denominator"]) for metric, one in kept.items()} == {
        "CLOSING": (684, 720),
        "WHISTLE": (764, 206),
    }
    assert kept["CLOSING"]["rate"] == 0.95
    assert checks == {
        metric: {"holds": True, "numerator": one["numerator"], "denominator": one["denominator"]}
        for metric, one in kept.items()
    }


LONGLI = """{ area(code: "522730001") { requestFigures(from: "2022-09-01", to: "2022-12-31") {
    received merged settled byClass { matterClass count } orders verified orderRate members } } }"""
MONTHS = ("2022-09-01", "2022-10-01", "2022-11-01", "2022-12-01")


@pytest.fixture
async def told_today(loaded: Path, tmp_path: Path) -> AsyncIterator[None]:
    """The demo is open, on its day."""
    put_in_force(packaged())
    async with database(f"sqlite://{shutil.copy(loaded, tmp_path / 'demo.db')}"):
        with clock.at(TODAY):
            yield


@pytest.mark.usefixtures("told_today")
async def test_longli_sorted_its_requests_and_solved_nine_tenths_of_its_orders() -> None:
    figures = (await ask("guanshan.coordinator", LONGLI))["area"]["requestFigures"]
    assert figures == {
        "received": 1360,
        "merged": 0,
        "settled": 1360,
        "byClass": [
            {"matterClass": "PUBLIC", "count": 87},
            {"matterClass": "COMMUNITY", "count": 578},
            {"matterClass": "FAMILY", "count": 695},
        ],
        "orders": 500,
        "verified": 450,
        "orderRate": 0.9,
        "members": 395,
    }


def test_longli_has_nine_communities_with_big_and_small_grids(demo: sqlite3.Connection) -> None:
    kinds = """SELECT kind, count(*), count(DISTINCT substr(code, 1, 12)) FROM area
    WHERE path LIKE '52.%' AND level = 'GRID' GROUP BY kind ORDER BY kind"""
    assert demo.execute(kinds).fetchall() == [("大网格", 56, 9), ("小网格", 172, 9)]


@pytest.mark.usefixtures("told_today")
async def test_longli_published_four_months_with_its_stars() -> None:
    """Whatever came in and was done is on the boards; the nine communities published two of the months as well."""
    town = [(await ask("tianhu.resident", BOARD, area="522730001", month=month))["board"] for month in MONTHS]
    assert [sum(one["edition"][what] for one in town) for what in ("requests", "orders", "flags")] == [
        1360,
        450,
        450,
    ]
    codes = [f"522730001{number:03d}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10)]
    own = [
        (await ask("tianhu.resident", BOARD, area=code, month=month))["board"]
        for code in codes
        for month in MONTHS[-2:]
    ]
    assert sum(one["edition"]["orders"] for one in own) == sum(one["edition"]["orders"] for one in town[-2:])
    assert [len(one["edition"]["stars"]) for one in (*town, *own)] == [3] * 22
    assert [one["objections"] for one in own] == [1] + [0] * 17
    stars = await Honour.all().distinct().values_list("member_id", flat=True)
    assert len(stars) > 40
    [by_hand] = await Honour.filter(publication_id=None)
    [praise] = await Notice.filter(kind="PRAISE")
    assert (by_hand.area_id, by_hand.month, praise.grid_id) == (codes[0], date(2022, 11, 1), codes[0])


COLLECTED = """{ area(code: "522730001") { inspectionFigures(from: "2022-09-01", to: "2022-12-31") {
    total { planned held late missed cancelled requests } byKind { kind } } } }"""


@pytest.mark.usefixtures("told_today")
async def test_longli_collected_six_hundred_requests_at_203_sessions() -> None:
    found = (await ask("guanshan.coordinator", COLLECTED))["area"]["inspectionFigures"]
    counts = {"planned": 203, "held": 203, "late": 0, "missed": 0, "cancelled": 0, "requests": 600}
    assert found == {"total": counts, "byKind": [{"kind": "COLLECTION_DAY"}]}


SATISFIED = """{ metrics(area: "511302", from: "2022-09-01", to: "2022-12-31") {
    definition { metric } numerator denominator rate } }"""


@pytest.mark.usefixtures("told_today")
async def test_shunqing_is_satisfied_and_its_town_has_half_of_the_say() -> None:
    told = (await ask("shunqing.org", SATISFIED))["metrics"]
    [satisfied] = [one for one in told if one["definition"]["metric"] == "SATISFACTION"]
    assert round(satisfied["rate"] * 1000) == 957
    scores = await TaskScore.filter(path__startswith="51.").prefetch_related("template")
    assert len(scores) == 47
    assert {one.template.shares[Party.TOWN] for one in scores} == {50}
    assert all(one.parts.keys() >= {Party.VILLAGE, Party.TOWN} for one in scores)


async def test_a_month_of_the_district_is_published_and_names_nobody(loaded: Path, tmp_path: Path) -> None:
    """Every unit that was scored is listed, ranked or not, and no member can be found on the board."""
    file = shutil.copy(loaded, tmp_path / "demo.db")
    put_in_force(packaged())
    async with database(f"sqlite://{file}"):
        with clock.at(TODAY) as time:
            given = {"area": "440606", "month": "2023-02-01"}
            publication = (await done("shunde.org", "draftPublication", given))["publication"]["id"]
            await done("shunde.org", "openPublication", {"publication": publication})
            time.advance(timedelta(days=14))
            await tick()
            board = (await ask("tianhu.resident", BOARD, **given))["board"]
            people = await Member.all()
    ranking = board["edition"]["unitRanking"]
    assert ranking
    assert all((one["place"] is None) == (one["tasks"] < 5) for one in ranking)
    told = str(board)
    assert [one.login for one in people if one.login in told or one.name in told] == []
    assert [one.login for one in people if one.phone and one.phone in told] == []


async def issue(village: str) -> None:
    unit = global_id(await Unit.get(code="U-ZR-JA"))
    draft = {"issuer": "440606106004", "units": [unit], "title": "公园照明", "text": "公园夜间照明不足。"}
    made = await done(f"{village}.cadre", "draftSummons", draft | {"category": "LIVING_ENVIRONMENT"})
    summons = {"summons": made["summons"]["id"]}
    minutes = {"meetingAt": TODAY.isoformat(), "present": 5, "minutes": "一致同意。"}
    await done(f"{village}.cadre", "submitSummonsForReview", summons | {"resolution": minutes})
    await done(f"{village}.secretary", "issueSummons", summons)


async def done(login: str, mutation: str, given: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = await do(login, mutation, given)
    assert payload["problems"] == [], payload["problems"]
    return payload


def test_the_clock_shows_the_real_time_again(loaded: Path) -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_load_that_fails_brings_the_clock_back(sqlite_url: str) -> None:
    def stop(phase: str, done: int, total: int) -> None:
        raise InterruptedError

    async with database(sqlite_url):
        with pytest.raises(InterruptedError):
            await load(stop, today=TODAY)
        assert not await Summons.exists()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


A_PART = 450
"""Acts of the old stories that are enough to show whether chance has a hand in anything."""


def tell_a_part(file: Path) -> list[object]:
    """Load a part in a process of its own, with other hashes; the whole agenda, and what came of the part."""

    async def work() -> list[object]:
        async with database(inline(f"sqlite://{file}")):
            with clock.at(FOUNDED) as time:
                stage = await set_stage(silence, TODAY)
                agenda = old_stories(stage)
                told = moments([*agenda[:A_PART], *fresh_stories(stage)])
                await play_all(stage, told, time, lambda done, total: None)
                numbers = await Summons.all().order_by("number").values_list(*TELLING)
                standings = Standing.all().order_by("since", "summons__number")
                events = (
                    await Event.all().order_by("at", "type", "version").values_list("at", "type", "version")
                )
                return [
                    [(story.title, act) for story, act in agenda],
                    list(numbers),
                    list(await standings.values_list("since", "summons__number", "resolved", "limit_at")),
                    list(events),
                ]

    return asyncio.run(work())


TELLING = ("number", "title", "state", "version", "resolved", "issued_at", "due_at", "closed_at")


def test_the_same_day_gives_the_same_demo(sqlite_template: Path, tmp_path: Path) -> None:
    files = [Path(shutil.copy(sqlite_template, tmp_path / f"{name}.db")) for name in ("first", "second")]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        first, second = processes.map(tell_a_part, files)
    assert first == second


OVERDUE = {"万安村河堤违建巡查", "排沙社区内街排水改造"}
"""The two fresh matters that are late on purpose."""


@pytest.fixture(
    params=["2026-11-23 01:30", "2026-02-24 12:10", "2027-01-03 23:59", "2026-10-08 08:30"],
    ids=["at night", "after the spring festival", "on a sunday", "after the national holiday"],
)
async def fresh(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[datetime]:
    """The fresh stories alone, told on some day."""
    today = datetime.strptime(request.param, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    async with database(inline(sqlite_url)):
        with clock.at(FOUNDED) as time:
            stage = await set_stage(silence, today)
            await play_all(stage, moments(fresh_stories(stage)), time, lambda done, total: None)
        yield today


async def test_only_what_should_be_late_is_late_whatever_the_day(fresh: datetime) -> None:
    rung = SlaClock.filter(breached_at__not_isnull=True, stopped_at=None)
    late = set(await rung.values_list("summons__title", flat=True))
    assert late == OVERDUE
    assert not await SlaClock.filter(next_at__lte=fresh.astimezone(UTC)).exists()


async def test_a_day_before_the_story_ends_is_refused(sqlite_url: str) -> None:
    async with database(sqlite_url):
        with pytest.raises(ValueError, match="2023-09"):
            await load(today=EARLIEST_TODAY.replace(year=2022))
