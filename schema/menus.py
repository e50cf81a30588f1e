"""The menus of categories, as clients see them."""

from datetime import datetime

import strawberry

from resolvers import menus as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.nodes import Node


@strawberry.type(
    description=(
        "An entry of the menu that requests are sorted by (诉求菜单), of an area and everything below it; entries nest "
        "to any depth."
    )
)
class RequestCategory(Node):
    name: str = attribute("What it is called, e.g. 矛盾纠纷调解; at most 80 characters.")
    area: Area = field(resolve.area, "The area whose menu it is of.")
    parent: "RequestCategory | None" = field(
        resolve.parent, "The entry it lies below; null at the top of the menu."
    )
    children: "list[RequestCategory]" = field(
        resolve.children, "Open entries right below it, by name; at most 100."
    )
    schema: str | None = field(
        resolve.schema,
        "The form it asks for, as a JSON schema (draft 2020-12) of an object; null without one.",
    )
    needs_evidence: bool = attribute("Whether a work order must prove that it was done.")
    closed_at: datetime | None = attribute(
        "When it was closed: nothing new is sorted under it; null while it is open."
    )
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )
