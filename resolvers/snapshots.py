"""Snapshots of figures: their fields, their list, counting one again, and taking one."""

from datetime import datetime

from strawberry import ID

from actions.snapshots import Check, NewSnapshot, check, take_snapshot
from models import Area, Member, MetricSnapshot, Unit
from models.metrics import METRICS, Metric, MetricName, Words
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("snapshots", By("taken_at", datetime, descending=True), By("id", descending=True))


async def metric_snapshots(
    info: Info,
    area: AreaCode | None = None,
    metric: MetricName | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[MetricSnapshot]:
    rows = readable(MetricSnapshot, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if metric is not None:
        rows = rows.filter(metric=metric)
    return await page(info, rows, NEWEST_FIRST, first, after)


async def check_metric_snapshot(info: Info, id: ID) -> Check | None:
    key = key_of(id, MetricSnapshot, "id")
    found = await readable(MetricSnapshot, info.context.actor).get_or_none(id=key)
    return await check(found) if found else None


def definition(root: MetricSnapshot) -> Metric:
    return METRICS[root.metric]


def revision(root: MetricSnapshot) -> int:
    return int(str(root.definition["revision"]))


def numerator_words(root: MetricSnapshot) -> Words:
    return _words(root, "numerator")


def denominator_words(root: MetricSnapshot) -> Words:
    return _words(root, "denominator")


def _words(root: MetricSnapshot, of: str) -> Words:
    told = root.definition[of]
    assert isinstance(told, list), "as it was kept"
    return Words(*told)


def rate(root: MetricSnapshot) -> float | None:
    return root.numerator / root.denominator if root.denominator else None


def area(root: MetricSnapshot, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def unit(root: MetricSnapshot, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def taken_by(root: MetricSnapshot, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.taken_by_id) if root.taken_by_id else None


take_metric_snapshot = answer(NewSnapshot, take_snapshot)
