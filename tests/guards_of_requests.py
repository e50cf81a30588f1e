"""Guards on requests and their work orders."""

from typing import Any

from api import why_not
from guards import No, at, no, situation
from matter import Matter
from plea import (
    CADRE,
    DRAFT,
    GRID,
    NEIGHBOUR,
    NEW,
    RESIDENT,
    SECRETARY,
    TIANHU,
    VOLUNTEER,
    WORK,
    Plea,
    neighbours,
)
from visit import single
from world import Time, World

from models import Request, RequestCategory, clock

REASON = {"reason": "情况有变。"}
LONG = "长" * 2001
SUMMONED = DRAFT | {"text": "整条街。"}


def reporting(answer: str, **given: Any) -> No:
    return no(CADRE, "createRequest", answer, **NEW | given)


def answering(answer: str, **given: Any) -> No:
    return no(CADRE, "answerRequest", answer, **{"text": "下周修。"} | given)


def ordering(answer: str, **given: Any) -> No:
    return no(CADRE, "dispatchRequest", answer, **WORK | given)


async def menu(world: World) -> None:
    """Entries of 天湖's menu: with a form, with evidence, and a closed one; and one of 万安's."""
    form = {"type": "object", "properties": {"lamps": {"type": "integer"}}, "required": ["lamps"]}
    for name, area, more in (
        ("light", TIANHU, {"schema": form}),
        ("proven", TIANHU, {"needs_evidence": True}),
        ("outdated", TIANHU, {"schema": {"type": "objekt"}}),
        ("closed", TIANHU, {"closed_at": clock.now()}),
        ("elsewhere", "440606104219", {}),
    ):
        place = world.areas[area].path
        world.categories[name] = await RequestCategory.create(
            area_id=area, path=place, name=name, created_at=clock.now(), **more
        )


async def patrols() -> dict[str, str]:
    """The ids of visits: of today, of today in the grid, of tomorrow, and one that was called off."""
    found = {"today": await single(), "of grid": await single(area=GRID), "off": await single()}
    assert await why_not(CADRE, "cancelInspection", {"inspection": found["off"], **REASON}) == []
    return found | {"tomorrow": await single(day="2026-03-03")}


def completing(answer: str, **given: Any) -> No:
    return no(CADRE, "completeOrder", answer, 1, **{"text": "已换。"} | given)


