"""What can be asked about figures (指标) and scores (评价): definitions, values, snapshots, templates, locks."""

import strawberry

from resolvers import control_charts as resolve_charts
from resolvers import metrics as resolve_metrics
from resolvers import score_locks as resolve_locks
from resolvers import snapshots as resolve_snapshots
from resolvers import templates as resolve_templates
from schema.control_charts import ControlChart
from schema.fields import field
from schema.metrics import MetricDefinition, MetricFigure
from schema.nodes import MINE, NO_OTHER, PAGED, Connection
from schema.score_locks import ScoreLock
from schema.snapshots import MetricSnapshot, MetricSnapshotCheck
from schema.templates import EvaluationTemplate


@strawberry.type
class FigureLists:
    metric_definitions: list[MetricDefinition] | None = field(
        resolve_metrics.metric_definitions, "What each metric (指标) counts; at most 20."
    )
    metrics: list[MetricFigure] | None = field(
        resolve_metrics.metrics,
        "Metrics in figures, over the summonses issued in a period, as far as the caller may read them; metric by "
        "metric, at most 1,000 groups each (of units, those with most in the denominator). Empty when there is no "
        "such area.",
        ids="Which metrics, in this order; all of them when left out.",
        from_="First local day of the period.",
        to="Last local day of the period, included; not before the first.",
        area="Only summonses issued in this area or below it.",
        unit="Only what was asked of this unit.",
        category="Only summonses of this category.",
        group_by="By what the figures are told apart; one figure for each metric when left out.",
    )
    control_charts: list[ControlChart] | None = field(
        resolve_charts.charts,
        "A metric by months beside its mean and the limits of what chance explains (控制图), such as of the whistle "
        "rate or the closing rate; at most 200 charts, those with most in their denominators first. Empty when there "
        "is no such area.",
        metric="Which metric is drawn month by month.",
        from_="First local day of the period; a month that begins before it is left out.",
        to="Last local day of the period, included; a month that ends after it is left out. At most 24 months.",
        area="Only summonses issued in this area or below it.",
        unit="Only what was asked of this unit.",
        category="Only summonses of this category.",
        group_by="By what the charts are told apart, but not PERIOD; one chart when left out.",
    )
    metric_snapshots: Connection[MetricSnapshot] | None = field(
        resolve_snapshots.metric_snapshots,
        "Snapshots of figures (指标快照) of areas whose figures the caller may read, newest first.",
        area="Only those of this area or one below it.",
        metric="Only those of this metric.",
        **PAGED,
    )
    check_metric_snapshot: MetricSnapshotCheck | None = field(
        resolve_snapshots.check_metric_snapshot,
        f"Count a snapshot again as of its moment (快照复核), and tell whether it still holds; {MINE}",
        id=f"Id of the snapshot; {NO_OTHER}",
    )
    evaluation_templates: Connection[EvaluationTemplate] | None = field(
        resolve_templates.evaluation_templates,
        "Evaluation templates (评价模板), the last made first: those that count, did once, or will.",
        area="Only those of this area and of areas above it.",
        stationed="Only those for stationed agencies, or only those for other units.",
        **PAGED,
    )
    score_locks: Connection[ScoreLock] | None = field(
        resolve_locks.score_locks,
        "Periods whose scores are final (考核期锁定), the last locked first.",
        area="Only those of this area or below it.",
        **PAGED,
    )
