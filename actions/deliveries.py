"""What of the log a webhook has yet to take: what is due, what was sent, what waits, what is given up.

The books of the sender (`baodao/deliveries.py`). Nothing here is told in the log, or telling it would be sent too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tortoise.expressions import Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from actions.record import recording
from models import Area, DeliveryState, Event, Webhook, WebhookDelivery, WebhookSecret, WebhookState, clock
from policies.actor import Actor
from policies.loading import load_actor
from policies.scopes import readable, whole

TOGETHER = 20
"""Events that are looked at in one round of a webhook."""
MOST_WAITING = 500
"""While so many events wait, a webhook gets no more of the log: they stay where they are."""
WORTH_NOTING = 500
"""Positions that a webhook may lie behind for nothing but events that are not its own."""
LONGEST_ERROR = 200
GONE = "The receiver answered 410 Gone."

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long to wait after the first failure, the second … as Standard Webhooks says: 75 hours in all."""


class Fate(Enum):
    """What became of an attempt. STOPPED: there was none, as the webhook or its account was shut meanwhile."""

    SENT = "sent"
    NOT_OWN = "not its own"
    FAILED = "failed"
    GONE = "gone"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status`: of the answer, if there was one; `error`: what went wrong, if it did."""

    fate: Fate
    status: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Clearance:
    """Where to send to at this moment, what to sign with, and for whom."""

    url: str
    secrets: tuple[str, ...]
    account: Actor


@dataclass(frozen=True, slots=True)
class Stretch:
    """The next events of a webhook, whose noted place is `since`, as far as they were read: up to `until`.

    By subject, in order.
    """

    since: int
    until: int
    lanes: dict[str, list[Event]]


async def log_head() -> int:
    """0 for an empty log."""
    last = await whole(Event).order_by("-pos").limit(1).values("pos")
    return last[0]["pos"] if last else 0


async def due_webhooks(head: int, now: datetime) -> tuple[list[Webhook], set[str]]:
    """Those whose place in the log lies before `head`, or that have something to try again: the ids of these apart."""
    waiting = WebhookDelivery.filter(state=DeliveryState.WAITING, next_at__lte=now)
    again = {str(id) for id in await waiting.distinct().values_list("webhook_id", flat=True)}
    active = whole(Webhook).filter(state=WebhookState.ACTIVE, account__disabled_at__isnull=True)
    due = active.filter(Q(position__lt=head) | Q(id__in=list(again)))
    return await due.order_by("position", "id"), again


def own_events(webhook: Webhook, account: Actor) -> QuerySet[Event]:
    """Of the whole log, what the account may read now and the webhook is for; in no order."""
    events = readable(Event, account)
    return events.filter(type__in=webhook.types) if webhook.types else events


async def next_stretch(webhook: Webhook, after: int, head: int) -> Stretch:
    """At most 20 events between these places of the log; none while too many wait."""
    since = webhook.position
    if await _waiting(webhook.id).count() >= MOST_WAITING:
        return Stretch(since, after, {})
    account = await load_actor(webhook.account_id, clock.now())
    rest = own_events(webhook, account).filter(pos__gt=after, pos__lte=head)
    events = await rest.order_by("pos").limit(TOGETHER)
    lanes: dict[str, list[Event]] = {}
    for event in events:
        lanes.setdefault(subject_of(event), []).append(event)
    return Stretch(since, events[-1].pos if len(events) == TOGETHER else head, lanes)


def subject_of(event: Event) -> str:
    """Events of the same one are sent one after the other: a summons and its tasks together."""
    return event.summons_id or event.aggregate_id


async def next_attempts(
    webhook_id: str, now: datetime, most: int
) -> list[tuple[WebhookDelivery, Event | None]]:
    """What is due again, each the first of its subject, the oldest first. None: the log no longer holds the event."""
    due = await _waiting(webhook_id).filter(next_at__lte=now).order_by("pos").limit(most)
    events = {event.id: event for event in await whole(Event).filter(id__in=[one.event_id for one in due])}
    return [(one, events.get(one.event_id)) for one in due]


async def held_back(webhook_id: str) -> set[str]:
    """Subjects of which something waits already."""
    subjects = await _waiting(webhook_id).distinct().values_list("subject", flat=True)
    return {str(subject) for subject in subjects}


async def clearance(webhook_id: str, event: Event) -> Clearance | Fate:
    """Looked at anew before each attempt. STOPPED, or NOT_OWN when the webhook is no longer for such events."""
    now = clock.now()
    webhook = await whole(Webhook).get(id=webhook_id)
    account = await load_actor(webhook.account_id, now)
    if webhook.state != WebhookState.ACTIVE or account.disabled:
        return Fate.STOPPED
    if webhook.types and event.type not in webhook.types:
        return Fate.NOT_OWN
    valid = valid_secrets(webhook_id, now).order_by("-created_at", "-id")
    return Clearance(webhook.url, tuple([secret.text for secret in await valid]), account)


def valid_secrets(webhook_id: str, now: datetime) -> QuerySet[WebhookSecret]:
    return WebhookSecret.filter(Q(until__isnull=True) | Q(until__gt=now), webhook_id=webhook_id)


async def note_stretch(webhook: Webhook, stretch: Stretch, left: Sequence[tuple[Event, Outcome]]) -> None:
    """Everything in the stretch was sent but what is `left`, the first of each subject first.

    Nothing is noted when somebody moved its place in the log or removed it meanwhile; the former sends all again.
    """
    if not stretch.lanes and stretch.until - stretch.since < WORTH_NOTING:
        return
    now = clock.now()
    async with in_transaction():
        mine = Webhook.filter(id=webhook.id, position=stretch.since).exclude(state=WebhookState.REMOVED)
        if await mine.update(position=stretch.until):
            await WebhookDelivery.bulk_create([_left(webhook, *one, now) for one in left])
            await release(webhook.id, {subject_of(event) for event, _ in left}, now)
    await _pause_if_gone(webhook.id, [outcome for _, outcome in left])


def _left(webhook: Webhook, event: Event, outcome: Outcome, now: datetime) -> WebhookDelivery:
    delivery = WebhookDelivery(webhook_id=webhook.id, path=webhook.path, event_id=event.id, pos=event.pos)
    delivery.subject = subject_of(event)
    if outcome.fate is not Fate.STOPPED:
        _tell_failure(delivery, outcome, now)
    return delivery


def _tell_failure(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """The pause grows with each attempt; after the last one it is given up."""
    over = delivery.attempts >= len(PAUSES)
    delivery.next_at = None if over else now + PAUSES[delivery.attempts]
    delivery.state = DeliveryState.DEAD if over else DeliveryState.WAITING
    delivery.attempts += 1
    delivery.failed_at, delivery.status = now, outcome.status
    delivery.error = (outcome.error or "")[:LONGEST_ERROR] or None


async def note_attempt(delivery: WebhookDelivery, outcome: Outcome) -> None:
    """What became of something that had waited: it is gone, waits again, or is given up after the last pause."""
    if outcome.fate is Fate.STOPPED:
        return
    now = clock.now()
    async with in_transaction():
        await (
            whole(Webhook).select_for_update(no_key=True).get(id=delivery.webhook_id)
        )  # as who changes it does
        if outcome.fate in (Fate.SENT, Fate.NOT_OWN):
            await WebhookDelivery.filter(id=delivery.id).delete()
        else:
            same = WebhookDelivery.filter(id=delivery.id, attempts=delivery.attempts)
            _tell_failure(delivery, outcome, now)
            await same.update(**{name: getattr(delivery, name) for name in TOLD})
        await release(delivery.webhook_id, {delivery.subject}, now)
    await _pause_if_gone(delivery.webhook_id, [outcome])


TOLD = ("attempts", "failed_at", "status", "error", "state", "next_at")


async def release(webhook_id: str, subjects: set[str], now: datetime) -> None:
    """Let the first that waits of each subject be tried, at once unless its moment is set; the others wait for it."""
    for subject in sorted(subjects):
        waiting = _waiting(webhook_id).filter(subject=subject)
        first = await waiting.order_by("pos").first()
        if first is not None:
            await waiting.exclude(id=first.id).update(next_at=None)
            await waiting.filter(id=first.id, next_at__isnull=True).update(next_at=now)


async def hasten(webhook_id: str, now: datetime) -> None:
    """Those that wait for their moment need not wait any longer."""
    await _waiting(webhook_id).filter(next_at__gt=now).update(next_at=now)


def _waiting(webhook_id: str) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.filter(webhook_id=webhook_id, state=DeliveryState.WAITING)


async def _pause_if_gone(webhook_id: str, outcomes: Sequence[Outcome]) -> None:
    """Told in the log, by nobody: the receiver asked for it."""
    if not any(outcome.fate is Fate.GONE for outcome in outcomes):
        return
    async with recording() as record:
        webhook = await whole(Webhook).select_for_update(no_key=True).get(id=webhook_id)
        if webhook.state == WebhookState.ACTIVE:
            record.watch(webhook)
            webhook.state, webhook.pause_reason = WebhookState.PAUSED, GONE
            area = await whole(Area).get(code=webhook.area_id)
            record.tell_of_admin(webhook, "webhook.paused", record.actor, area, GONE)
            await webhook.save(update_fields=["state", "pause_reason", "version"])
