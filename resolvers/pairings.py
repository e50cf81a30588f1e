"""Fields about pairings, and the list of them."""

from datetime import datetime

from strawberry import ID

from actions.pairings import NewPairing, PairingEnd, arrange_pairing, end_pairing
from models import Area, Member, Pairing, Unit
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST = Order("pairings", By("since", datetime, descending=True), By("id", descending=True))


async def pairings(
    info: Info,
    area: AreaCode | None = None,
    unit: ID | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Pairing]:
    rows = readable(Pairing, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if unit is not None:
        rows = rows.filter(unit_id=key_of(unit, Unit, "unit"))
    return await page(info, rows, NEWEST, first, after)


def unit(root: Pairing, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id)


def area(root: Pairing, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def arranged_by(root: Pairing, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.arranged_by_id) if root.arranged_by_id else None


arrange = answer(NewPairing, arrange_pairing)
end = answer(PairingEnd, end_pairing)
