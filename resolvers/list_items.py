"""Fields about items of villages' lists and claims of them, and the lists of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from strawberry import ID
from tortoise.expressions import Q

from actions import claims as claiming
from actions import list_items as listing
from models import Area, Claim, ClaimState, ListItem, ListKind, Member, RequestCategory, Unit
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later, then
from resolvers.pages import By, Order, Page, page

NEWEST = Order("items", By("created_at", datetime, descending=True), By("id", descending=True))
NEWEST_CLAIMS = Order("claims", By("claimed_at", datetime, descending=True), By("id", descending=True))
MOST_CLAIMS = 50


@dataclass
class ListItemFilter:
    """What narrows a list of items; every condition that is given must hold."""

    kind: ListKind | None = None
    category: ID | None = None
    unit: ID | None = None
    open: bool | None = None


async def list_items(
    info: Info,
    area: AreaCode | None = None,
    filter: ListItemFilter | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[ListItem]:
    where = await inside_code("path", area, info) if area is not None else Q()
    rows = readable(ListItem, info.context.actor).filter(where, *_conditions(filter or ListItemFilter()))
    return await page(info, rows, NEWEST, first, after)


def _conditions(wanted: ListItemFilter) -> Iterator[Q]:
    if wanted.kind is not None:
        yield Q(kind=wanted.kind)
    if wanted.category is not None:
        yield Q(category_id=key_of(wanted.category, RequestCategory, "filter", "category"))
    if wanted.unit is not None:
        yield Q(unit_id=key_of(wanted.unit, Unit, "filter", "unit"))
    if wanted.open is not None:
        yield Q(closed_at__isnull=wanted.open)


async def claims(
    info: Info,
    area: AreaCode | None = None,
    state: list[ClaimState] | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Claim]:
    rows = readable(Claim, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if state is not None:
        rows = rows.filter(state__in=set(state))
    return await page(info, rows, NEWEST_CLAIMS, first, after)


def area(root: ListItem, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def category(root: ListItem, info: Info) -> Later[RequestCategory | None]:
    return info.context.loaders.categories.find(root.category_id) if root.category_id else None


def unit(root: ListItem | Claim, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def member(root: ListItem | Claim, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id) if root.member_id else None


def claims_of_item(root: ListItem, info: Info) -> Later[list[Claim]]:
    return then(info.context.loaders.claims_of_item.find(root.id), lambda found: found[:MOST_CLAIMS])


def item(root: Claim, info: Info) -> Later[ListItem | None]:
    return info.context.loaders.list_items.find(root.item_id)


def verified_by(root: Claim, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.verified_by_id) if root.verified_by_id else None


create_item = answer(listing.NewItem, listing.create_item)
offer_service = answer(listing.NewOffer, listing.offer_service)
change_item = answer(listing.ItemChange, listing.change_item)
close_item = answer(listing.ItemClosing, listing.close_item)
claim_item = answer(claiming.NewClaim, claiming.claim_item)
complete_claim = answer(claiming.ClaimEnd, claiming.complete_claim)
drop_claim = answer(claiming.ClaimEnd, claiming.drop_claim)
verify_claim = answer(claiming.ClaimEnd, claiming.verify_claim)
