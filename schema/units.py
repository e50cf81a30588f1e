"""Units and their duty items, as clients see them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from models import UnitKind, UnitLevel
from resolvers import units as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.nodes import PAGED, Connection, Node

if TYPE_CHECKING:
    from schema.members import Member


@strawberry.type(
    description=(
        "A department, stationed agency, party organisation or company (单位). It stands in two trees: the line of "
        "command (条) above it, and the territory (块) that answers for it."
    )
)
class Unit(Node):
    name: str = attribute("Official name, e.g. 区自然资源局均安管理所; at most 120 characters.")
    kind: UnitKind = attribute("What sort of organisation it is.")
    level: UnitLevel = attribute("Level of government it belongs to.")
    parent: "Unit | None" = field(
        resolve.parent, "The unit above it in the line of command (条); null at its top."
    )
    home_area: Area = field(resolve.home_area, "The area it belongs to.")
    command_area: Area | None = field(
        resolve.command_area, "The town that commands a stationed agency (块); null for any other unit."
    )
    summonable: bool = attribute("Whether it can be summoned (可约请).")
    members: Connection[Annotated["Member", strawberry.lazy("schema.members")]] = field(
        resolve.members,
        "Members of the unit who are not disabled and whom the caller may see, by name.",
        **PAGED,
    )
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )


@strawberry.type(description="One line of a duty list (责任清单); a decline must cite one.")
class DutyItem(Node):
    code: str = attribute("Number of the line in its list, e.g. SD-ZRZY-017; at most 40 characters.")
    title: str = attribute("What the duty is, in words; at most 200 characters.")
    unit: Unit | None = field(
        resolve.unit_of_duty_item, "The unit whose duty it is; null when it holds for every village."
    )
