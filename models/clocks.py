"""Limits: what clocks there are, how long each runs where, and the running clocks themselves."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.evaluations import Evaluation
from models.fields import MomentField, id_field
from models.publications import Publication
from models.requests import Request, WorkOrder
from models.summons import Summons, SummonsCategory, Tier
from models.tasks import Task
from models.working_time import TimeUnit


class ClockKind(StrEnum):
    """What somebody is given time for. The first eight run on a summons, those up to CO_UNIT_ANSWER on a task.
    ADJUDICATE runs on an evaluation; APPEAL is only a limit.

    Then come those of a request, (ORDER_…) of a work order, and of a publication. REWORK is only a limit: how long the
    RESOLVE clock runs after a result was returned.
    """

    DRAFT_IDLE = "DRAFT_IDLE"
    REVIEW = "REVIEW"
    COSIGN = "COSIGN"
    GATE = "GATE"
    RATIFY = "RATIFY"
    RETARGET = "RETARGET"
    FOLLOWUP = "FOLLOWUP"
    REOPEN_WINDOW = "REOPEN_WINDOW"
    ACCEPT = "ACCEPT"
    ASSIGN = "ASSIGN"
    ARRIVE = "ARRIVE"
    RESOLVE = "RESOLVE"
    REWORK = "REWORK"
    EVALUATE = "EVALUATE"
    ARBITRATE = "ARBITRATE"
    HOLD = "HOLD"
    RESCHEDULE_ANSWER = "RESCHEDULE_ANSWER"
    REMOTE_ANSWER = "REMOTE_ANSWER"
    HOLD_ANSWER = "HOLD_ANSWER"
    EXTENSION_ANSWER = "EXTENSION_ANSWER"
    CO_UNIT_ANSWER = "CO_UNIT_ANSWER"
    APPEAL = "APPEAL"
    ADJUDICATE = "ADJUDICATE"
    TRIAGE = "TRIAGE"
    ANSWER = "ANSWER"
    FEEDBACK = "FEEDBACK"
    REQUEST_WINDOW = "REQUEST_WINDOW"
    ORDER_ACCEPT = "ORDER_ACCEPT"
    ORDER_OFFER = "ORDER_OFFER"
    ORDER_COMPLETE = "ORDER_COMPLETE"
    ORDER_VERIFY = "ORDER_VERIFY"
    OBJECTION = "OBJECTION"


class SlaPolicy(Model):
    """How long a clock runs. Empty area, category or tier: all of them; the most special row wins."""

    id = id_field()
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="sla_policies", null=True
    )
    area_id: str | None
    category = fields.CharEnumField(SummonsCategory, max_length=24, null=True)
    tier = fields.CharEnumField(Tier, max_length=12, null=True)
    clock = fields.CharEnumField(ClockKind, max_length=20)
    amount = fields.FloatField()
    unit = fields.CharEnumField(TimeUnit, max_length=12)
    source = fields.CharField(max_length=80, default="")

    class Meta:
        table = "sla_policy"


class SlaClock(Model):
    """A limit of a summons, a request or a publication, or of one of its parts, that runs, waits or has ended.

    `stage` counts what the timers did since it was due. `next_at` is when a timer must look again: null when paused,
    stopped or done. A stopped clock keeps `due_at`.
    """

    id = id_field()
    summons: fields.ForeignKeyNullableRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="clocks", null=True
    )
    summons_id: str | None
    task: fields.ForeignKeyNullableRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="clocks", null=True
    )
    task_id: str | None
    evaluation: fields.ForeignKeyNullableRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="clocks", null=True
    )
    evaluation_id: str | None
    request: fields.ForeignKeyNullableRelation[Request] = fields.ForeignKeyField(
        "models.Request", related_name="clocks", null=True
    )
    request_id: str | None
    order: fields.ForeignKeyNullableRelation[WorkOrder] = fields.ForeignKeyField(
        "models.WorkOrder", related_name="clocks", null=True
    )
    order_id: str | None
    publication: fields.ForeignKeyNullableRelation[Publication] = fields.ForeignKeyField(
        "models.Publication", related_name="clocks", null=True
    )
    publication_id: str | None
    kind = fields.CharEnumField(ClockKind, max_length=20)
    unit = fields.CharEnumField(
        TimeUnit, max_length=12, description="working or wall time; says how a pause is made up"
    )
    started_at: datetime = MomentField()
    due_at: datetime = MomentField()
    next_at: datetime | None = MomentField(null=True, db_index=True)
    stage = fields.SmallIntField(default=0)
    remaining_s = fields.FloatField(
        null=True, description="seconds left when it was paused; null while it runs"
    )
    breached_at: datetime | None = MomentField(null=True)
    stopped_at: datetime | None = MomentField(null=True)

    @property
    def part_id(self) -> str | None:
        """Of the task, evaluation or order that it runs on; None when that is the root itself."""
        return self.task_id or self.evaluation_id or self.order_id

    class Meta:
        table = "sla_clock"
        indexes = (("summons_id", "stopped_at"), ("request_id", "stopped_at"), ("publication_id",))


class DayKind(StrEnum):
    """Whether people work on a day that is out of the ordinary."""

    WORK = "WORK"
    REST = "REST"


class CalendarDay(Model):
    """A day unlike other Mondays to Fridays or weekends: a holiday or a make-up workday (调休). No area: everywhere."""

    id = fields.CharField(max_length=42, primary_key=True, description="area code (or CN) and day")
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="calendar_days", null=True
    )
    area_id: str | None
    day: date = fields.DateField()
    kind = fields.CharEnumField(DayKind, max_length=4)
    name = fields.CharField(max_length=40, default="")

    class Meta:
        table = "calendar_day"
