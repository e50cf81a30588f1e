"""What is ranked: the evaluated tasks of units, and the work orders of grids, in a month of an area."""

from collections import Counter, defaultdict
from fractions import Fraction

from actions.ranking import Sample
from models import Area, AreaLevel, FlagEntry, OrderState, TaskScore, WorkOrder, subtree
from models.periods import Period
from policies.scopes import whole

FULL = 100
HUNDREDTHS = 100
"""In which scores are kept."""


async def work_of_units(path: str, month: Period) -> list[Sample]:
    """Tasks of summonses from the area and below that were evaluated in the month, by the score of their last round.

    The one place that knows where scores come from.
    """
    start, end = subtree(path)
    scored = {"scored_at__gte": month.start, "scored_at__lte": month.closing, "total__isnull": False}
    rows = whole(TaskScore).filter(path__gte=start, path__lt=end, **scored).order_by("round")
    last = {
        task: (unit, total) for task, unit, total in await rows.values_list("task_id", "unit_id", "total")
    }
    points = defaultdict[str, list[Fraction]](list)
    for unit, total in last.values():
        points[unit].append(Fraction(total, HUNDREDTHS))
    return [Sample(id, len(some), sum(some, Fraction())) for id, some in points.items()]


async def work_of_grids(path: str, month: Period) -> list[Sample]:
    """Orders that ended in the month: 100 points for each that was verified, none for one that nobody took on."""
    start, end = subtree(path)
    inside = {"path__gte": start, "path__lt": end}
    verified = whole(FlagEntry).filter(**inside, at__gte=month.start, at__lte=month.closing)
    ended = {"updated_at__gte": month.start, "updated_at__lte": month.closing}
    expired = whole(WorkOrder).filter(**inside, state=OrderState.EXPIRED, **ended)
    done = await _by_area([str(one) for one in await verified.values_list("path", flat=True)])
    left = await _by_area([str(one) for one in await expired.values_list("path", flat=True)])
    return [Sample(code, done[code] + left[code], Fraction(FULL * done[code])) for code in done | left]


async def _by_area(paths: list[str]) -> Counter[str]:
    """Only of grids; what a village keeps to itself is in no competition."""
    codes = Counter(path.split(".")[-2] for path in paths)
    grids = (
        await whole(Area).filter(code__in=list(codes), level=AreaLevel.GRID).values_list("code", flat=True)
    )
    return Counter({str(code): codes[str(code)] for code in grids})
