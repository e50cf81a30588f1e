"""The time ledger: every second of a task is booked to exactly one party, and the parts add up to the whole."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asking import Answer, Town, open_town, statements
from conftest import DEMO_DAY
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import PARTIES, Told, booked_at, faults_of, full_second, wrong_ledgers

from baodao.database import database
from models import Calendar, Task, TaskState, clock
from models.ledger import Moved, ledger

FIRST = date(2023, 9, 25)
DAYS = 21
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


calendars = st.builds(
    Calendar, st.dictionaries(st.integers(0, DAYS).map(lambda day: FIRST + timedelta(day)), st.booleans())
)
moments = st.datetimes(datetime(2023, 9, 25), datetime(2023, 10, 10), timezones=st.just(UTC))
states = st.sampled_from(sorted(PARTIES))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Told], datetime]:
    """Events in any order of states, the last of any kind, and a moment after them."""
    *times, now = sorted(draw(st.lists(moments, min_size=2, max_size=9)))
    units = draw(st.lists(st.sampled_from(["A", "B"]), min_size=len(times), max_size=len(times)))
    last = draw(st.sampled_from(list(TaskState)))
    told = [Told(at, draw(states), unit) for at, unit in zip(times, units, strict=True)]
    return [*told[:-1], told[-1]._replace(state=last)], now


@settings(max_examples=150, deadline=None)
@given(histories(), st.none() | calendars)
def test_the_parts_add_up_to_the_whole_and_each_minute_is_at_one_party(
    history: tuple[list[Told], datetime], hours: Calendar | None
) -> None:
    told, now = history
    books = ledger(
        [Moved(one.at, TaskState(one.state), one.unit) for one in told], "440606106004", hours, now
    )
    assert faults_of(books, told, hours, now) == []
    slices = list(books.slices)
    minute = full_second(told[0].at)
    while books.until and minute < books.until:
        [there] = [one.side for one in slices if one.since <= minute < one.until]
        assert (there.party, there.unit_id) == booked_at(minute, told, hours)
        minute += 7 * MINUTE


def test_clocks_that_differ_a_little_book_nothing_twice() -> None:
    """An event that bears an earlier moment than the one before it happened after it all the same."""
    start = datetime(2023, 10, 16, 1, tzinfo=UTC)
    moves = [("PENDING", 0), ("ACCEPTED", 5), ("ASSIGNED", 3), ("WITHDRAWN", 9)]
    books = ledger([Moved(start + m * MINUTE, TaskState(s), "A") for s, m in moves], "44", Calendar(), start)
    assert [(one.side.unit_id, one.seconds) for one in books.slices] == [("A", 540)]


def test_what_is_told_after_the_end_makes_no_ledger_longer() -> None:
    """A task that goes on afterwards was nobody's in between."""
    start = datetime(2023, 10, 16, 1, tzinfo=UTC)
    ended = [("PENDING", 0), ("RESOLVED", 5), ("EVALUATED", 8), ("EVALUATED", 60), ("EVALUATED", 90)]
    for moves, seconds in (
        (ended[:3], {"UNIT": 300, "VILLAGE": 180}),
        (ended, {"UNIT": 300, "VILLAGE": 180}),
        ([*ended, ("ARRIVED", 95), ("WITHDRAWN", 98)], {"UNIT": 480, "VILLAGE": 180, "NOBODY": 5_220}),
    ):
        books = ledger([Moved(start + m * MINUTE, TaskState(s), "A") for s, m in moves], "44", None, start)
        assert {total.side.party: total.seconds for total in books.totals} == seconds


LEDGER = """query($id: ID!) { task(id: $id) { timeLedger { from to running seconds
    totals { party unit { name } area { code } seconds } slices { party from to seconds } } } }"""


async def books_of(town: Town, task: str, login: str = "tianhu.secretary") -> Answer:
    answer = await town.ask(login, LEDGER, id=task)
    told: Answer = answer["task"]["timeLedger"]
    return told


def hours(told: Answer) -> dict[str, float]:
    return {one["party"]: one["seconds"] / 3600 for one in told["totals"]}


WISH = {"reason": "等资金。", "plan": "资金到后施工。", "resumeAt": "2026-03-20T09:00:00+08:00"}


