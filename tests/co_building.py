"""Units that stand by the villages of the small world, arranged through the API."""

from typing import Any

from api import Answer, do
from plea import CADRE, TIANHU
from world import World

ORG, LIAISON = "shunde.org", "zr.liaison"
NEED = {"area": TIANHU, "kind": "NEED", "title": "路灯灯泡"}
OFFER = {"area": TIANHU, "requestCategory": "light", "title": "修路灯"}


async def done(world: World, login: str, mutation: str, /, **given: Any) -> Answer:
    """The payload of a mutation, once it is clear that it happened."""
    payload = await do(login, mutation, world.ids(given))
    assert payload["problems"] == [], payload["problems"]
    return payload


async def paired(world: World, unit: str = "zr", area: str = TIANHU) -> str:
    """The id of a pairing of the unit with the village."""
    payload = await done(world, ORG, "arrangePairing", unit=unit, area=area)
    return str(payload["pairing"]["id"])


async def needed(world: World, **more: Any) -> str:
    """The id of a need of 天湖."""
    payload = await done(world, CADRE, "createListItem", **NEED | more)
    return str(payload["item"]["id"])


async def claimed_by_zr(world: World) -> str:
    """The id of a claim of another need by the unit that is paired with the village."""
    payload = await done(world, LIAISON, "claimListItem", item=await needed(world), unit="zr")
    return str(payload["claim"]["id"])


async def offered(world: World, login: str = LIAISON, **more: Any) -> str:
    """The id of a service that is offered to 天湖."""
    given = OFFER | ({"unit": "zr"} if login == LIAISON else {}) | more
    return str((await done(world, login, "offerService", **given))["item"]["id"])
