"""Control charts (控制图): the months of a metric beside their mean and the limits of what chance explains.

Shares of a whole make a p-chart: each month's limits are p̄ ± 3·√(p̄·(1−p̄)÷n). Numbers for each of something else, such
as summonses for each village, make a u-chart: ū ± 3·√(ū÷n). n is the month's denominator; p̄ and ū are the sum of all
numerators ÷ the sum of all denominators.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt

from actions.figures import Asked, Figure, Sight, every_figure, figures
from models import clock
from models.control_charts import ChartGap, ChartKind, Outlier
from models.metrics import Grouping, Metric
from models.periods import Period
from models.refusals import InvalidInput

FEWEST_MONTHS = 6
"""With something in the denominator."""
MOST_CHARTS = 200
SIGMAS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A month. `mean` is the chart's, None where it has none."""

    figure: Figure
    mean: Fraction | None

    @property
    def variance(self) -> Fraction | None:
        """Of what chance makes of the mean; None without a mean, and for a month that has nothing to count."""
        if self.mean is None or not self.figure.denominator:
            return None
        share = self.figure.asked.metric.is_share
        return self.mean * (1 - self.mean if share else 1) / self.figure.denominator

    @property
    def lower(self) -> float | None:
        """Never below 0."""
        return None if (reach := self._reach) is None else max(0.0, float(self.mean or 0) - reach)

    @property
    def upper(self) -> float | None:
        """Of a share never above 1."""
        if (reach := self._reach) is None:
            return None
        limit = float(self.mean or 0) + reach
        return min(1.0, limit) if self.figure.asked.metric.is_share else limit

    @property
    def _reach(self) -> float | None:
        return None if self.variance is None else SIGMAS * sqrt(self.variance)

    @property
    def outlier(self) -> Outlier | None:
        """Compared in whole fractions; what lies on a limit is inside."""
        if self.mean is None or self.variance is None:
            return None
        off = Fraction(self.figure.numerator, self.figure.denominator) - self.mean
        if off**2 <= SIGMAS**2 * self.variance:
            return None
        return Outlier.ABOVE if off > 0 else Outlier.BELOW


@dataclass(frozen=True, slots=True)
class Chart:
    """`of` says of what; `months` are in order, each as of its own end."""

    of: Asked
    months: tuple[Figure, ...]

    @property
    def metric(self) -> Metric:
        return self.of.metric

    @property
    def kind(self) -> ChartKind:
        return ChartKind.P if self.metric.is_share else ChartKind.U

    @property
    def gap(self) -> ChartGap | None:
        return ChartGap.TOO_FEW_MONTHS if len(self._counted) < FEWEST_MONTHS else None

    @property
    def _counted(self) -> list[Figure]:
        return [month for month in self.months if month.denominator]

    @property
    def exact_mean(self) -> Fraction | None:
        if self.gap is not None:
            return None
        numerator = sum(month.numerator for month in self._counted)
        return Fraction(numerator, sum(month.denominator for month in self._counted))

    @property
    def mean(self) -> float | None:
        return None if self.exact_mean is None else float(self.exact_mean)

    @property
    def points(self) -> list[Point]:
        mean = self.exact_mean
        return [Point(month, mean) for month in self.months]


async def control_charts(sight: Sight, asked: Asked, by: Grouping) -> list[Chart]:
    """One for each group that has anything, over the whole months of the period that are over; at most 200.

    Groups with most in their denominators first. InvalidInput CHART_BY_PERIOD for groups that are months themselves,
    TOO_MANY_MONTHS for more than 24.
    """
    if by is Grouping.PERIOD:
        raise InvalidInput("CHART_BY_PERIOD", "groupBy")
    months = whole_months(asked.period)
    found: dict[Asked, dict[Period, Figure]] = {}
    shared: dict[Period, int] = {}
    for month in months:
        of_month = replace(asked, period=month, end=month.closing)
        shared[month] = await _shared(sight, of_month, by)
        for figure in await every_figure(sight, of_month, by):
            group = replace(figure.asked, period=asked.period, end=asked.end)
            found.setdefault(group, {})[month] = figure
    charts = [Chart(group, tuple(_filled(group, known, shared))) for group, known in found.items()]
    return sorted(charts, key=_weight)[:MOST_CHARTS]


def whole_months(period: Period) -> list[Period]:
    """Those that lie in it from the first to the last day, and are over."""
    today = clock.local_date(clock.now())
    return [one for one in period.months() if one.is_month and one.last < today]


async def _shared(sight: Sight, month: Asked, by: Grouping) -> int:
    """What is in the denominator of every group, whether or not it did anything: the villages of units."""
    if month.metric.is_share or by not in (Grouping.UNIT, Grouping.CATEGORY):
        return 0
    [whole] = await figures(sight, month, Grouping.WHOLE)
    return whole.denominator


def _filled(group: Asked, known: dict[Period, Figure], shared: dict[Period, int]) -> Iterator[Figure]:
    for month, denominator in shared.items():
        empty = Figure(replace(group, period=month, end=month.closing), 0, denominator)
        yield known.get(month, empty)


def _weight(chart: Chart) -> tuple[object, ...]:
    of = chart.of
    weight = sum(one.denominator for one in chart.months)
    return (-weight, of.path, not of.own, of.unit or "", of.category or "")
