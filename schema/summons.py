"""Summonses, as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import Outcome, SummonsCategory, SummonsState, Tier
from resolvers import availability, events
from resolvers import followups as resolve_followups
from resolvers import summons as resolve
from resolvers.appointments import appointment
from schema.areas import Area
from schema.events import EventConnection
from schema.fields import attribute, field, publish_input
from schema.nodes import AFTER_OWN_EVENT, Node
from schema.units import Unit

if TYPE_CHECKING:
    from schema.followups import FollowUp
    from schema.requests import Request
    from schema.tasks import Task

publish_input(
    resolve.SummonsFilter,
    "What narrows a list of summonses; every condition that is given must hold.",
    state="Only those in one of these states.",
    category="Only those of one of these categories.",
    tier="Only those of one of these tiers.",
    unit="Only those that summon this unit, as far as the caller may read its task.",
    issuer="Only those issued by just this area, not by areas below it.",
    issued_from="Only those issued at this moment or later.",
    issued_to="Only those issued before this moment.",
    updated_since="Only those changed at this moment or later.",
    overdue="Only those under way whose latest resolve limit has passed unresolved; false: only all others.",
    text="Only those with these words in number, title or text, in any letter case; at most 200 characters.",
)


@strawberry.type(description="When, and perhaps where, the unit is to come (约定时间).")
class Appointment:
    start: datetime = attribute("From when on the unit is expected.", of="appointment_from", name="from")
    end: datetime = attribute("Until when the visit is planned to last.", of="appointment_to", name="to")
    place: str | None = attribute(
        "Where to meet; null: at the village's office. At most 200 characters.", of="appointment_place"
    )


@strawberry.type(description="Record of the meeting that decided to summon (集体研究).")
class Resolution:
    meeting_at: datetime = attribute("When the meeting took place.", of="resolution_at")
    present: int = attribute("Number of people who were present, at least 1.", of="resolution_present")
    minutes: str = attribute("What was said and decided; at most 20,000 characters.", of="resolution_minutes")
    ratified_at: datetime | None = attribute(
        "When an emergency that was issued first was ratified (补办); null for all others."
    )


@strawberry.type(
    description=(
        "An action of the object's present state, for the caller: whether they may take it now, and why not. "
        "`action` and `reasonCode` are stable strings."
    )
)
class AvailableAction:
    action: str = attribute("Name of the action, e.g. `accept`; each belongs to one mutation.")
    allowed: bool = attribute("Whether the caller may take it now.")
    reason_code: str | None = attribute(
        "Why not, as a stable code, one for each condition; null when allowed."
    )
    reason: str | None = field(
        availability.reason, "Why not, in words of the caller's language; null when allowed."
    )
    due_at: datetime | None = attribute("The limit by which it is due; null when no clock runs for it.")


@strawberry.type(
    description=(
        "A village (or a town) calls units to come and settle a matter (约请). Each unit gets a task of its own."
    )
)
class Summons(Node):
    number: str = attribute("Area, year and running number, e.g. 440606106004-2026-0013.")
    title: str = attribute("The matter in a few words (约请事项); at most 200 characters.")
    text: str = attribute("The matter in full; at most 20,000 characters.")
    category: SummonsCategory = attribute("What it is about: one of five.")
    tier: Tier = attribute("How pressing it is; it sets the limits and who must come.")
    state: SummonsState = attribute("Where it stands between draft and archive.")
    issuer: Area = field(resolve.issuer, "The village or town that summons.")
    co_issuers: list[Area] = field(
        resolve.co_issuers, "Villages asked to issue it together with the issuer (联合约请), signed or not."
    )
    signed_by: list[Area] = field(resolve.signed_by, "Those of the co-issuers who have signed (已联签).")
    appointment: Appointment | None = field(
        appointment, "When the units are asked to come; null when left to them."
    )
    resolution: Resolution | None = field(
        resolve.resolution, "Record of the meeting; null in a draft and in an emergency not yet ratified."
    )
    lead_unit: Unit | None = field(
        resolve.lead_unit, "The unit that leads where several are summoned (牵头单位); null when none does."
    )
    targets: list[Unit] = field(
        resolve.targets, "Units named in the draft (约请对象); issuing turns each into a task. At most 50."
    )
    tasks: list[Annotated["Task", strawberry.lazy("schema.tasks")]] = field(
        resolve.tasks, "Tasks of its units that the caller may read, the lead first, then by age; at most 50."
    )
    requests: list[Annotated["Request", strawberry.lazy("schema.requests")]] = field(
        resolve.requests, "Requests of residents that led to it and that the caller may read; at most 50."
    )
    duplicate_of: "Summons | None" = field(
        resolve.duplicate_of, "An earlier summons about the same matter, named when it was submitted."
    )
    outcome: Outcome | None = attribute("How it ended; null before it is closed, and once it is reopened.")
    round: int = attribute(
        "1, and one more each time it is reopened: by the village or by residents until it is 3, by a follow-up that "
        "fails always."
    )
    issued_at: datetime | None = attribute("When it was first issued; null before.")
    due_at: datetime | None = attribute("The latest resolve limit of its tasks; null while none has one.")
    updated_at: datetime = attribute("When the last event happened to it.")
    version: int = attribute(
        "Counts its own events from 1; hand it back to be refused when somebody was faster."
    )
    follow_ups: list[Annotated["FollowUp", strawberry.lazy("schema.followups")]] = field(
        resolve_followups.follow_ups_of_summons,
        "Its follow-ups (回访), at most as many as it has rounds: one for each that was chosen for it, as far as the "
        "caller may read them.",
    )
    history: EventConnection = field(
        events.history_of_summons,
        "What happened to it and its tasks, oldest first, as far as the caller may read it.",
        **AFTER_OWN_EVENT,
    )
    available_actions: list[AvailableAction] = field(
        availability.available_actions,
        "Every action of its present state, allowed to the caller or not, and why not.",
    )
