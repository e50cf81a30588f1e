"""Metrics: their definitions, their figures as far as the caller may read the rows, and those rows."""

from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from strawberry import ID
from tortoise.models import Model

from actions.figures import Asked, Counted, Figure, figures, number_of_rows, rows_of
from models import Area, SummonsCategory, Unit
from models.metrics import AS_OF, METRICS, Grouping, Metric, MetricName, Words
from models.periods import period
from policies.scopes import readable
from resolvers.context import Info
from resolvers.cursors import Cursor, list_cursor, read_list_cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import Edge, Page, page_info, page_size

BY_KEY = "metric_rows"


class Row(NamedTuple):
    """A row behind a figure, and what it is."""

    model: type[Model]
    counted: Counted

    @property
    def in_numerator(self) -> bool:
        return self.counted.in_numerator

    @property
    def in_denominator(self) -> bool:
        return self.counted.in_denominator


def metric_definitions() -> list[Metric]:
    return list(METRICS.values())


async def metrics(
    info: Info,
    from_: date,
    to: date,
    ids: list[MetricName] | None = None,
    area: AreaCode | None = None,
    unit: ID | None = None,
    category: SummonsCategory | None = None,
    group_by: Grouping = Grouping.WHOLE,
) -> list[Figure]:
    """Metric by metric, in the order asked for. Nothing for an area that does not exist."""
    wanted, unit_id = period(from_, to), key_of(unit, Unit, "unit") if unit is not None else None
    place = await info.context.loaders.areas.load(area) if area is not None else None
    if area is not None and place is None:
        return []
    names = dict.fromkeys(MetricName if ids is None else ids)
    asked = [
        Asked(METRICS[name], wanted, wanted.end, place.path if place else "", False, unit_id, category)
        for name in names
    ]
    sight = partial(readable, actor=info.context.actor)
    return [figure for one in asked for figure in await figures(sight, one, group_by)]


def definition(root: Figure) -> Metric:
    return root.asked.metric


def area(root: Figure, info: Info) -> Later[Area | None]:
    path = root.asked.path
    return info.context.loaders.areas.find(path.split(".")[-2]) if path else None


def unit(root: Figure, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.asked.unit) if root.asked.unit else None


def own(root: Figure) -> bool:
    return root.asked.own


def category(root: Figure) -> SummonsCategory | None:
    return root.asked.category


def first_day(root: Figure) -> date:
    return root.asked.period.first


def last_day(root: Figure) -> date:
    return root.asked.period.last


def figure_as_of(root: Figure) -> datetime:
    return root.asked.end


async def source_rows(
    root: Figure, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Row]:
    """By key. InvalidInput for a bad cursor or a `first` not in 1–100."""
    size, beyond = page_size(first), read_list_cursor(after, BY_KEY, [str])[0] if after is not None else ""
    sight = partial(readable, actor=info.context.actor)
    found = await rows_of(sight, root.asked, str(beyond), size + 1)
    edges = [Edge(_row(root.asked.metric, one), _place) for one in found[:size]]
    return Page(edges, page_info(edges, len(found) > size, after), partial(number_of_rows, sight, root.asked))


def _row(metric: Metric, counted: Counted) -> Row:
    return Row(metric.counts if counted.in_numerator else metric.among, counted)


def _place(row: Row) -> Cursor:
    return list_cursor(BY_KEY, [row.counted.id])


async def node(root: Row, info: Info) -> Model | None:
    return await info.context.loaders.rows_of(root.model).load(root.counted.id)


def counts(root: Metric) -> str:
    """What the numerator is made of, as a type of the graph."""
    return root.counts.__name__


def among(root: Metric) -> str:
    return root.among.__name__


def as_of(root: Metric) -> Words:
    """The same for all of them."""
    return AS_OF
