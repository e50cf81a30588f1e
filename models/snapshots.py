"""Snapshots of figures: what was published, so that it can be told again later."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.metrics import MetricName
from models.summons import SummonsCategory
from models.units import Unit


class MetricSnapshot(Model):
    """A metric of an area and a period as it was told once. The database refuses to change or delete it.

    `digest` is over its definition, scope, period, moment and the keys of all rows that counted (`actions.snapshots`).
    """

    id = id_field()
    metric = fields.CharEnumField(MetricName, max_length=24)
    definition: dict[str, object] = fields.JSONField(description="revision and words, as they were then")
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="snapshots", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="snapshots", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    category = fields.CharEnumField(SummonsCategory, max_length=24, null=True)
    first_day: date = fields.DateField()
    last_day: date = fields.DateField()
    as_of: datetime = MomentField()
    numerator = fields.IntField()
    denominator = fields.IntField()
    digest = fields.CharField(max_length=64)
    taken_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="snapshots", null=True, on_delete=fields.RESTRICT
    )
    taken_by_id: str | None
    taken_at: datetime = MomentField()
    version = fields.IntField(default=1)

    class Meta:
        table = "metric_snapshot"
        indexes = (("path", "taken_at", "id"), ("taken_at", "id"), ("unit_id",))


class SnapshotFault(StrEnum):
    """Why a snapshot does not hold."""

    DEFINITION_REVISED = "DEFINITION_REVISED"
    ROWS_CHANGED = "ROWS_CHANGED"
    FIGURES_CHANGED = "FIGURES_CHANGED"
