"""What time does by itself, and what it leaves alone."""

from datetime import datetime, timedelta

import pytest
from api import do
from matter import Matter
from silences import SILENCES
from tortoise import Tortoise
from world import MONDAY, Time, World, everything

from actions.tick import tick
from baodao.database import database
from models import ClockKind, Event, SlaClock, Summons, SummonsCategory, SummonsState, clock
from models.workflow import LADDERS

pytest_plugins = ["monday"]

TIANHU = "440606106004"
BEFORE_THE_FESTIVAL = datetime.fromisoformat("2026-02-13T16:00:00+08:00")
"""A Friday; people work on the next day, then rest for nine days, and work on the Saturday after."""


async def test_silence_brings_about_what_each_clock_says(world: World, time: Time) -> None:
    await world.decide("440606104219", require_town_gate=True)
    await world.decide(TIANHU, followup_categories=["ECONOMY"])
    matters = [await silence.arrange(world) for silence in SILENCES]
    arranged = [await matter.history() for matter in matters]
    for due in sorted({silence.due for silence in SILENCES}):
        now = [row for row in zip(SILENCES, matters, arranged, strict=True) if row[0].due == due]
        await time.tick_at(minute_before(due))
        assert [await matter.history() for _, matter, _ in now] == [told for _, _, told in now], due
        await time.tick_at(due)
        came = [(await matter.history(), await matter.stands()) for _, matter, _ in now]
        assert came == [(told + silence.events, silence.stands) for silence, _, told in now], due


def test_every_kind_of_clock_has_its_silence() -> None:
    assert {silence.kind for silence in SILENCES} == set(LADDERS)
    assert {silence.kind for silence in SILENCES if not silence.events} == {
        kind for kind in ClockKind if not LADDERS.get(kind, True)
    }


async def test_who_kept_silent_is_passed_over_and_the_town_is_asked_once(world: World, time: Time) -> None:
    matter = await Matter.issued(world, "zr", leadUnit="zr")
    await matter.bring("ARRIVED", "zr")
    await matter.done("zr.liaison", "callCoUnit", "zr", unit="cj", note="请协助。")
    asked = []
    for moment in ("03-02 09:00", "03-03 09:00", "03-04 09:00", "03-05 09:00"):
        await time.tick_at(moment)
        asked.append((await matter.task("zr"))["proposals"])
    call = {"kind": "CO_UNIT", "withTown": False}
    assert asked == [[call], [call | {"withTown": True}], [], []]
    assert (await matter.history("zr"))[-2:] == ["task.counit_lapsed"] * 2


@pytest.mark.parametrize(
    ("state", "mutation", "given", "answer"),
    [
        ("ASSIGNED", "proposeRemote", {"how": "视频会商。"}, "agreeRemote"),
        ("ARRIVED", "requestExtension", {"reason": "工程量增加。", "days": 5}, "extendTask"),
    ],
)
async def test_what_nobody_agreed_to_in_time_is_refused_by_silence(
    world: World, time: Time, state: str, mutation: str, given: dict[str, object], answer: str
) -> None:
    matter = await (await Matter.issued(world, "zr")).bring(state, "zr")
    await matter.done("zr.liaison", mutation, "zr", **given)
    await time.tick_at("03-03 09:00")
    assert await matter.why_not("tianhu.secretary", answer, "zr") == "WrongState NO_OPEN_PROPOSAL"
    await matter.done("zr.liaison", mutation, "zr", **given)
    await matter.done("tianhu.secretary", answer, "zr")


