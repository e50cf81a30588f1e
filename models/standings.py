"""What a publication ranks, whom it honours, and who is told of standing last."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.publications import Publication
from models.units import Unit


class RankingEntry(Model):
    """How a unit or a grid did in the month of a publication; without a place and a score when it did too little.

    `mean` and `score` are in thousandths of a point; `name` is that of the day.
    """

    id = id_field()
    publication: fields.ForeignKeyRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="ranking"
    )
    publication_id: str
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="rankings", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    grid: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="rankings", null=True, on_delete=fields.RESTRICT
    )
    grid_id: str | None
    name = fields.CharField(max_length=120)
    tasks = fields.IntField()
    mean = fields.IntField()
    score = fields.IntField(null=True)
    place = fields.IntField(null=True)

    class Meta:
        table = "ranking_entry"
        indexes = (("publication_id", "place", "id"),)


class Honour(Model):
    """A star of service (服务明星): one of the three with most flags in a month. `shown_as` hides the name."""

    id = id_field()
    publication: fields.ForeignKeyRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="honours"
    )
    publication_id: str
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="honours", null=True, on_delete=fields.SET_NULL
    )
    member_id: str | None
    shown_as = fields.CharField(max_length=8)
    month: date = fields.DateField()
    place = fields.SmallIntField()
    flags = fields.IntField()

    class Meta:
        table = "honour"
        unique_together = (("publication_id", "place"),)


class NoticeKind(StrEnum):
    """What is told."""

    BOTTOM_TWO = "BOTTOM_TWO"
    REPORTED = "REPORTED"


class Notice(Model):
    """That a unit or a grid stood last (通报), told in `area`; `occurrence` counts the months in a row."""

    id = id_field()
    kind = fields.CharEnumField(NoticeKind, max_length=12)
    publication: fields.ForeignKeyRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="notices"
    )
    publication_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="notices", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="notices", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    grid: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="notices_about", null=True, on_delete=fields.RESTRICT
    )
    grid_id: str | None
    occurrence = fields.SmallIntField()
    issued_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "notice"
        indexes = (("path", "issued_at", "id"), ("issued_at", "id"), ("publication_id",), ("unit_id",))
