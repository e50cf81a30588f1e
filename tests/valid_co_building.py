"""For every mutation about who stands by a village one that would be granted, and what these are about."""

from typing import Any

from co_building import ORG, paired
from plea import TIANHU
from world import World

REASON = {"reason": "轮换。"}
OF_CO_BUILDING: list[tuple[str, str, str, dict[str, Any]]] = [
    ("arrangePairing", "", ORG, {"unit": "zf", "area": TIANHU}),
    ("endPairing", "paired", ORG, REASON),
]


class Beside:
    """Something that is about a village and whoever stands by it."""

    def __init__(self, name: str, id: str) -> None:
        self.name, self.id = name, id

    async def about(self, of: int = 0) -> dict[str, Any]:
        return {self.name: self.id}


async def beside(world: World) -> dict[str, Beside]:
    """One in each situation that the mutations are about."""
    return {"paired": Beside("pairing", await paired(world))}
