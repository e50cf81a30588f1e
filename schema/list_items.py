"""Items of villages' lists and claims of them, as clients see them."""

from datetime import datetime
from typing import Annotated

import strawberry

from models import ClaimState, ListKind
from resolvers import list_items as resolve
from schema.areas import Area
from schema.fields import attribute, field, publish_input
from schema.members import Member
from schema.menus import RequestCategory
from schema.nodes import Node
from schema.units import Unit

publish_input(
    resolve.ListItemFilter,
    "What narrows a list of items; every condition that is given must hold.",
    kind="Only those of this list.",
    category="Only those under this entry of a menu.",
    unit="Only what this unit offers.",
    open="Only those that are open, or only those that are closed.",
)


@strawberry.type(
    description="An item of a village's lists (三张清单): what it needs, what it has, or a service offered to it."
)
class ListItem(Node):
    kind: ListKind = attribute("On which of the three lists it stands.")
    area: Area | None = field(resolve.area, "The village; null for one the caller may not know.")
    title: str = attribute("What it is, in a few words; at most 200 characters.")
    text: str | None = attribute("More about it, at most 20,000 characters; null without.")
    category: RequestCategory | None = field(
        resolve.category, "The entry of a menu (诉求菜单) it stands under; null without."
    )
    unit: Unit | None = field(
        resolve.unit,
        "The unit that offers it; null for a village's own item, a member's offer, or a unit the caller may not know.",
    )
    member: Member | None = field(
        resolve.member, "Who offers it themself; null for any other, and for whom the caller may not know."
    )
    created_at: datetime = attribute("When it was entered.")
    closed_at: datetime | None = attribute("When it was closed; null while it is open.")
    claims: list[Annotated["Claim", strawberry.lazy("schema.list_items")]] = field(
        resolve.claims_of_item, "Who claimed it (认领), oldest first; at most 50."
    )
    version: int = attribute("Counts its events; hand it back to be refused when somebody was faster.")


@strawberry.type(description="That somebody takes an item of a list on (认领), and what became of it.")
class Claim(Node):
    item: ListItem | None = field(resolve.item, "What was claimed.")
    unit: Unit | None = field(
        resolve.unit,
        "The unit in whose name it was claimed; null without, or when the caller may not know it.",
    )
    member: Member | None = field(resolve.member, "Who claimed it; null for whom the caller may not know.")
    state: ClaimState = attribute("Where it stands between the claim and the village's look at it.")
    result: str | None = attribute("What was done, in words; null before it is done.")
    claimed_at: datetime = attribute("When it was claimed.")
    done_at: datetime | None = attribute("When it was done; null before.")
    verified_by: Member | None = field(
        resolve.verified_by, "Who found it well done; null before, and for whom the caller may not know."
    )
    version: int = attribute("Counts its own events; hand it back to be refused when somebody was faster.")
