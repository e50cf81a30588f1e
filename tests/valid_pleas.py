"""For every mutation of requests, orders, publications and visits one that would be granted, and what it is about."""

from typing import Any, NamedTuple

import orjson
from guards import at
from month import Month
from plea import CADRE, DRAFT, NEW, RESIDENT, TIANHU, VOLUNTEER, WORK, Plea, neighbours
from valid_co_building import OF_CO_BUILDING, Beside, beside
from valid_months import OF_MONTHS, Known, Promise, months
from valid_visits import OF_VISITS, Visit, visits
from world import World

from models import RequestCategory, clock

REASON, NOTE = {"reason": "情况有变。"}, {"note": "已阅。"}
VISIT = {"from": at("03-04 09:00"), "to": at("03-04 11:00"), "place": "村委会"}
REPORTED = NEW | {"reporter": {"name": "陈阿姨", "phone": "0757-22998877"}, "matterClass": "COMMUNITY"}
SUMMONED = DRAFT | {"text": "整条街。", "leadUnit": "zr", "appointment": VISIT}
ORDER = WORK | {"assignee": VOLUNTEER, "post": "GRID_WORKER"}
LATE = {"doneBy": at("03-20 09:00")}
LIGHT = '{"type": "object", "properties": {"lamps": {"type": "integer"}}, "required": ["lamps"]}'
SORTED = {"requestCategory": "light", "form": '{"lamps": 2}'}
PHOTO = "https://photos.example/1.jpg"
COLLECTED = {"channel": "COLLECTION_DAY", "inspection": "@collection"}


class Valid(NamedTuple):
    """`plea` names one of the requests (or months, or visits) below; `of` the number of the order that it is about."""

    mutation: str
    plea: str
    login: str
    of: int
    given: dict[str, Any]


def valid(mutation: str, plea: str, login: str, of: int = 0, /, **given: Any) -> Valid:
    return Valid(mutation, plea, login, of, given)


VALID = [
    valid("createRequest", "", CADRE, **REPORTED | SORTED | COLLECTED),
    valid(
        "updateRequest", "new", CADRE, text="两盏路灯。", place="天湖街5号", matterClass="PUBLIC", **SORTED
    ),
    valid("triageRequest", "new", CADRE, matterClass="PUBLIC", **NOTE, **SORTED),
    valid("answerRequest", "new", CADRE, text="下周修。", **LATE),
    valid("dispatchRequest", "shared", CADRE, **ORDER),
    valid("createOrder", "open", CADRE, **WORK, post="GRID_WORKER", service="light"),
    valid("summonRequest", "public", CADRE, **SUMMONED),
    valid("summonRequestAgain", "unhappy", CADRE, **NOTE),
    valid("transferRequest", "public", CADRE, unit="jt", **REASON),
    valid("mergeRequest", "shared", CADRE, into="@public", **NOTE),
    valid("rejectRequest", "new", CADRE, **REASON),
    valid("completeRequest", "shared", CADRE, outcome="RESOLVED", text="已修。"),
    valid("informReporter", "by phone", CADRE, reporterNumber=1, feedback="PARTLY", comment="还行。", **NOTE),
    valid("giveFeedback", "settled", RESIDENT, feedback="PARTLY", comment="还行。"),
    valid("reopenRequest", "rejected", RESIDENT, **REASON),
    valid("withdrawRequest", "new", RESIDENT, **NOTE),
    valid("revealReporter", "by phone", CADRE, **REASON),
    valid("createRequestCategory", "", CADRE, area=TIANHU, name="路灯", parentCategory="light", schema=LIGHT),
    valid(
        "updateRequestCategory",
        "",
        CADRE,
        requestCategory="light",
        name="照明",
        schema=LIGHT,
        needsEvidence=True,
    ),
    valid("closeRequestCategory", "", CADRE, requestCategory="light", **REASON),
    valid("claimOrder", "open", VOLUNTEER, 1, **NOTE),
    valid("acceptOrder", "named", VOLUNTEER, 1, **NOTE),
    valid("declineOrder", "named", VOLUNTEER, 1, **REASON),
    valid("assignOrder", "named", CADRE, 1, assignee=CADRE, **NOTE),
    valid("completeOrder", "taken", VOLUNTEER, 1, text="已换。", evidence=[PHOTO]),
    valid("verifyOrder", "done", CADRE, 1, **NOTE),
    valid("returnOrder", "done", CADRE, 1, **REASON),
    valid("cancelOrder", "open", CADRE, 1, **REASON),
    *(
        valid(mutation, about, login, **given)
        for mutation, about, login, given in (*OF_MONTHS, *OF_VISITS, *OF_CO_BUILDING)
    ),
]


async def pleas(world: World) -> dict[str, Plea | Month | Promise | Known | Visit | Beside]:
    """One in each situation that the mutations are about."""
    await neighbours(world)
    world.categories["light"] = await RequestCategory.create(
        area_id=TIANHU,
        path=world.areas[TIANHU].path,
        name="照明",
        schema=orjson.loads(LIGHT),
        created_at=clock.now(),
    )
    found: dict[str, Plea] = {
        "new": await Plea.made(world),
        "by phone": await Plea.settled(world, CADRE, channel="WALK_IN", reporter=REPORTED["reporter"]),
        "settled": await Plea.settled(world),
        "rejected": await Plea.made(world),
        "shared": await Plea.triaged(world, "COMMUNITY"),
        "public": await Plea.triaged(world, "PUBLIC"),
        "unhappy": await Plea.triaged(world, "PUBLIC"),
        "open": await Plea.ordered(world),
        "named": await Plea.ordered(world, assignee=VOLUNTEER),
        "taken": await Plea.ordered(world, assignee=VOLUNTEER),
        "done": await Plea.ordered(world, assignee=VOLUNTEER),
    }
    await found["rejected"].done(CADRE, "rejectRequest", **REASON)
    await found["unhappy"].reopened()
    for name in ("taken", "done"):
        await found[name].done(VOLUNTEER, "acceptOrder", 1)
    await found["done"].done(VOLUNTEER, "completeOrder", 1, text="已换。")
    return found | await months(world) | await visits(world) | await beside(world)


async def ready(
    one: Valid, known: dict[str, Plea | Month | Promise | Known | Visit | Beside], world: World
) -> dict[str, Any]:
    """The whole input, with ids."""
    given = {
        name: known[value[1:]].id if isinstance(value, str) and value.startswith("@") else value
        for name, value in one.given.items()
    }
    return world.ids(await known[one.plea].about(one.of) | given if one.plea else given)
