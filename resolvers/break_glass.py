"""Emergency accesses: their fields, their list, the mutations, and the protected fields they open."""

from datetime import datetime

from tortoise.models import Model

from actions import break_glass
from models import Area, BreakGlass, Member
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import TYPES, AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("accesses", By("opened_at", datetime, descending=True), By("id", descending=True))


def phone(root: Member, info: Info) -> Later[str | None]:
    """A number that is not there is not looked at."""
    return info.context.loaders.phones.find(root) if root.phone else None


async def emergency_accesses(
    info: Info,
    area: AreaCode | None = None,
    reviewed: bool | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[BreakGlass]:
    rows = readable(BreakGlass, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if reviewed is not None:
        rows = rows.filter(reviewed_at__isnull=not reviewed)
    return await page(info, rows, NEWEST_FIRST, first, after)


def member(root: BreakGlass, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id)


async def looked_at(root: BreakGlass, info: Info) -> Model | None:
    return await info.context.loaders.rows_of(TYPES[root.kind]).load(root.object_id)


def area(root: BreakGlass, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def reviewer(root: BreakGlass, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.reviewer_id) if root.reviewer_id else None


open_emergency_access = answer(break_glass.Opening, break_glass.open_emergency_access)
review_emergency_access = answer(break_glass.Review, break_glass.review_emergency_access)
