"""What can be asked about who stands by a village (共驻共建), and its lists."""

import strawberry

from resolvers import list_items as resolve_items
from resolvers import pairings as resolve_pairings
from schema.fields import field
from schema.list_items import Claim, ListItem
from schema.nodes import PAGED, Connection
from schema.pairings import Pairing


@strawberry.type
class CoBuilding:
    list_items: Connection[ListItem] | None = field(
        resolve_items.list_items,
        "Items of villages' lists (需求、资源、服务清单), newest first, with those that are closed.",
        area="Only those of villages in this area.",
        filter="Conditions that all must hold; every item when left out.",
        **PAGED,
    )
    claims: Connection[Claim] | None = field(
        resolve_items.claims,
        "Claims (认领) of such items, newest first.",
        area="Only those of items of villages in this area.",
        state="Only those in one of these states.",
        **PAGED,
    )
    pairings: Connection[Pairing] | None = field(
        resolve_pairings.pairings,
        "Pairings (结对共建) that the caller may read, newest first, with those that ended.",
        area="Only those of villages in this area.",
        unit="Only those of this unit.",
        **PAGED,
    )
