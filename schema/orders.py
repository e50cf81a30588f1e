"""Work orders and the red flags earned by them, as clients see them."""

from datetime import datetime

import strawberry

from models import OrderMode, OrderState, PostKind
from resolvers import availability, events
from resolvers import orders as resolve
from resolvers import requests as resolve_requests
from schema.areas import Area
from schema.events import EventConnection
from schema.fields import attribute, field, publish_input
from schema.members import Member
from schema.menus import RequestCategory
from schema.nodes import AFTER_OWN_EVENT, Node
from schema.requests import Request
from schema.summons import AvailableAction
from schema.units import Unit

publish_input(
    resolve.OrderFilter,
    "What narrows a list of work orders; every condition that is given must hold.",
    state="Only those in one of these states.",
    mode="Only those that are dispatched, or that may be claimed.",
    assignee="Only those of this member.",
    unit="Only those of this unit.",
)


@strawberry.type(
    description="Work that somebody does for a request (派单/接单): told off to a member or a unit, or claimed."
)
class WorkOrder(Node):
    request: Request | None = field(
        resolve.request, "The request it is for; null for whoever may read the order alone."
    )
    mode: OrderMode = attribute("Whether somebody is named for it, or whoever fits may claim it.")
    text: str = attribute("What is to be done, in words; at most 20,000 characters.")
    post: PostKind | None = attribute(
        "Only who holds such a post may claim it; null: whoever may claim orders."
    )
    service: RequestCategory | None = field(
        resolve.service,
        "Only who offers this service, or one further up in the menu, in that village may claim it (岗位服务); null: "
        "whoever may claim orders.",
    )
    assignee: Member | None = field(
        resolve.assignee,
        "Who does it, or is asked to; null while nobody is, or the caller may not know them.",
    )
    unit: Unit | None = field(
        resolve.unit,
        "The unit that does it, or is asked to (承办单位); null while none is, or the caller may not know it.",
    )
    state: OrderState = attribute("Where it stands between the dispatch and the village's look at it.")
    accepted_at: datetime | None = attribute("When somebody took it on; null before.")
    result: str | None = attribute("What was done, in words; null before it is done.")
    evidence: list[str] = attribute("Addresses of what proves the result; at most 10.")
    done_at: datetime | None = attribute("When it was done; null before.")
    done_by: Member | None = field(
        resolve.done_by, "Who did it; null before, and for somebody the caller may not know."
    )
    escalation_level: int = attribute(
        "How far it is told that a done order waits for the village: 0 to nobody, 1 to its secretary, 2 to the town."
    )
    due_at: datetime | None = attribute("Limit of the clock that runs now; null while none runs.")
    overdue: bool = field(resolve_requests.overdue, "Whether that limit has passed.")
    created_at: datetime = attribute("When it was dispatched.")
    updated_at: datetime = attribute("When the last event happened to it.")
    version: int = attribute(
        "Counts its own events from 1; hand it back to be refused when somebody was faster."
    )
    history: EventConnection = field(
        events.history_of_order, "What happened to it, oldest first.", **AFTER_OWN_EVENT
    )
    available_actions: list[AvailableAction] = field(
        availability.available_actions,
        "Every action of its present state, allowed to the caller or not, and why not.",
    )


@strawberry.type(
    description="A red flag (红旗) that a member earned by a verified order; never changed or taken back."
)
class FlagEntry(Node):
    member: Member | None = field(
        resolve.member_of_flag, "Who earned it; null for whom the caller may not know."
    )
    order: WorkOrder | None = field(
        resolve.order_of_flag, "The order it was earned by; null where the caller may not read it."
    )
    area: Area = field(resolve.area_of_flag, "The village or grid that the request was of.")
    points: int = attribute("How many flags it counts for.")
    at: datetime = attribute("When the village verified the order.")
