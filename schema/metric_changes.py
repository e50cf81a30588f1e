"""Mutations about figures."""

from datetime import date

import strawberry

from models import SummonsCategory
from models.metrics import MetricName
from resolvers import snapshots as resolve
from resolvers.ids import AreaCode
from schema.changes import Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID


@strawberry.input(description="A figure that is to be kept as it is (建立指标快照).")
class TakeMetricSnapshotInput(Repeatable):
    metric: MetricName = needed("By its definition, what is to be counted.")
    area: AreaCode = needed("Code of the area whose summonses are counted, with everything below it.")
    first_day: date = needed("First local day of the period.", name="from")
    last_day: date = needed("Last local day of the period, included; it must be over.", name="to")
    unit: ID | None = given("Only what was asked of this unit.")
    category: SummonsCategory | None = given("Only summonses of this category.")


@strawberry.type
class MetricChanges:
    take_metric_snapshot = change(
        "snapshot",
        TakeMetricSnapshotInput,
        resolve.take_metric_snapshot,
        "Keep a figure of a period that is over (建立指标快照), with a hash over the rows that counted. Needs "
        "`ranking.compute` in the area.",
    )
