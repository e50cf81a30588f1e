"""The task: what one summoned unit has to do about a summons, and everything said and done about it."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member, Rank
from models.summons import Outcome, Summons, SummonsCategory
from models.units import DutyItem, Unit


class TaskState(StrEnum):
    """Where a unit's task stands."""

    PENDING = "PENDING"
    DECLINED = "DECLINED"
    ACCEPTED = "ACCEPTED"
    ASSIGNED = "ASSIGNED"
    ARRIVED = "ARRIVED"
    ON_HOLD = "ON_HOLD"
    RESOLVED = "RESOLVED"
    EVALUATED = "EVALUATED"
    REASSIGNED = "REASSIGNED"
    WITHDRAWN = "WITHDRAWN"


LIVE = frozenset(TaskState) - {TaskState.EVALUATED, TaskState.REASSIGNED, TaskState.WITHDRAWN}


class ArbitrationLevel(StrEnum):
    """Who has to rule on a decline; it climbs when they keep silent."""

    TOWN = "TOWN"
    DISTRICT_ORG = "DISTRICT_ORG"
    DISTRICT_LEADER = "DISTRICT_LEADER"


class Task(Model):
    """`version` counts its events; `path` is the issuer's path; `territory` is the unit's (see Unit)."""

    id = id_field()
    summons: fields.ForeignKeyRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="tasks"
    )
    summons_id: str
    path = PathField()
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="tasks", on_delete=fields.RESTRICT
    )
    unit_id: str
    territory = PathField()
    lead = fields.BooleanField(default=False)
    state = fields.CharEnumField(TaskState, max_length=12, default=TaskState.PENDING)
    responsible: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="responsible_for", null=True
    )
    responsible_id: str | None
    appointment_from: datetime | None = MomentField(null=True)
    appointment_to: datetime | None = MomentField(null=True)
    appointment_place = fields.CharField(max_length=200, null=True)
    accepted_at: datetime | None = MomentField(null=True)
    accepted_late = fields.BooleanField(default=False)
    arbitration_level = fields.CharEnumField(ArbitrationLevel, max_length=16, null=True)
    disputed_path = PathField(null=True, description="smallest area around every unit in dispute")
    escalation_level = fields.SmallIntField(default=0)
    round = fields.SmallIntField(default=1)
    reschedules = fields.SmallIntField(default=0)
    extensions = fields.SmallIntField(default=0)
    reworks = fields.SmallIntField(default=0)
    no_shows = fields.SmallIntField(default=0)
    failed_to_arrive = fields.BooleanField(default=False)
    evaluation_defaulted = fields.BooleanField(default=False)
    reassigned_from: fields.ForeignKeyNullableRelation["Task"] = fields.ForeignKeyField(
        "models.Task", related_name="reassigned_to", null=True
    )
    reassigned_from_id: str | None
    result_outcome = fields.CharEnumField(Outcome, max_length=12, null=True)
    result_text = fields.TextField(null=True)
    result_at: datetime | None = MomentField(null=True)
    limit_at: datetime | None = MomentField(null=True, description="to resolve it; null before arrival")
    due_at: datetime | None = MomentField(null=True, description="of the clock that runs now")
    urged_at: datetime | None = MomentField(null=True, description="last time the village urged")
    created_at: datetime = MomentField()
    updated_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "task"
        indexes = (
            ("summons_id",),
            ("unit_id", "state", "due_at"),
            ("responsible_id", "state"),
            ("path", "state", "due_at", "id"),
            ("updated_at", "id"),
        )


class ArrivalMethod(StrEnum):
    """What proves that somebody came."""

    VILLAGE_CODE = "VILLAGE_CODE"
    VILLAGE_CONFIRM = "VILLAGE_CONFIRM"
    ONE_SIDED = "ONE_SIDED"
    REMOTE = "REMOTE"


class Attendance(Model):
    """Somebody of the unit came (报到), or settled the matter remotely with the village's consent."""

    id = id_field()
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField("models.Task", related_name="attendances")
    task_id: str
    round = fields.SmallIntField()
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="attendances", null=True
    )
    member_id: str | None
    rank = fields.IntEnumField(Rank, null=True)
    planned_at: datetime | None = MomentField(null=True)
    arrived_at: datetime = MomentField()
    method = fields.CharEnumField(ArrivalMethod, max_length=16)
    late = fields.BooleanField(default=False)

    class Meta:
        table = "attendance"
        indexes = (("task_id", "arrived_at"),)


