"""Mutations of visits that come round (征集日, 入户问需, 巡查) and of their plans."""

from datetime import date

import strawberry

from models import InspectionKind, OnRestDay
from resolvers import inspections as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, REASON

TITLE = "What it is called; 1 to 200 characters."
TIME = "At what time of the day, in Shanghai, such as 09:30."
PLACE = "Where to meet; at most 200 characters."
VISITOR = "Who is to go: a member who may record the visit there."


@strawberry.input(
    description="A plan of visits (新建走访巡查计划); one of `dayOfMonth` and `weekday` says when they come."
)
class CreateInspectionPlanInput(Repeatable):
    area: AreaCode = needed("Code of the village or grid.")
    kind: InspectionKind = needed("What the visits are for.")
    title: str = needed(TITLE)
    first_day: date = needed("From which day on; from today to a year ahead.", name="from")
    last_day: date | None = given(
        "Until which day; at most ten years later. Without an end when left out.", "until"
    )
    every: int = given("Every so many months or weeks, 1 to 12; each when left out.", default=1)
    day_of_month: int | None = given("Monthly on this day, 1 to 31; in a shorter month on its last day.")
    weekday: int | None = given("Weekly on this day, 1 (Monday) to 7 (Sunday).")
    on_rest_day: OnRestDay = given(
        "What becomes of a visit whose day is no working day of the area's calendar, by the calendar of the moment it "
        "is entered; KEEP when left out.",
        default=OnRestDay.KEEP,
    )
    time_of_day: str | None = given(TIME)
    place: str | None = given(PLACE)
    visitor: ID | None = given(VISITOR)


@strawberry.input(
    description="What is to be different in a plan of visits, and in those it has planned (调整走访巡查计划)."
)
class ChangeInspectionPlanInput(Guarded):
    inspection_plan: ID = needed("Id of the plan that is to change; it must be active.")
    title: str | None = given(TITLE)
    last_day: date | None = given(
        "Until which day from now on; not before today, nor before a visit that is planned already.", "until"
    )
    time_of_day: str | None = given(TIME)
    place: str | None = given(PLACE)
    visitor: ID | None = given(VISITOR)


@strawberry.input(description="A plan that is to make no more visits (结束走访巡查计划).")
class EndInspectionPlanInput(Guarded):
    inspection_plan: ID = needed("Id of the plan that is to end.")
    reason: str = needed(REASON)


@strawberry.input(description="A single visit, of no plan (新建单次走访巡查).")
class PlanInspectionInput(Repeatable):
    area: AreaCode = needed("Code of the village or grid.")
    kind: InspectionKind = needed("What the visit is for.")
    title: str = needed(TITLE)
    day: date = needed("On which day; from today to a year ahead.")
    time_of_day: str | None = given(TIME)
    place: str | None = given(PLACE)
    visitor: ID | None = given(VISITOR)


@strawberry.input(description="That a visit was held, and what was found (记录走访巡查).")
class RecordInspectionInput(Guarded):
    inspection: ID = needed("Id of the visit; on its day, or up to three working days later.")
    note: str | None = given("What was found, in words; at most 2,000 characters.")
    households: int | None = given("How many households were visited, 0 to 100,000.")
    visitor: ID | None = given("Who went, if it was not who was to go; the caller when nobody was named.")


@strawberry.input(description="A visit that nobody goes to (取消走访巡查).")
class CancelInspectionInput(Guarded):
    inspection: ID = needed("Id of the visit; it must still be planned, and no request collected at it.")
    reason: str = needed(REASON)


@strawberry.type
class InspectionChanges:
    create_inspection_plan = change(
        "inspection_plan",
        CreateInspectionPlanInput,
        resolve.create_plan,
        "Plan visits that come round (新建走访巡查计划); those of the next 30 days are entered at once.",
    )
    change_inspection_plan = change(
        "inspection_plan",
        ChangeInspectionPlanInput,
        resolve.change_plan,
        "Change a plan and the visits it has planned (调整走访巡查计划). When it comes round stays: for that, end it "
        "and make another.",
    )
    end_inspection_plan = change(
        "inspection_plan",
        EndInspectionPlanInput,
        resolve.end_plan,
        "End a plan (结束走访巡查计划): its visits after today are called off, today's can still be held.",
    )
    plan_inspection = change(
        "inspection",
        PlanInspectionInput,
        resolve.plan_visit,
        "Plan a single visit (新建单次走访巡查).",
    )
    record_inspection = change(
        "inspection",
        RecordInspectionInput,
        resolve.record,
        "Record that a visit was held (记录走访巡查); after its day it is marked late.",
    )
    cancel_inspection = change(
        "inspection",
        CancelInspectionInput,
        resolve.cancel,
        "Call a visit off (取消走访巡查).",
    )