async def test_the_ball_goes_from_the_unit_to_hold_and_village(town: Town) -> None:
    """From Monday 9:00: two working days for the unit, two days of hold, two hours for it, one for the village."""
    _, [task] = await town.issue("zr")
    member = town.id(town.world.members["zr.member"])
    await town.done("zr.liaison", "acceptTask", task=task, responsible=member)
    town.time.advance(DAY)
    await town.done("zr.member", "checkIn", task=task)
    await town.done("zr.head", "requestHold", task=task, **WISH)
    await town.done("tianhu.secretary", "approveHold", task=task)
    town.time.advance(2 * DAY)
    await town.done("zr.head", "resumeTask", task=task)
    town.time.advance(2 * HOUR)
    await town.done("zr.member", "submitResult", task=task, outcome="RESOLVED", text="已修好。")
    town.time.advance(HOUR)
    told = await books_of(town, task)
    assert hours(told) == {"UNIT": 7 + 2, "VILLAGE": 1, "HOLD": 48, "OUTSIDE_HOURS": 24 - 7}
    assert (told["from"], told["to"]) == ("2026-03-02T01:00:00Z", "2026-03-05T04:00:00Z")
    assert (told["seconds"], told["running"]) == ((3 * 24 + 3) * 3600, True)
    unit, village, *others = told["totals"]
    assert (unit["unit"]["name"], unit["area"]) == (town.world.units["zr"].name, None)
    assert (village["unit"], village["area"]["code"]) == (None, "440606106004")
    assert [(one["unit"], one["area"]) for one in others] == [(None, None)] * 2
    assert [one["party"] for one in told["slices"]] == [
        *("UNIT", "OUTSIDE_HOURS") * 2,
        *("UNIT", "HOLD", "UNIT", "VILLAGE"),
    ]


async def test_a_decline_is_the_arbiters_time_until_the_ruling(town: Town) -> None:
    _, [task] = await town.issue("zr")
    town.time.advance(HOUR)
    duty, other = town.id(town.world.duties["zr"]), town.id(town.world.units["zf"])
    ground = {"reason": "NOT_OUR_DUTY", "note": "不是我们的。", "dutyItem": duty, "suggestedUnit": other}
    await town.done("zr.head", "declineTask", task=task, **ground)
    town.time.advance(2 * HOUR)
    ruled = {"ground": "另有其人。", "reassignTo": other}
    await town.done("junan.coordinator", "upholdDecline", task=task, **ruled)
    town.time.advance(DAY)
    told = await books_of(town, task)
    assert hours(told) == {"UNIT": 1, "ARBITER": 2}
    assert told["running"] is False


async def test_an_emergency_knows_no_night(town: Town) -> None:
    summons = await town.draft("zr", tier="EMERGENCY")
    payload = await town.done(
        "tianhu.secretary",
        "issueEmergencySummons",
        "summons { tasks { id } }",
        summons=summons,
        reason="漏水。",
    )
    town.time.advance(DAY)
    assert hours(await books_of(town, payload["summons"]["tasks"][0]["id"])) == {"UNIT": 24}


async def test_whoever_may_not_read_the_task_reads_no_ledger(town: Town) -> None:
    _, [task, _] = await town.issue("zr", "zf")
    town.time.advance(HOUR)
    assert hours(await books_of(town, task, "zr.liaison")) == {"UNIT": 1}
    for login in ("zf.liaison", "tianhu.resident", "shapu.secretary"):
        assert (await town.ask(login, LEDGER, id=task))["task"] is None, login


MANY = (
    """{ tasks(first: 100) { edges { node { timeLedger { seconds slices { party unit { name } } } } } } }"""
)


async def test_ledgers_of_a_list_are_asked_for_together(town: Town) -> None:
    counts = []
    for more in (["zr"], ["zf", "agri"]):
        await town.issue(*more)
        with statements() as told:
            found = await town.ask("shunde.org", MANY)
        counts.append((len(found["tasks"]["edges"]), len([one for one in told if "SELECT" in one])))
    assert [number for number, _ in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


async def test_every_ledger_of_the_demo_adds_up(loaded: Path, tmp_path: Path) -> None:
    file = shutil.copy(loaded, tmp_path / "demo.db")
    async with database(f"sqlite://{file}"):
        with clock.at(DEMO_DAY):
            assert await Task.all().count() > 800
            assert await wrong_ledgers() == {}
