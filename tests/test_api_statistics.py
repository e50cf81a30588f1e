"""The figures of an area: what was issued, what was due, what was resolved, as of the end of a period."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from asking import Town, open_town, statements
from world import MONDAY

from models import Evaluation, SlaClock, Standing, Summons, SummonsState, Task
from resolvers.ids import key_of

FIGURES = """query($code: AreaCode!, $from: Date!, $to: Date!) { area(code: $code) { statistics(from: $from, to: $to) {
    issued due resolved overdue closingRate averageSatisfaction asOf } } }"""

DAY = timedelta(days=1)


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def issued(
    town: Town, at: datetime, limit: datetime, resolved: datetime | None = None, village: str = "440606106004"
) -> Summons:
    """A summons of the village and how it stood when."""
    issuer = town.world.areas[village]
    summons = await Summons.create(
        number=f"{village}-{await Summons.all().count()}",
        issuer=issuer,
        path=issuer.path,
        title="x",
        text="x",
        category="ECONOMY",
        state=SummonsState.ISSUED,
        created_at=at,
        issued_at=at,
        listed_at=at,
        updated_at=at,
    )
    await Standing.create(summons=summons, since=at, until=resolved, resolved=False, limit_at=limit)
    if resolved:
        await Standing.create(summons=summons, since=resolved, resolved=True, limit_at=limit)
    return summons


async def figures(
    town: Town, since: str, until: str, code: str = "440606", login: str = "shunde.org"
) -> dict[str, object]:
    answer = await town.ask(login, FIGURES, code=code, **{"from": since, "to": until})
    told: dict[str, object] = answer["area"]["statistics"]
    return told


def counts(told: dict[str, object]) -> tuple[object, ...]:
    return told["issued"], told["due"], told["resolved"], told["overdue"], told["closingRate"]


async def test_the_closing_rate_is_resolved_of_due_as_of_the_last_day(town: Town) -> None:
    """764 issued, 684 resolved, 44 of the others not yet due: 684 of 720 are exactly 95 %."""
    numbers = [(684, 30 * DAY, DAY), (36, DAY, None), (44, 30 * DAY, None)]
    for number, limit, resolved in numbers:
        for _ in range(number // 4):
            await issued(town, MONDAY, MONDAY + limit, MONDAY + resolved if resolved else None)
    town.time.advance(10 * DAY)
    told = await figures(town, "2026-03-01", "2026-03-07")
    assert counts(told) == (191, 180, 171, 9, 0.95)
    assert told["asOf"] == "2026-03-07T15:59:59.999999Z"


async def test_a_past_moment_is_told_as_it_was(town: Town) -> None:
    await issued(town, MONDAY, MONDAY + 3 * DAY, resolved=MONDAY + 5 * DAY)
    town.time.advance(30 * DAY)
    for until, expected in [
        ("2026-03-01", (0, 0, 0, 0, None)),
        ("2026-03-02", (1, 0, 0, 0, None)),
        ("2026-03-05", (1, 1, 0, 1, 0.0)),
        ("2026-03-06", (1, 1, 0, 1, 0.0)),
        ("2026-03-07", (1, 1, 1, 0, 1.0)),
        ("2026-12-31", (1, 1, 1, 0, 1.0)),
    ]:
        assert counts(await figures(town, "2026-03-01", until)) == expected, until


async def test_a_day_is_a_local_day_and_both_ends_belong_to_the_period(town: Town) -> None:
    midnight = datetime.fromisoformat("2026-03-03T00:00:00+08:00")
    await issued(town, midnight - timedelta(microseconds=1), MONDAY + 90 * DAY)
    await issued(town, midnight, MONDAY + 90 * DAY)
    town.time.advance(5 * DAY)
    assert [
        (await figures(town, day, day))["issued"] for day in ("2026-03-02", "2026-03-03", "2026-03-04")
    ] == [1, 1, 0]


async def test_a_period_that_still_runs_is_told_as_of_now(town: Town) -> None:
    await issued(town, MONDAY, MONDAY)
    told = await figures(town, "2026-03-01", "2026-12-31")
    assert (counts(told), told["asOf"]) == ((1, 1, 0, 1, 0.0), "2026-03-02T01:00:00Z")


async def test_an_area_counts_everything_below_it_that_the_caller_may_read(town: Town) -> None:
    for village in ("440606106004", "440606106201", "440606104219"):
        await issued(town, MONDAY, MONDAY + DAY, village=village)
    for login, code, number in [
        ("shunde.org", "44", 3),
        ("shunde.org", "440606106", 2),
        ("shunde.org", "440606106004", 1),
        ("shunde.org", "440606106004001", 0),
        ("tianhu.secretary", "44", 1),
        ("tianhu.resident", "44", 0),
    ]:
        told = await figures(town, "2026-03-01", "2026-03-31", code, login)
        assert told["issued"] == number, (login, code)


async def test_satisfaction_is_the_mean_of_what_was_scored_by_then(town: Town) -> None:
    assert (await figures(town, "2026-03-01", "2026-03-31"))["averageSatisfaction"] is None
    summons = await issued(town, MONDAY, MONDAY + DAY)
    unit = town.world.units["zr"]
    task = await Task.create(
        summons=summons,
        path=summons.path,
        unit=unit,
        territory=unit.territory,
        created_at=MONDAY,
        updated_at=MONDAY,
    )
    for round, (score, days) in enumerate([(80, 1), (91, 2), (10, 20)], start=1):
        await Evaluation.create(
            task=task,
            summons_id=summons.id,
            unit_id=unit.id,
            path=summons.path,
            round=round,
            area=town.world.areas["440606106004"],
            scores={"SATISFACTION": score, "RESULT": 0},
            total=0,
            submitted_at=MONDAY + days * DAY,
        )
    town.time.advance(30 * DAY)
    assert (await figures(town, "2026-03-01", "2026-03-07"))["averageSatisfaction"] == 85.5


async def test_a_period_has_an_order_and_bounds(town: Town) -> None:
    for since, until in [
        ("2026-03-02", "2026-03-01"),
        ("0001-01-01", "2026-03-01"),
        ("2026-01-01", "9999-12-31"),
    ]:
        error = await town.refused("shunde.org", FIGURES, code="44", **{"from": since, "to": until})
        assert error["code"] == "BAD_USER_INPUT", since


ORPHANS = """{ areas(level: TOWN, first: 100) { edges { node { code orphans } } }
    district: area(code: "440606") { orphans } village: area(code: "440606106004") { orphans } }"""


async def orphans(town: Town, login: str) -> tuple[dict[str, object], object, object]:
    told = await town.ask(login, ORPHANS)
    towns = {edge["node"]["code"]: edge["node"]["orphans"] for edge in told["areas"]["edges"]}
    return towns, told["district"]["orphans"], told["village"]["orphans"]


async def test_a_task_that_no_clock_watches_is_seen_by_those_who_read_figures(town: Town) -> None:
    _, [task] = await town.issue("zr")
    assert await orphans(town, "shunde.org") == ({"440606104": 0, "440606106": 0}, 0, 0)
    await SlaClock.filter(task_id=key_of(task, Task, "task")).delete()
    with statements() as told:
        assert await orphans(town, "shunde.org") == ({"440606104": 0, "440606106": 1}, 1, 1)
    assert len([one for one in told if "sla_clock" in one]) <= 2
    assert await orphans(town, "junan.observer") == ({"440606104": None, "440606106": 1}, None, 1)
    assert await orphans(town, "tianhu.cadre") == ({"440606104": None, "440606106": None}, None, 1)
    for login in ("tianhu.resident", "zr.liaison"):
        assert await orphans(town, login) == ({"440606104": None, "440606106": None}, None, None), login
