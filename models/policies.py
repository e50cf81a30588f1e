"""Stored versions of the rules, and emergency access to what the rules keep closed."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member


class PolicyState(StrEnum):
    """Where a version stands. Exactly one is PUBLISHED: the rules in force."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


class PolicyVersion(Model):
    """A whole text of rules. `number` is given when it is first published: 1, 2, 3 …

    `area` and `path` tell whose rules it changes: the district's, or those of the place its local rows name.
    The version that comes with the program has no author.
    """

    id = id_field()
    number = fields.IntField(null=True, unique=True)
    state = fields.CharEnumField(PolicyState, max_length=12, default=PolicyState.DRAFT)
    published = fields.BooleanField(default=False, description="whether it is or was in force")
    text = fields.TextField()
    hash = fields.CharField(max_length=64, description="SHA-256 of the text in UTF-8, as hex")
    base = fields.IntField(null=True, description="the version in force when it was written")
    restores = fields.IntField(null=True, description="the version whose text it brings back")
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="policy_versions", null=True, on_delete=fields.RESTRICT
    )
    area_id: str | None
    path = PathField(description="of the area; empty for the version that comes with the program")
    author: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="policies_written", null=True, on_delete=fields.RESTRICT
    )
    author_id: str | None
    reason = fields.CharField(max_length=500, default="")
    created_at: datetime = MomentField()
    proposed_at: datetime | None = MomentField(null=True)
    publisher: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="policies_published", null=True, on_delete=fields.RESTRICT
    )
    publisher_id: str | None
    published_at: datetime | None = MomentField(null=True)
    retired_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "policy_version"
        indexes = (("state",), ("path",))


class BreakGlass(Model):
    """Emergency access (应急访问): one member may see one object's protected fields for a while, and is reviewed."""

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="emergencies", on_delete=fields.RESTRICT
    )
    member_id: str
    kind = fields.CharField(max_length=16, description="type of the object: Member, Summons …")
    object_id = fields.CharField(max_length=30)
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="emergencies", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(db_index=True)
    reason = fields.CharField(max_length=500)
    opened_at: datetime = MomentField()
    until: datetime = MomentField()
    reviewer: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="emergencies_reviewed", null=True, on_delete=fields.RESTRICT
    )
    reviewer_id: str | None
    reviewed_at: datetime | None = MomentField(null=True)
    justified = fields.BooleanField(null=True)
    finding = fields.CharField(max_length=500, null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "break_glass"
        indexes = (("member_id", "until"),)
