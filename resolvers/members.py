"""Fields about members, their grants, and the caller."""

from datetime import datetime

from strawberry import ID
from tortoise.expressions import Q, Subquery

from actions.templates_of_area import TEMPLATES
from models import Area, Grant, Member, Task, Unit, WorkOrder
from policies.actor import Actor
from policies.inbox import gives_parts, inbox, orders_to_verify
from policies.scopes import readable, whole
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page
from resolvers.plan import loads
from resolvers.tasks import DUE_FIRST
from resolvers.words import searched

BY_NAME = Order("members", By("name"), By("id"))
OLDEST_FIRST = Order("grants", By("since", datetime), By("id"))
OLDEST_ORDERS = Order("orders to verify", By("created_at", datetime), By("id"))
MOST_GRANTS = 100


def member(info: Info, id: ID) -> Later[Member | None]:
    return info.context.loaders.members.find(key_of(id, Member, "id"))


async def members(
    info: Info,
    area: AreaCode | None = None,
    name: str | None = None,
    disabled: bool | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Member]:
    rows = readable(Member, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("area_path", area, info))
    if name is not None:
        rows = rows.filter(name__icontains=searched(name, "name"))
    if disabled is not None:
        rows = rows.filter(disabled_at__isnull=not disabled)
    return await page(info, rows, BY_NAME, first, after)


async def all_grants(
    info: Info,
    area: AreaCode | None = None,
    role: str | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Grant]:
    rows = readable(Grant, info.context.actor)
    if area is not None:
        there = whole(Unit).filter(await inside_code("territory", area, info))
        at_areas = Q(unit_id=None) & await inside_code("path", area, info)
        rows = rows.filter(at_areas | Q(unit_id__in=Subquery(there.values("id"))))
    if role is not None:
        rows = rows.filter(role=searched(role, "role"))
    return await page(info, rows, OLDEST_FIRST, first, after)


@loads("units", "unit_id")
def unit(root: Member, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


async def grants(root: Member, info: Info) -> list[Grant]:
    return (await info.context.loaders.grants_of_member.load(root.id))[:MOST_GRANTS]


async def member_of_grant(root: Grant, info: Info) -> Member | None:
    """A principal knows their deputy, wherever the deputy has gone since."""
    known = await info.context.loaders.members.load(root.member_id)
    lent_by_caller = info.context.actor.is_(root.principal_id)
    return await whole(Member).get(id=root.member_id) if known is None and lent_by_caller else known


def area_of_grant(root: Grant, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id) if root.area_id else None


def unit_of_grant(root: Grant, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def viewer(info: Info) -> Actor:
    return info.context.actor


def member_of_viewer(root: Actor, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.id) if root.id else None


async def grants_of_viewer(root: Actor, info: Info) -> list[Grant]:
    if root.id is None:
        return []
    return (await info.context.loaders.grants_of_member.load(root.id))[:MOST_GRANTS]


async def tasks_of_viewer(
    root: Actor, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Task]:
    templates = await TEMPLATES.get() if gives_parts(root) else []
    return await page(info, inbox(root, templates), DUE_FIRST, first, after)


async def orders_of_viewer(
    root: Actor, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[WorkOrder]:
    return await page(info, orders_to_verify(root), OLDEST_ORDERS, first, after)
