"""Webhooks, as those see them who manage them."""

from datetime import datetime

import strawberry

from models import DeliveryState, WebhookState
from resolvers import webhooks as resolve
from schema.areas import Area
from schema.events import Event
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import PAGED, Connection, Node


@strawberry.type(
    description="A secret that signs a webhook's messages (签名密钥); the secret itself was shown once."
)
class WebhookSecret:
    created_at: datetime = attribute("When it was made.")
    until: datetime | None = attribute(
        "When it stops to sign, once it was rotated; null for the present one."
    )


@strawberry.type(
    description="How far a webhook lies behind the log (积压), as far as its account may read it now."
)
class WebhookLag:
    events: int = attribute(
        "Number of events that were not delivered yet, dead letters left out; costs a count."
    )
    waiting: int = attribute(
        "How many of them were tried in vain, or are held back by an earlier event of their summons."
    )
    oldest_at: datetime | None = attribute("When the oldest of them happened; null when there is none.")


@strawberry.type(
    description="An event that a webhook has not taken (推送记录), with what became of the last attempt."
)
class WebhookDelivery(Node):
    event: Event | None = field(
        resolve.event, "What was to be delivered; null where the caller may not read it."
    )
    state: DeliveryState = attribute("Whether another attempt follows by itself.")
    attempts: int = attribute("How often it was sent; 0 for what is held back by an earlier event.")
    next_at: datetime | None = attribute(
        "Of the next attempt; null for dead letters and for what is held back."
    )
    failed_at: datetime | None = attribute("When it was sent last; null while it never was.")
    status: int | None = attribute("HTTP status of the last answer; null when there was none.")
    error: str | None = attribute("What went wrong, in English; at most 200 characters.")


@strawberry.type(
    description=(
        "An address to which the events of a service account are sent as they happen (推送接口), signed as Standard "
        "Webhooks says. It gets what the account may read at that moment, each event at least once, and the events of "
        "one summons in order. Only those see it who may `manage` webhooks in its area."
    )
)
class Webhook(Node):
    account: Member | None = field(
        resolve.account, "The service account whose events these are; null for one the caller may not know."
    )
    area: Area = field(resolve.area, "The area the account belonged to when this was registered.")
    url: str = attribute("Where events are sent to, by POST.")
    description: str = attribute("What it is for, at most 200 characters; may be empty.")
    types: list[str] = attribute("Types of events it is for, e.g. `task.accepted`; empty for all of them.")
    state: WebhookState = attribute("Whether events are sent.")
    pause_reason: str | None = attribute("Why it is paused, in somebody's words; null while it is not.")
    secrets: list[WebhookSecret] = field(
        resolve.secrets,
        "Secrets that sign each message, newest first; at most two, while the former is rotated out.",
    )
    lag: WebhookLag = field(resolve.lag, "What it has not got yet.")
    waiting: Connection[WebhookDelivery] = field(
        resolve.deliveries_waiting, "Events that will be sent again, the last in the log first.", **PAGED
    )
    dead_letters: Connection[WebhookDelivery] = field(
        resolve.dead_letters,
        "Events that were given up after 10 attempts in about 3 days (推送失败), the last in the log first.",
        **PAGED,
    )
    created_at: datetime = attribute("When it was registered.")
    created_by: Member | None = field(
        resolve.created_by, "Who registered it; null for the operator, and for whom the caller may not know."
    )
    version: int = attribute(
        "Counts its changes from 1; hand it back to be refused when somebody was faster."
    )
