"""Mutations of notices by hand, and of those that were reported to the district."""

import strawberry

from models import NoticeKind
from resolvers import notices as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID


@strawberry.input(description="What is to be told of a unit or an area (发出通报).")
class IssueNoticeInput(Repeatable):
    kind: NoticeKind = needed("PRAISE, OVERDUE or CRITICISM; the other kinds follow from rankings.")
    area: AreaCode = needed(
        "Code of the area where it is told; it is about the area itself unless a unit is named."
    )
    unit: ID | None = given(
        "The unit that it is about: one of the area or that was summoned from it, and not the caller's own."
    )
    text: str = needed("What is told, 1 to 20,000 characters; speak of the unit or the area, of no person.")
    summons: ID | None = given("The summons that it is about: issued in the area, and asking the unit.")
    task: ID | None = given(
        "The task that it is about: of a summons issued in the area, and given to the unit."
    )


@strawberry.input(description="What the district decides on who was reported to it (处理决定).")
class DecideNoticeInput(Guarded):
    notice: ID = needed("Id of the notice: one of kind REPORTED that nobody has decided on.")
    text: str = needed("What is decided, 1 to 20,000 characters; whoever reads the notice reads it.")


@strawberry.type
class NoticeChanges:
    issue_notice = change(
        "notice",
        IssueNoticeInput,
        resolve.issue,
        "Praise a unit or an area (表扬), tell that it is overdue (逾期通报), or criticise it (通报批评).",
    )
    decide_notice = change(
        "notice",
        DecideNoticeInput,
        resolve.decide,
        "Decide, once, what becomes of a unit or grid that stood last for months in a row (作出处理决定).",
    )
