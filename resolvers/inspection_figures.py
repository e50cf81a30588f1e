"""Figures of an area's visits in a period: what was planned, what was held, and what was collected there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count, Sum

from models import Area, Inspection, InspectionKind, InspectionState, Request, clock
from models.periods import Period, period
from policies.scopes import readable
from resolvers.areas import inside
from resolvers.context import Info


@dataclass(frozen=True, slots=True)
class InspectionCounts:
    """Of visits of a kind; None: of all kinds. `late` counts among the held ones."""

    kind: InspectionKind | None
    planned: int
    held: int
    late: int
    missed: int
    cancelled: int
    households: int
    requests: int

    @property
    def holding_rate(self) -> float | None:
        """Held ÷ (held + missed), 0.0 to 1.0; None when there is neither."""
        over = self.held + self.missed
        return self.held / over if over else None


@dataclass(frozen=True, slots=True)
class InspectionFigures:
    """Of the visits whose day lies in the period, as they stand now."""

    total: InspectionCounts
    by_kind: list[InspectionCounts]
    as_of: datetime


Counts = Counter[str]
"""By the name of a state, or of what else is counted."""


async def inspection_figures(root: Area, info: Info, from_: date, to: date) -> InspectionFigures:
    asked = period(from_, to)
    kinds = {kind: Counts() for kind in InspectionKind}
    await _count_visits(root, info, asked, kinds)
    await _count_requests(root, info, asked, kinds)
    total = sum(kinds.values(), Counts())
    by_kind = [_told(kind, counted) for kind, counted in kinds.items() if counted.total()]
    return InspectionFigures(_told(None, total), by_kind, asked.end)


def _told(kind: InspectionKind | None, counted: Counts) -> InspectionCounts:
    to_come, held = counted[InspectionState.PLANNED], counted[InspectionState.DONE]
    missed = counted[InspectionState.MISSED]
    return InspectionCounts(
        kind=kind,
        planned=to_come + held + missed,
        held=held,
        late=counted["late"],
        missed=missed,
        cancelled=counted[InspectionState.CANCELLED],
        households=counted["households"],
        requests=counted["requests"],
    )


async def _count_visits(root: Area, info: Info, asked: Period, kinds: dict[InspectionKind, Counts]) -> None:
    rows = readable(Inspection, info.context.actor).filter(_due_in(root, asked))
    columns = ("kind", "state", "late")
    counted = rows.annotate(number=Count("id"), met=Sum("households")).group_by(*columns)
    for row in await counted.values(*columns, "number", "met"):
        of_kind = kinds[row["kind"]]
        of_kind[row["state"]] += row["number"]
        of_kind["late"] += row["number"] if row["late"] else 0
        of_kind["households"] += row["met"] or 0


async def _count_requests(root: Area, info: Info, asked: Period, kinds: dict[InspectionKind, Counts]) -> None:
    visits = readable(Inspection, info.context.actor).filter(_due_in(root, asked)).values("id")
    rows = readable(Request, info.context.actor).filter(inspection_id__in=Subquery(visits))
    counted = rows.annotate(number=Count("id")).group_by("inspection__kind")
    for row in await counted.values("inspection__kind", "number"):
        kinds[row["inspection__kind"]]["requests"] += row["number"]


def _due_in(root: Area, asked: Period) -> Q:
    """By the moment at which their day ends, by which they are found."""
    since, until = clock.start_of_day(asked.first), clock.end_of_day(asked.last)
    return inside("path", root) & Q(due_at__gt=since, due_at__lte=until)
