"""A webhook of the town's system, and what its receiver missed."""

import asyncio

import httpx
from receiver import Receiver
from walk_stories import query

from baodao.database import database
from faults.crowd import request, token
from faults.load import Load
from faults.proofs import raw

COORDINATOR, ACCOUNT = "junan.coordinator", "junan.system"
CAUGHT_UP_WITHIN = 20.0


async def register(load: Load, receiver: Receiver) -> None:
    """For everything that happens from now on."""
    async with httpx.AsyncClient(trust_env=False) as client:

        async def asked(login: str, body: object) -> dict[str, object]:
            headers = {"authorization": f"Bearer {token(login)}"}
            answer = await client.post(f"{load.hosts[0].address}/graphql", json=body, headers=headers)
            found: dict[str, object] = answer.json()["data"]
            return found

        found = await asked(ACCOUNT, {"query": "{ viewer { member { id } } }"})
        account = found["viewer"]["member"]["id"]  # type: ignore[index]
        body = request("registerWebhook", {"account": account, "url": receiver.url}, "hook", "webhook { id }")
        payload = (await asked(COORDINATOR, body))["registerWebhook"]
        assert payload["problems"] == [], payload  # type: ignore[index]


async def faults_of_webhook(url: str, receiver: Receiver) -> list[str]:
    """Once it has had time to send the rest; nobody writes any more."""
    async with database(url):
        [hook] = await query("SELECT pos FROM event WHERE type = 'webhook.registered'")
        told = await query(
            "SELECT id, summons_id FROM event WHERE pos > ? AND summons_id IS NOT NULL ORDER BY pos",
            hook["pos"],
        )
    wanted = [str(event["id"]) for event in told]
    for _ in range(int(CAUGHT_UP_WITHIN * 10)):
        if set(wanted) <= {raw(got.headers["webhook-id"]) for got in receiver.got}:
            break
        await asyncio.sleep(0.1)
    first = list(dict.fromkeys(raw(got.headers["webhook-id"]) for got in receiver.got))
    faults = [f"the webhook lost {lost} of {len(wanted)}"] if (lost := len(set(wanted) - set(first))) else []
    places = {id: place for place, id in enumerate(first)}
    for summons in {event["summons_id"] for event in told}:
        order = [
            places[str(event["id"])]
            for event in told
            if event["summons_id"] == summons and event["id"] in places
        ]
        faults += [] if order == sorted(order) else [f"the webhook was told of {summons} out of order"]
    return faults
