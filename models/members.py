"""Members: people (and client systems) who act, the posts they fill, and the roles they hold."""

from datetime import datetime
from enum import IntEnum, StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.units import Unit


class Member(Model):
    """Somebody who can sign in. `area`: their unit's home area, or without a unit the area that entered them."""

    id = id_field()
    login = fields.CharField(max_length=64, unique=True, null=True)
    name = fields.CharField(max_length=64)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="members", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="members", on_delete=fields.RESTRICT
    )
    area_id: str
    area_path = PathField(db_index=True)
    phone = fields.CharField(max_length=32, null=True)
    official = fields.BooleanField(default=False, description="holds a post, so the directory lists them")
    created_at: datetime = MomentField()
    disabled_at: datetime | None = MomentField(null=True)
    service_since: datetime | None = MomentField(
        null=True, description="for a client system, which signs in with keys; null for people"
    )
    version = fields.IntField(default=1)

    class Meta:
        table = "member"
        indexes = (("unit_id",),)


class Rank(IntEnum):
    """Seniority of a post; the tier of a summons says which rank must come."""

    SECTION = 1
    DEPUTY_HEAD = 2
    HEAD = 3


class PostKind(StrEnum):
    """What sort of post it is."""

    REGULAR = "REGULAR"
    PART_TIME_COMMITTEE = "PART_TIME_COMMITTEE"
    FIRST_SECRETARY = "FIRST_SECRETARY"
    GRID_LEADER = "GRID_LEADER"
    GRID_WORKER = "GRID_WORKER"
    BUILDING_CHIEF = "BUILDING_CHIEF"


class Post(Model):
    """A title somebody holds in a unit or an area, from a day to a day."""

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("models.Member", related_name="posts")
    member_id: str
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="posts", null=True
    )
    unit_id: str | None
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="posts", null=True
    )
    area_id: str | None
    title = fields.CharField(max_length=80)
    kind = fields.CharEnumField(PostKind, max_length=20, default=PostKind.REGULAR)
    rank = fields.IntEnumField(Rank)
    since: datetime = MomentField()
    until: datetime | None = MomentField(null=True)

    class Meta:
        table = "post"
        indexes = (("member_id",),)


class Grant(Model):
    """A role held at an area or in a unit, from `since` until before `until`; `path` is that area's or line.

    A revoked grant has ended, whatever the clock of the process that looks. A delegation (代理) is a grant too:
    `principal` is the member in whose name it is used, `source` that member's own grant.
    """

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("models.Member", related_name="grants")
    member_id: str
    role = fields.CharField(max_length=40)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="grants", null=True, on_delete=fields.RESTRICT
    )
    area_id: str | None
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="grants", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    level = fields.CharField(
        max_length=8, description="level of the area, or UNIT, or SYSTEM for the whole tree"
    )
    path = PathField(max_length=320, db_index=True)
    since: datetime = MomentField()
    until: datetime | None = MomentField(null=True)
    revoked_at: datetime | None = MomentField(null=True)
    principal: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="represented_by", null=True, on_delete=fields.RESTRICT
    )
    principal_id: str | None
    source: fields.ForeignKeyNullableRelation["Grant"] = fields.ForeignKeyField(
        "models.Grant", related_name="delegations", null=True, on_delete=fields.RESTRICT
    )
    source_id: str | None
    reason = fields.CharField(max_length=500, default="")
    granted_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="granted", null=True
    )
    granted_by_id: str | None
    version = fields.IntField(default=1)

    class Meta:
        table = "role_grant"  # `grant` is a reserved word of SQL
        indexes = (("member_id", "until"), ("role", "path"))
