"""Locked periods, as clients see them."""

from datetime import date, datetime

import strawberry

from resolvers import score_locks as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node


@strawberry.type(
    description=(
        "A period whose scores are final (考核期锁定): those of tasks that were evaluated in it, in an area and below "
        "it. Nothing changes them any more, and no template may begin to count in it or before."
    )
)
class ScoreLock(Node):
    area: Area = field(resolve.area, "The area whose scores are locked, with everything below it.")
    since: date = attribute("First day of the period.", name="from")
    until: date = attribute("Last day of the period.", name="to")
    scores: int = field(resolve.scores, "Number of scores that it locked; costs a count.")
    locked_by: Member | None = field(
        resolve.locked_by, "Who locked it; null for somebody the caller may not know of."
    )
    locked_at: datetime = attribute("When it was locked.")
    version: int = attribute("Always 1, as a lock is never taken off.")
