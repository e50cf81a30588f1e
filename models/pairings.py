"""Pairings (结对共建): which units stand by which village."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.units import Unit


class Pairing(Model):
    """Between a unit and a village, until `ended_at`; `path` is the village's, `version` counts its events."""

    id = id_field()
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="pairings", on_delete=fields.RESTRICT
    )
    unit_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="pairings", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    arranged_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="arranged_pairings", null=True
    )
    arranged_by_id: str | None
    since: datetime = MomentField()
    ended_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "pairing"
        indexes = (("path", "since", "id"), ("since", "id"), ("area_id", "ended_at"), ("unit_id", "ended_at"))
