"""Control charts of metrics, as far as the caller may read the rows."""

from datetime import date
from functools import partial

from strawberry import ID

from actions.control_charts import Chart, Point, control_charts
from actions.figures import Asked
from models import Area, SummonsCategory, Unit
from models.metrics import METRICS, Grouping, Metric, MetricName
from models.periods import period
from policies.scopes import readable
from resolvers.context import Info
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later


async def charts(
    info: Info,
    metric: MetricName,
    from_: date,
    to: date,
    area: AreaCode | None = None,
    unit: ID | None = None,
    category: SummonsCategory | None = None,
    group_by: Grouping = Grouping.WHOLE,
) -> list[Chart]:
    """Nothing for an area that does not exist."""
    wanted, unit_id = period(from_, to), key_of(unit, Unit, "unit") if unit is not None else None
    place = await info.context.loaders.areas.load(area) if area is not None else None
    if area is not None and place is None:
        return []
    path = place.path if place else ""
    asked = Asked(METRICS[metric], wanted, wanted.end, path, False, unit_id, category)
    return await control_charts(partial(readable, actor=info.context.actor), asked, group_by)


def definition(root: Chart) -> Metric:
    return root.metric


def area(root: Chart, info: Info) -> Later[Area | None]:
    path = root.of.path
    return info.context.loaders.areas.find(path.split(".")[-2]) if path else None


def own(root: Chart) -> bool:
    return root.of.own


def unit(root: Chart, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.of.unit) if root.of.unit else None


def category(root: Chart) -> SummonsCategory | None:
    return root.of.category


def first_day(root: Point) -> date:
    return root.figure.asked.period.first


def numerator(root: Point) -> int:
    return root.figure.numerator


def denominator(root: Point) -> int:
    return root.figure.denominator


def rate(root: Point) -> float | None:
    return root.figure.rate
