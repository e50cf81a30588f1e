"""Rankings, honours and notices, as clients see them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import NoticeKind
from resolvers import standings as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.units import Unit

if TYPE_CHECKING:
    from schema.publications import Publication


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
    description="A star of service (服务明星): one of the three members with most red flags in a published month."
)
class Honour:
    month: date = attribute("First day of the month.")
    place: int = attribute("1 to 3; among equals in flags, whoever had theirs first.")
    flags: int = attribute("How many flags they earned in the month.")
    shown_as: str = attribute("The family name alone, as it is shown to the public.")
    member: Member | None = field(resolve.member, "Who it is; null for whom the caller may not know.")


@strawberry.type(
    description="That a unit or a grid stood last in a published ranking (通报); at most two a month, none by chance."
)
class Notice:
    kind: NoticeKind = attribute("What is told.")
    area: Area | None = field(
        resolve.area, "Where it is told: the area that ranks, or the district that it was reported to."
    )
    unit: Unit | None = field(
        resolve.unit, "The unit that it is about; null for a grid, and for one that the caller may not know."
    )
    grid: Area | None = field(
        resolve.grid, "The grid that it is about; null for a unit, and for one that the caller may not know."
    )
    occurrence: int = attribute("Which month in a row this is; 1 for the first.")
    publication: Annotated["Publication", strawberry.lazy("schema.publications")] | None = field(
        resolve.publication, "The publication whose ranking tells it; a corrected one tells it no more."
    )
    issued_at: datetime = attribute("When it was told.")
