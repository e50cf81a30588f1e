"""Which days are worked where: the country's, and what areas decided otherwise."""

from datetime import date

import pytest

from actions import remembered
from actions.calendars import calendar_for, seed_calendar
from actions.remembered import Remembered
from actions.tick import tick
from models import Area, CalendarDay, DayKind
from models.generations import generations
from models.kept import hear

TOWN, VILLAGE = "44.4406.440606.440606106.", "44.4406.440606.440606106.440606106004."
ANNOUNCED = [
    ("2023-10-02", False, "National Day"),
    ("2023-10-07", True, "a make-up Saturday"),
    ("2023-10-14", False, "an ordinary Saturday"),
    ("2023-10-16", True, "an ordinary Monday"),
    ("2004-01-22", False, "the first Spring Festival of the table"),
    ("2026-10-10", True, "the last make-up Saturday of the table"),
    ("2031-10-01", True, "a year nobody has announced yet: Monday to Friday"),
]


@pytest.mark.parametrize(("day", "worked", "because"), ANNOUNCED)
async def test_the_country_works_as_announced(sqlite_db, day, worked, because):
    assert (await calendar_for(TOWN)).is_workday(date.fromisoformat(day)) is worked, because


async def test_only_days_out_of_the_ordinary_are_kept(db):
    for day in await CalendarDay.all():
        assert (day.kind == DayKind.WORK) is (day.day.weekday() >= 5)
        assert day.name


async def test_seeding_again_keeps_what_was_corrected(db):
    corrected = await CalendarDay.get(id="CN-2023-10-07")
    corrected.kind = DayKind.REST
    await corrected.save()
    await seed_calendar()
    assert (await CalendarDay.get(id=corrected.id)).kind == DayKind.REST


async def decide(path: str, day: str, kind: DayKind) -> None:
    """The last area of the path decides for itself."""
    code = path.split(".")[-2]
    await Area.get_or_create(code=code, defaults={"name": code, "level": "TOWN", "path": path, "depth": 1})
    await CalendarDay.create(id=f"{code}-{day}", area_id=code, day=date.fromisoformat(day), kind=kind)


async def test_the_nearest_area_that_decides_wins(db):
    festival, other = date(2023, 10, 16), date(2023, 10, 2)
    await decide(TOWN, "2023-10-16", DayKind.REST)
    await decide(TOWN, "2023-10-02", DayKind.WORK)
    await decide(VILLAGE, "2023-10-16", DayKind.WORK)
    worked = {path: (await calendar_for(path)).is_workday for path in ("44.", TOWN, VILLAGE)}
    assert [worked[path](festival) for path in worked] == [True, False, True]
    assert [worked[path](other) for path in worked] == [False, True, True]


async def test_a_change_by_anybody_is_seen_with_the_next_request_or_tick(db):
    monday = date(2023, 10, 16)
    assert (await calendar_for(TOWN)).is_workday(monday)
    await decide(TOWN, "2023-10-16", DayKind.REST)
    assert (await calendar_for(TOWN)).is_workday(monday)  # nobody has asked for the generation since
    hear(await generations())
    assert not (await calendar_for(TOWN)).is_workday(monday)
    await CalendarDay.filter(area_id="440606106").delete()
    await tick()
    assert (await calendar_for(TOWN)).is_workday(monday)


async def test_what_was_loaded_while_it_changed_is_not_kept(sqlite_db):
    loads = []

    async def load():
        loads.append(len(loads))
        if len(loads) == 1:
            kept.forget()  # somebody's change is committed meanwhile
        return loads[-1]

    kept = Remembered(load, "calendar_day")
    assert [await kept.get(), await kept.get(), await kept.get()] == [0, 1, 1]


async def test_what_nobody_counts_is_looked_at_again_after_a_minute(sqlite_db, monkeypatch):
    loads = []

    async def load():
        loads.append(len(loads))
        return loads[-1]

    counted, uncounted = Remembered(load, "calendar_day"), Remembered(load)
    assert [await counted.get(), await uncounted.get()] == [0, 1]
    monkeypatch.setattr(remembered, "FRESH_FOR", -1.0)
    assert [await counted.get(), await uncounted.get()] == [0, 2]
