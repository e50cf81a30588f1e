"""What a webhook gets: an event as the API shows it to the webhook's account, signed as Standard Webhooks says."""

import orjson
from standardwebhooks import Webhook as Signature

from models import Event, clock
from policies.actor import Actor
from resolvers.context import Context
from resolvers.ids import global_id
from schema import schema

SHOWN = """query($id: ID!) { node(id: $id) { ... on Event {
    id cursor type at actor { id name } onBehalfOf { id name } area { id code name }
    summons { id number } task { id unit { id name } } request { id number } order { id }
    aggregateVersion fromState toState note } } }"""


class CannotShow(Exception):
    """The API itself fails to show the event."""


async def body_of(event: Event, account: Actor) -> bytes | None:
    """None when the account may not read the event at this moment. Raises CannotShow for a bug."""
    answer = await schema.execute(
        SHOWN, variable_values={"id": global_id(event)}, context_value=Context(account)
    )
    if answer.errors or answer.data is None:
        raise CannotShow(f"event {event.id}: {answer.errors}")
    data = answer.data["node"]
    if data is None:
        return None
    return orjson.dumps({"type": event.type, "timestamp": data["at"], "data": data})


def headers_of(event: Event, body: bytes, secrets: tuple[str, ...]) -> dict[str, str]:
    """One signature for each secret. The id stays the same however often the event is sent."""
    id, now = global_id(event), clock.now()
    signed = [Signature(secret).sign(id, now, body.decode()) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "baodao-webhooks",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }
