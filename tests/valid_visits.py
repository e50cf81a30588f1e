"""For every mutation of visits and their plans one that would be granted, and what these are about."""

from api import Answer
from plea import CADRE, TIANHU
from visit import COLLECTION, SINGLE, planned, single
from world import World

VISITOR = {"visitor": "tianhu.secretary"}
REASON = {"reason": "情况有变。"}
OF_VISITS = [
    ("createInspectionPlan", "", CADRE, COLLECTION | VISITOR | {"until": "2026-12-31"}),
    ("changeInspectionPlan", "plan", CADRE, {"title": "征集日", "place": "广场"} | VISITOR),
    ("endInspectionPlan", "plan", CADRE, REASON),
    ("planInspection", "", CADRE, SINGLE | VISITOR),
    ("recordInspection", "visit", CADRE, {"note": "路面完好。", "households": 3} | VISITOR),
    ("cancelInspection", "visit", CADRE, REASON),
]


class Visit:
    """A visit, or (`noun`) a plan."""

    def __init__(self, id: str, noun: str = "inspection") -> None:
        self.id, self._noun = id, noun

    async def about(self, of: int = 0) -> Answer:
        return {self._noun: self.id}


async def visits(world: World) -> dict[str, Visit]:
    return {
        "plan": Visit(await planned(), "inspectionPlan"),
        "visit": Visit(await single()),
        "collection": Visit(await single(kind="COLLECTION_DAY", area=TIANHU)),
    }
