"""For every mutation about who stands by a village one that would be granted, and what these are about."""

from typing import Any

from co_building import LIAISON, NEED, OFFER, ORG, claimed_by_zr, done, needed, paired
from plea import CADRE, SECRETARY, TIANHU
from world import World

REASON = {"reason": "轮换。"}
OF_CO_BUILDING: list[tuple[str, str, str, dict[str, Any]]] = [
    ("arrangePairing", "", ORG, {"unit": "zf", "area": TIANHU}),
    ("endPairing", "paired", ORG, REASON),
    ("createListItem", "", CADRE, NEED | {"text": "每周一次。", "requestCategory": "light"}),
    ("offerService", "", LIAISON, OFFER | {"text": "每周一次。", "unit": "zr"}),
    ("changeListItem", "need", CADRE, {"title": "灯泡", "text": "两盏。", "requestCategory": "light"}),
    ("closeListItem", "need", CADRE, REASON),
    ("claimListItem", "need", LIAISON, {"unit": "zr"}),
    ("completeClaim", "claimed", LIAISON, {"text": "已送到。"}),
    ("dropClaim", "claimed", LIAISON, REASON),
    ("verifyClaim", "done claim", SECRETARY, {"note": "已看到。"}),
]


class Beside:
    """Something that is about a village and whoever stands by it."""

    def __init__(self, name: str, id: str) -> None:
        self.name, self.id = name, id

    async def about(self, of: int = 0) -> dict[str, Any]:
        return {self.name: self.id}


async def beside(world: World) -> dict[str, Beside]:
    """One in each situation that the mutations are about."""
    pairing, need = await paired(world), await needed(world)
    claimed, done_one = await claimed_by_zr(world), await claimed_by_zr(world)
    await done(world, LIAISON, "completeClaim", claim=done_one, text="已送到。")
    return {
        "paired": Beside("pairing", pairing),
        "need": Beside("item", need),
        "claimed": Beside("claim", claimed),
        "done claim": Beside("claim", done_one),
    }
