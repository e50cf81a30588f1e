"""The life of an evaluation, as data: the design's own rows, which the specification has only in words.

The scores of the issuing areas begin with the steps evaluate and evaluatePart of their task.
"""

from models.clocks import ClockKind as C
from models.evaluations import EvaluationState as E
from models.steps import NEW, SAME, SYSTEM, USER, Rung, row, table
from models.tasks import TaskState as T
from models.working_time import Span, TimeUnit

EVALUATION_STEPS = table(
    "evaluation",
    {"uphold": ("evaluation", "adjudicate"), "adjust": ("evaluation", "adjudicate")},
    row("E01", "submitTown", USER, NEW, E.SUBMITTED, "evaluation.submitted"),
    row("E02", "submitDistrict", USER, NEW, E.SUBMITTED, "evaluation.submitted"),
    row("E03", "appeal", USER, {E.SUBMITTED}, E.APPEALED, "evaluation.appealed"),
    row("E04", "uphold", USER, {E.APPEALED}, E.UPHELD, "evaluation.upheld"),
    row("E05", "adjust", USER, {E.APPEALED}, E.ADJUSTED, "evaluation.adjusted"),
    row("E06", "appealClimbs", SYSTEM, {E.APPEALED}, SAME, "evaluation.escalated"),
    row("E07", "letStand", SYSTEM, {E.APPEALED}, E.UPHELD, "evaluation.upheld"),
)

EVALUATION_LADDERS: dict[C, tuple[Rung, ...]] = {
    C.ADJUDICATE: (Rung(Span(0, TimeUnit.MINUTE), ("appealClimbs", "letStand")),),
}
"""The town's silence asks the district; the district's leaves the scores as they are."""

SCORED_IN = frozenset({T.RESOLVED, T.EVALUATED})
"""States of a task in which other parties than the issuing areas score it."""
