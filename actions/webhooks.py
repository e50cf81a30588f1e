"""Webhooks (推送接口): registering, changing, pausing and removing them."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from actions.addresses import url_fault
from actions.admin import check_reason, check_version, locked
from actions.checks import REASON_LENGTH, check_text, check_words
from actions.deliveries import hasten, log_head
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import (
    Area,
    Event,
    Member,
    NotAllowed,
    Webhook,
    WebhookDelivery,
    WebhookSecret,
    WebhookState,
    WrongState,
)
from policies.actor import Actor
from policies.facts import Facts, member_facts
from policies.guard import require
from policies.scopes import whole

LONGEST_DESCRIPTION = 200
LONGEST_OVERLAP = timedelta(days=7)
MOST_OF_ACCOUNT = 5
MANAGE = ("webhook", "manage")
MANAGE_ACCOUNT = ("member", "manage")
PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """Where an account's events are to be sent; no `types`: all of them."""

    account: str
    url: str
    description: str = ""
    types: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What is None stays as it is; empty `types` are all of them."""

    webhook: str
    url: str | None = None
    description: str | None = None
    types: tuple[str, ...] | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookStep:
    """A webhook that is to be paused, resumed or removed, and why, which only resuming may leave open."""

    webhook: str
    reason: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class SecretRotation:
    """A new secret; the present one counts `overlap` minutes longer."""

    webhook: str
    overlap: int = 1_440
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """`secret` signs the webhook's messages; None when the answer is given again: it is shown once."""

    done: Done
    secret: str | None = field(repr=False)


def new_secret() -> str:
    """As Standard Webhooks writes it: 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


async def register_webhook(actor: Actor, new: NewWebhook) -> Registered:
    """Needs `manage` on webhooks where the account belongs, and on the account itself.

    So it shows nobody more than they could see with a key they may make. It begins with the next event of the log.
    """
    secret = new_secret()

    async def work(record: Record) -> Done:
        account = await locked(record, Member, actor, new.account, MANAGE_ACCOUNT, "account")
        webhook = await _entered(actor, new, account, record.now)
        record.require(actor, *MANAGE, Facts(area_path=webhook.path))
        _require_account(actor, account)
        faults = Faults()
        _check_account(faults, account)
        _check_words(faults, new.url, new.description)
        if await _of_account(account).count() >= MOST_OF_ACCOUNT:
            faults.add("TOO_MANY_WEBHOOKS")
        faults.refuse()
        event = await tell(record, actor, webhook, "webhook.registered", account=account.id)
        await webhook.save(force_create=True)
        await WebhookSecret.create(webhook_id=webhook.id, text=secret, created_at=record.now)
        return Done("Webhook", webhook.id, event.id)

    done = await once(actor, new.key, ("registerWebhook", new), work)
    return Registered(done, None if done.again else secret)


async def _entered(actor: Actor, new: NewWebhook, account: Member, now: datetime) -> Webhook:
    return Webhook(
        account_id=account.id,
        area_id=account.area_id,
        path=account.area_path,
        url=new.url,
        description=new.description,
        types=list(new.types),
        position=await log_head(),
        created_at=now,
        created_by_id=actor.id,
        version=0,
    )


def _require_account(actor: Actor, account: Member) -> None:
    """Nobody sends their own account's events away, whatever the rules say: a leaked key must not be able to."""
    require(actor, *MANAGE_ACCOUNT, member_facts(account))
    if actor.is_(account.id):
        raise NotAllowed("manage", "OWN_ACCOUNT")


def _check_account(faults: Faults, account: Member) -> None:
    if account.service_since is None:
        faults.add("NOT_A_SERVICE_ACCOUNT", "account")
    elif account.disabled_at is not None:
        faults.add("MEMBER_DISABLED", "account")


def _check_words(faults: Faults, url: str | None, description: str | None) -> None:
    if url is not None and (fault := url_fault(url)):
        faults.add(fault, "url")
    check_words(faults, description, "description", LONGEST_DESCRIPTION)


def _of_account(account: Member) -> QuerySet[Webhook]:
    return whole(Webhook).filter(account_id=account.id).exclude(state=WebhookState.REMOVED)


async def update_webhook(actor: Actor, change: WebhookChange) -> Done:
    """Needs `manage` on the webhook; for another address also on its account, whose events it will get."""

    async def work(record: Record) -> Done:
        webhook = await managed(record, actor, change.webhook, change.version, "update")
        if change.url is not None:
            _require_account(actor, await whole(Member).get(id=webhook.account_id))
        faults = Faults()
        _check_words(faults, change.url, change.description)
        faults.refuse()
        webhook.url = change.url if change.url is not None else webhook.url
        webhook.description = change.description if change.description is not None else webhook.description
        webhook.types = list(change.types) if change.types is not None else webhook.types
        event = await tell(record, actor, webhook, "webhook.updated")
        await webhook.save(update_fields=["url", "description", "types", "version"])
        return Done("Webhook", webhook.id, event.id)

    return await once(actor, change.key, ("updateWebhook", change), work)