@situation(
    reporting("InvalidInput EMPTY text", text=" "),
    reporting("InvalidInput TOO_LONG place", place="长" * 201),
    reporting("InvalidInput REPORTER_UNCLEAR reporter", reporter={"name": "陈阿姨"}, anonymous=True),
    reporting("InvalidInput REPORTER_UNCLEAR reporter", reporter={}),
    reporting("InvalidInput CONTROL_CHARACTER reporter/name", reporter={"name": "陈\u200b"}),
    reporting("InvalidInput PHONE_MALFORMED reporter/phone", reporter={"phone": "没有"}),
    reporting("InvalidInput NOT_AN_OBJECT form; InvalidInput FORM_NOT_ASKED form", form="[]"),
    reporting("InvalidInput CATEGORY_CLOSED requestCategory", requestCategory="closed"),
    reporting("InvalidInput CATEGORY_ELSEWHERE requestCategory", requestCategory="elsewhere"),
    reporting("InvalidInput FORM_MISSING form", requestCategory="light"),
    reporting("InvalidInput FORM_FIELD_MISSING form/lamps", requestCategory="light", form="{}"),
    reporting("InvalidInput FORM_VALUE form/lamps", requestCategory="light", form='{"lamps": "two"}'),
    reporting("InvalidInput FORM_FIELD_UNKNOWN form/x", requestCategory="light", form='{"lamps": 2, "x": 1}'),
    reporting("InvalidInput INSPECTION_TOO_EARLY inspection", channel="INSPECTION", inspection="@tomorrow"),
    reporting("InvalidInput INSPECTION_NOT_HELD inspection", channel="INSPECTION", inspection="@off"),
    reporting("InvalidInput INSPECTION_ELSEWHERE inspection", channel="INSPECTION", inspection="@of grid"),
    reporting("InvalidInput CHANNEL_OF_ANOTHER_KIND channel", channel="VISIT", inspection="@today"),
    reporting("InvalidInput JSON_TOO_DEEP form", requestCategory="light", form='{"a": ' + "[" * 50 + "]" * 50 + "}"),
    reporting("InvalidInput JSON_TOO_LARGE form", requestCategory="light", form='{"a": [1' + ",1" * 2_000 + "]}"),
    reporting("InvalidInput SCHEMA_MALFORMED form", requestCategory="outdated", form='{"lamps": 2}'),
    no("junan.system", "createRequest", "NotAllowed NO_RULE", **NEW),
    no(RESIDENT, "triageRequest", "NotAllowed NO_RULE", matterClass="PUBLIC"),
    no(NEIGHBOUR, "withdrawRequest", "WrongState OTHERS_REPORTED_TOO"),
    no("shapu.secretary", "triageRequest", "NotFound NOT_FOUND request", matterClass="PUBLIC"),
    no(CADRE, "triageRequest", "Conflict VERSION_CHANGED", matterClass="PUBLIC", version=7),
    no(CADRE, "updateRequest", "InvalidInput EMPTY text", text=""),
    reporting("InvalidInput REQUEST_LEVEL area", area="440606106"),
    answering("InvalidInput EMPTY text", text=""),
    answering("InvalidInput PROMISE_IN_PAST doneBy", doneBy=at("03-02 09:00")),
    answering("InvalidInput PROMISE_TOO_LONG doneBy", doneBy=at("07-02 09:00")),
    ordering("WrongState CLASS_MISSING"),
    no(CADRE, "summonRequest", "WrongState CLASS_MISSING", **DRAFT),
    no(CADRE, "transferRequest", "WrongState CLASS_MISSING", unit="jt", **REASON),
    no(CADRE, "completeRequest", "WrongState WRONG_STATE", outcome="RESOLVED", text="好。"),
    no(CADRE, "summonRequestAgain", "WrongState WRONG_STATE"),
    no(CADRE, "rejectRequest", "InvalidInput EMPTY reason", reason=""),
    no(CADRE, "mergeRequest", "InvalidInput MERGED_INTO_ITSELF into", into="@"),
    no(CADRE, "mergeRequest", "InvalidInput MERGED_INTO_DUPLICATE into", into="@mine"),
    no(CADRE, "mergeRequest", "InvalidInput MERGED_INTO_ENDED into", into="@ended"),
    no(CADRE, "mergeRequest", "NotFound NOT_FOUND into", into="@elsewhere"),
    no("both.villages", "mergeRequest", "InvalidInput OTHER_VILLAGE into", into="@elsewhere"),
    no(RESIDENT, "giveFeedback", "WrongState WRONG_STATE", feedback="SATISFIED"),
    no(RESIDENT, "reopenRequest", "WrongState WRONG_STATE", **REASON),
    no(RESIDENT, "withdrawRequest", "WrongState OTHERS_REPORTED_TOO"),
    no(CADRE, "informReporter", "WrongState WRONG_STATE", reporterNumber=1),
)  # fmt: skip
async def a_new_request_with_a_duplicate(world: World, time: Time) -> Plea:
    await neighbours(world)
    await menu(world)
    await world.enter("both.villages", "440606106004")
    await world.hold("both.villages", "village_cadre", area="440606106004")
    await world.hold("both.villages", "observer", area="440606104219")
    plea, mine, ended = await Plea.made(world), await Plea.made(world, NEIGHBOUR), await Plea.settled(world)
    elsewhere = await Plea.made(world, "wanan.secretary", area="440606104219", channel="VISIT")
    await mine.done(CADRE, "mergeRequest", into=plea.id)
    plea.others = {"mine": mine.id, "ended": ended.id, "elsewhere": elsewhere.id} | await patrols()
    return plea


