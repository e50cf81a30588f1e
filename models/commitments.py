"""Commitments (承诺践诺): what registered members promise a village, and whether the village found it kept."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member


class Commitment(Model):
    """`kept_at` and `confirmed_by` once the village confirmed it; `version` counts its events."""

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="commitments"
    )
    member_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="commitments", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    text = fields.TextField()
    made_at: datetime = MomentField()
    kept_at: datetime | None = MomentField(null=True)
    confirmed_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="confirmed_commitments", null=True
    )
    confirmed_by_id: str | None
    version = fields.IntField(default=0)

    class Meta:
        table = "commitment"
        indexes = (("path", "made_at", "id"), ("path", "kept_at"), ("made_at", "id"), ("member_id",))
