"""Fields about areas, and the lists of areas."""

from collections.abc import Sequence
from datetime import date

from tortoise.expressions import Q

from actions.arrival_code import current_code
from models import Area, AreaLevel, subtree
from policies.facts import Facts
from policies.guard import may
from policies.scopes import readable
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.loaders import present
from resolvers.pages import By, Order, Page, page
from resolvers.statistics import Figures, period
from resolvers.tallies import StateCount, told
from resolvers.words import searched

BY_CODE = Order("areas", By("code"))


async def area(info: Info, code: AreaCode) -> Area | None:
    return await info.context.loaders.areas.load(code)


async def areas(
    info: Info,
    level: AreaLevel | None = None,
    name: str | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Area]:
    rows = readable(Area, info.context.actor)
    if level is not None:
        rows = rows.filter(level=level)
    if name is not None:
        rows = rows.filter(name__icontains=searched(name, "name"))
    return await page(rows, BY_CODE, first, after)


async def parent(root: Area, info: Info) -> Area | None:
    return await info.context.loaders.areas.load(root.parent_id) if root.parent_id else None


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
        return await page(rows.filter(parent_id=root.code), BY_CODE, first, after)
    return await page(
        rows.filter(inside("path", root), level=level, code__not=root.code), BY_CODE, first, after
    )


def inside(column: str, area: Area) -> Q:
    """Rows whose path in `column` lies at or below the area."""
    start, end = subtree(area.path)
    return Q(join_type=Q.AND, **{f"{column}__gte": start, f"{column}__lt": end})


async def inside_code(column: str, code: AreaCode, info: Info) -> Q:
    """The same for an area's code; nothing lies in an area that does not exist."""
    area = await info.context.loaders.areas.load(code)
    return inside(column, area) if area else Q(pk__in=[])


async def towns(root: Area, info: Info) -> Sequence[Area]:
    return await _below(root, info, AreaLevel.TOWN, 60)


async def villages(root: Area, info: Info) -> Sequence[Area]:
    return await _below(root, info, AreaLevel.VILLAGE, 200)


async def grids(root: Area, info: Info) -> Sequence[Area]:
    return await _below(root, info, AreaLevel.GRID, 200)


async def _below(root: Area, info: Info, level: AreaLevel, most: int) -> Sequence[Area]:
    found = await info.context.loaders.areas_below.load(root.code)
    return [area for area in found if area.level == level][:most]


async def village(root: Area, info: Info) -> Area | None:
    """The village a grid lies in, however deep it is nested."""
    return next((area for area in await ancestors(root, info) if area.level == AreaLevel.VILLAGE), None)


async def check_in_code(root: Area, info: Info) -> str | None:
    there = Facts(area_path=root.path, issuer_path=root.path)
    return await current_code(root.code) if may(info.context.actor, "task", "confirmArrival", there) else None


async def statistics(root: Area, info: Info, from_: date, to: date) -> Figures:
    return await info.context.loaders.figures.load((root.path, period(from_, to)))


async def summons_counts(root: Area, info: Info) -> list[StateCount]:
    return told(await info.context.loaders.tallies.load(root.path))
