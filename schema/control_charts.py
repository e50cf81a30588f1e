"""Control charts of metrics, as clients see them."""

from datetime import date

import strawberry

from models import SummonsCategory
from models.control_charts import ChartGap, ChartKind, Outlier
from resolvers import control_charts as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.metrics import MetricDefinition
from schema.units import Unit


@strawberry.type(
    description=(
        "A month in a control chart. Its limits are 3 standard deviations from the chart's mean, by its own "
        "denominator: more to count, closer limits."
    )
)
class ControlPoint:
    first_day: date = field(resolve.first_day, "First local day of the month whose figures these are.")
    numerator: int = field(resolve.numerator, "How many there were in the numerator, as of the month's end.")
    denominator: int = field(
        resolve.denominator, "How many there were in the denominator, as of the month's end."
    )
    rate: float | None = field(resolve.rate, "Numerator ÷ denominator; null when the denominator is 0.")
    lower: float | None = attribute(
        "Lower control limit (下控制限), not below 0; null where the chart has no mean or the month no denominator."
    )
    upper: float | None = attribute(
        "Upper control limit (上控制限), of a share not above 1; null where the lower one is."
    )
    outlier: Outlier | None = attribute(
        "On which side of the limits the rate lies; null for one within them or on them, and without limits."
    )


@strawberry.type(
    description=(
        "A metric by months beside what chance explains (控制图), counting what the caller may read. A share of a "
        "whole, such as the closing rate, makes a p-chart: p̄ ± 3·√(p̄·(1−p̄)÷n). A number for each of something else, "
        "such as summonses for each village, makes a u-chart: ū ± 3·√(ū÷n). n is the month's denominator; the mean "
        "p̄ or ū is all numerators ÷ all denominators."
    )
)
class ControlChart:
    definition: MetricDefinition = field(resolve.definition, "What the metric counts.")
    kind: ChartKind = attribute("By which of the two formulas its limits are drawn.")
    area: Area | None = field(
        resolve.area,
        "The area whose summonses these are, with everything below it; null: wherever they were issued.",
    )
    own: bool = field(resolve.own, "Whether only what the area issued itself counts, not what lies below it.")
    unit: Unit | None = field(
        resolve.unit, "The one unit they called; null for all units, and for one the caller may not know."
    )
    category: SummonsCategory | None = field(resolve.category, "The one category they are of; null for all.")
    mean: float | None = attribute(
        "Mean of the months (中心线), each with the weight of its denominator; null where `gap` tells why."
    )
    gap: ChartGap | None = attribute("Why there is no mean and no limit; null when there is.")
    points: list[ControlPoint] = attribute(
        "Every whole month of the period that is over, in order, each as of its own end; at most 24."
    )
