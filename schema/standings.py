"""Rankings and honours, as clients see them."""

from datetime import date, datetime

import strawberry

from resolvers import standings as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node
from schema.units import Unit


@strawberry.type(
    description=(
        "How a unit or a grid did in a month (排名). `score` is (tasks × mean + 5 × mean of all tasks) ÷ (tasks + 5), "
        "so that little work is drawn towards what all did; below 5 tasks nobody is ranked."
    )
)
class RankingEntry:
    name: str = attribute("What the unit or the grid was called that day.")
    unit: Unit | None = field(
        resolve.unit, "The unit; null for a grid, and for one that the caller may not know."
    )
    grid: Area | None = field(
        resolve.grid, "The grid; null for a unit, and for one that the caller may not know."
    )
    tasks: int = attribute("How many tasks were scored, or orders ended, in the month.")
    mean: float = field(resolve.mean, "Their own mean, 0 to 100, to three places.")
    score: float | None = field(
        resolve.score, "By which they are ranked, 0 to 100, to three places; null for too few tasks."
    )
    place: int | None = attribute("1 for the best; equals share a place. Null for who is not ranked.")


@strawberry.type(
    description=(
        "A star of service (服务明星): one of the three members with most red flags in a published month, or one whom "
        "a village honoured by hand."
    )
)
class Honour(Node):
    month: date = attribute("First day of the month.")
    place: int | None = attribute(
        "1 to 3; among equals in flags, whoever had theirs first. Null for who was honoured by hand."
    )
    flags: int = attribute("How many flags they had earned in the month when it was told.")
    shown_as: str = attribute("The family name alone, as it is shown to the public.")
    member: Member | None = field(resolve.member, "Who it is; null for whom the caller may not know.")
    ground: str | None = attribute(
        "Why they were honoured by hand; at most 500 characters. Null for the three with most flags."
    )
    honoured_by: Member | None = field(
        resolve.honoured_by,
        "Who honoured them by hand; null for the three with most flags, and for somebody the caller may not know.",
    )
    honoured_at: datetime | None = attribute("When that was; null for the three with most flags.")
