"""Fields about commitments, and the list of them."""

from datetime import datetime

from actions.commitments import Confirmation, NewCommitment, confirm_commitment, make_commitment
from models import Area, Commitment, Member
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST = Order("commitments", By("made_at", datetime, descending=True), By("id", descending=True))


async def commitments(
    info: Info, area: AreaCode | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[Commitment]:
    rows = readable(Commitment, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    return await page(info, rows, NEWEST, first, after)


def member(root: Commitment, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id)


def area(root: Commitment, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def confirmed_by(root: Commitment, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.confirmed_by_id) if root.confirmed_by_id else None


make = answer(NewCommitment, make_commitment)
confirm = answer(Confirmation, confirm_commitment)
