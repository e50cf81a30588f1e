"""Judging a unit's work: what it is scored by, each party's scores, and what they come to."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.tasks import Task


class Party(StrEnum):
    """Whose part of a score it is."""

    VILLAGE = "VILLAGE"
    TOWN = "TOWN"
    DISTRICT = "DISTRICT"
    RESIDENT = "RESIDENT"
    OBJECTIVE = "OBJECTIVE"


class EvaluationState(StrEnum):
    """Where one area's scores stand; LOCKED is the end."""

    SUBMITTED = "SUBMITTED"
    APPEALED = "APPEALED"
    UPHELD = "UPHELD"
    ADJUSTED = "ADJUSTED"
    LOCKED = "LOCKED"


PARTY_OF_DIGITS = {6: Party.DISTRICT, 9: Party.TOWN, 12: Party.VILLAGE}
"""As which party an area scores, by the digits of its code."""


class Template(Model):
    """What tasks are scored by (评价模板); clients know it as EvaluationTemplate. It is never changed, only superseded.

    `dimensions` and `parties` are codes with their weights in percent, in the order they are shown in.
    """

    id = id_field()
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="templates", null=True, on_delete=fields.RESTRICT
    )
    area_id: str | None
    path = PathField(description="of the area; empty for the templates that come with the program")
    stationed = fields.BooleanField(description="for stationed agencies; else for all other units")
    number = fields.IntField(description="1, 2, 3 … of the area, for such units")
    valid_from: date = fields.DateField()
    dimensions: list[list[str | int]] = fields.JSONField()
    parties: list[list[str | int]] = fields.JSONField()
    issuer_weight = fields.SmallIntField(default=1, description="of the issuer, beside 1 for each co-issuer")
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="templates", null=True, on_delete=fields.RESTRICT
    )
    created_by_id: str | None
    created_at: datetime = MomentField()
    version = fields.IntField(default=1)

    @property
    def weights(self) -> dict[str, int]:
        """Percent by code of the dimension; they sum to 100."""
        return {str(code): int(weight) for code, weight in self.dimensions}

    @property
    def shares(self) -> dict[Party, int]:
        """Percent by party; they sum to 100."""
        return {Party(str(party)): int(weight) for party, weight in self.parties}

    class Meta:
        table = "template"
        unique_together = (("path", "stationed", "valid_from"), ("path", "stationed", "number"))


class Evaluation(Model):
    """One area's scores of a resolved task, 0–100 for each dimension of the template, and their weighted `total`."""

    id = id_field()
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField("models.Task", related_name="evaluations")
    task_id: str
    summons_id = fields.CharField(max_length=26, db_index=True)
    unit_id = fields.CharField(max_length=26)
    path = PathField(description="the issuer's path")
    round = fields.SmallIntField()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="evaluations", on_delete=fields.RESTRICT
    )
    area_id: str
    scores: dict[str, int] = fields.JSONField()
    total = fields.FloatField()
    comment = fields.TextField(null=True)
    submitted_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="evaluations", null=True
    )
    submitted_at: datetime = MomentField()
    updated_at: datetime | None = MomentField(null=True, description="last event of its own; null before")
    appeal_until: datetime | None = MomentField(null=True, description="null before the task is evaluated")
    voided_at: datetime | None = MomentField(
        null=True, description="its result was returned then, and the area has not scored another since"
    )
    town_party = fields.BooleanField(
        default=False,
        description="the town scored the task too, or kept silent on the appeal: it does not rule",
    )
    state = fields.CharEnumField(EvaluationState, max_length=12, default=EvaluationState.SUBMITTED)
    version = fields.IntField(default=0)

    @property
    def party(self) -> Party:
        return PARTY_OF_DIGITS[len(self.area_id)]

    class Meta:
        table = "evaluation"
        unique_together = (("task_id", "round", "area_id"),)
        indexes = (("area_id",), ("state", "path"))


class Appeal(Model):
    """The unit's appeal against one area's scores (申诉), once for each; later the ruling, and what was before it."""

    id = id_field()
    evaluation: fields.ForeignKeyRelation[Evaluation] = fields.ForeignKeyField(
        "models.Evaluation", related_name="appeals"
    )
    evaluation_id: str
    reason = fields.TextField()
    appealed_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="appeals", null=True, on_delete=fields.RESTRICT
    )
    appealed_by_id: str | None
    appealed_at: datetime = MomentField()
    upheld = fields.BooleanField(
        null=True, description="whether the scores stayed; null until it is ruled on"
    )
    ground: str | None = fields.TextField(null=True, description="null also where nobody ruled in time")
    ruled_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="appeals_ruled", null=True, on_delete=fields.RESTRICT
    )
    ruled_by_id: str | None
    ruled_at: datetime | None = MomentField(null=True)
    scores_before: dict[str, int] | None = fields.JSONField(null=True)

    class Meta:
        table = "appeal"
        unique_together = (("evaluation_id",),)


class ScoreLock(Model):
    """The scores of a period in an area are final (锁定考核期): of tasks evaluated from one day to another."""

    id = id_field()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="score_locks", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(db_index=True, description="of the area")
    since: date = fields.DateField()
    until: date = fields.DateField()
    locked_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="score_locks", null=True, on_delete=fields.RESTRICT
    )
    locked_by_id: str | None
    locked_at: datetime = MomentField()
    version = fields.IntField(default=1)

    class Meta:
        table = "score_lock"


class TaskScore(Model):
    """What the parts of all parties come to for one round of a task (任务得分).

    `parts` are the scores of those parties that are heard, by their names; they and `total` are in hundredths: 8050 is
    80.50. No total before the task is evaluated, nor while nothing but the clocks is heard.
    """

    id = id_field()
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField("models.Task", related_name="task_scores")
    task_id: str
    summons_id = fields.CharField(max_length=26, db_index=True)
    unit_id = fields.CharField(max_length=26)
    path = PathField(description="the issuer's path")
    round = fields.SmallIntField()
    template: fields.ForeignKeyRelation[Template] = fields.ForeignKeyField(
        "models.Template", related_name="task_scores", on_delete=fields.RESTRICT
    )
    template_id: str
    parts: dict[str, int] = fields.JSONField(default=dict)
    total = fields.IntField(null=True)
    scored_at: datetime | None = MomentField(null=True, description="when the task was evaluated")
    lock: fields.ForeignKeyNullableRelation[ScoreLock] = fields.ForeignKeyField(
        "models.ScoreLock", related_name="task_scores", null=True, on_delete=fields.RESTRICT
    )
    lock_id: str | None

    class Meta:
        table = "task_score"
        unique_together = (("task_id", "round"),)
        indexes = (("path", "scored_at"), ("lock_id",))


class ResidentLink(Model):
    """Lets a resident rate a unit's result once, without an account (群众评价链接). Only its hash is kept."""

    id = id_field()
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="resident_links"
    )
    task_id: str
    round = fields.SmallIntField()
    hash = fields.CharField(max_length=64, unique=True, description="SHA-256 of the token, as hex")
    made_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="resident_links", null=True, on_delete=fields.RESTRICT
    )
    made_by_id: str | None
    made_at: datetime = MomentField()
    until: datetime = MomentField()
    rated_at: datetime | None = MomentField(null=True)
    score = fields.SmallIntField(null=True, description="0–100; null until it was used")
    comment: str | None = fields.TextField(null=True)
    voided_at: datetime | None = MomentField(null=True, description="the result was returned then")

    class Meta:
        table = "resident_link"
        indexes = (("task_id", "round"),)
