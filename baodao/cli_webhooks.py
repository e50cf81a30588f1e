"""The commands of `baodao webhook`: where client systems get their events, for whoever has the database."""

import asyncio
from typing import Annotated

import typer

from actions.redelivery import Redelivery, redeliver
from actions.webhooks import (
    NewWebhook,
    SecretRotation,
    WebhookStep,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_webhook_secret,
)
from baodao.command import inside
from models import DeliveryState, LogEpoch, Member, NotFound, Webhook, WebhookDelivery, WebhookState
from policies.actor import SYSTEM
from policies.scopes import whole
from resolvers.cursors import Cursor, LogCursors
from resolvers.events import known_types
from resolvers.webhooks import lag

webhooks = typer.Typer(no_args_is_help=True, help="Send client systems their events as they happen.")
NOTE = "command line"

Id = Annotated[str, typer.Argument(help="Of the webhook, as `baodao webhook list` tells it.")]
Reason = Annotated[str, typer.Option(help="Why, kept in the log.")]


@webhooks.command("list")
def tell() -> None:
    """List webhooks, the newest first: id, state, events not delivered, dead letters, account and address."""
    for line in asyncio.run(inside(_list)):
        print(line)


async def _list() -> list[str]:
    known = whole(Webhook).exclude(state=WebhookState.REMOVED).prefetch_related("account")
    return [await _line(webhook) for webhook in await known.order_by("-created_at", "-id")]


async def _line(webhook: Webhook) -> str:
    behind = (await lag(webhook)).events
    dead = await WebhookDelivery.filter(webhook_id=webhook.id, state=DeliveryState.DEAD).count()
    return f"{webhook.id}  {webhook.state:6}  {behind:6}  {dead:4}  {webhook.account.login}  {webhook.url}"


@webhooks.command()
def dead(webhook: Id) -> None:
    """List a webhook's dead letters, the last in the log first: id, attempts, last status, when, and the event."""
    for line in asyncio.run(inside(lambda: _dead(webhook))):
        print(line)


async def _dead(webhook: str) -> list[str]:
    letters = WebhookDelivery.filter(webhook_id=webhook, state=DeliveryState.DEAD).order_by("-pos")
    return [
        f"{one.id}  {one.attempts:2}  {one.status or '---'}  {one.failed_at:%Y-%m-%dT%H:%MZ}  {one.event_id}"
        for one in await letters
    ]


@webhooks.command()
def add(
    login: Annotated[str, typer.Argument(help="Name of the account whose events are sent.")],
    url: Annotated[str, typer.Argument(help="Where to: https, a public host.")],
    type: Annotated[
        list[str] | None, typer.Option(help="Only events of this type; may be given again.")
    ] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Print the id of a new webhook, and its secret, which is never shown again."""
    types = tuple(known_types(type or []))
    print(asyncio.run(inside(lambda: _add(login, url, types, description))))


async def _add(login: str, url: str, types: tuple[str, ...], description: str) -> str:
    account = await whole(Member).get_or_none(login=login)
    if account is None:
        raise NotFound("Member", "login")
    made = await register_webhook(SYSTEM, NewWebhook(account.id, url, description, types))
    return f"{made.done.object_id}\n{made.secret}"


@webhooks.command()
def pause(webhook: Id, reason: Reason = NOTE) -> None:
    """Send nothing until it is resumed; nothing is lost."""
    asyncio.run(inside(lambda: pause_webhook(SYSTEM, WebhookStep(webhook, reason))))
    print(f"{webhook} is paused.")


@webhooks.command()
def resume(webhook: Id) -> None:
    """Go on where it stopped."""
    asyncio.run(inside(lambda: resume_webhook(SYSTEM, WebhookStep(webhook))))
    print(f"{webhook} is active.")


@webhooks.command()
def rotate(
    webhook: Id,
    overlap: Annotated[
        int, typer.Option(help="Minutes for which the present secret signs too, at most 10080.")
    ] = 1_440,
) -> None:
    """Print a new secret, which is never shown again."""
    rotation = SecretRotation(webhook, overlap)
    print(asyncio.run(inside(lambda: rotate_webhook_secret(SYSTEM, rotation))).secret)


@webhooks.command("redeliver")
def send_again(
    webhook: Id,
    delivery: Annotated[str | None, typer.Option(help="Only this dead letter, by its id.")] = None,
    after: Annotated[str | None, typer.Option(help="Everything after this cursor of the log.")] = None,
) -> None:
    """Send all dead letters again, or one, or everything after a cursor."""
    asyncio.run(inside(lambda: _redeliver(webhook, delivery, after)))
    print(f"{webhook} gets them again.")


async def _redeliver(webhook: str, delivery: str | None, after: str | None) -> None:
    log = LogCursors((await LogEpoch.get(id=1)).epoch)
    position = log.pos(Cursor(after)) if after is not None else None
    await redeliver(SYSTEM, Redelivery(webhook, delivery, position))


@webhooks.command()
def remove(webhook: Id, reason: Reason = NOTE) -> None:
    """Take it away, with its secrets and whatever it has not got."""
    asyncio.run(inside(lambda: remove_webhook(SYSTEM, WebhookStep(webhook, reason))))
    print(f"{webhook} is removed.")
