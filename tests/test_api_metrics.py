"""Metrics by definition: their figures are what a naive second reading of the tables gives, for everybody who asks."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from asking import Answer, Town, open_town, statements
from naive import Naive, read_tables
from naive_metrics import Reckoner, Seen, local
from test_random_walk import go, walking

from models import Event, FollowUp, clock
from models.metrics import METRICS, MetricName
from policies.actor import Actor
from policies.loading import load_actor
from policies.rules import packaged
from resolvers.context import Context
from resolvers.ids import decoded
from schema import schema

READERS = (
    "shunde.org",
    "junan.coordinator",
    "tianhu.secretary",
    "zr.liaison",
    "zf.member",
    "tianhu.resident",
)
RULES = "\n".join(line for line in packaged().text.splitlines() if line.startswith(("p,", "g,")))
FAR = 800
"""Steps of a walk after which every metric has something on both sides."""
FIGURES = """query($from: Date!, $to: Date!, $area: AreaCode, $unit: ID, $by: MetricGrouping!, $ids: [Metric!]) {
    metrics(from: $from, to: $to, area: $area, unit: $unit, groupBy: $by, ids: $ids) {
        definition { metric } area { code } own unit { id } category firstDay numerator denominator rate } }"""
ROWS = """query($from: Date!, $to: Date!, $ids: [Metric!], $after: Cursor) { metrics(from: $from, to: $to, ids: $ids) {
    numerator denominator sourceRows(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { node { id } inNumerator inDenominator } } } } }"""
STATISTICS = """query($from: Date!, $to: Date!) { area(code: "440606") { orphans statistics(from: $from, to: $to) {
    issued due resolved closingRate } } }"""


async def ask(actor: Actor, document: str, **variables: object) -> Answer:
    result = await schema.execute(document, variable_values=variables, context_value=Context(actor))
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


def period(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def key(id: str) -> str:
    return decoded(id)[1]


async def all_rows(actor: Actor, asked: dict[str, str], metric: str) -> dict[str, tuple[bool, bool]]:
    """Every row behind a figure, page by page."""
    rows: dict[str, tuple[bool, bool]] = {}
    after, more = None, True
    while more:
        [told] = (await ask(actor, ROWS, **asked, ids=[metric], after=after))["metrics"]
        page = told["sourceRows"]
        for edge in page["edges"]:
            row = edge["node"]
            rows[key(row["node"]["id"])] = row["inNumerator"], row["inDenominator"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(rows) == page["totalCount"]
    assert told["numerator"] == sum(counted for counted, _ in rows.values())
    assert told["denominator"] == sum(due for _, due in rows.values())
    return rows


GROUP: dict[str, Any] = {
    "AREA": lambda figure: "own" if figure["own"] else figure["area"]["code"],
    "UNIT": lambda figure: key(figure["unit"]["id"]),
    "CATEGORY": lambda figure: figure["category"],
}


async def test_the_figures_are_what_reckoning_by_hand_gives(database_url: str) -> None:
    async with walking(database_url, "metrics") as walk:
        await go(walk, FAR)
        rules, known = Naive(await read_tables(), RULES), Seen()
        begun, ended = [local((await Event.all().order_by(way).first()).at) for way in ("at", "-at")]
        third = (ended - begun) / 3
        seen: dict[str, set[str]] = {name: set() for name in MetricName}
        for first, last in [(begun, ended), (begun, begun + third)]:
            asked = period(first, last)
            for login in READERS:
                member = walk.world.members[login]
                actor = await load_actor(member, clock.now())
                by_hand = Reckoner(rules, member.id, first, last, clock.now(), known)
                for name in MetricName:
                    rows = by_hand.whole(name)
                    assert await all_rows(actor, asked, name) == rows, (login, name, asked)
                    seen[name] |= {f"{counted}{due}" for counted, due in rows.values()}
                for by, group in GROUP.items():
                    told = (await ask(actor, FIGURES, **asked, by=by, area="440606"))["metrics"]
                    for name in MetricName:
                        figures = [one for one in told if one["definition"]["metric"] == name]
                        numbers = {group(one): (one["numerator"], one["denominator"]) for one in figures}
                        assert numbers == by_hand.by(by, name, "440606"), (login, name, by, asked)
            await closing_is_the_closing_rate(
                await load_actor(walk.world.members["shunde.org"], clock.now()), asked
            )
        for name, metric in METRICS.items():
            if metric.counts is FollowUp:
                continue  # few in so short a walk; test_followup_metrics has every side of them
            assert seen[name] >= (
                {"TrueTrue", "FalseTrue"} if metric.is_share else {"TrueFalse", "FalseTrue"}
            ), name


async def closing_is_the_closing_rate(actor: Actor, asked: dict[str, str]) -> None:
    [closing] = (await ask(actor, FIGURES, **asked, by="WHOLE", area="440606", ids=["CLOSING"]))["metrics"]
    area = (await ask(actor, STATISTICS, **asked))["area"]
    told = area["statistics"]
    assert area["orphans"] == 0
    assert (closing["numerator"], closing["denominator"]) == (told["resolved"], told["due"])
    assert closing["rate"] == told["closingRate"]


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


ONE = """query($from: Date!, $to: Date!, $area: AreaCode, $unit: ID, $category: SummonsCategory,
    $by: MetricGrouping! = WHOLE, $ids: [Metric!]) {
    metrics(from: $from, to: $to, area: $area, unit: $unit, category: $category, groupBy: $by, ids: $ids) {
        definition { metric } firstDay lastDay asOf area { code } own numerator denominator rate } }"""
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


async def numbers(
    town: Town, metric: str, login: str = "shunde.org", **asked: object
) -> list[tuple[int, int]]:
    told = (await town.ask(login, ONE, **MARCH | asked, ids=[metric]))["metrics"]
    return [(one["numerator"], one["denominator"]) for one in told]


async def test_the_whistle_rate_counts_summonses_for_each_village(town: Town) -> None:
    for units in (["zr"], ["zr", "zf"]):
        await town.issue(*units)
    zf = town.id(town.world.units["zf"])
    assert await numbers(town, "WHISTLE", area="440606106") == [(2, 2)]
    assert await numbers(town, "WHISTLE", area="440606106201") == [(0, 1)]
    assert await numbers(town, "WHISTLE", area="440606106", unit=zf) == [(1, 2)]
    assert await numbers(town, "WHISTLE", area="440606106", by="UNIT") == [(2, 2), (1, 2)]
    assert await numbers(town, "WHISTLE", area="440606106", category="ECONOMY") == [(0, 2)]
    assert await numbers(town, "WHISTLE", area="440606106", by="CATEGORY") == [(2, 2)]
    assert await numbers(town, "WHISTLE", area="440606106", by="AREA") == [(2, 1), (0, 1)]
    assert await numbers(town, "WHISTLE", "tianhu.resident", area="440606106") == [(0, 2)]


async def test_what_a_town_issued_itself_is_a_group_of_its_own(town: Town) -> None:
    await town.issue("zr")
    summons = await town.draft("zf", issuer="440606106", by="junan.coordinator")
    minutes = {"meetingAt": "2026-03-01T01:00:00Z", "present": 5, "minutes": "一致同意。"}
    await town.done("junan.coordinator", "submitSummonsForReview", summons=summons, resolution=minutes)
    await town.done("junan.leader", "issueSummons", summons=summons)
    told = (await town.ask("shunde.org", ONE, **MARCH, area="440606106", by="AREA", ids=["WHISTLE"]))[
        "metrics"
    ]
    assert [(one["area"]["code"], one["own"], one["numerator"], one["rate"]) for one in told] == [
        ("440606106", True, 1, None),
        ("440606106004", False, 1, 1.0),
        ("440606106201", False, 0, 0.0),
    ]


async def test_each_month_is_told_as_of_its_own_end(town: Town) -> None:
    _, [task] = await town.issue("zr")
    town.time.advance(timedelta(days=29))
    member = town.id(town.world.members["zr.member"])
    await town.done("zr.liaison", "acceptTask", task=task, responsible=member)
    town.time.advance(timedelta(days=10))
    asked = {"from": "2026-02-10", "to": "2026-05-20", "by": "PERIOD"}
    told = (await town.ask("shunde.org", ONE, **asked, ids=["ACCEPTED_ON_TIME", "CLOSING"]))["metrics"]
    months = [(one["firstDay"], one["lastDay"], one["numerator"], one["denominator"]) for one in told[:4]]
    assert months == [
        ("2026-02-10", "2026-02-28", 0, 0),
        ("2026-03-01", "2026-03-31", 0, 1),
        ("2026-04-01", "2026-04-30", 0, 0),
        ("2026-05-01", "2026-05-20", 0, 0),
    ]
    assert [one["definition"]["metric"] for one in told] == ["ACCEPTED_ON_TIME"] * 4 + ["CLOSING"] * 4
    assert told[1]["asOf"] == "2026-03-31T15:59:59.999999Z"
    assert told[2]["asOf"] == told[3]["asOf"] == clock.now().isoformat().replace("+00:00", "Z")


async def test_every_metric_is_one_statement_and_defined_in_both_languages(town: Town) -> None:
    defined = await town.ask("tianhu.resident", DEFINITIONS)
    words = [
        text
        for metric in defined["metricDefinitions"]
        for name in ("title", "numerator", "denominator", "asOf")
        for text in metric[name].values()
    ]
    assert all(words)
    assert len(words) == 8 * len(MetricName)
    with statements() as told:
        found = (await town.ask("shunde.org", ONE, **MARCH))["metrics"]
    assert [one["definition"]["metric"] for one in found] == list(MetricName)
    assert len([one for one in told if "counting" in one]) == len(MetricName)


DEFINITIONS = """{ metricDefinitions { metric revision isShare numeratorType denominatorType title { en zh }
    numerator { en zh } denominator { en zh } asOf { en zh } } }"""


async def test_what_cannot_be_told_is_refused_or_empty(town: Town) -> None:
    assert (await town.ask("shunde.org", ONE, **MARCH, area="99"))["metrics"] == []
    long = {"from": "2020-01-01", "to": "2026-12-31", "by": "PERIOD"}
    for asked, message in [
        (long, "at most 24 months"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "before"),
        (MARCH | {"unit": town.id(town.world.areas["440606"])}, "id"),
    ]:
        error = await town.refused("shunde.org", ONE, **asked)
        assert (error["code"], message in error["message"]) == ("BAD_USER_INPUT", True), error
    assert (await town.refused("shunde.org", ROWS, **MARCH, after="x"))["code"] == "BAD_USER_INPUT"
