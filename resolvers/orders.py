"""Fields about work orders and red flags, and the lists of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from strawberry import ID
from tortoise.expressions import Q

from models import Area, FlagEntry, Member, OrderMode, OrderState, Request, RequestCategory, Unit, WorkOrder
from policies.scopes import readable
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST = Order("orders", By("created_at", datetime, descending=True), By("id", descending=True))
NEWEST_FLAGS = Order("flags", By("at", datetime, descending=True), By("id", descending=True))


@dataclass
class OrderFilter:
    """What narrows a list of work orders; every condition that is given must hold."""

    state: list[OrderState] | None = None
    mode: OrderMode | None = None
    assignee: ID | None = None
    unit: ID | None = None


def order(info: Info, id: ID) -> Later[WorkOrder | None]:
    return info.context.loaders.orders.find(key_of(id, WorkOrder, "id"))


async def orders(
    info: Info,
    area: AreaCode | None = None,
    filter: OrderFilter | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[WorkOrder]:
    where = await inside_code("path", area, info) if area is not None else Q()
    conditions = _conditions(filter or OrderFilter())
    rows = readable(WorkOrder, info.context.actor).filter(where, *conditions)
    return await page(info, rows, NEWEST, first, after)


def _conditions(wanted: OrderFilter) -> Iterator[Q]:
    if wanted.state is not None:
        yield Q(state__in=set(wanted.state))
    if wanted.mode is not None:
        yield Q(mode=wanted.mode)
    if wanted.assignee is not None:
        yield Q(assignee_id=key_of(wanted.assignee, Member, "filter", "assignee"))
    if wanted.unit is not None:
        yield Q(unit_id=key_of(wanted.unit, Unit, "filter", "unit"))


async def flags(
    info: Info,
    area: AreaCode | None = None,
    member: ID | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[FlagEntry]:
    where = await inside_code("path", area, info) if area is not None else Q()
    rows = readable(FlagEntry, info.context.actor).filter(where)
    if member is not None:
        rows = rows.filter(member_id=key_of(member, Member, "member"))
    return await page(info, rows, NEWEST_FLAGS, first, after)


def request(root: WorkOrder, info: Info) -> Later[Request | None]:
    return info.context.loaders.requests.find(root.request_id)


def assignee(root: WorkOrder, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.assignee_id) if root.assignee_id else None


def service(root: WorkOrder, info: Info) -> Later[RequestCategory | None]:
    return info.context.loaders.categories.find(root.service_id) if root.service_id else None


def unit(root: WorkOrder, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def done_by(root: WorkOrder, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.done_by_id) if root.done_by_id else None


def order_of_flag(root: FlagEntry, info: Info) -> Later[WorkOrder | None]:
    return info.context.loaders.orders.find(root.order_id)


def member_of_flag(root: FlagEntry, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id)


def area_of_flag(root: FlagEntry, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)