class DeclineReason(StrEnum):
    """Why a unit says the matter is not its own."""

    NOT_OUR_DUTY = "NOT_OUR_DUTY"
    NO_AUTHORITY = "NO_AUTHORITY"
    DUPLICATE = "DUPLICATE"
    OTHER_LEVEL = "OTHER_LEVEL"
    OTHER = "OTHER"


class Ruling(StrEnum):
    """What the arbiter decided about a decline."""

    OVERRULED = "OVERRULED"
    REASSIGNED = "REASSIGNED"
    RETURNED = "RETURNED"


class Decline(Model):
    """A unit's objection (退约), the duty item it cites, the unit it thinks is right; later, the ruling."""

    id = id_field()
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField("models.Task", related_name="declines")
    task_id: str
    summons_id = fields.CharField(max_length=26, db_index=True)
    unit_id = fields.CharField(max_length=26)
    reason = fields.CharEnumField(DeclineReason, max_length=16)
    note = fields.TextField()
    duty_item: fields.ForeignKeyRelation[DutyItem] = fields.ForeignKeyField(
        "models.DutyItem", related_name="declines", on_delete=fields.RESTRICT
    )
    duty_item_id: str
    suggested_unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="suggested_in", on_delete=fields.RESTRICT
    )
    suggested_unit_id: str
    declined_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="declines", null=True
    )
    declined_at: datetime = MomentField()
    ruling = fields.CharEnumField(Ruling, max_length=12, null=True)
    ground = fields.TextField(null=True)
    ruled_level = fields.CharEnumField(ArbitrationLevel, max_length=16, null=True)
    ruled_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="rulings", null=True
    )
    ruled_at: datetime | None = MomentField(null=True)

    class Meta:
        table = "decline"
        indexes = (("task_id", "declined_at"),)


class Precedent(Model):
    """What a ruling teaches: for this category, this unit is (or is not) the right one, and why."""

    id = id_field()
    category = fields.CharEnumField(SummonsCategory, max_length=24)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField("models.Unit", related_name="precedents")
    unit_id: str
    responsible = fields.BooleanField(description="the ruling left the matter with the unit")
    ground = fields.TextField()
    decline: fields.ForeignKeyRelation[Decline] = fields.ForeignKeyField(
        "models.Decline", related_name="precedents"
    )
    decline_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField("models.Area", related_name="precedents")
    area_id: str
    ruled_at: datetime = MomentField()

    class Meta:
        table = "precedent"
        indexes = (("category", "unit_id"),)


class ProposalKind(StrEnum):
    """What a unit can ask of the village while it works on a task."""

    RESCHEDULE = "RESCHEDULE"
    REMOTE = "REMOTE"
    HOLD = "HOLD"
    EXTENSION = "EXTENSION"
    CO_UNIT = "CO_UNIT"


class ProposalState(StrEnum):
    """What became of a proposal; LAPSED: nobody answered."""

    OPEN = "OPEN"
    AGREED = "AGREED"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"


class Proposal(Model):
    """Something a unit asks for. The kind says which fields are set: a new time, days, a resume date, a unit."""

    id = id_field()
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField("models.Task", related_name="proposals")
    task_id: str
    kind = fields.CharEnumField(ProposalKind, max_length=12)
    state = fields.CharEnumField(ProposalState, max_length=8, default=ProposalState.OPEN)
    text = fields.TextField()
    appointment_from: datetime | None = MomentField(null=True)
    appointment_to: datetime | None = MomentField(null=True)
    appointment_place = fields.CharField(max_length=200, null=True)
    days = fields.SmallIntField(null=True)
    resume_at: datetime | None = MomentField(null=True)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="proposed_in", null=True
    )
    unit_id: str | None
    with_town = fields.BooleanField(
        default=False, description="the village kept silent, the town is asked now"
    )
    proposed_at: datetime = MomentField()
    answered_at: datetime | None = MomentField(null=True)

    class Meta:
        table = "proposal"
        indexes = (("task_id", "kind", "state"),)
