"""Requests, as clients see them, with who reported them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import Channel, MatterClass, Outcome, RequestState, Satisfaction
from resolvers import availability, events
from resolvers import inspections as resolve_inspections
from resolvers import menus as resolve_menus
from resolvers import requests as resolve
from resolvers import similar as resolve_similar
from schema.areas import Area
from schema.events import EventConnection
from schema.fields import attribute, field, publish_input
from schema.inspections import Inspection
from schema.members import Member
from schema.menus import RequestCategory
from schema.nodes import AFTER_OWN_EVENT, Node
from schema.summons import AvailableAction, Summons
from schema.units import Unit

if TYPE_CHECKING:
    from schema.orders import WorkOrder

publish_input(
    resolve.RequestFilter,
    "What narrows a list of requests; every condition that is given must hold.",
    state="Only those in one of these states.",
    channel="Only those that came in by one of these channels.",
    matter_class="Only those of one of these classes.",
    created_from="Only those reported at this moment or later.",
    created_to="Only those reported before this moment.",
    updated_since="Only those changed at this moment or later.",
    overdue="Only those whose running limit has passed; false: only all others.",
    text="Only those with these words in number, text or place, in any letter case; at most 200 characters.",
)

PROTECTED = (
    "A protected field: only for the reporter, and for whoever called `revealReporter`, when each look is audited. "
    "Null for everybody else"
)


@strawberry.type(description="Somebody who reported a request (诉求人), and what became of it in their eyes.")
class Reporter:
    number: int = attribute("Counts the reporters of the request from 1, as they came.")
    member: Member | None = field(
        resolve.reporter_member, f"The account they reported it with. {PROTECTED}, and without an account."
    )
    name: str | None = field(resolve.reporter_name, f"What they are called. {PROTECTED}.")
    phone: str | None = field(resolve.reporter_phone, f"Telephone number. {PROTECTED}.")
    informed_at: datetime | None = field(
        resolve.informed_at,
        "When they were told what came of it, the last time (回音); null while nobody did.",
    )
    feedback: Satisfaction | None = field(
        resolve.feedback, "What they think of the outcome; null while they have not said."
    )
    comment: str | None = field(resolve.comment, "Their own words about it; at most 2,000 characters.")


@strawberry.type(description="A request that may be about the same matter (疑似重复).")
class SimilarRequest:
    request: "Request" = attribute("The other request, which the caller may read.")
    similarity: float = attribute("How alike the words of both are, 0 to 100; 70 or more.")


@strawberry.type(
    description=(
        "Something residents ask for (诉求): by whatever channel it came, it is triaged within a working day, settled "
        "on one of five ways, and every reporter is told what came of it."
    )
)
class Request(Node):
    number: str = attribute("R, village, year and running number, e.g. R440606106004-2026-0013.")
    area: Area = field(resolve.area, "The village or grid it is of.")
    channel: Channel = attribute("How it came in.")
    matter_class: MatterClass | None = attribute(
        "Whose matter it is (三事分流), which says by what way it is settled; null before the triage."
    )
    category: RequestCategory | None = field(
        resolve_menus.category_of_request, "The entry of the menu it was sorted under; null while it was not."
    )
    form: str | None = field(
        resolve_menus.form, "The form filled in for the category, as a JSON object; null without one."
    )
    text: str = attribute("What is asked for, in words; at most 20,000 characters.")
    place: str | None = attribute("Where it is; at most 200 characters.")
    state: RequestState = attribute("Where it stands between the first word and its end.")
    reporters: list[Reporter] = field(
        resolve.reporters,
        "Everybody who reported it, those of merged requests too, at most 200; none when nobody was told.",
    )
    answer: str | None = attribute("What was answered on the spot (现场答复); null before.")
    promised_for: datetime | None = attribute(
        "By when the answer says it will be done; null without a promise."
    )
    rejection: str | None = attribute("Why it was rejected; null unless it was.")
    transferred_to: Unit | None = field(
        resolve.transferred_to, "The unit that sees to it (转办); null when none does."
    )
    merged_into: "Request | None" = field(
        resolve.merged_into, "The request it was merged into, which goes on for both; null when it was not."
    )
    similar: list[SimilarRequest] = field(
        resolve_similar.similar,
        "Requests of the same village and category, reported within 30 days of it in similar words, the likest first; "
        "at most 5. Whether they are duplicates is for somebody to say, by `mergeRequest`.",
    )
    duplicates: "list[Request]" = field(
        resolve.duplicates, "Requests that were merged into this one, oldest first; at most 50."
    )
    summons: Summons | None = field(
        resolve.summons,
        "The summons it led to (转为约请); null when none did, or the caller may not know of it.",
    )
    inspection: Inspection | None = field(
        resolve_inspections.of_request,
        "The visit (走访巡查) at which it was collected; null when it was at none, or the caller may not know of it.",
    )
    orders: list[Annotated["WorkOrder", strawberry.lazy("schema.orders")]] = field(
        resolve.orders, "Its work orders that the caller may read, oldest first; at most 50."
    )
    outcome: Outcome | None = attribute("How it ended, the last time; null before it is done.")
    result: str | None = attribute("What came of it, in words; null before it is done.")
    withdrawn: bool = attribute("Whether its reporter took it back.")
    due_at: datetime | None = attribute("Limit of the clock that runs now; null while none runs.")
    overdue: bool = field(resolve.overdue, "Whether that limit has passed.")
    escalation_level: int = attribute("0 to 2: told to nobody, the village's secretary, the town.")
    round: int = attribute("1, and one more each time it is reopened.")
    created_at: datetime = attribute("When it was reported.")
    done_at: datetime | None = attribute("When it was settled, the last time; null before.")
    closed_at: datetime | None = attribute("When it was closed or rejected; null while it is not.")
    updated_at: datetime = attribute("When the last event happened to it.")
    version: int = attribute(
        "Counts its own events from 1; hand it back to be refused when somebody was faster."
    )
    history: EventConnection = field(
        events.history_of_request,
        "What happened to it and its orders, oldest first, as far as the caller may read it.",
        **AFTER_OWN_EVENT,
    )
    available_actions: list[AvailableAction] = field(
        availability.available_actions,
        "Every action of its present state, allowed to the caller or not, and why not.",
    )
