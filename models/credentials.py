"""Keys of client systems (service accounts): what a system signs in with instead of a person's token."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.fields import MomentField, id_field
from models.members import Member


class Credential(Model):
    """One key of a service account. Only a hash of the secret is kept; the secret is shown once, when it is made."""

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="credentials", on_delete=fields.RESTRICT
    )
    member_id: str
    label = fields.CharField(max_length=80, default="")
    hash = fields.CharField(max_length=64, description="SHA-256 of the 256-bit random secret, as hex")
    created_at: datetime = MomentField()
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="credentials_made", null=True, on_delete=fields.RESTRICT
    )
    created_by_id: str | None
    until: datetime = MomentField()
    revoked_at: datetime | None = MomentField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "credential"
        indexes = (("member_id", "until"),)
