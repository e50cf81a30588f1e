"""The small world with a webhook of the town's system, and a sender that is told when to work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import pytest
import standardwebhooks.webhooks
from api import ask
from receiver import Receiver
from world import World

from actions.addresses import Allowed, allow, read_allowed
from actions.deliveries import due_webhooks, log_head
from baodao.deliveries import Sender
from baodao.posting import Post
from models import Webhook, WebhookDelivery, clock
from resolvers.ids import global_id

COORDINATOR, ACCOUNT = "junan.coordinator", "junan.system"
PROBLEMS = (
    "problems { __typename message ... on WrongState { reasonCode } ... on InvalidInput { reasonCode } }"
)


class Now(datetime):
    """The library looks at the time too: let it be ours."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Now":
        return cls.fromtimestamp(clock.now().timestamp(), tz)


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The operator allows this machine, and the library goes by the time of the tests."""
    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Now)
    allow(read_allowed(["127.0.0.1"]))
    yield
    allow(Allowed())


async def change(mutation: str, login: str = COORDINATOR, **given: Any) -> dict[str, Any]:
    """The payload, once it is clear that it happened."""
    name = mutation[0].upper() + mutation[1:]
    secret = "secret" if mutation in ("registerWebhook", "rotateWebhookSecret") else ""
    document = (
        f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {secret} webhook {{ id state }} "
        f"{PROBLEMS} }} }}"
    )
    payload: dict[str, Any] = (await ask(login, document, input=given))[mutation]
    assert payload["problems"] == [], payload["problems"]
    return payload


@dataclass
class Hook:
    """A registered webhook, by its global id, and its first secret."""

    id: str
    secret: str

    async def row(self) -> Webhook:
        row, *_ = [row for row in await Webhook.all() if global_id(row) == self.id]
        return row

    async def deliveries(self) -> list[tuple[str, int, int | None]]:
        """State, attempts and last status of whatever it did not take, in the order of the log."""
        webhook = await self.row()
        rows = await WebhookDelivery.filter(webhook=webhook).order_by("pos")
        return [(row.state.value, row.attempts, row.status) for row in rows]

    async def seen(self, what: str) -> Any:
        document = f"query($id: ID!) {{ node(id: $id) {{ ... on Webhook {{ {what} }} }} }}"
        return (await ask(COORDINATOR, document, id=self.id))["node"]


async def hook_to(receiver: Receiver, world: World, **more: Any) -> Hook:
    account = global_id(world.members[ACCOUNT])
    payload = await change("registerWebhook", account=account, url=receiver.url, **more)
    return Hook(payload["webhook"]["id"], payload["secret"])


@asynccontextmanager
async def sender() -> AsyncIterator[Sender]:
    async with Post() as post:
        yield Sender(post)


async def settle(sender: Sender) -> None:
    """Until nothing is due at this moment."""
    busy = True
    while busy:
        head = await log_head()
        due, _ = await due_webhooks(head, clock.now())
        busy = any([await sender.round(webhook, head) for webhook in due])
