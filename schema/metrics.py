"""Metrics, as clients see them: definitions, figures and the rows behind them."""

from datetime import date, datetime

import strawberry

from models import SummonsCategory
from models.metrics import MetricName
from resolvers import metrics as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.nodes import PAGED, Connection, Node
from schema.units import Unit


@strawberry.type(description="The same words in two languages.")
class BilingualText:
    en: str = attribute("In English.")
    zh: str = attribute("In Chinese (中文).")


@strawberry.type(
    description=(
        "What a metric counts (指标定义). Every metric of a period speaks of the summonses issued in it, and tells "
        "numerator and denominator beside the rate."
    )
)
class MetricDefinition:
    metric: MetricName = attribute("By which it is asked for.", of="name")
    revision: int = attribute(
        "Grows when it comes to count otherwise; a snapshot keeps the one it was taken by."
    )
    title: BilingualText = attribute("What it is called.")
    numerator: BilingualText = attribute("What is counted.")
    denominator: BilingualText = attribute("What it is divided by.")
    as_of: BilingualText = field(resolve.as_of, "The moment as of which everything is counted.")
    is_share: bool = attribute(
        "Whether the numerator is a part of the denominator, so that the rate is 0 to 1."
    )
    numerator_type: str = field(resolve.counts, "Type of the rows in the numerator, e.g. `Summons`.")
    denominator_type: str = field(resolve.among, "Type of the rows in the denominator, e.g. `Area`.")


@strawberry.type(description="A row behind a figure, and in which of its two numbers it is.")
class MetricRow:
    node: Node | None = field(
        resolve.node,
        "The row: a summons, a task, an evaluation, a follow-up or an area; null where it has gone meanwhile.",
    )
    in_numerator: bool = attribute("Whether the numerator counts it.")
    in_denominator: bool = attribute("Whether the denominator counts it.")


@strawberry.type(
    description="A metric in figures, counting what the caller may read, and what exactly they are of."
)
class MetricFigure:
    definition: MetricDefinition = field(resolve.definition, "What it counts.")
    area: Area | None = field(
        resolve.area,
        "The area whose summonses these are, with everything below it; null: wherever they were issued.",
    )
    own: bool = field(resolve.own, "Whether only what the area issued itself counts, not what lies below it.")
    unit: Unit | None = field(
        resolve.unit, "The one unit they called; null for all units, and for one the caller may not know."
    )
    category: SummonsCategory | None = field(resolve.category, "The one category they are of; null for all.")
    first_day: date = field(resolve.first_day, "First local day of the period.")
    last_day: date = field(resolve.last_day, "Last local day of the period, included.")
    as_of: datetime = field(resolve.figure_as_of, "The moment the figure stands for.")
    numerator: int = attribute("How many there are in the numerator.")
    denominator: int = attribute("How many there are in the denominator.")
    rate: float | None = attribute("Numerator ÷ denominator; null when the denominator is 0.")
    source_rows: Connection[MetricRow] = field(
        resolve.source_rows,
        "Every row that either number counts, by its key, so that the figure can be checked by hand.",
        **PAGED,
    )
