"""The event log: history, audit, outbox and feed in one; and the keys that make retries safe."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.ids import new_id
from models.members import Member
from models.summons import Summons
from models.tasks import Task


class Event(Model):
    """One thing that happened, written in the transaction that did it. `pos` grows in commit order.

    `version` counts the events of its aggregate: 1, 2, 3 … without a hole.
    """

    pos = fields.BigIntField(primary_key=True, generated=True)
    id = fields.CharField(max_length=26, unique=True, default=new_id)
    type = fields.CharField(max_length=40)
    action = fields.CharField(max_length=24, null=True, description="the step of the workflow table")
    aggregate = fields.CharField(max_length=16, description="Summons, Task, Grant, Unit, Member …")
    aggregate_id = fields.CharField(max_length=30)
    version = fields.IntField()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="events", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(description="the area's path")
    summons: fields.ForeignKeyNullableRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="events", null=True
    )
    summons_id: str | None
    task: fields.ForeignKeyNullableRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="events", null=True
    )
    task_id: str | None
    unit_id = fields.CharField(max_length=26, null=True)
    actor: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="acts", null=True
    )
    actor_id: str | None
    at: datetime = MomentField()
    from_state = fields.CharField(max_length=24, null=True)
    to_state = fields.CharField(max_length=24, null=True)
    note = fields.TextField(null=True)
    payload: dict[str, object] = fields.JSONField(default=dict)

    class Meta:
        table = "event"
        unique_together = (("aggregate_id", "version"),)
        indexes = (("path", "pos"), ("summons_id", "pos"))


class Unplaced(Model):
    """An event that was committed and has no position yet, with its audit entry: the sequencer puts both into place.

    Empty unless positions are given out after the commit (BAODAO_ORDER). Of an aggregate, `id` grows with `version`.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    event_id = fields.CharField(max_length=26)
    aggregate_id = fields.CharField(max_length=30)
    version = fields.IntField()
    event: dict[str, object] = fields.JSONField(description="every column but `pos`")
    entry: dict[str, object] = fields.JSONField(description="every column but `seq`, `previous` and `hash`")

    class Meta:
        table = "unplaced_event"
        unique_together = (("aggregate_id", "version"),)


class LogEpoch(Model):
    """Which log the cursors belong to; a restored database gets a new epoch, so that old cursors are refused."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    epoch = fields.CharField(max_length=26, default=new_id)

    class Meta:
        table = "log_epoch"


class IdempotencyKey(Model):
    """A mutation that was already done: the same key and body gets the same answer again."""

    id = id_field()
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("models.Member", related_name="keys")
    member_id: str
    key = fields.CharField(max_length=128)
    body = fields.CharField(max_length=64, description="hash of the mutation's name and arguments")
    kind = fields.CharField(max_length=16, null=True, description="what was changed: Summons, Task …")
    object_id = fields.CharField(max_length=30, null=True)
    event_id = fields.CharField(max_length=26, null=True)
    created_at: datetime = MomentField()

    class Meta:
        table = "idempotency_key"
        unique_together = (("member_id", "key"),)
