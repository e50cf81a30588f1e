"""Metrics of follow-ups: done in time, found settled, skipped; also as a naive reading of the tables gives them."""

from datetime import date

import pytest
from api import ask
from naive import Naive, read_tables
from naive_metrics import Reckoner, Seen
from test_followups import DELEGATE, SECRETARY, TIANHU, evaluated
from world import Time, World

from models import FollowUp, clock
from models.metrics import MetricName
from policies.rules import packaged
from resolvers.ids import global_id

pytest_plugins = ["monday"]

NAMES = [MetricName.FOLLOWED_UP, MetricName.FOLLOWUP_CONFIRMED, MetricName.FOLLOWUP_SKIPPED]
RULES = "\n".join(line for line in packaged().text.splitlines() if line.startswith(("p,", "g,")))
FIGURES = """query($ids: [Metric!], $from: Date!, $to: Date!, $unit: ID, $by: MetricGrouping! = WHOLE) {
    metrics(ids: $ids, from: $from, to: $to, unit: $unit, groupBy: $by) { unit { id } numerator denominator
        sourceRows { edges { node { node { __typename id } inNumerator } } } } }"""
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
async def visits(world: World, time: Time) -> None:
    """Of five: one settled, one in part, one not, one skipped, and one that came too late; a sixth still has time."""
    await world.decide(TIANHU, followup_share=1.0)
    settled, in_part, not_settled, _, late = [await evaluated(world) for _ in range(5)]
    await settled.done(DELEGATE, "confirmFollowUp")
    await in_part.done(DELEGATE, "confirmFollowUp", outcome="PARTIAL", note="尚有一处。")
    await not_settled.done(DELEGATE, "failFollowUp", note="仍未修好。")
    time.pass_to("03-20 09:00")
    await evaluated(world, 90, "zf")
    time.pass_to("03-23 10:00")
    await late.done(DELEGATE, "confirmFollowUp")
    await time.tick_at("03-23 10:00")


async def numbers(login: str = "shunde.org", **asked: object) -> list[tuple[int, int]]:
    told = (await ask(login, FIGURES, **{"ids": NAMES, **MARCH, **asked}))["metrics"]
    return [(one["numerator"], one["denominator"]) for one in told]


async def test_follow_ups_are_counted_by_what_became_of_them(world: World, visits: None) -> None:
    assert await numbers() == [(3, 5), (2, 4), (1, 5)]
    by_the_second = [(3, 3), (1, 3), (0, 3)]
    assert await numbers(to="2026-03-02") == by_the_second, "what happened later does not count"
    assert await numbers("shapu.secretary") == [(0, 0)] * 3
    assert {state: await FollowUp.filter(state=state).count() for state in ("PLANNED", "DONE", "MISSED")} == {
        "PLANNED": 1,
        "DONE": 4,
        "MISSED": 1,
    }


async def test_they_count_with_each_unit_that_was_called(world: World, visits: None) -> None:
    zr, zf = (global_id(world.units[name]) for name in ("zr", "zf"))
    told = (await ask("shunde.org", FIGURES, ids=["FOLLOWED_UP"], by="UNIT", **MARCH))["metrics"]
    assert [(one["unit"]["id"], one["numerator"], one["denominator"]) for one in told] == [(zr, 3, 5)]
    assert await numbers(unit=zr) == [(3, 5), (2, 4), (1, 5)]
    assert await numbers(unit=zf) == [(0, 0)] * 3
    [one] = (await ask("shunde.org", FIGURES, ids=["FOLLOWUP_SKIPPED"], **MARCH))["metrics"]
    rows = [edge["node"] for edge in one["sourceRows"]["edges"]]
    assert {row["node"]["__typename"] for row in rows} == {"FollowUp"}
    assert sorted(row["inNumerator"] for row in rows) == [False] * 4 + [True]


async def test_the_second_reading_counts_the_same(world: World, visits: None) -> None:
    rules, first, last = Naive(await read_tables(), RULES), date(2026, 3, 1), date(2026, 3, 31)
    for login in ("shunde.org", SECRETARY, DELEGATE, "zr.liaison", "tianhu.resident"):
        reader = world.members[login].id
        by_hand = Reckoner(rules, reader, first, last, clock.now(), Seen())
        sums = [list(by_hand.whole(name).values()) for name in NAMES]
        counted = [(sum(one for one, _ in rows), sum(due for _, due in rows)) for rows in sums]
        assert await numbers(login) == counted, login
