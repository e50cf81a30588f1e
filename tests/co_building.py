"""Units that stand by the villages of the small world, arranged through the API."""

from typing import Any

from api import Answer, do
from plea import TIANHU
from world import World

ORG = "shunde.org"


async def done(world: World, login: str, mutation: str, /, **given: Any) -> Answer:
    """The payload of a mutation, once it is clear that it happened."""
    payload = await do(login, mutation, world.ids(given))
    assert payload["problems"] == [], payload["problems"]
    return payload


async def paired(world: World, unit: str = "zr", area: str = TIANHU) -> str:
    """The id of a pairing of the unit with the village."""
    payload = await done(world, ORG, "arrangePairing", unit=unit, area=area)
    return str(payload["pairing"]["id"])
