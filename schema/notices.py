"""Notices, as clients see them."""

from datetime import datetime

import strawberry

from models import NoticeKind
from resolvers import notices as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node
from schema.publications import Publication
from schema.summons import AvailableAction, Summons
from schema.tasks import Task
from schema.units import Unit


@strawberry.type(
    description=(
        "What is told of a unit or an area (通报), never of a person: that it stood last in a published ranking, at "
        "most two a month and none by chance; or, by hand, praise, what is overdue, or criticism."
    )
)
class Notice(Node):
    kind: NoticeKind = attribute("What is told.")
    area: Area | None = field(
        resolve.area,
        "Where it is told: the area that ranks or that was named, or the district that it was reported to.",
    )
    unit: Unit | None = field(
        resolve.unit, "The unit that it is about; null for an area, and for one that the caller may not know."
    )
    subject: Area | None = field(
        resolve.subject,
        "The grid, or by hand the area, that it is about; null for a unit, and for one that the caller may not know.",
    )
    occurrence: int = attribute(
        "By a ranking, which month in a row this is, counted anew when an earlier month becomes public; by hand, which "
        "of its kind about the same told in the same area. 1 for the first."
    )
    publication: Publication | None = field(
        resolve.publication,
        "The publication whose ranking tells it; a corrected one tells it no more. Null for one by hand.",
    )
    issued_at: datetime = attribute("When it was told.")
    issued_by: Member | None = field(
        resolve.issued_by,
        "Who told it by hand; null for what a ranking tells, and for somebody the caller may not know.",
    )
    text: str | None = attribute(
        "What is told by hand, in words; at most 20,000 characters. Null for what a ranking tells."
    )
    summons: Summons | None = field(
        resolve.summons, "The summons that it is about; null for none, and for one the caller may not read."
    )
    task: Task | None = field(
        resolve.task, "The task that it is about; null for none, and for one the caller may not read."
    )
    decision: str | None = attribute("What the district decided on who was reported to it; null before.")
    decided_by: Member | None = field(
        resolve.decided_by, "Who decided it; null before, and for somebody the caller may not know."
    )
    decided_at: datetime | None = attribute("When it was decided on; null before.")
    version: int = attribute("Counts its events; hand it back to be refused when somebody was faster.")
    available_actions: list[AvailableAction] = field(
        resolve.available_actions,
        "Of one that was reported and waits for a decision `decide`, and why not; empty for the others.",
    )
