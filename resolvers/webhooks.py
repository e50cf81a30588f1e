"""Webhooks: their fields, their list, how far they lag behind, and the mutations that change them."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from actions import redelivery
from actions import webhooks as actions
from actions.deliveries import own_events, valid_secrets
from models import (
    Area,
    DeliveryState,
    Event,
    Member,
    Webhook,
    WebhookDelivery,
    WebhookSecret,
    WebhookState,
    clock,
)
from policies.loading import load_actor
from policies.scopes import readable, whole
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.changes import Changed, Said
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page
from resolvers.service_accounts import showing_once

NEWEST_FIRST = Order("webhooks", By("created_at", datetime, descending=True), By("id", descending=True))
LAST_FIRST = Order("deliveries", By("pos", int, descending=True))


@dataclass(frozen=True, slots=True)
class Lag:
    """`events` are not delivered yet, of which `waiting` were tried or held back; the first happened at `oldest_at`."""

    events: int
    waiting: int
    oldest_at: datetime | None


async def webhooks(
    info: Info, area: AreaCode | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[Webhook]:
    rows = readable(Webhook, info.context.actor).exclude(state=WebhookState.REMOVED)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    return await page(info, rows, NEWEST_FIRST, first, after)


def account(root: Webhook, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.account_id)


def area(root: Webhook, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def created_by(root: Webhook, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.created_by_id) if root.created_by_id else None


async def secrets(root: Webhook) -> list[WebhookSecret]:
    """Those that count, the newest first."""
    return await valid_secrets(root.id, clock.now()).order_by("-created_at", "-id")


async def lag(root: Webhook) -> Lag:
    """Of what its account may read at present."""
    account = await load_actor(root.account_id, clock.now())
    unread = own_events(root, account).filter(pos__gt=root.position)
    waiting = _deliveries(root, DeliveryState.WAITING)
    number = await waiting.count()
    return Lag(number + await unread.count(), number, await _oldest(unread, waiting))


async def _oldest(unread: QuerySet[Event], waiting: QuerySet[WebhookDelivery]) -> datetime | None:
    """What waits lies before what was not read."""
    held = await waiting.order_by("pos").first()
    event = await (
        unread.order_by("pos").first() if held is None else whole(Event).get_or_none(id=held.event_id)
    )
    return event.at if event else None


async def dead_letters(
    root: Webhook, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[WebhookDelivery]:
    return await page(info, _deliveries(root, DeliveryState.DEAD), LAST_FIRST, first, after)


async def deliveries_waiting(
    root: Webhook, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[WebhookDelivery]:
    return await page(info, _deliveries(root, DeliveryState.WAITING), LAST_FIRST, first, after)


def _deliveries(root: Webhook, state: DeliveryState) -> QuerySet[WebhookDelivery]:
    return whole(WebhookDelivery).filter(webhook_id=root.id, state=state)


async def event(root: WebhookDelivery, info: Info) -> Event | None:
    found = await info.context.loaders.rows_of(Event).load(root.event_id)
    return found if isinstance(found, Event) else None


register_webhook = showing_once(actions.NewWebhook, actions.register_webhook)
rotate_webhook_secret = showing_once(actions.SecretRotation, actions.rotate_webhook_secret)

update_webhook = answer(actions.WebhookChange, actions.update_webhook)
pause_webhook = answer(actions.WebhookStep, actions.pause_webhook)
resume_webhook = answer(actions.WebhookStep, actions.resume_webhook)
remove_webhook = answer(actions.WebhookStep, actions.remove_webhook)
_redeliver = answer(redelivery.Redelivery, redelivery.redeliver)


async def redeliver_webhook(info: Info, said: Said) -> Changed:
    """A place in the log is told by a cursor."""
    rest = {name: value for name, value in said.items() if name != "after"}
    after = said["after"]
    position = (await info.context.loaders.log_cursors()).pos(str(after)) if after is not None else None
    return await _redeliver(info, rest | {"position": position})