@situation(
    no(CADRE, "dispatchRequest", "WrongState IS_PUBLIC", **WORK),
    no(CADRE, "transferRequest", "InvalidInput UNIT_NOT_SUMMONABLE unit", unit="party", **REASON),
    no(CADRE, "transferRequest", "InvalidInput EMPTY reason", unit="jt", reason=""),
    no(CADRE, "summonRequest", "InvalidInput EMPTY title; InvalidInput EMPTY text"),
    no(CADRE, "summonRequest", "InvalidInput UNIT_TWICE units/1", **SUMMONED | {"units": ["zr", "zr"]}),
    no(CADRE, "summonRequest", "InvalidInput LEAD_NOT_AMONG_UNITS leadUnit", leadUnit="zf", **SUMMONED),
    no(CADRE, "summonRequest", "InvalidInput OTHER_VILLAGE summons", summons="@elsewhere"),
    no(CADRE, "summonRequest", "InvalidInput SUMMONS_ENDED summons", summons="@ended"),
    no(CADRE, "mergeRequest", "InvalidInput NUL_CHARACTER note", into="@other", note="同\x00"),
)  # fmt: skip
async def a_public_matter(world: World, time: Time) -> Plea:
    plea, other = await Plea.triaged(world, "PUBLIC"), await Plea.triaged(world, "PUBLIC")
    ended = await Matter.drafted(world, "zr")
    await ended.done(SECRETARY, "cancelSummons", **REASON)
    await world.hold(CADRE, "observer", area="440606")
    elsewhere = await Matter.drafted(world, "zr", by="wanan")
    plea.others = {"other": other.id, "ended": ended.id, "elsewhere": elsewhere.id}
    return plea


@situation(
    no(CADRE, "summonRequest", "InvalidInput HAS_SUMMONS summons", summons="@another"),
    no(CADRE, "summonRequestAgain", "WrongState SUMMONS_NOT_REOPENABLE"),
)
async def a_summons_that_was_not_reopened_in_time(world: World, time: Time) -> Plea:
    plea = await Plea.triaged(world, "PUBLIC")
    await plea.reopened()
    time.pass_to("04-01 09:00")
    plea.others = {"another": (await Matter.drafted(world, "zr")).id}
    return plea


@situation(
    no(CADRE, "summonRequest", "WrongState NOT_PUBLIC", **SUMMONED),
    no(CADRE, "transferRequest", "WrongState NOT_PUBLIC", unit="jt", **REASON),
    ordering("InvalidInput EMPTY text", text=""),
    ordering("InvalidInput FAMILY_IS_VOLUNTARY assignee", assignee=VOLUNTEER),
)
async def a_familys_own_matter(world: World, time: Time) -> Plea:
    await neighbours(world)
    return await Plea.triaged(world, "FAMILY")


@situation(
    ordering("InvalidInput ASSIGNEE_LACKS_RIGHT assignee", assignee="zr.member"),
    ordering("NotFound NOT_FOUND assignee", assignee="hidden"),
    ordering("InvalidInput UNIT_NOT_OF_VILLAGE unit", unit="zr"),
    ordering("InvalidInput MEMBER_OR_UNIT unit", unit="party", assignee=CADRE),
)
async def a_matter_of_the_community(world: World, time: Time) -> Plea:
    await world.enter("hidden", "440606104217")
    return await Plea.triaged(world, "COMMUNITY")


@situation(
    no(VOLUNTEER, "claimOrder", "InvalidInput POST_DOES_NOT_FIT order", 1),
    no(NEIGHBOUR, "claimOrder", "NotFound NOT_FOUND order", 1),
    no(VOLUNTEER, "acceptOrder", "WrongState NOT_YOUR_ORDER", 1),
    no(VOLUNTEER, "declineOrder", "WrongState NOT_YOUR_ORDER", 1, **REASON),
    no(VOLUNTEER, "completeOrder", "WrongState WRONG_STATE", 1, text="好。"),
    no(VOLUNTEER, "cancelOrder", "NotAllowed NO_RULE", 1, **REASON),
    no(CADRE, "cancelOrder", "InvalidInput EMPTY reason", 1, reason=""),
    no(CADRE, "verifyOrder", "WrongState WRONG_STATE", 1),
    no(CADRE, "createOrder", "InvalidInput EMPTY text", text=""),
    no(VOLUNTEER, "claimOrder", "WrongState ORDER_IS_FOR_SOMEBODY", 2),
    no(CADRE, "acceptOrder", "Conflict VERSION_CHANGED", 2, version=7),
    no(VOLUNTEER, "claimOrder", "WrongState SERVICE_NOT_OFFERED", 3),
    no(CADRE, "createOrder", "InvalidInput SERVICE_NEEDS_NOBODY service", **WORK, service="proven", assignee=CADRE),
    no(CADRE, "createOrder", "InvalidInput CATEGORY_CLOSED service", **WORK, service="closed"),
)  # fmt: skip
async def an_order_for_a_post_and_one_for_the_cadre(world: World, time: Time) -> Plea:
    await neighbours(world)
    await menu(world)
    plea = await Plea.ordered(world, post="GRID_WORKER")
    await plea.done(CADRE, "createOrder", **WORK, assignee=CADRE)
    await plea.done(CADRE, "createOrder", **WORK, service="proven")
    return plea


