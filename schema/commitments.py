"""Commitments, as clients see them."""

from datetime import datetime

import strawberry

from resolvers import commitments as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node


@strawberry.type(
    description="What a registered member promised a village (承诺), and whether it was kept (践诺)."
)
class Commitment(Node):
    member: Member | None = field(resolve.member, "Who promised it; null for whom the caller may not know.")
    area: Area | None = field(
        resolve.area, "The village it was promised to; null for one the caller may not know."
    )
    text: str = attribute("What was promised, in words; at most 20,000 characters.")
    made_at: datetime = attribute("When it was promised.")
    kept_at: datetime | None = attribute("When the village found it kept; null before.")
    confirmed_by: Member | None = field(
        resolve.confirmed_by, "Who found it kept; null before, and for somebody the caller may not know."
    )
    version: int = attribute("Counts its events; hand it back to be refused when somebody was faster.")
