"""What is ranked: the evaluated tasks of units, and the work orders of grids, in a month of an area."""

from collections import Counter, defaultdict
from fractions import Fraction

from actions.ranking import Sample
from models import Area, AreaLevel, Evaluation, FlagEntry, OrderState, WorkOrder, subtree
from models.periods import Period
from policies.scopes import whole

FULL = 100


async def work_of_units(path: str, month: Period) -> list[Sample]:
    """Tasks of summonses from the area and below that were scored in the month; where several scored, their mean.

    The one place that knows where scores come from.
    """
    start, end = subtree(path)
    scored = {"submitted_at__gte": month.start, "submitted_at__lte": month.closing}
    rows = whole(Evaluation).filter(path__gte=start, path__lt=end, **scored)
    totals = defaultdict[tuple[str, str], list[Fraction]](list)
    for unit_id, task_id, total in await rows.values_list("unit_id", "task_id", "total"):
        totals[unit_id, task_id].append(Fraction(str(total)))
    means = defaultdict[str, list[Fraction]](list)
    for (unit_id, _), some in totals.items():
        means[unit_id].append(sum(some, Fraction()) / len(some))
    return [Sample(id, len(some), sum(some, Fraction())) for id, some in means.items()]


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
