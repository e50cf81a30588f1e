"""Emergency accesses, as clients see them."""

from datetime import datetime

import strawberry

from resolvers import break_glass as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node


@strawberry.type(
    description=(
        "Emergency access (应急访问): one member may see the protected fields of one object, for three hours and for a "
        "reason. Each look is an event, and an auditor reviews it afterwards."
    )
)
class EmergencyAccess(Node):
    member: Member | None = field(
        resolve.member, "Who opened it; null for somebody the caller may not know of."
    )
    object: Node | None = field(
        resolve.looked_at,
        "What may be seen, a member or a request; null where the caller may not know of it.",
    )
    area: Area = field(resolve.area, "The area in which the object lay when it was opened.")
    reason: str = attribute("Why it was opened, in the words of who opened it.")
    opened_at: datetime = attribute("From when on the fields may be seen.")
    until: datetime = attribute("When that ends: three hours later, or with the review if that comes first.")
    reviewer: Member | None = field(
        resolve.reviewer,
        "The auditor who reviewed it (核查); null before, and for whom the caller may not know.",
    )
    reviewed_at: datetime | None = attribute("When it was reviewed; null while nobody did.")
    justified: bool | None = attribute("Whether the auditor found it justified; null before the review.")
    finding: str | None = attribute("What the auditor says about it; null before the review.")
    version: int = attribute("Counts its events from 1; hand it back to be refused when somebody was faster.")
