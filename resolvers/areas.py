"""Fields about areas, and the lists of areas."""

from collections.abc import Sequence
from datetime import date

from tortoise.expressions import Q

from actions.arrival_code import current_code
from models import Area, AreaLevel, subtree
from models.periods import period
from policies.facts import Facts, area_facts
from policies.guard import may
from policies.scopes import readable
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later, then
from resolvers.loaders import present
from resolvers.pages import By, Order, Page, page
from resolvers.plan import loads, reads
from resolvers.statistics import Asked, Figures
from resolvers.tallies import StateCount, told
from resolvers.words import searched

BY_CODE = Order("areas", By("code"))


def area(info: Info, code: AreaCode) -> Later[Area | None]:
    return info.context.loaders.areas.find(code)


async def areas(
    info: Info,
    area: AreaCode | None = None,
    level: AreaLevel | None = None,
    name: str | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Area]:
    rows = readable(Area, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if level is not None:
        rows = rows.filter(level=level)
    if name is not None:
        rows = rows.filter(name__icontains=searched(name, "name"))
    return await page(info, rows, BY_CODE, first, after)


@loads("areas", "parent_id")
def parent(root: Area, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.parent_id) if root.parent_id else None


async def ancestors(root: Area, info: Info) -> list[Area]:
    return present(await info.context.loaders.areas.load_many(root.ancestor_codes))


async def children(
    root: Area,
    info: Info,
    level: AreaLevel | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Area]:
    rows = readable(Area, info.context.actor)
    if level is None:
        return await page(info, rows.filter(parent_id=root.code), BY_CODE, first, after)
    return await page(
        info, rows.filter(inside("path", root), level=level, code__not=root.code), BY_CODE, first, after
    )


def inside(column: str, area: Area) -> Q:
    """Rows whose path in `column` lies at or below the area."""
    start, end = subtree(area.path)
    return Q(join_type=Q.AND, **{f"{column}__gte": start, f"{column}__lt": end})


async def inside_code(column: str, code: AreaCode, info: Info) -> Q:
    """The same for an area's code; nothing lies in an area that does not exist."""
    area = await info.context.loaders.areas.load(code)
    return inside(column, area) if area else Q(pk__in=[])


@loads("areas_below", "code")
def towns(root: Area, info: Info) -> Later[Sequence[Area]]:
    return _below(root, info, AreaLevel.TOWN, 60)


@loads("areas_below", "code")
def villages(root: Area, info: Info) -> Later[Sequence[Area]]:
    return _below(root, info, AreaLevel.VILLAGE, 200)


@loads("areas_below", "code")
def grids(root: Area, info: Info) -> Later[Sequence[Area]]:
    return _below(root, info, AreaLevel.GRID, 200)


def _below(root: Area, info: Info, level: AreaLevel, most: int) -> Later[Sequence[Area]]:
    return then(
        info.context.loaders.areas_below.find(root.code),
        lambda found: [area for area in found if area.level is level][:most],
    )


async def village(root: Area, info: Info) -> Area | None:
    """The village a grid lies in, however deep it is nested."""
    return next((area for area in await ancestors(root, info) if area.level == AreaLevel.VILLAGE), None)


async def check_in_code(root: Area, info: Info) -> str | None:
    there = Facts(area_path=root.path, issuer_path=root.path)
    return await current_code(root.code) if may(info.context.actor, "task", "confirmArrival", there) else None


@reads("path")
def statistics(root: Area, info: Info, from_: date, to: date) -> Later[Figures]:
    return info.context.loaders.figures.find(Asked(root.path, period(from_, to)))


@reads()
def average_satisfaction(root: Figures, info: Info) -> Later[float | None]:
    return info.context.loaders.satisfaction.find(root.asked)


@reads("path", "level")
def orphans(root: Area, info: Info) -> Later[int] | None:
    """For those who may read the figures of the area."""
    if not may(info.context.actor, "analytics", "read", area_facts(root)):
        return None
    return info.context.loaders.orphans.find(root.path)


@reads()
def follow_ups_done(root: Figures, info: Info) -> Later[int]:
    return then(info.context.loaders.followed_up.find(root.asked), lambda found: found.done)


@reads()
def follow_ups_skipped(root: Figures, info: Info) -> Later[int]:
    return then(info.context.loaders.followed_up.find(root.asked), lambda found: found.skipped)


@reads("path")
def summons_counts(root: Area, info: Info) -> Later[list[StateCount]]:
    return then(info.context.loaders.tallies.find(root.path), told)
