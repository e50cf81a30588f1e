"""Fields about units and their duty items, and the lists of them."""

from strawberry import ID
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models import Area, DutyItem, Member, Unit, UnitLevel
from policies.scopes import readable, whole
from resolvers.areas import inside, inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.members import BY_NAME as MEMBERS_BY_NAME
from resolvers.pages import By, Order, Page, page
from resolvers.plan import loads
from resolvers.words import searched

BY_NAME = Order("units", By("name"), By("id"))
BY_DUTY_CODE = Order("dutyItems", By("code"), By("id"))


def unit(info: Info, id: ID) -> Later[Unit | None]:
    return info.context.loaders.units.find(key_of(id, Unit, "id"))


async def units(
    info: Info,
    area: AreaCode | None = None,
    level: UnitLevel | None = None,
    name: str | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Unit]:
    rows = _open(info)
    if area is not None:
        rows = rows.filter(await inside_code("territory", area, info))
    if level is not None:
        rows = rows.filter(level=level)
    if name is not None:
        rows = rows.filter(name__icontains=searched(name, "name"))
    return await page(info, rows, BY_NAME, first, after)


async def units_of_area(
    root: Area, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Unit]:
    return await page(info, _open(info).filter(inside("territory", root)), BY_NAME, first, after)


def _open(info: Info) -> QuerySet[Unit]:
    return readable(Unit, info.context.actor).filter(closed_at=None)


@loads("units", "parent_id")
def parent(root: Unit, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.parent_id) if root.parent_id else None


@loads("areas", "home_area_id")
def home_area(root: Unit, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.home_area_id)


@loads("areas", "command_area_id")
def command_area(root: Unit, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.command_area_id) if root.command_area_id else None


async def members(
    root: Unit, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Member]:
    rows = readable(Member, info.context.actor).filter(unit_id=root.id, disabled_at=None)
    return await page(info, rows, MEMBERS_BY_NAME, first, after)


def unit_of_duty_item(root: DutyItem, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


async def duty_items(
    info: Info,
    area: AreaCode | None = None,
    unit: ID | None = None,
    text: str | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[DutyItem]:
    rows = readable(DutyItem, info.context.actor)
    if area is not None:
        there = whole(Unit).filter(await inside_code("territory", area, info))
        rows = rows.filter(Q(unit_id=None) | Q(unit_id__in=Subquery(there.values("id"))))
    if unit is not None:
        rows = rows.filter(unit_id=key_of(unit, Unit, "unit"))
    if text is not None:
        rows = rows.filter(title__icontains=searched(text, "text"))
    return await page(info, rows, BY_DUTY_CODE, first, after)
