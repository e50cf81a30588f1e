"""Visits that come round (征集日, 入户问需, 巡查): the plans that say when, and the visits due by them."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.recurrence import Recurrence


class InspectionKind(StrEnum):
    """What somebody goes there for, or receives people for."""

    COLLECTION_DAY = "COLLECTION_DAY"
    HOME_VISIT = "HOME_VISIT"
    PATROL = "PATROL"


class OnRestDay(StrEnum):
    """What becomes of a visit whose day is no working day of the area's calendar."""

    KEEP = "KEEP"
    NEXT_WORKDAY = "NEXT_WORKDAY"


class PlanState(StrEnum):
    """Whether a plan still makes visits."""

    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


class InspectionState(StrEnum):
    """Where a visit stands. A missed one that is recorded late after all is done."""

    PLANNED = "PLANNED"
    DONE = "DONE"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class InspectionPlan(Model):
    """`planned_to`: the last day up to which its days were looked at; `next_at`: when a timer must look again.

    `version` counts its events, which do not tell of the days that were looked at.
    """

    id = id_field()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="inspection_plans", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(description="the area's path")
    kind = fields.CharEnumField(InspectionKind, max_length=16)
    title = fields.CharField(max_length=200)
    first_day: date = fields.DateField()
    last_day: date | None = fields.DateField(null=True)
    every = fields.SmallIntField(default=1, description="so many months or weeks")
    day_of_month = fields.SmallIntField(null=True)
    weekday = fields.SmallIntField(null=True, description="1 is Monday, 7 Sunday")
    on_rest_day = fields.CharEnumField(OnRestDay, max_length=12, default=OnRestDay.KEEP)
    time_of_day = fields.CharField(max_length=5, null=True, description="such as 09:30, in Shanghai")
    place = fields.CharField(max_length=200, null=True)
    visitor: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="inspection_plans", null=True, on_delete=fields.RESTRICT
    )
    visitor_id: str | None
    state = fields.CharEnumField(PlanState, max_length=8, default=PlanState.ACTIVE)
    planned_to: date | None = fields.DateField(null=True)
    next_at: datetime | None = MomentField(null=True, db_index=True)
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="inspection_plans_made", null=True, on_delete=fields.RESTRICT
    )
    created_by_id: str | None
    created_at: datetime = MomentField()
    version = fields.IntField(default=0)

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(self.first_day, self.every, self.day_of_month, self.weekday)

    class Meta:
        table = "inspection_plan"
        indexes = (("path", "created_at", "id"), ("created_at", "id"))


class Inspection(Model):
    """One visit, of a plan or (without) a single one. What its plan said then is its own: it may say otherwise now.

    `due_at`: the first instant that is no longer in `due_day`. `late`: recorded after that.
    """

    id = id_field()
    plan: fields.ForeignKeyNullableRelation[InspectionPlan] = fields.ForeignKeyField(
        "models.InspectionPlan", related_name="inspections", null=True, on_delete=fields.RESTRICT
    )
    plan_id: str | None
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="inspections", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(description="the area's path")
    kind = fields.CharEnumField(InspectionKind, max_length=16)
    title = fields.CharField(max_length=200)
    due_day: date = fields.DateField()
    due_at: datetime = MomentField()
    time_of_day = fields.CharField(max_length=5, null=True, description="such as 09:30, in Shanghai")
    place = fields.CharField(max_length=200, null=True)
    visitor: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="inspections", null=True, on_delete=fields.RESTRICT
    )
    visitor_id: str | None
    state = fields.CharEnumField(InspectionState, max_length=12, default=InspectionState.PLANNED)
    note: str | None = fields.TextField(null=True)
    households = fields.IntField(null=True)
    late = fields.BooleanField(default=False)
    reason: str | None = fields.TextField(null=True, description="why it was cancelled")
    recorded_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="inspections_recorded", null=True, on_delete=fields.RESTRICT
    )
    recorded_by_id: str | None
    recorded_at: datetime | None = MomentField(null=True)
    created_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "inspection"
        unique_together = (("plan_id", "due_day"),)
        indexes = (
            ("path", "due_at", "id"),
            ("path", "state", "due_at", "id"),
            ("state", "due_at", "id"),
            ("due_at", "id"),
        )
