"""The figures of the published report, kept as snapshots: 684 of 720 due, and 764 summonses of 206 villages."""

from datetime import date

from actions.snapshots import NewSnapshot, take_snapshot
from baodao.demo.stage import Stage
from models.metrics import MetricName

REPORTED = date(2022, 8, 1), date(2023, 3, 2)


async def keep_reported_figures(stage: Stage) -> None:
    for metric in (MetricName.CLOSING, MetricName.WHISTLE):
        await take_snapshot(stage.actors["shunde.org"], NewSnapshot(metric, "440606", *REPORTED))
