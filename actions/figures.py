"""Figures: what the metrics come to, counted from the rows behind them, as of any moment."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import Area, AreaLevel, Evaluation, FollowUp, Summons, SummonsCategory, Task, clock, subtree
from models.metrics import Grouping, Metric
from models.periods import Period
from models.rows import Dialect, Record, Text, ask, conditions, dialect, joined
from policies.scopes import whole

Sight = Callable[[type[Model]], QuerySet[Model]]
"""Which rows of a model the reader may know of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric of the summonses issued at or below `path` ("": anywhere), or (`own`) by just that area, in a period.

    With a unit, only what was asked of it; with a category, only summonses of it. Everything as of `end`.
    """

    metric: Metric
    period: Period
    end: datetime
    path: str = ""
    own: bool = False
    unit: str | None = None
    category: SummonsCategory | None = None

    @property
    def reach(self) -> tuple[str, str]:
        """The half-open range of paths."""
        if not self.path:
            return "", "~"
        return (self.path, f"{self.path}0") if self.own else subtree(self.path)


class Figure(NamedTuple):
    """A metric in figures. For what, is in `asked`."""

    asked: Asked
    numerator: int
    denominator: int

    @property
    def rate(self) -> float | None:
        """None when nothing is in the denominator."""
        return self.numerator / self.denominator if self.denominator else None


class Counted(NamedTuple):
    """A row behind a figure, by its key, and in which of the two numbers it is."""

    id: str
    in_numerator: bool
    in_denominator: bool


MOST_GROUPS = 1_000


async def figures(sight: Sight, asked: Asked, by: Grouping) -> list[Figure]:
    """One for each group that has rows, in one statement; one for each month, with a statement each.

    At most 1,000: the units with most in the denominator. InvalidInput TOO_MANY_MONTHS for more than 24.
    """
    if by is Grouping.PERIOD:
        return [(await figures(sight, month, Grouping.WHOLE))[0] for month in _months(asked)]
    return (await every_figure(sight, asked, by))[:MOST_GROUPS]


async def every_figure(sight: Sight, asked: Asked, by: Grouping) -> list[Figure]:
    """However many there are; not by PERIOD."""
    sums: defaultdict[Asked | None, list[int]] = defaultdict(lambda: [0, 0])
    if by is Grouping.WHOLE:
        sums[asked] = [0, 0]
    for key, *numbers in await _ask(sight, asked, _sums(by, asked.metric)):
        group = _narrowed(asked, by, key)
        sums[group] = [have + int(str(more)) for have, more in zip(sums[group], numbers, strict=True)]
    return sorted(_each(asked.metric, sums), key=_ORDERS[by])


def _months(asked: Asked) -> Iterator[Asked]:
    for month in asked.period.months():
        yield replace(asked, period=month, end=min(month.closing, asked.end))


def _narrowed(asked: Asked, by: Grouping, key: object) -> Asked | None:
    """The group that a key of a row leads to; None for a row that belongs to no one group."""
    match by, key:
        case Grouping.WHOLE, _:
            return asked
        case Grouping.AREA, str():
            below = key[len(asked.path) :].partition(".")[0]
            return replace(asked, path=f"{asked.path}{below}." if below else key, own=not below)
        case Grouping.UNIT, str():
            return replace(asked, unit=key)
        case Grouping.CATEGORY, str():
            return replace(asked, category=SummonsCategory(key))
    return None


def _each(metric: Metric, sums: dict[Asked | None, list[int]]) -> Iterator[Figure]:
    """What belongs to no one group counts with each: the villages of all units and categories."""
    shared = 0 if metric.is_share else sums.get(None, [0, 0])[1]
    for asked, (numerator, denominator) in sums.items():
        if asked is not None:
            yield Figure(asked, numerator, denominator + shared)


_ORDERS: dict[Grouping, Callable[[Figure], tuple[object, ...]]] = {
    Grouping.WHOLE: lambda figure: (),
    Grouping.AREA: lambda figure: (figure.asked.path, not figure.asked.own),
    Grouping.UNIT: lambda figure: (-figure.denominator, -figure.numerator, figure.asked.unit),
    Grouping.CATEGORY: lambda figure: (_CATEGORIES.index(figure.asked.category),),
}
_CATEGORIES: list[SummonsCategory | None] = list(SummonsCategory)
_KEYS = {
    Grouping.WHOLE: "''",
    Grouping.AREA: "path",
    Grouping.UNIT: "unit_id",
    Grouping.CATEGORY: "category",
}


_SUMMONS_OF: dict[type[Model], str] = {Summons: "id", FollowUp: "summons_id"}
"""In which column rows that belong to no one unit tell their summons."""


def _sums(by: Grouping, metric: Metric) -> str:
    """A summons, or its follow-up, counts with each unit that it called."""
    key = _SUMMONS_OF.get(metric.counts) if by is Grouping.UNIT else None
    several = f" LEFT JOIN {{called}} AS called ON called.summons_id = counting.{key}" if key else ""
    return f"""SELECT {_KEYS[by]}, SUM(counted), SUM(due)
