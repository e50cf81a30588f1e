"""Visits that come round and their plans, as clients see them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import InspectionKind, InspectionState, OnRestDay, PlanState
from resolvers import inspections as resolve
from schema.areas import Area
from schema.fields import attribute, field, publish_input
from schema.members import Member
from schema.nodes import PAGED, Connection, Node
from schema.summons import AvailableAction

if TYPE_CHECKING:
    from schema.requests import Request

publish_input(
    resolve.InspectionFilter,
    "What narrows a list of visits; every condition that is given must hold.",
    kind="Only those of one of these kinds.",
    state="Only those in one of these states.",
    due_from="Only those of this day or a later one.",
    due_to="Only those of this day or an earlier one.",
)
TIME = "At what time of the day, in Shanghai, such as 09:30; null when that is left open."
PLACE = "Where to meet; at most 200 characters. Null when that is left open."


@strawberry.type(
    description=(
        "That a village or a grid is visited again and again (走访巡查计划): monthly on a day of the month, or "
        "weekly on a weekday. Its visits are entered 30 days ahead."
    )
)
class InspectionPlan(Node):
    area: Area | None = field(resolve.area, "The village or grid; null for one the caller may not know.")
    kind: InspectionKind = attribute("What its visits are for.")
    title: str = attribute("What it is called; at most 200 characters.")
    first_day: date = attribute(
        "The first day of which it makes a visit is the first fitting one from here on.", name="from"
    )
    last_day: date | None = attribute(
        "The last day that counts, before a visit is moved to a working day; null without an end.",
        name="until",
    )
    every: int = attribute("It comes every so many months or weeks, 1 to 12, from the first visit on.")
    day_of_month: int | None = attribute(
        "Monthly on this day, 1 to 31, or on the last one of a shorter month; null for a weekly one."
    )
    weekday: int | None = attribute("Weekly on this day, 1 (Monday) to 7 (Sunday); null for a monthly one.")
    on_rest_day: OnRestDay = attribute("What becomes of a visit whose day is no working day.")
    time_of_day: str | None = attribute(TIME)
    place: str | None = attribute(PLACE)
    visitor: Member | None = field(
        resolve.visitor,
        "Who is to go; null when that is left open, and for somebody the caller may not know.",
    )
    state: PlanState = attribute("Whether it still makes visits.")
    inspections: "Connection[Inspection]" = field(resolve.visits_of_plan, "Its visits, due first.", **PAGED)
    created_by: Member | None = field(
        resolve.created_by, "Who made it; null for somebody the caller may not know."
    )
    created_at: datetime = attribute("When it was made.")
    available_actions: list[AvailableAction] = field(
        resolve.available_on_plan,
        "While it is active: `change` and `end`, allowed to the caller or not, and why not.",
    )
    version: int = attribute("Counts its events from 1; hand it back to be refused when somebody was faster.")


@strawberry.type(
    description="One visit of a village or a grid (走访巡查), due on a day: by a plan, or by itself."
)
class Inspection(Node):
    plan: InspectionPlan | None = field(resolve.plan, "The plan it is of; null for a single one.")
    area: Area | None = field(resolve.area, "The village or grid; null for one the caller may not know.")
    kind: InspectionKind = attribute("What it is for.")
    title: str = attribute("What it is called; at most 200 characters.")
    due_day: date = attribute("The day on which it is to be held.")
    due_at: datetime = attribute("The end of that day in Shanghai.")
    time_of_day: str | None = attribute(TIME)
    place: str | None = attribute(PLACE)
    visitor: Member | None = field(
        resolve.visitor,
        "Who is to go, or went; null when that is left open, and for somebody the caller may not know.",
    )
    state: InspectionState = attribute("Whether it is still to be held, was held, missed or called off.")
    note: str | None = attribute("What was found, in words; at most 2,000 characters. Null before.")
    households: int | None = attribute("How many households were visited; null when nobody counted.")
    late: bool = attribute("Whether it was recorded after its day.")
    reason: str | None = attribute("Why it was called off; null unless it was.")
    recorded_by: Member | None = field(
        resolve.recorded_by, "Who recorded it; null until then, and for somebody the caller may not know."
    )
    recorded_at: datetime | None = attribute("When it was recorded; null until then.")
    requests: Connection[Annotated["Request", strawberry.lazy("schema.requests")]] = field(
        resolve.requests, "Requests collected at it that the caller may read, oldest first.", **PAGED
    )
    created_at: datetime = attribute("When it was entered.")
    available_actions: list[AvailableAction] = field(
        resolve.available_on_visit,
        "`record` while it is planned or was missed, with the moment until which it can be, and `cancel` while it is "
        "planned; allowed to the caller or not, and why not.",
    )
    version: int = attribute("Counts its events from 1; hand it back to be refused when somebody was faster.")
