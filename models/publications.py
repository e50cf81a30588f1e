"""Publications (晒单): the figures of an area's month, shown before they are public, and objections to them."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member


class PublicationState(StrEnum):
    """Where a publication stands."""

    DRAFT = "DRAFT"
    OBJECTION = "OBJECTION"
    PUBLISHED = "PUBLISHED"
    CORRECTED = "CORRECTED"


class CorrectionReason(StrEnum):
    """Why a month that was public had to be corrected, as everybody may know."""

    LEFT_OUT = "LEFT_OUT"
    COUNTED_TWICE = "COUNTED_TWICE"
    WRONG_RECORD = "WRONG_RECORD"
    RULED_OTHERWISE = "RULED_OTHERWISE"
    OTHER = "OTHER"


class Publication(Model):
    """An edition of what an area publishes about a month; `month` is its first day, `version` counts its events.

    `corrects` is the edition before; `cause` and, in words that are not for everybody, `reason` tell why it had to be
    corrected. `figures` are ids of snapshots.
    `round` counts how often it was drafted; `published` stays once it is.
    """

    id = id_field()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="publications", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    month: date = fields.DateField()
    edition = fields.SmallIntField(default=1)
    corrects: fields.ForeignKeyNullableRelation["Publication"] = fields.ForeignKeyField(
        "models.Publication", related_name="corrections", null=True, on_delete=fields.RESTRICT
    )
    corrects_id: str | None
    cause = fields.CharEnumField(
        CorrectionReason,
        max_length=16,
        default=CorrectionReason.OTHER,
        db_default="OTHER",
        description="of a correction",
    )
    reason: str | None = fields.TextField(null=True)
    state = fields.CharEnumField(PublicationState, max_length=12, default=PublicationState.DRAFT)
    published = fields.BooleanField(default=False)
    figures: list[str] = fields.JSONField(default=list)
    requests = fields.IntField(default=0, description="that came in")
    orders = fields.IntField(default=0, description="that were verified")
    flags = fields.IntField(default=0, description="that were earned")
    commitments = fields.IntField(default=0, description="that were made")
    commitments_kept = fields.IntField(default=0, description="that were found kept")
    round = fields.SmallIntField(default=1)
    due_at: datetime | None = MomentField(null=True)
    published_at: datetime | None = MomentField(null=True)
    corrected_at: datetime | None = MomentField(null=True)
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="publications", null=True
    )
    created_by_id: str | None
    created_at: datetime = MomentField()
    updated_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "publication"
        unique_together = (("area_id", "month", "edition"),)
        indexes = (("path", "created_at", "id"), ("created_at", "id"), ("corrects_id",))


class ObjectionState(StrEnum):
    """What came of an objection."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    REJECTED = "REJECTED"


class Objection(Model):
    """What somebody has against a publication, and the answer. `number` counts those to it.

    `round` is that of the draft it was made to; once it is upheld, of the draft that must be made anew.
    """

    id = id_field()
    publication: fields.ForeignKeyRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="objections"
    )
    publication_id: str
    path = PathField(description="the publication's")
    number = fields.SmallIntField()
    round = fields.SmallIntField()
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="objections", null=True
    )
    member_id: str | None
    text = fields.TextField()
    state = fields.CharEnumField(ObjectionState, max_length=8, default=ObjectionState.OPEN)
    answer: str | None = fields.TextField(null=True)
    made_at: datetime = MomentField()
    answered_at: datetime | None = MomentField(null=True)

    class Meta:
        table = "objection"
        unique_together = (("publication_id", "number"),)
