"""Emergency accesses: their fields, their list, the mutations, and the protected fields they open."""

from datetime import datetime

from tortoise.models import Model

from actions import break_glass
from models import Area, BreakGlass, Member
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import TYPES
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("accesses", By("opened_at", datetime, descending=True), By("id", descending=True))


async def phone(root: Member, info: Info) -> str | None:
    """A number that is not there is not looked at."""
    return await info.context.loaders.phones.load(root) if root.phone else None


async def emergency_accesses(
    info: Info, reviewed: bool | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[BreakGlass]:
    rows = readable(BreakGlass, info.context.actor)
    if reviewed is not None:
        rows = rows.filter(reviewed_at__isnull=not reviewed)
    return await page(rows, NEWEST_FIRST, first, after)


async def member(root: BreakGlass, info: Info) -> Member | None:
    return await info.context.loaders.members.load(root.member_id)


async def looked_at(root: BreakGlass, info: Info) -> Model | None:
    return await info.context.loaders.rows_of(TYPES[root.kind]).load(root.object_id)


async def area(root: BreakGlass, info: Info) -> Area | None:
    return await info.context.loaders.areas.load(root.area_id)


async def reviewer(root: BreakGlass, info: Info) -> Member | None:
    return await info.context.loaders.members.load(root.reviewer_id) if root.reviewer_id else None


open_emergency_access = answer(break_glass.Opening, break_glass.open_emergency_access)
review_emergency_access = answer(break_glass.Review, break_glass.review_emergency_access)
