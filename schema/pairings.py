"""Pairings, as clients see them."""

from datetime import datetime

import strawberry

from resolvers import pairings as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node
from schema.units import Unit


@strawberry.type(description="That a unit stands by a village (结对共建), from a day on.")
class Pairing(Node):
    unit: Unit | None = field(resolve.unit, "The unit; null for one the caller may not know.")
    area: Area | None = field(resolve.area, "The village; null for one the caller may not know.")
    arranged_by: Member | None = field(
        resolve.arranged_by, "Who arranged it; null for somebody the caller may not know."
    )
    since: datetime = attribute("When it was arranged.")
    ended_at: datetime | None = attribute("When it ended; null while it holds.")
    version: int = attribute("Counts its events; hand it back to be refused when somebody was faster.")
