"""Webhooks: where events are sent to, what signs them, and what could not be delivered yet."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member


class WebhookState(StrEnum):
    """Whether events are sent. A removed webhook is kept for its history alone."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    REMOVED = "REMOVED"


class DeliveryState(StrEnum):
    """WAITING for its next attempt, or DEAD: no attempt follows by itself."""

    WAITING = "WAITING"
    DEAD = "DEAD"


class Webhook(Model):
    """An address to which a service account's events are sent, as far as the account may read them.

    Every event up to `position` was sent, was none of its own, or is in `WebhookDelivery`.
    """

    id = id_field()
    account: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="webhooks", on_delete=fields.RESTRICT
    )
    account_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="webhooks", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(db_index=True)
    url = fields.CharField(max_length=500)
    description = fields.CharField(max_length=200, default="")
    types: list[str] = fields.JSONField(default=list, description="types of events; none: all of them")
    state = fields.CharEnumField(WebhookState, max_length=12, default=WebhookState.ACTIVE)
    pause_reason = fields.CharField(max_length=500, null=True)
    position = fields.BigIntField(default=0)
    created_at: datetime = MomentField()
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="webhooks_made", null=True, on_delete=fields.RESTRICT
    )
    created_by_id: str | None
    version = fields.IntField(default=1)

    class Meta:
        table = "webhook"
        indexes = (("state",),)


class WebhookSecret(Model):
    """What a webhook's messages are signed with; kept as it is, because signing needs it. At most two are valid."""

    id = id_field()
    webhook: fields.ForeignKeyRelation[Webhook] = fields.ForeignKeyField(
        "models.Webhook", related_name="secrets", on_delete=fields.CASCADE
    )
    webhook_id: str
    text = fields.CharField(max_length=64, description="whsec_ and 256 random bits, as base64")
    created_at: datetime = MomentField()
    until: datetime | None = MomentField(null=True, description="of one that was rotated: the overlap's end")

    class Meta:
        table = "webhook_secret"
        indexes = (("webhook_id",),)


class WebhookDelivery(Model):
    """An event that a webhook has not taken yet. Events of one `subject` are sent one after the other.

    Of those that wait, only the first of each subject has a moment of its next attempt.
    """

    id = id_field()
    webhook: fields.ForeignKeyRelation[Webhook] = fields.ForeignKeyField(
        "models.Webhook", related_name="deliveries", on_delete=fields.CASCADE
    )
    webhook_id: str
    path = PathField(description="the webhook's, whose place never changes")
    event_id = fields.CharField(max_length=26)
    pos = fields.BigIntField(description="the event's place in the log")
    subject = fields.CharField(max_length=30, description="the event's summons, else its aggregate")
    state = fields.CharEnumField(DeliveryState, max_length=12, default=DeliveryState.WAITING)
    attempts = fields.IntField(default=0)
    next_at: datetime | None = MomentField(null=True)
    failed_at: datetime | None = MomentField(null=True)
    status = fields.IntField(null=True, description="of the last answer; null when there was none")
    error = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "webhook_delivery"
        unique_together = (("webhook_id", "pos"),)
        indexes = (("webhook_id", "state", "pos"), ("state", "next_at"))