@situation(
    no(VOLUNTEER, "claimOrder", "WrongState WRONG_STATE", 1),
    no(VOLUNTEER, "completeOrder", "WrongState NOT_YOUR_ORDER", 1, text="好。"),
    completing("InvalidInput EMPTY text; InvalidInput EVIDENCE_MISSING evidence", text=""),
    completing("InvalidInput EVIDENCE_MALFORMED evidence/0", evidence=["http://photos.example/1.jpg"]),
    completing("InvalidInput EVIDENCE_MALFORMED evidence/1", evidence=["https://a.example", "https://[::1"]),
    completing("InvalidInput TOO_MUCH_EVIDENCE evidence", evidence=["https://photos.example/1.jpg"] * 11),
    no(CADRE, "verifyOrder", "WrongState OWN_ORDER", 2),
    no(CADRE, "returnOrder", "WrongState OWN_ORDER", 2, **REASON),
    no(SECRETARY, "returnOrder", "InvalidInput EMPTY reason", 2, reason=""),
)  # fmt: skip
async def an_order_taken_and_one_done_by_the_cadre(world: World, time: Time) -> Plea:
    await neighbours(world)
    await menu(world)
    plea = await Plea.ordered(world)
    await Request.all().update(category_id=world.categories["proven"].id)
    await plea.done(CADRE, "createOrder", **WORK)
    for number in (1, 2):
        await plea.done(CADRE, "claimOrder", number)
    await plea.done(CADRE, "completeOrder", 2, text="已换。", evidence=["https://photos.example/1.jpg"])
    return plea


@situation(
    no(CADRE, "informReporter", "NotFound NOT_FOUND reporterNumber", reporterNumber=2),
    no(CADRE, "informReporter", "InvalidInput REPORTER_SPEAKS feedback", reporterNumber=1, feedback="PARTLY"),
    no(RESIDENT, "giveFeedback", "InvalidInput EMPTY comment", feedback="DISSATISFIED"),
    no(RESIDENT, "giveFeedback", "InvalidInput TOO_LONG comment", feedback="PARTLY", comment=LONG),
    no(NEIGHBOUR, "giveFeedback", "NotFound NOT_FOUND request", feedback="PARTLY"),
    no(CADRE, "giveFeedback", "NotAllowed WRONG_PLACE", feedback="SATISFIED"),
)  # fmt: skip
async def a_settled_request(world: World, time: Time) -> Plea:
    await neighbours(world)
    return await Plea.settled(world)


@situation(
    no(
        CADRE, "informReporter", "InvalidInput NOTHING_TO_JUDGE feedback", reporterNumber=1, feedback="PARTLY"
    ),
)
async def a_rejected_request(world: World, time: Time) -> Plea:
    plea = await Plea.made(world, CADRE, channel="WALK_IN", reporter={"name": "陈阿姨"})
    await plea.done(CADRE, "rejectRequest", **REASON)
    return plea


@situation(
    no(RESIDENT, "giveFeedback", "WrongState REOPEN_WINDOW_OVER", feedback="SATISFIED"),
    no(RESIDENT, "reopenRequest", "WrongState REOPEN_WINDOW_OVER", **REASON),
    no(CADRE, "informReporter", "InvalidInput REPORTER_SPEAKS feedback", reporterNumber=1, feedback="PARTLY"),
)
async def a_request_closed_a_month_ago(world: World, time: Time) -> Plea:
    plea = await Plea.settled(world)
    await time.tick_at("03-09 09:00")
    time.pass_to("04-08 09:00")
    return plea
