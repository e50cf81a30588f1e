"""Fields about requests and their reporters, and the lists of requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from strawberry import ID
from tortoise.expressions import Q

from actions import break_glass
from actions.given import Given
from actions.requests import create_request as create
from models import (
    Area,
    Channel,
    MatterClass,
    Member,
    Reporter,
    Request,
    RequestState,
    Satisfaction,
    Summons,
    Unit,
    WorkOrder,
    clock,
)
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside, inside_code
from resolvers.changes import Changed, Said, left_by, made, read
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later, then
from resolvers.pages import NEVER, By, Order, Page, page
from resolvers.words import searched


class RequestOrder(StrEnum):
    """How a list of requests can be sorted."""

    CREATED_DESC = "CREATED_DESC"
    CREATED_ASC = "CREATED_ASC"
    UPDATED_DESC = "UPDATED_DESC"
    DUE_ASC = "DUE_ASC"


def _order(name: RequestOrder, column: str, descending: bool, or_else: datetime | None = None) -> Order:
    keys = By(column, datetime, descending, or_else), By("id", descending=descending)
    return Order(f"requests:{name}", *keys)


ORDERS = {
    RequestOrder.CREATED_DESC: _order(RequestOrder.CREATED_DESC, "created_at", True),
    RequestOrder.CREATED_ASC: _order(RequestOrder.CREATED_ASC, "created_at", False),
    RequestOrder.UPDATED_DESC: _order(RequestOrder.UPDATED_DESC, "updated_at", True),
    RequestOrder.DUE_ASC: _order(RequestOrder.DUE_ASC, "due_at", False, NEVER),
}
MOST_SHOWN, MOST_REPORTERS = 50, 200


@dataclass
class RequestFilter:
    """What narrows a list of requests; every condition that is given must hold."""

    state: list[RequestState] | None = None
    channel: list[Channel] | None = None
    matter_class: list[MatterClass] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_since: datetime | None = None
    overdue: bool | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A reporter as one of a request's, counted from 1."""

    request: Request
    number: int
    row: Reporter


def request(info: Info, id: ID) -> Later[Request | None]:
    return info.context.loaders.requests.find(key_of(id, Request, "id"))


async def requests(
    info: Info,
    area: AreaCode | None = None,
    filter: RequestFilter | None = None,
    order_by: RequestOrder | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Request]:
    where = await inside_code("path", area, info) if area is not None else Q()
    return await _listed(info, where, filter, order_by, first, after)


async def requests_of_area(
    root: Area,
    info: Info,
    filter: RequestFilter | None = None,
    order_by: RequestOrder | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Request]:
    return await _listed(info, inside("path", root), filter, order_by, first, after)


async def _listed(
    info: Info,
    where: Q,
    wanted: RequestFilter | None,
    order_by: RequestOrder | None,
    first: int | None,
    after: Cursor | None,
) -> Page[Request]:
    rows = readable(Request, info.context.actor).filter(where, *_conditions(wanted or RequestFilter()))
    return await page(info, rows, ORDERS[order_by or RequestOrder.CREATED_DESC], first, after)


def _conditions(wanted: RequestFilter) -> Iterator[Q]:
    if wanted.state is not None:
        yield Q(state__in=set(wanted.state))
    if wanted.channel is not None:
        yield Q(channel__in=set(wanted.channel))
    if wanted.matter_class is not None:
        yield Q(matter_class__in=set(wanted.matter_class))
    if wanted.created_from is not None:
        yield Q(created_at__gte=wanted.created_from)
    if wanted.created_to is not None:
        yield Q(created_at__lt=wanted.created_to)
    if wanted.updated_since is not None:
        yield Q(updated_at__gte=wanted.updated_since)
    if wanted.overdue is not None:
        yield Q(due_at__lt=clock.now()) if wanted.overdue else Q(due_at=None) | Q(due_at__gte=clock.now())
    if wanted.text is not None:
        text = searched(wanted.text, "filter", "text")
        yield Q(number__icontains=text) | Q(text__icontains=text) | Q(place__icontains=text)


def overdue(root: Request | WorkOrder) -> bool:
    return root.due_at is not None and root.due_at < clock.now()


def area(root: Request, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def transferred_to(root: Request, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.transferred_to_id) if root.transferred_to_id else None


def merged_into(root: Request, info: Info) -> Later[Request | None]:
    return info.context.loaders.requests.find(root.merged_into_id) if root.merged_into_id else None


def duplicates(root: Request, info: Info) -> Later[list[Request]]:
    return then(info.context.loaders.merged_into_request.find(root.id), lambda found: found[:MOST_SHOWN])


def summons(root: Request, info: Info) -> Later[Summons | None]:
    return info.context.loaders.summonses.find(root.summons_id) if root.summons_id else None


def orders(root: Request, info: Info) -> Later[list[WorkOrder]]:
    return then(info.context.loaders.orders_of_request.find(root.id), lambda found: found[:MOST_SHOWN])


def reporters(root: Request, info: Info) -> Later[list[Shown]]:
    return then(
        info.context.loaders.reporters_of_request.find(root.id),
        lambda found: [Shown(root, number, row) for number, row in enumerate(found[:MOST_REPORTERS], 1)],
    )


async def reporter_member(root: Shown, info: Info) -> Member | None:
    """The account tells as much as the name does."""
    id = await _protected(root, info, root.row.member_id)
    return await info.context.loaders.members.load(id) if id else None


async def reporter_name(root: Shown, info: Info) -> str | None:
    return await _protected(root, info, root.row.name)


async def reporter_phone(root: Shown, info: Info) -> str | None:
    return await _protected(root, info, root.row.phone)


async def _protected(root: Shown, info: Info, value: str | None) -> str | None:
    """Reporters see what they said of themselves. What is not there is not looked at."""
    if value is None or info.context.actor.is_(root.row.member_id):
        return value
    return value if await info.context.loaders.revealed_requests.load(root.request) else None


def informed_at(root: Shown) -> datetime | None:
    return root.row.informed_at


def feedback(root: Shown) -> Satisfaction | None:
    return root.row.feedback


def comment(root: Shown) -> str | None:
    return root.row.comment


async def create_request(info: Info, said: Said) -> Changed:
    return await left_by(info, await create(info.context.actor, made(Given, read(said))))


reveal_reporter = answer(break_glass.Revealing, break_glass.reveal_reporter)