async def pause_webhook(actor: Actor, step: WebhookStep) -> Done:
    """Needs `manage` on the webhook. Nothing is lost: it goes on from its place in the log when it is resumed."""

    async def work(record: Record) -> Done:
        webhook = await managed(record, actor, step.webhook, step.version, "pause")
        _require_state(webhook, "pause", WebhookState.ACTIVE)
        faults = Faults()
        check_text(faults, step.reason, "reason", REASON_LENGTH)
        faults.refuse()
        webhook.state, webhook.pause_reason = WebhookState.PAUSED, step.reason
        return await _stepped(record, actor, webhook, "webhook.paused", step.reason)

    return await once(actor, step.key, ("pauseWebhook", step), work)


async def resume_webhook(actor: Actor, step: WebhookStep) -> Done:
    """Needs `manage` on the webhook. What waits is tried at once."""

    async def work(record: Record) -> Done:
        webhook = await managed(record, actor, step.webhook, step.version, "resume")
        _require_state(webhook, "resume", WebhookState.PAUSED)
        webhook.state, webhook.pause_reason = WebhookState.ACTIVE, None
        done = await _stepped(record, actor, webhook, "webhook.resumed")
        await hasten(webhook.id, record.now)
        return done

    return await once(actor, step.key, ("resumeWebhook", step), work)


async def remove_webhook(actor: Actor, step: WebhookStep) -> Done:
    """Needs `manage` on the webhook. Its secrets and all it did not take are deleted; its history stays."""

    async def work(record: Record) -> Done:
        webhook = await managed(record, actor, step.webhook, step.version, "remove")
        faults = Faults()
        check_reason(faults, step.reason)
        faults.refuse()
        webhook.state = WebhookState.REMOVED
        done = await _stepped(record, actor, webhook, "webhook.removed", step.reason)
        await WebhookDelivery.filter(webhook_id=webhook.id).delete()
        await WebhookSecret.filter(webhook_id=webhook.id).delete()
        return done

    return await once(actor, step.key, ("removeWebhook", step), work)


async def rotate_webhook_secret(actor: Actor, rotation: SecretRotation) -> Registered:
    """Needs `manage` on the webhook. At most two secrets count at a time: one that was rotated before ends now."""
    secret = new_secret()

    async def work(record: Record) -> Done:
        webhook = await managed(record, actor, rotation.webhook, rotation.version, "rotateSecret")
        faults, overlap = Faults(), timedelta(minutes=rotation.overlap)
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            faults.add("OVERLAP_OUT_OF_RANGE", "overlap")
        faults.refuse()
        event = await tell(record, actor, webhook, "webhook.secretRotated")
        await webhook.save(update_fields=["version"])
        present = WebhookSecret.filter(webhook_id=webhook.id, until__isnull=True)
        await WebhookSecret.filter(webhook_id=webhook.id, until__isnull=False).delete()
        await present.update(until=record.now + overlap)
        await WebhookSecret.create(webhook_id=webhook.id, text=secret, created_at=record.now)
        return Done("Webhook", webhook.id, event.id)

    done = await once(actor, rotation.key, ("rotateWebhookSecret", rotation), work)
    return Registered(done, None if done.again else secret)


async def managed(record: Record, actor: Actor, id: str, version: int | None, action: str) -> Webhook:
    """The webhook, locked and not removed. Needs `manage` on it; Conflict when it is not of that version any more."""
    webhook = await locked(record, Webhook, actor, id, MANAGE)
    record.require(actor, *MANAGE, Facts(area_path=webhook.path))
    if webhook.state == WebhookState.REMOVED:
        raise WrongState(action, webhook.state, "WEBHOOK_REMOVED")
    check_version(version, webhook.version)
    return webhook


def _require_state(webhook: Webhook, action: str, state: WebhookState) -> None:
    if webhook.state != state:
        raise WrongState(action, webhook.state)


async def _stepped(
    record: Record, actor: Actor, webhook: Webhook, type: str, note: str | None = None
) -> Done:
    event = await tell(record, actor, webhook, type, note)
    await webhook.save(update_fields=["state", "pause_reason", "version"])
    return Done("Webhook", webhook.id, event.id)


async def tell(
    record: Record, actor: Actor, webhook: Webhook, type: str, note: str | None = None, **payload: object
) -> Event:
    """An event about the webhook, in its area; the caller saves the webhook."""
    area = await whole(Area).get(code=webhook.area_id)
    return record.tell_of_admin(webhook, type, actor, area, note, **payload)
