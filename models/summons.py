"""The summons: a village (or town) calls units to come and settle a matter."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.areas import Area
from models.fields import MomentField, PathField, id_field
from models.members import Member
from models.units import Unit

ROUNDS = 3
"""How often a matter is gone through at most: once, and twice reopened."""


class SummonsState(StrEnum):
    """Where a summons stands."""

    DRAFT = "DRAFT"
    PENDING_REVIEW = "PENDING_REVIEW"
    PENDING_COSIGN = "PENDING_COSIGN"
    PENDING_GATE = "PENDING_GATE"
    ISSUED = "ISSUED"
    IN_PROGRESS = "IN_PROGRESS"
    AWAITING_EVALUATION = "AWAITING_EVALUATION"
    AWAITING_FOLLOWUP = "AWAITING_FOLLOWUP"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
    ARCHIVED = "ARCHIVED"


class Tier(StrEnum):
    """How pressing a matter is; it sets the limits and who must come."""

    NORMAL = "NORMAL"
    KEY = "KEY"
    DIFFICULT = "DIFFICULT"
    EMERGENCY = "EMERGENCY"


class SummonsCategory(StrEnum):
    """The five categories of 顺德's rule."""

    PARTY_BUILDING = "PARTY_BUILDING"
    LIVING_ENVIRONMENT = "LIVING_ENVIRONMENT"
    ECONOMY = "ECONOMY"
    LAND_AND_CONSTRUCTION = "LAND_AND_CONSTRUCTION"
    LIVELIHOOD = "LIVELIHOOD"


class Outcome(StrEnum):
    """How a matter ended."""

    RESOLVED = "RESOLVED"
    PARTIAL = "PARTIAL"
    EXPLAINED = "EXPLAINED"
    UNRESOLVED = "UNRESOLVED"
    TRANSFERRED = "TRANSFERRED"


class Summons(Model):
    """`version` counts its events. `target_ids` are the units named in the draft; issued, they become tasks."""

    id = id_field()
    number = fields.CharField(max_length=48, unique=True)
    issuer: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="summonses", on_delete=fields.RESTRICT
    )
    issuer_id: str
    path = PathField(description="the issuer's path")
    title = fields.CharField(max_length=200)
    text = fields.TextField()
    category = fields.CharEnumField(SummonsCategory, max_length=24)
    tier = fields.CharEnumField(Tier, max_length=12, default=Tier.NORMAL)
    state = fields.CharEnumField(SummonsState, max_length=24, default=SummonsState.DRAFT)
    target_ids: list[str] = fields.JSONField(default=list)
    joint = fields.BooleanField(default=False, description="has co-issuers")
    lead_unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="led_summonses", null=True, on_delete=fields.RESTRICT
    )
    lead_unit_id: str | None
    appointment_from: datetime | None = MomentField(null=True)
    appointment_to: datetime | None = MomentField(null=True)
    appointment_place = fields.CharField(max_length=200, null=True)
    resolution_at: datetime | None = MomentField(null=True)
    resolution_present = fields.IntField(null=True)
    resolution_minutes = fields.TextField(null=True)
    ratified_at: datetime | None = MomentField(null=True)
    duplicate_of: fields.ForeignKeyNullableRelation["Summons"] = fields.ForeignKeyField(
        "models.Summons", related_name="duplicates", null=True
    )
    duplicate_of_id: str | None
    gate_returned = fields.BooleanField(default=False)
    resolved = fields.BooleanField(default=False, description="all its tasks are resolved or evaluated")
    closed_unresolved = fields.BooleanField(
        default=False, description="closed by the town although not resolved"
    )
    followup_skipped = fields.BooleanField(default=False)
    outcome = fields.CharEnumField(Outcome, max_length=12, null=True)
    round = fields.SmallIntField(default=1)
    requested = fields.BooleanField(default=False, db_default=False, description="stems from requests")
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="drafted", null=True
    )
    created_by_id: str | None
    created_at: datetime = MomentField()
    issued_at: datetime | None = MomentField(null=True)
    listed_at: datetime = MomentField(description="when it was first issued, until then when it was drafted")
    due_at: datetime | None = MomentField(null=True, description="the latest resolve limit of its tasks")
    closed_at: datetime | None = MomentField(null=True)
    updated_at: datetime = MomentField()
    version = fields.IntField(default=0)

    class Meta:
        table = "summons"
        indexes = (
            ("path", "state", "listed_at", "id"),
            ("path", "listed_at", "id"),
            ("path", "issued_at", "id"),
            ("listed_at", "id"),
            ("updated_at", "id"),
        )


class CoIssuerState(StrEnum):
    """Whether a village that was asked to join a summons has signed."""

    ASKED = "ASKED"
    SIGNED = "SIGNED"


class CoIssuer(Model):
    """A village that issues the summons together with its issuer (联合约请)."""

    id = id_field()
    summons: fields.ForeignKeyRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="co_issuers"
    )
    summons_id: str
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="co_issued", on_delete=fields.RESTRICT
    )
    area_id: str
    path = PathField(db_index=True, description="the area's path")
    state = fields.CharEnumField(CoIssuerState, max_length=8, default=CoIssuerState.ASKED)
    signed_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="cosigned", null=True
    )
    signed_by_id: str | None
    signed_at: datetime | None = MomentField(null=True)

    class Meta:
        table = "co_issuer"
        unique_together = (("summons_id", "area_id"),)


class Standing(Model):
    """What the figures say of a summons from `since` until before `until` (null: still).

    One row for each change, so that a rate can be told as of any past moment.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    summons: fields.ForeignKeyRelation[Summons] = fields.ForeignKeyField(
        "models.Summons", related_name="standings"
    )
    summons_id: str
    since: datetime = MomentField()
    until: datetime | None = MomentField(null=True)
    resolved = fields.BooleanField()
    limit_at: datetime | None = MomentField(null=True)

    class Meta:
        table = "standing"
        indexes = (("summons_id", "since", "until", "resolved", "limit_at"),)


class Tally(Model):
    """How many summonses an issuer has in a state. The database itself keeps it (`actions/tallies.py`)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    path = PathField(description="the issuer's path")
    state = fields.CharEnumField(SummonsState, max_length=24)
    number = fields.IntField()

    class Meta:
        table = "tally"
        unique_together = (("path", "state"),)


class NumberSeries(Model):
    """The last number given to a summons of an area in a year."""

    id = fields.CharField(
        max_length=40, primary_key=True, description="area code and year, e.g. 440606106004-2022"
    )
    last_number = fields.IntField(default=0)

    class Meta:
        table = "number_series"
