"""Notices (通报): who is praised or told off, by the ranking of a published month or by hand."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.publications import Publication
from models.summons import Summons
from models.tasks import Task
from models.units import Unit


class NoticeKind(StrEnum):
    """What is told. The first two follow from a ranking; the others are told by hand."""

    BOTTOM_TWO = "BOTTOM_TWO"
    REPORTED = "REPORTED"
    PRAISE = "PRAISE"
    OVERDUE = "OVERDUE"
    CRITICISM = "CRITICISM"


BY_HAND = frozenset({NoticeKind.PRAISE, NoticeKind.OVERDUE, NoticeKind.CRITICISM})


class Notice(Model):
    """Told in `area`, about a unit or (`grid`) a grid or, by hand, the area itself; never about a person.

    By a ranking, `occurrence` counts the months in a row; by hand, how often that kind was told of the same in the
    same area. `text` is that of one told by hand, which may be about a summons or one of its tasks. What was reported
    to the district can be decided on, once.
    """

    id = id_field()
    kind = fields.CharEnumField(NoticeKind, max_length=12)
    publication: fields.ForeignKeyNullableRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="notices", null=True
    )
    publication_id: str | None
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
    issued_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="notices_issued", null=True, on_delete=fields.RESTRICT
    )
    issued_by_id: str | None
    text: str | None = fields.TextField(null=True)
    summons: fields.ForeignKeyNullableRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="notices", null=True, on_delete=fields.RESTRICT
    )
    summons_id: str | None
    task: fields.ForeignKeyNullableRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="notices", null=True, on_delete=fields.RESTRICT
    )
    task_id: str | None
    decision: str | None = fields.TextField(null=True)
    decided_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="notices_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_by_id: str | None
    decided_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "notice"
        indexes = (("path", "issued_at", "id"), ("issued_at", "id"), ("publication_id",), ("unit_id",))
