"""Follow-ups (回访): whether a matter that was called settled really was, and whoever goes to ask."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.summons import Summons


class FollowUpGroup(Model):
    """A village's follow-up group (回访小组): delegates who check whether a matter was really settled."""

    id = id_field()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="followup_groups"
    )
    area_id: str
    path = PathField(description="the area's path")
    name = fields.CharField(max_length=80)
    version = fields.IntField(default=1)

    class Meta:
        table = "followup_group"


class FollowUpGroupMember(Model):
    """One seat in a follow-up group."""

    id = id_field()
    group: fields.ForeignKeyRelation[FollowUpGroup] = fields.ForeignKeyField(
        "models.FollowUpGroup", related_name="seats"
    )
    group_id: str
    area_id = fields.CharField(
        max_length=30, db_index=True, description="the group's village, for one-step checks"
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="followup_seats"
    )
    member_id: str

    class Meta:
        table = "followup_group_member"
        unique_together = (("group_id", "member_id"),)


class FollowUpState(StrEnum):
    """Where a follow-up stands. Only its record or its limit ends it: no other step leaves the summons's state."""

    PLANNED = "PLANNED"
    DONE = "DONE"
    MISSED = "MISSED"


class FollowUpReason(StrEnum):
    """Why a summons is followed up."""

    CATEGORY = "CATEGORY"
    SAMPLE = "SAMPLE"
    LOW_SCORE = "LOW_SCORE"
    RESIDENT = "RESIDENT"


class FollowUpOutcome(StrEnum):
    """What those who were asked say."""

    CONFIRMED = "CONFIRMED"
    PARTIAL = "PARTIAL"
    NOT_RESOLVED = "NOT_RESOLVED"


class FollowUp(Model):
    """That of a summons in one of its rounds. `ended_at`: when it was recorded, or its limit passed without."""

    id = id_field()
    summons: fields.ForeignKeyRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="followups"
    )
    summons_id: str
    path = PathField(description="the issuer's path")
    round = fields.SmallIntField()
    reasons: list[str] = fields.JSONField(default=list, description="values of FollowUpReason, at least one")
    state = fields.CharEnumField(FollowUpState, max_length=8, default=FollowUpState.PLANNED)
    due_at: datetime = MomentField()
    visit_at: datetime | None = MomentField(null=True)
    visitor: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="followup_visits", null=True, on_delete=fields.RESTRICT
    )
    visitor_id: str | None
    outcome = fields.CharEnumField(FollowUpOutcome, max_length=12, null=True)
    note: str | None = fields.TextField(null=True)
    recorded_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="followups_recorded", null=True, on_delete=fields.RESTRICT
    )
    recorded_by_id: str | None
    ended_at: datetime | None = MomentField(null=True)
    created_at: datetime = MomentField()
    version = fields.IntField(default=1)

    class Meta:
        table = "followup"
        unique_together = (("summons_id", "round"),)
        indexes = (("path", "state", "due_at", "id"),)
