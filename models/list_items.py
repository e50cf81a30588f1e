"""What villages need and have, what is offered to them (需求、资源、服务清单), and who claimed what (认领)."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.menus import RequestCategory
from models.units import Unit


class ListKind(StrEnum):
    """On which of the three lists an item stands."""

    NEED = "NEED"
    RESOURCE = "RESOURCE"
    SERVICE = "SERVICE"


class ClaimState(StrEnum):
    """Where a claim stands."""

    CLAIMED = "CLAIMED"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    DROPPED = "DROPPED"


LIVE_CLAIMS = frozenset({ClaimState.CLAIMED, ClaimState.DONE})


class ListItem(Model):
    """An item of a village's lists; `path` is the village's. A service is offered by a unit or by a member."""

    id = id_field()
    kind = fields.CharEnumField(ListKind, max_length=8)
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="list_items", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField()
    title = fields.CharField(max_length=200)
    text = fields.TextField(null=True)
    category: fields.ForeignKeyNullableRelation[RequestCategory] = fields.ForeignKeyField(
        "models.RequestCategory", related_name="list_items", null=True, on_delete=fields.RESTRICT
    )
    category_id: str | None
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="offers", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="offers", null=True, description="who offers it themself"
    )
    member_id: str | None
    created_at: datetime = MomentField()
    closed_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "list_item"
        indexes = (
            ("path", "created_at", "id"),
            ("created_at", "id"),
            ("area_id", "kind", "category_id"),
            ("unit_id",),
        )


class Claim(Model):
    """Of an item by a member, perhaps in a unit's name; `path` is the item's."""

    id = id_field()
    item: fields.ForeignKeyRelation[ListItem] = fields.ForeignKeyField(
        "models.ListItem", related_name="claims"
    )
    item_id: str
    path = PathField()
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="claims", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("models.Member", related_name="claims")
    member_id: str
    state = fields.CharEnumField(ClaimState, max_length=8, default=ClaimState.CLAIMED)
    result: str | None = fields.TextField(null=True)
    claimed_at: datetime = MomentField()
    done_at: datetime | None = MomentField(null=True)
    verified_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="verified_claims", null=True
    )
    verified_by_id: str | None
    version = fields.IntField(default=0)

    class Meta:
        table = "claim"
        indexes = (("item_id", "claimed_at", "id"), ("path", "claimed_at", "id"))
