"""The audit log: one entry for each event, chained by hashes so that no entry can be changed or taken out unseen."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.fields import MomentField, PathField


class AuditEntry(Model):
    """Who did what to which object, by which right. No foreign keys: an entry outlives what it tells of.

    `seq` counts without a hole; `hash` covers every other column and `previous`, the hash of the entry before.
    """

    seq = fields.BigIntField(primary_key=True, generated=False)
    at: datetime = MomentField()
    event_id = fields.CharField(max_length=26, unique=True)
    actor_id = fields.CharField(
        max_length=26, null=True, description="null for the timers and the command line"
    )
    on_behalf_of_id = fields.CharField(max_length=26, null=True)
    role = fields.CharField(max_length=40, null=True, description="the role that gave the right")
    rule = fields.TextField(null=True, description="the rule that allowed it, as written")
    policy = fields.CharField(max_length=64, null=True, description="hash of the rules it was decided by")
    type = fields.CharField(max_length=24, null=True, description="what the rules call the object …")
    action = fields.CharField(max_length=40, null=True, description="… and what was done to it")
    event = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=16, description="Summons, Task, Grant, Unit, Member …")
    object_id = fields.CharField(max_length=30)
    path = PathField(description="the area in which it happened")
    before: dict[str, object] = fields.JSONField(default=dict)
    after: dict[str, object] = fields.JSONField(default=dict)
    facts: dict[str, object] | None = fields.JSONField(null=True, description="what the decision looked at")
    reason = fields.TextField(null=True)
    request_id = fields.CharField(max_length=64, null=True)
    previous = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit_entry"
        indexes = (("path", "seq"), ("object_id", "seq"), ("actor_id", "seq"))
