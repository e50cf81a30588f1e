"""For every mutation of publications one that would be granted, and the publications that these are about."""

from typing import Self

from api import Answer, do
from month import ANSWER, OBJECTING, ORG, RESIDENT, SECRETARY, SHAPU, TIANHU, Month, happened
from plea import VOLUNTEER
from world import World

PROMISE = {"area": TIANHU, "text": "每周清扫楼道。"}
REASON, NOTE = {"reason": "数据有误。"}, {"note": "已核对。"}
OF_MONTHS = [
    ("draftPublication", "", SECRETARY, {"area": TIANHU, "month": "2025-12-31"}),
    ("redraftPublication", "drafted", SECRETARY, REASON),
    ("openPublication", "drafted", SECRETARY, NOTE),
    ("objectToPublication", "shown", RESIDENT, OBJECTING),
    ("answerObjection", "objected", SECRETARY, ANSWER),
    ("publishPublication", "late", SECRETARY, NOTE),
    ("makeCommitment", "", VOLUNTEER, PROMISE),
    ("confirmCommitment", "promised", SECRETARY, NOTE),
    ("correctPublication", "published", ORG, REASON),
]


class Promise:
    """A commitment of the volunteer."""

    def __init__(self, id: str) -> None:
        self.id = id

    @classmethod
    async def made(cls) -> Self:
        payload = await do(VOLUNTEER, "makeCommitment", PROMISE)
        assert payload["problems"] == [], payload["problems"]
        return cls(payload["commitment"]["id"])

    async def about(self, of: int = 0) -> Answer:
        return {"commitment": self.id}


async def months(world: World) -> dict[str, Month | Promise]:
    """One in each situation that the mutations are about."""
    await happened(world, month="2025-12-01")
    found: dict[str, Month] = {
        "drafted": await Month.drafted(world),
        "shown": await Month.shown(world, month="2026-01-01"),
        "objected": await Month.shown(world, month="2025-11-01"),
        "late": await Month.shown(world, month="2025-10-01"),
        "published": await Month.published(world, "shapu.secretary", area=SHAPU),
    }
    await found["objected"].done(RESIDENT, "objectToPublication", **OBJECTING)
    await found["late"].let_the_time_pass()
    await happened(world, SHAPU)
    return {**found, "promised": await Promise.made()}