FROM ({{rows}}) AS counting{several} WHERE counted + due > 0 GROUP BY 1"""


async def rows_of(sight: Sight, asked: Asked, after: str = "", most: int | None = None) -> list[Counted]:
    """What is in the numerator, the denominator or both, by key; those after a key, and only so many."""
    limit = "" if most is None else f" LIMIT {most}"
    told = await _ask(sight, asked, _ROWS + limit, {"{after}": Text(("", ""), (after,))})
    return [Counted(str(id), bool(counted), bool(due)) for id, counted, due in told]


async def number_of_rows(sight: Sight, asked: Asked) -> int:
    [[number]] = await _ask(sight, asked, "SELECT COUNT(*) FROM ({rows}) AS counting WHERE counted + due > 0")
    return int(str(number))


_ROWS = """SELECT id, counted, due FROM ({rows}) AS counting
WHERE counted + due > 0 AND id > {after} ORDER BY id"""


async def _ask(
    sight: Sight, asked: Asked, statement: str, more: Mapping[str, Text] | None = None
) -> Sequence[Record]:
    known = dict(more or {})
    pieces = _pieces(statement.replace("{rows}", asked.metric.rows), dialect())
    for piece in pieces:
        if piece in _READ and piece not in known:
            known[piece] = _READ[piece](sight, asked)
    return await ask(*(known[piece] if piece in known else Text((piece,)) for piece in pieces))


@lru_cache(200)
def _pieces(statement: str, dialect: Dialect) -> list[str]:
    """Cut at what is put in; the time between two moments is told in each database's own way."""
    return PARTS.split(ELAPSED.sub(_BETWEEN[dialect], statement))


PARTS = re.compile(r"(\{\w+\})")
ELAPSED = re.compile(r"elapsed\((\w+), ((?:[^()]|\([^()]*\))+)\)")
_BETWEEN = {
    "postgres": r"ROUND(EXTRACT(EPOCH FROM \2 - \1) * 1000)",
    "sqlite": r"ROUND((julianday(\2) - julianday(\1)) * 86400000)",
}


def _summonses(sight: Sight, asked: Asked) -> Text:
    """Where tasks, evaluations or follow-ups are counted, those decide which can be seen."""
    own = asked.metric.counts is Summons
    rows = _inside(sight(Summons) if own else whole(Summons), asked)
    rows = rows.filter(issued_at__gte=asked.period.start, issued_at__lte=asked.end)
    if asked.category is not None:
        rows = rows.filter(category=asked.category)
    if asked.unit is not None and asked.metric.counts in _SUMMONS_OF:
        rows = rows.filter(id__in=Subquery(_tasks(sight, asked).values("summons_id")))
    return _chosen('"id", "path", "category", "tier", "issuer_id"', rows)


def _tasks(sight: Sight, asked: Asked) -> QuerySet[Model]:
    return _of_unit_asked(_inside(sight(Task), asked).filter(created_at__lte=asked.end), asked)


def _evaluations(sight: Sight, asked: Asked) -> QuerySet[Model]:
    rows = _inside(sight(Evaluation), asked).filter(submitted_at__lte=asked.end, voided_at=None)
    return _of_unit_asked(rows, asked)


def _followups(sight: Sight, asked: Asked) -> QuerySet[Model]:
    return _inside(sight(FollowUp), asked).filter(created_at__lte=asked.end)


def _of_unit_asked(rows: QuerySet[Model], asked: Asked) -> QuerySet[Model]:
    return rows.filter(unit_id=asked.unit) if asked.unit is not None else rows


def _villages(sight: Sight, asked: Asked) -> QuerySet[Model]:
    """Those that there were on the last day."""
    day = clock.local_date(asked.end)
    begun, gone = Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    return _inside(sight(Area), asked).filter(begun, gone, level=AreaLevel.VILLAGE)


def _inside(rows: QuerySet[Model], asked: Asked) -> QuerySet[Model]:
    start, end = asked.reach
    return rows.filter(path__gte=start, path__lt=end)


def _chosen(columns: str, rows: QuerySet[Model]) -> Text:
    table = rows.model._meta.db_table
    where = joined(f'(SELECT {columns} FROM "{table}" WHERE ', conditions(rows), " AND ")
    return joined("", [where, Text((")",))], "")


_READ: dict[str, Callable[[Sight, Asked], Text]] = {
    "{issued}": _summonses,
    "{given}": lambda sight, asked: _chosen(
        '"id", "summons_id", "unit_id", "created_at", "accepted_at"', _tasks(sight, asked)
    ),
    "{called}": lambda sight, asked: _chosen('DISTINCT "summons_id", "unit_id"', _tasks(sight, asked)),
    "{scored}": lambda sight, asked: _chosen(
        '"id", "summons_id", "task_id", "unit_id", "area_id", "scores", "submitted_at"',
        _evaluations(sight, asked),
    ),
    "{followed}": lambda sight, asked: _chosen(
        '"id", "summons_id", "state", "outcome", "due_at", "ended_at"', _followups(sight, asked)
    ),
    "{villages}": lambda sight, asked: _chosen('"code", "path"', _villages(sight, asked)),
    "{end}": lambda sight, asked: Text(("", ""), (asked.end,)),
}
