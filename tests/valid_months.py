"""For every mutation of publications one that would be granted, and the publications that these are about."""

from typing import Self

from api import Answer, do
from month import (
    ANSWER,
    LEFT_OUT,
    OBJECTING,
    ORG,
    RESIDENT,
    SECRETARY,
    SHAPU,
    TIANHU,
    Month,
    flagged,
    happened,
)
from plea import VOLUNTEER
from world import World

from models import Notice, NoticeKind, Task, clock
from resolvers.ids import global_id

PROMISE = {"area": TIANHU, "text": "每周清扫楼道。"}
PRAISE = {"kind": "PRAISE", "area": "440606106", "unit": "zr", "text": "到场及时。"}
PRAISE |= {"summons": "@summons of zr", "task": "@task of zr"}
STAR = {"area": TIANHU, "member": VOLUNTEER, "month": "2026-02-01", "ground": "连续值守。"}
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
    ("correctPublication", "published", ORG, LEFT_OUT | REASON),
    ("issueNotice", "", "junan.coordinator", PRAISE),
    ("decideNotice", "reported", "shunde.leader", {"text": "约谈单位负责人。"}),
    ("honourMember", "", SECRETARY, STAR),
]


class Known:
    """Something with an id that a part of an input names."""

    def __init__(self, name: str, id: str) -> None:
        self.name, self.id = name, id

    async def about(self, of: int = 0) -> Answer:
        return {self.name: self.id}


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


async def noticed(world: World) -> dict[str, Known]:
    """What notices are about, and one that was reported."""
    unit, district = world.units["zr"], world.areas["440606"]
    task = await Task.filter(unit_id=unit.id, path__startswith="44.4406.440606.440606106.").first()
    assert task is not None, "matters come before months"
    reported = await Notice.create(
        kind=NoticeKind.REPORTED,
        area=district,
        path=district.path,
        unit=unit,
        occurrence=2,
        issued_at=clock.now(),
        version=1,
    )
    await task.fetch_related("summons")
    return {
        "summons of zr": Known("summons", global_id(task.summons)),
        "task of zr": Known("task", global_id(task)),
        "reported": Known("notice", global_id(reported)),
    }


async def months(world: World) -> dict[str, Month | Promise | Known]:
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
    await flagged(world, VOLUNTEER)
    return {**found, "promised": await Promise.made(), **await noticed(world)}
