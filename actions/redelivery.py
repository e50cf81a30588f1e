"""Sending again (重新推送) what a webhook did not take, or everything after a place in the log."""

from dataclasses import dataclass
from datetime import datetime

from actions.deliveries import hasten, log_head, release
from actions.once import Done, once
from actions.record import Record
from actions.webhooks import managed, tell
from models import DeliveryState, InvalidInput, NotFound, Webhook, WebhookDelivery
from policies.actor import Actor
from policies.scopes import readable


@dataclass(frozen=True, slots=True)
class Redelivery:
    """One delivery, or everything after a position of the log; neither: all that was given up or waits."""

    webhook: str
    delivery: str | None = None
    position: int | None = None
    version: int | None = None
    key: str | None = None


async def redeliver(actor: Actor, redelivery: Redelivery) -> Done:
    """Needs `manage` on the webhook. Events may come a second time: their id tells.

    REDELIVERY_UNCLEAR for a delivery and a position at once, CURSOR_EXPIRED for a position beyond the log's end.
    """

    async def work(record: Record) -> Done:
        webhook = await managed(record, actor, redelivery.webhook, redelivery.version, "redeliver")
        match redelivery.delivery, redelivery.position:
            case None, None:
                payload: dict[str, object] = {"deliveries": await _revive(webhook, record.now)}
                await hasten(webhook.id, record.now)
            case str(id), None:
                payload = {"event": await _revive_one(actor, webhook, id, record.now)}
            case None, int(position):
                payload = {"after": await _go_back(webhook, position)}
            case _:
                raise InvalidInput("REDELIVERY_UNCLEAR", "delivery")
        event = await tell(record, actor, webhook, "webhook.redelivered", None, **payload)
        await webhook.save(update_fields=["version", "position"] if "after" in payload else ["version"])
        return Done("Webhook", webhook.id, event.id)

    return await once(actor, redelivery.key, ("redeliverWebhook", redelivery), work)


async def _revive(webhook: Webhook, now: datetime, **which: str) -> int:
    """What was given up waits again, and is tried at once; how many that were."""
    dead = WebhookDelivery.filter(webhook_id=webhook.id, state=DeliveryState.DEAD, **which)
    subjects = {one.subject for one in await dead}
    number = await dead.update(state=DeliveryState.WAITING, attempts=0, next_at=now)
    await release(webhook.id, subjects, now)
    return number


async def _revive_one(actor: Actor, webhook: Webhook, id: str, now: datetime) -> str:
    """The event's id."""
    known = readable(WebhookDelivery, actor)
    delivery = await known.get_or_none(id=id, webhook_id=webhook.id)
    if delivery is None:
        raise NotFound("WebhookDelivery", "delivery")
    await _revive(webhook, now, id=id)
    return delivery.event_id


async def _go_back(webhook: Webhook, position: int) -> int:
    """Whatever was noted after that place is forgotten, as it will be read again."""
    if not 0 <= position <= await log_head():
        raise InvalidInput("CURSOR_EXPIRED", "after")
    place: int = min(position, webhook.position)
    await WebhookDelivery.filter(webhook_id=webhook.id, pos__gt=place).delete()
    webhook.position = place
    return place
