"""Mutations of honours by hand."""

from datetime import date

import strawberry

from resolvers import standings as resolve
from resolvers.ids import AreaCode
from schema.changes import Repeatable, change
from schema.fields import needed
from schema.inputs import ID


@strawberry.input(
    description="Whom a village honours for a month, beside the three with most flags (评为服务明星)."
)
class HonourMemberInput(Repeatable):
    area: AreaCode = needed("Code of the area on whose wall they are to be.")
    member: ID = needed(
        "Id of the member: one who earned a red flag there, and is no star of that month yet."
    )
    month: date = needed("Any day of the month; not of one that has not begun.")
    ground: str = needed("Why, 1 to 500 characters. Everybody reads it, so it must not name them.")


@strawberry.type
class HonourChanges:
    honour_member = change(
        "honour",
        HonourMemberInput,
        resolve.honour,
        "Make somebody a star of service (评为服务明星); at most ten in an area for one month, and never oneself.",
    )
