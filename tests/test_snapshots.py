"""Snapshots: a figure that was published can be told again, whatever happened since; and whoever tampers is noticed."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asking import Answer, Town, open_town
from tortoise import Tortoise
from unsealed import unsealed

from models import AuditEntry, Event, MetricSnapshot
from models.metrics import METRICS, MetricName
from resolvers.ids import decoded

FIELDS = """snapshot { id metric revision area { code } unit { id } category firstDay lastDay asOf numerator denominator
    rate hash takenBy { login } takenAt numeratorWords { en zh } denominatorWords { en zh } }"""
CHECK = "query($id: ID!) { checkMetricSnapshot(id: $id) { holds fault numerator denominator hash } }"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
DAY = timedelta(days=1)


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


@pytest.fixture
async def april(town: Town) -> Town:
    """In March two tasks were given, of which one was accepted late and settled, and one not at all."""
    _, [task, _] = await town.issue("zr", "zf")
    town.time.advance(3 * DAY)
    member = town.id(town.world.members["zr.member"])
    await town.done("zr.liaison", "acceptTask", task=task, responsible=member)
    await town.done("zr.member", "checkIn", task=task)
    await town.done("zr.member", "submitResult", task=task, outcome="RESOLVED", text="已修好。")
    town.time.advance(40 * DAY)
    return town


async def taken(town: Town, metric: str, login: str = "shunde.org", **more: object) -> Answer:
    given = {"area": "440606106"} | MARCH | more
    payload = await town.done(login, "takeMetricSnapshot", FIELDS, metric=metric, **given)
    assert payload["event"]["type"] == "metric.snapshotTaken"
    told: Answer = payload["snapshot"]
    return told


async def checked(town: Town, snapshot: Answer, login: str = "shunde.org") -> Answer:
    told: Answer = (await town.ask(login, CHECK, id=snapshot["id"]))["checkMetricSnapshot"]
    return told


async def settle_everything(town: Town) -> None:
    """What the metrics of March would tell otherwise now, if they looked at what came later."""
    tasks = (await town.ask("shunde.org", "{ tasks { edges { node { id state unit { id } } } } }"))["tasks"][
        "edges"
    ]
    [late] = [one["node"]["id"] for one in tasks if one["node"]["state"] != "RESOLVED"]
    member = town.id(town.world.members["zf.member"])
    await town.done("zf.liaison", "acceptTask", task=late, responsible=member)
    await town.done("zf.member", "checkIn", task=late)
    await town.done("zf.member", "submitResult", task=late, outcome="RESOLVED", text="已办。")
    dimensions = ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")
    scores = [{"dimension": one, "score": 90} for one in dimensions]
    for one in tasks:
        await town.done("tianhu.secretary", "evaluateTask", task=one["node"]["id"], scores=scores)
    town.time.advance(DAY)
    await town.issue("agri")


NUMERATORS = """query($from: Date!, $to: Date!, $area: AreaCode) {
    metrics(from: $from, to: $to, area: $area) { numerator } }"""


async def test_a_snapshot_holds_whatever_happens_later(april: Town) -> None:
    before = {name: await taken(april, name) for name in MetricName}
    assert (before["CLOSING"]["numerator"], before["CLOSING"]["denominator"]) == (0, 1)
    assert (before["ACCEPTED_ON_TIME"]["numerator"], before["ACCEPTED_ON_TIME"]["denominator"]) == (0, 2)
    assert (before["WHISTLE"]["numerator"], before["WHISTLE"]["denominator"]) == (1, 2)
    await settle_everything(april)
    present = {"area": "440606106", "from": "2026-03-01", "to": "2026-12-31"}
    now = [one["numerator"] for one in (await april.ask("shunde.org", NUMERATORS, **present))["metrics"]]
    assert now != [one["numerator"] for one in before.values()]
    for name, snapshot in before.items():
        told = await checked(april, snapshot)
        assert told == {
            "holds": True,
            "fault": None,
            "numerator": snapshot["numerator"],
            "denominator": snapshot["denominator"],
            "hash": snapshot["hash"],
        }, name
        assert (await taken(april, name))["hash"] == snapshot["hash"], "the same figure has the same hash"


async def test_it_tells_what_it_is_of_and_is_in_the_audit_log(april: Town) -> None:
    zr = april.id(april.world.units["zr"])
    told = await taken(
        april, "ACCEPTED_ON_TIME", "shunde.supervision", unit=zr, category="LIVING_ENVIRONMENT"
    )
    assert (told["area"]["code"], told["unit"]["id"], told["category"]) == (
        "440606106",
        zr,
        "LIVING_ENVIRONMENT",
    )
    assert (told["numerator"], told["denominator"], told["rate"]) == (0, 1, 0.0)
    assert (told["firstDay"], told["lastDay"], told["asOf"]) == (
        *MARCH.values(),
        "2026-03-31T15:59:59.999999Z",
    )
    assert told["takenBy"]["login"] == "shunde.supervision"
    metric = METRICS[MetricName.ACCEPTED_ON_TIME]
    assert told["numeratorWords"] == metric.numerator._asdict()
    entry = await AuditEntry.all().order_by("-seq").first()
    assert entry is not None and entry.after is not None
    assert (entry.kind, entry.action, entry.after["digest"]) == ("MetricSnapshot", "compute", told["hash"])
    event = "query { events { edges { node { type } } } }"
    for login, seen in (("shunde.org", True), ("tianhu.secretary", False)):
        edges = (await april.ask(login, event))["events"]["edges"]
        assert ("metric.snapshotTaken" in [edge["node"]["type"] for edge in edges]) is seen, login


ROWS = """query($from: Date!, $to: Date!, $area: AreaCode) {
    metrics(from: $from, to: $to, area: $area, ids: [ACCEPTED_ON_TIME]) {
        sourceRows { edges { node { node { id } inNumerator inDenominator } } } } }"""


async def test_the_hash_can_be_made_by_hand_from_what_the_api_shows(april: Town) -> None:
    told = await taken(april, "ACCEPTED_ON_TIME")
    [figure] = (await april.ask("shunde.org", ROWS, **MARCH, area="440606106"))["metrics"]
    rows = [edge["node"] for edge in figure["sourceRows"]["edges"]]
    text = {
        "definition": {
            "metric": told["metric"],
            "revision": told["revision"],
            "numerator": list(told["numeratorWords"].values()),
            "denominator": list(told["denominatorWords"].values()),
        },
        "scope": {"area": "440606106", "unit": None, "category": None},
        "period": list(MARCH.values()),
        "asOf": "2026-03-31T15:59:59.999999+00:00",
        "rows": sorted(
            [decoded(one["node"]["id"])[1], one["inNumerator"], one["inDenominator"]] for one in rows
        ),
    }
    written = json.dumps(text, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(written.encode()).hexdigest() == told["hash"]


TAMPERING = {
    "UPDATE standing SET resolved = true": ("CLOSING", "ROWS_CHANGED"),
    "UPDATE task SET accepted_at = created_at WHERE accepted_at IS NOT NULL": (
        "ACCEPTED_ON_TIME",
        "ROWS_CHANGED",
    ),
    "UPDATE attendance SET late = NOT late": ("ARRIVED_ON_TIME", "ROWS_CHANGED"),
    "UPDATE metric_snapshot SET numerator = numerator + 1": ("CLOSING", "FIGURES_CHANGED"),
    "UPDATE metric_snapshot SET first_day = '2026-03-02'": ("CLOSING", "ROWS_CHANGED"),
    "UPDATE metric_snapshot SET category = 'ECONOMY'": ("CLOSING", "ROWS_CHANGED"),
    """UPDATE metric_snapshot SET definition = '{"revision": 0}'""": ("CLOSING", "DEFINITION_REVISED"),
}


@pytest.mark.parametrize("sql", TAMPERING)
async def test_what_was_tampered_with_is_noticed(april: Town, sql: str) -> None:
    metric, fault = TAMPERING[sql]
    snapshot = await taken(april, metric)
    async with unsealed("snapshot"):
        await Tortoise.get_connection("default").execute_query(sql)
    told = await checked(april, snapshot)
    assert (told["holds"], told["fault"]) == (False, fault)
    assert (told["hash"] is None) is (fault == "DEFINITION_REVISED")


async def test_the_database_itself_refuses_to_change_it(april: Town) -> None:
    await taken(april, "CLOSING")
    for sql in ("UPDATE metric_snapshot SET numerator = 99", "DELETE FROM metric_snapshot"):
        with pytest.raises(Exception, match="never changed"):
            await Tortoise.get_connection("default").execute_query(sql)


async def test_only_what_is_over_and_whose_figures_one_computes(april: Town) -> None:
    for login, area, more, refused in [
        ("junan.coordinator", "440606106", {}, ("NotAllowed", "NO_RULE")),
        ("tianhu.secretary", "440606106004", {}, ("NotAllowed", "NO_RULE")),
        ("shunde.org", "44", {}, ("NotAllowed", "WRONG_PLACE")),
        ("shunde.org", "440699", {}, ("NotFound", None)),
        ("shunde.org", "440606", {"to": "2026-04-30"}, ("InvalidInput", "PERIOD_NOT_OVER")),
        ("shunde.org", "440606", {"to": "2026-02-28"}, ("InvalidInput", "PERIOD_UPSIDE_DOWN")),
    ]:
        given = MARCH | more
        payload = await april.change(login, "takeMetricSnapshot", metric="CLOSING", area=area, **given)
        [problem] = payload["problems"]
        assert (problem["__typename"], problem.get("reasonCode")) == refused, (login, area)
    assert await MetricSnapshot.all().count() == await Event.filter(aggregate="MetricSnapshot").count() == 0


LIST = """query($area: AreaCode, $metric: Metric) { metricSnapshots(area: $area, metric: $metric) {
    totalCount edges { node { metric } } } }"""


async def test_who_reads_figures_of_the_place_reads_its_snapshots(april: Town) -> None:
    zr = april.id(april.world.units["zr"])
    snapshot = await taken(april, "CLOSING", area="440606106004")
    april.time.advance(DAY)
    await taken(april, "REOPENED", area="440606")
    april.time.advance(DAY)
    await taken(april, "WHISTLE", area="440606106", unit=zr)
    for login, seen in [
        ("shunde.org", ["WHISTLE", "REOPENED", "CLOSING"]),
        ("junan.observer", ["WHISTLE", "CLOSING"]),
        ("tianhu.cadre", ["CLOSING"]),
        ("zr.liaison", ["WHISTLE"]),
        ("zf.liaison", []),
        ("tianhu.resident", []),
    ]:
        found = (await april.ask(login, LIST))["metricSnapshots"]
        assert [edge["node"]["metric"] for edge in found["edges"]] == seen, login
        assert found["totalCount"] == len(seen)
        assert (await checked(april, snapshot, login) is None) is ("CLOSING" not in seen), login
    assert (await april.ask("shunde.org", LIST, area="440606106"))["metricSnapshots"]["totalCount"] == 2
    assert (await april.ask("shunde.org", LIST, metric="WHISTLE"))["metricSnapshots"]["totalCount"] == 1
