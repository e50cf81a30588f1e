"""What a publication ranks, and whom it honours."""

from datetime import date, datetime

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
    """A star of service (服务明星), whose name `shown_as` hides.

    With a publication and a place, one of the three with most flags of its month; else honoured by hand, with a
    ground, which is an event of its own (`version`).
    """

    id = id_field()
    publication: fields.ForeignKeyNullableRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="honours", null=True
    )
    publication_id: str | None
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="honours", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="honours", null=True, on_delete=fields.SET_NULL
    )
    member_id: str | None
    shown_as = fields.CharField(max_length=8)
    month: date = fields.DateField()
    place: int | None = fields.SmallIntField(null=True)
    flags = fields.IntField()
    ground: str | None = fields.TextField(null=True)
    honoured_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="honours_given", null=True, on_delete=fields.RESTRICT
    )
    honoured_by_id: str | None
    honoured_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "honour"
        unique_together = (("publication_id", "place"),)
        indexes = (("path", "month"), ("member_id", "month"))
