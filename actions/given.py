"""What a caller gives with a step, in one shape for all of them."""

from dataclasses import dataclass
from datetime import date, datetime

from models import (
    Channel,
    CorrectionReason,
    DeclineReason,
    MatterClass,
    Outcome,
    PostKind,
    Satisfaction,
    SummonsCategory,
    Tier,
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """When, and perhaps where, the unit comes."""

    start: datetime
    end: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The record of the meeting that decided to summon (集体研究)."""

    meeting_at: datetime
    present: int
    minutes: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who reported something, when it is not the caller."""

    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Each step reads what it needs and ignores the rest; ids are database ids.

    `version`: refuse when the object's differs. `key`: the idempotency key.
    """

    version: int | None = None
    key: str | None = None
    note: str | None = None
    reason: str | None = None
    title: str | None = None
    text: str | None = None
    category: SummonsCategory | None = None
    tier: Tier | None = None
    issuer: str | None = None
    units: tuple[str, ...] | None = None
    unit: str | None = None
    lead_unit: str | None = None
    co_issuers: tuple[str, ...] | None = None
    appointment: Appointment | None = None
    resolution: Resolution | None = None
    duplicate_of: str | None = None
    tasks: tuple[str, ...] | None = None
    member: str | None = None
    arrived_at: datetime | None = None
    village_code: str | None = None
    decline_reason: DeclineReason | None = None
    duty_item: str | None = None
    days: int | None = None
    resume_at: datetime | None = None
    outcome: Outcome | None = None
    scores: tuple[tuple[str, int], ...] = ()
    comment: str | None = None
    area: str | None = None
    category_id: str | None = None
    form: str | None = None
    channel: Channel | None = None
    matter_class: MatterClass | None = None
    place: str | None = None
    reporter: Person | None = None
    anonymous: bool = False
    done_by: datetime | None = None
    into: str | None = None
    summons: str | None = None
    reporter_number: int | None = None
    satisfaction: Satisfaction | None = None
    post: PostKind | None = None
    service: str | None = None
    evidence: tuple[str, ...] = ()
    month: date | None = None
    objection_number: int | None = None
    upheld: bool = False
    inspection: str | None = None
    cause: CorrectionReason = CorrectionReason.OTHER