async def test_silence_about_another_time_is_consent(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ASSIGNED", "zr")
    wanted = {"from": "2026-03-10T09:00:00+08:00", "to": "2026-03-10T11:00:00+08:00"}
    await matter.done("zr.liaison", "proposeReschedule", "zr", appointment=wanted)
    assert await matter.due("zr") == "03-05 09:00"
    await time.tick_at("03-03 09:00")
    assert await matter.due("zr") == "03-10 11:30"


@pytest.mark.parametrize("time", [BEFORE_THE_FESTIVAL], indirect=True)
async def test_working_days_leave_out_the_festival_and_take_in_the_saturdays_made_up(
    world: World, time: Time
) -> None:
    matter = await Matter.issued(world, "zr")
    assert await matter.due("zr") == "02-14 16:00"
    time.pass_to("02-14 16:00")
    await matter.done("zr.liaison", "acceptTask", "zr", responsible="zr.member")
    assert await matter.due("zr") == "02-26 16:00"
    assert await time.tick_at("02-24 08:00") == 0
    time.pass_to("02-26 16:00")
    await matter.bring("ARRIVED", "zr")
    assert await matter.due("zr") == "03-11 16:00"


async def test_an_overdue_task_climbs_three_levels_and_stays_whose_it_is(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    levels = []
    for moment in ("03-16 08:59", "03-16 09:00", "03-17 09:00", "03-19 09:00", "03-31 09:00"):
        await time.tick_at(moment)
        task = await matter.task("zr")
        levels.append((task["escalationLevel"], task["state"], task["responsible"]["login"]))
    assert levels == [(level, "ARRIVED", "zr.member") for level in (0, 1, 2, 3, 3)]
    assert (await matter.history("zr")).count("task.escalated") == 3
    assert await matter.due("zr") == "03-16 09:00"


async def test_with_more_time_the_levels_begin_anew(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    await time.tick_at("03-17 09:00")
    assert (await matter.task("zr"))["escalationLevel"] == 2
    await matter.done("zr.liaison", "requestExtension", "zr", reason="工程量增加。", days=5)
    await matter.done("tianhu.secretary", "extendTask", "zr")
    assert (await matter.task("zr"))["escalationLevel"] == 0
    await time.tick_at("03-24 09:00")
    assert (await matter.task("zr"))["escalationLevel"] == 1


async def test_progress_moves_no_clock(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ARRIVED", "zr")
    before = (await everything())["SlaClock"]
    time.pass_to("03-10 09:00")
    await matter.done("zr.member", "addProgress", "zr", note="已完成一半。")
    await matter.done("tianhu.secretary", "urgeTask", "zr")
    assert (await everything())["SlaClock"] == before


async def test_a_task_that_nobody_can_be_made_responsible_for_escalates_too(world: World, time: Time) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr")
    revoking = world.ids({"grant": "zr.head", "reason": "调离。"})
    assert (await do("shunde.policy", "revokeGrant", revoking))["problems"] == []
    levels = []
    for moment in ("03-03 09:00", "03-04 09:00"):
        await time.tick_at(moment)
        task = await matter.task("zr")
        levels.append((task["state"], task["responsible"], task["escalationLevel"]))
    assert levels == [("ACCEPTED", None, 1), ("ACCEPTED", None, 2)]


async def test_a_restart_loses_no_clock(world: World, time: Time, db: str) -> None:
    matter = await (await Matter.issued(world, "zr", "zf")).bring("ACCEPTED", "zr")
    await Tortoise.close_connections()
    time.pass_to("03-03 09:00")
    async with database(db):
        assert await tick() == 2
        assert await matter.stands() == "IN_PROGRESS: zf PENDING, zr ASSIGNED"
        assert (await matter.task("zf"))["escalationLevel"] == 1


async def test_everything_that_fell_due_during_a_long_stop_is_done_in_one_tick_in_order(
    world: World, time: Time
) -> None:
    drafts = [idle_draft(world, number) for number in range(300)]
    await Summons.bulk_create(drafts)
    await SlaClock.bulk_create([idle_clock(draft, 300 - number) for number, draft in enumerate(drafts)])
    assert await time.tick_at("03-05 09:00") == 300
    told = await Event.filter(type="summons.cancelled").order_by("pos")
    assert [event.summons_id for event in told] == [draft.id for draft in reversed(drafts)]
    assert await tick() == 0


def minute_before(moment: str) -> str:
    return (datetime.strptime(moment, "%m-%d %H:%M") - timedelta(minutes=1)).strftime("%m-%d %H:%M")


def idle_draft(world: World, number: int) -> Summons:
    issuer = world.areas[TIANHU]
    return Summons(
        number=f"{TIANHU}-2026-{number:04d}",
        issuer_id=issuer.code,
        path=issuer.path,
        title="旧稿",
        text="旧稿",
        category=SummonsCategory.LIVELIHOOD,
        state=SummonsState.DRAFT,
        listed_at=clock.now(),
        created_at=clock.now(),
        updated_at=clock.now(),
    )


def idle_clock(draft: Summons, minutes: int) -> SlaClock:
    due = MONDAY + timedelta(minutes=minutes)
    return SlaClock(
        summons_id=draft.id,
        kind=ClockKind.DRAFT_IDLE,
        unit="DAY",
        started_at=MONDAY,
        due_at=due,
        next_at=due,
    )
