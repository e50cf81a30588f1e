"""Control charts: reckoned a second time in plain numbers, from the figures that `metrics` tells month by month."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import isclose, sqrt
from typing import Any

import pytest
from asking import Town, open_town
from month import tenth
from world import World

from actions.control_charts import Point
from actions.figures import Asked, Figure
from models import Summons, Task
from models.control_charts import Outlier
from models.ids import new_id
from models.metrics import METRICS, MetricName
from models.periods import month_of

CHART = """query($metric: Metric!, $from: Date!, $to: Date!, $area: AreaCode, $unit: ID, $by: MetricGrouping! = WHOLE) {
    controlCharts(metric: $metric, from: $from, to: $to, area: $area, unit: $unit, groupBy: $by) {
        definition { metric } kind area { code } own unit { id } category mean gap
        points { firstDay numerator denominator rate lower upper outlier } } }"""
MONTHS = """query($metric: Metric!, $from: Date!, $to: Date!, $area: AreaCode) {
    metrics(ids: [$metric], from: $from, to: $to, area: $area, groupBy: PERIOD) { firstDay numerator denominator } }"""
YEAR = {"from": "2025-03-01", "to": "2026-02-28"}
TOWN, TIANHU, SHAPU = "440606106", "440606106004", "440606106201"
WHISTLES = [2, 3, 2, 1, 2, 3, 2, 2, 1, 20, 2, 0]


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def whistled(world: World, counts: list[int], area: str = TIANHU, unit: str = "zr") -> None:
    """The area issued so many summonses in each month from March 2025 on."""
    place = {"path": world.areas[area].path}
    for index, count in enumerate(counts):
        at = tenth(f"{2025 + (index + 2) // 12}-{(index + 2) % 12 + 1:02}-01")
        dated: dict[str, datetime] = {"created_at": at, "updated_at": at}
        for _ in range(count):
            words = {"title": "t", "category": "ECONOMY", "text": "t"}
            number = new_id()
            issued = {"issuer_id": area, **place, "issued_at": at, "listed_at": at}
            summons = await Summons.create(number=number, **words, **issued, **dated)
            target = world.units[unit]
            await Task.create(summons=summons, unit=target, territory=target.territory, **place, **dated)


async def charts(town: Town, login: str = "shunde.org", **asked: Any) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = (await town.ask(login, CHART, **YEAR | asked))["controlCharts"]
    return told


async def test_the_whistle_rate_makes_a_u_chart(town: Town) -> None:
    await whistled(town.world, WHISTLES)
    [chart] = await charts(town, metric="WHISTLE", area=TOWN)
    assert (chart["kind"], chart["gap"], chart["area"], chart["own"]) == ("U", None, {"code": TOWN}, False)
    by_hand = (await town.ask("shunde.org", MONTHS, metric="WHISTLE", area=TOWN, **YEAR))["metrics"]
    assert [{name: one[name] for name in by_hand[0]} for one in chart["points"]] == by_hand
    mean = Decimal(sum(WHISTLES)) / Decimal(2 * len(WHISTLES))
    assert isclose(chart["mean"], float(mean))
    for count, point in zip(WHISTLES, chart["points"], strict=True):
        reach = 3 * sqrt(mean / 2)
        assert (point["numerator"], point["denominator"], point["rate"]) == (count, 2, count / 2)
        assert isclose(point["lower"], max(0.0, float(mean) - reach))
        assert isclose(point["upper"], float(mean) + reach)
        assert point["outlier"] == ("ABOVE" if count == 20 else None)


async def test_areas_and_units_have_charts_of_their_own(town: Town) -> None:
    await whistled(town.world, WHISTLES)
    await whistled(town.world, [0] * 11 + [1], SHAPU, "zf")
    told = await charts(town, metric="WHISTLE", area=TOWN, by="AREA")
    assert [(one["area"]["code"], sum(point["numerator"] for point in one["points"])) for one in told] == [
        (TIANHU, sum(WHISTLES)),
        (SHAPU, 1),
    ]
    by_unit = await charts(town, metric="WHISTLE", area=TOWN, by="UNIT")
    totals = {
        one["unit"]["id"]: [(point["numerator"], point["denominator"]) for point in one["points"]]
        for one in by_unit
    }
    assert totals == {
        town.id(town.world.units["zr"]): [(count, 2) for count in WHISTLES],
        town.id(town.world.units["zf"]): [(0, 2)] * 11 + [(1, 2)],
    }


async def test_only_what_the_caller_may_read_is_in_it(town: Town) -> None:
    await whistled(town.world, WHISTLES)
    for login, number in (
        ("tianhu.resident", 0),
        ("shapu.secretary", 0),
        ("tianhu.secretary", sum(WHISTLES)),
    ):
        [chart] = await charts(town, login, metric="WHISTLE", area=TOWN)
        assert sum(point["numerator"] for point in chart["points"]) == number, login


async def test_fewer_than_six_months_make_no_limits(town: Town) -> None:
    await whistled(town.world, WHISTLES)
    for period, number, gap in [
        ({"from": "2025-09-01", "to": "2026-02-28"}, 6, None),
        ({"from": "2025-10-01", "to": "2026-02-28"}, 5, "TOO_FEW_MONTHS"),
        ({"from": "2025-09-02", "to": "2026-03-02"}, 5, "TOO_FEW_MONTHS"),
        ({"from": "2026-03-01", "to": "2026-03-31"}, 0, "TOO_FEW_MONTHS"),
    ]:
        [chart] = await charts(town, metric="WHISTLE", area=TOWN, **period) or [{"points": [], "gap": gap}]
        assert (len(chart["points"]), chart["gap"]) == (number, gap), period
        for point in chart["points"]:
            assert (chart["mean"] is None, point["lower"] is None, point["upper"] is None) == (
                gap is not None,
            ) * 3
            assert point["outlier"] is None or gap is None
    [closing] = await charts(town, metric="CLOSING", area=TOWN)
    assert (closing["kind"], closing["mean"], closing["gap"]) == ("P", None, "TOO_FEW_MONTHS")


async def test_what_cannot_be_drawn_is_refused_or_empty(town: Town) -> None:
    assert await charts(town, metric="WHISTLE", area="99") == []
    for asked, code in [
        ({"by": "PERIOD"}, "CHART_BY_PERIOD"),
        ({"from": "2020-01-01"}, "TOO_MANY_MONTHS"),
        ({"to": "2025-01-01"}, "PERIOD_UPSIDE_DOWN"),
        ({"unit": "x"}, "MALFORMED_ID"),
    ]:
        error = await town.refused("shunde.org", CHART, **{"metric": "WHISTLE", **YEAR, **asked})
        assert (error["code"], error["reasonCode"]) == ("BAD_USER_INPUT", code)


def test_limits_of_a_share_stay_between_none_and_all() -> None:
    """p̄ = 0.9 with 9 cases: 0.9 ± 0.3, of which only the lower limit can be reached."""
    month = month_of(tenth("2026-01-01").date())
    asked = Asked(METRICS[MetricName.CLOSING], month, month.closing)
    for counted, outlier in ((9, None), (6, None), (5, "BELOW")):
        point = Point(Figure(asked, counted, 9), Fraction(9, 10))
        assert (round(point.lower or 0, 9), point.upper, point.outlier) == (0.6, 1.0, outlier)
    whistle = Asked(METRICS[MetricName.WHISTLE], month, month.closing)
    assert Point(Figure(whistle, 36, 9), Fraction(1)).outlier is Outlier.ABOVE
    on_the_limit = Point(Figure(whistle, 18, 9), Fraction(1))
    assert (on_the_limit.upper, on_the_limit.figure.rate, on_the_limit.outlier) == (2.0, 2.0, None)
    assert Point(Figure(whistle, 5, 0), Fraction(1)).upper is None
