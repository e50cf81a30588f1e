"""The figures of an area: how many summonses were issued, fell due and were resolved, as of the end of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models import Evaluation, InvalidInput, Standing, Summons, clock, subtree
from policies.actor import Actor
from policies.scopes import readable, whole

JUST_BEFORE = timedelta(microseconds=1)


class Period(NamedTuple):
    """Local days, both of them included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return clock.start_of_day(self.first)

    @property
    def end(self) -> datetime:
        """The last instant that counts: of the period, or now while it still runs."""
        return min(clock.end_of_day(self.last) - JUST_BEFORE, clock.now())


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of summonses issued in the period. `due`: resolved by its end, or their limit had passed by then."""

    as_of: datetime
    issued: int = 0
    due: int = 0
    resolved: int = 0
    satisfaction: float = 0.0
    evaluations: int = 0

    @property
    def overdue(self) -> int:
        return self.due - self.resolved

    @property
    def closing_rate(self) -> float | None:
        """Resolved ÷ due (办结率), 0.0 to 1.0; None when nothing fell due."""
        return self.resolved / self.due if self.due else None

    @property
    def average_satisfaction(self) -> float | None:
        return self.satisfaction / self.evaluations if self.evaluations else None


def period(since: date, until: date) -> Period:
    """InvalidInput PERIOD_UPSIDE_DOWN when it ends before it begins, PERIOD_OUT_OF_RANGE outside 1900–2999."""
    if since > until:
        raise InvalidInput("PERIOD_UPSIDE_DOWN", "to")
    if not 1900 <= since.year <= until.year <= 2999:
        raise InvalidInput("PERIOD_OUT_OF_RANGE", "from")
    return Period(since, until)


async def figures_of(actor: Actor, keys: Sequence[tuple[str, Period]]) -> list[Figures]:
    """The figures of each subtree (by path) and period, over the summonses that the actor may read.

    The number of statements grows with the number of different periods, not with the number of areas.
    """
    paths: dict[Period, set[str]] = {}
    for path, wanted in keys:
        paths.setdefault(wanted, set()).add(path)
    found = {wanted: await _by_issuer(actor, wanted, below) for wanted, below in paths.items()}
    return [_summed(path, wanted, found[wanted]) for path, wanted in keys]


def _summed(path: str, wanted: Period, by_issuer: dict[str, Figures]) -> Figures:
    inside = [figures for issuer, figures in by_issuer.items() if issuer.startswith(path)]
    return Figures(
        wanted.end,
        sum(one.issued for one in inside),
        sum(one.due for one in inside),
        sum(one.resolved for one in inside),
        sum(one.satisfaction for one in inside),
        sum(one.evaluations for one in inside),
    )


async def _by_issuer(actor: Actor, wanted: Period, paths: set[str]) -> dict[str, Figures]:
    """By the issuer's path, for every issuer from the first to the last of the paths."""
    start, end = min(paths), max(subtree(path)[1] for path in paths)
    issued = readable(Summons, actor).filter(
        path__gte=start, path__lt=end, issued_at__gte=wanted.start, issued_at__lte=wanted.end
    )
    standings, scores = await _standings(issued, wanted.end), await _scores(issued, wanted.end)
    return {
        path: Figures(wanted.end, count, *standings.get(path, (0, 0)), *scores.get(path, (0.0, 0)))
        for path, count in await issued.annotate(count=Count("id"))
        .group_by("path")
        .values_list("path", "count")
    }


async def _standings(issued: QuerySet[Summons], end: datetime) -> dict[str, tuple[int, int]]:
    """How many were due and how many resolved at that moment, by the issuer's path."""
    valid = Standing.filter(Q(until=None) | Q(until__gt=end), since__lte=end, summons_id__in=_ids(issued))
    due = Count("id", _filter=Q(resolved=True) | Q(limit_at__lte=end))
    counted = valid.annotate(due=due, done=Count("id", _filter=Q(resolved=True))).group_by("summons__path")
    return {
        path: (due, done) for path, due, done in await counted.values_list("summons__path", "due", "done")
    }


async def _scores(issued: QuerySet[Summons], end: datetime) -> dict[str, tuple[float, int]]:
    """Sum and number of the scores for satisfaction submitted until that moment, by the issuer's path."""
    submitted = whole(Evaluation).filter(submitted_at__lte=end, summons_id__in=_ids(issued))
    summed = submitted.annotate(total=RawSQL(f"SUM({SATISFACTION})"), number=RawSQL(f"COUNT({SATISFACTION})"))
    rows = await summed.group_by("path").values_list("path", "total", "number")
    return {path: (total or 0.0, number) for path, total, number in rows}


SATISFACTION = "CAST(scores->>'SATISFACTION' AS FLOAT)"  # the same on both databases


def _ids(rows: QuerySet[Summons]) -> Subquery:
    return Subquery(rows.values("id"))
