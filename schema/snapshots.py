"""Snapshots of figures, as clients see them."""

from datetime import date, datetime

import strawberry

from models import SnapshotFault, SummonsCategory
from models.metrics import MetricName
from resolvers import snapshots as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.metrics import BilingualText, MetricDefinition
from schema.nodes import Node
from schema.units import Unit


@strawberry.type(
    description=(
        "A metric of an area and a period as it was told once (指标快照), counting every row there, whoever may read "
        "it. It never changes; `checkMetricSnapshot` counts it again as of the same moment."
    )
)
class MetricSnapshot(Node):
    metric: MetricName = attribute("Which metric it is of.")
    definition: MetricDefinition = field(resolve.definition, "What the metric counts today.")
    revision: int = field(resolve.revision, "The definition's revision that it was taken by.")
    numerator_words: BilingualText = field(
        resolve.numerator_words, "What was counted, in the words of that revision."
    )
    denominator_words: BilingualText = field(
        resolve.denominator_words, "What it was divided by, in the words of that revision."
    )
    area: Area = field(resolve.area, "The area whose summonses were counted, with everything below it.")
    unit: Unit | None = field(
        resolve.unit, "The one unit they called; null for all units, and for one the caller may not know."
    )
    category: SummonsCategory | None = attribute("The one category they were of; null for all.")
    first_day: date = attribute("First local day of the period.")
    last_day: date = attribute("Last local day of the period, included.")
    as_of: datetime = attribute("The moment it stands for: the end of the period's last day.")
    numerator: int = attribute("How many there were in the numerator.")
    denominator: int = attribute("How many there were in the denominator.")
    rate: float | None = field(resolve.rate, "Numerator ÷ denominator; null when the denominator is 0.")
    hash: str = attribute(
        "SHA-256, in 64 hexadecimal digits, over definition, scope, period, moment and the keys of all rows that "
        "counted, each with its sides. Publish it with the figure.",
        of="digest",
    )
    taken_by: Member | None = field(
        resolve.taken_by, "Who took it; null for somebody the caller may not know of."
    )
    taken_at: datetime = attribute("When it was taken.")


@strawberry.type(description="What counting a snapshot again gives, as of the snapshot's moment (快照复核).")
class MetricSnapshotCheck:
    holds: bool = attribute("Whether the same rows count on the same sides, and its numbers are theirs.")
    fault: SnapshotFault | None = attribute("Why it does not hold; null when it does.")
    numerator: int | None = attribute("What the numerator is now; null when it cannot be counted again.")
    denominator: int | None = attribute("What the denominator is now; null when it cannot be counted again.")
    hash: str | None = attribute(
        "The hash that the rows give now; null when it cannot be counted again.", of="digest"
    )
    checked_at: datetime = attribute("When it was counted again.")
