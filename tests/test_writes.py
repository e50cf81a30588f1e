"""Several writes are one statement on PostgreSQL and one hand-over on SQLite, and change no more than they say."""

from datetime import timedelta

import pytest
from asking import statements
from tortoise import Tortoise
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction
from world import MONDAY, World

from models import Area, Event, Member, Standing, Summons
from models.writes import Writes, changed, values_in

pytest_plugins = ["monday"]

LATER = MONDAY + timedelta(days=1)


def event(number: int) -> Event:
    place = {"area_id": "44", "path": "44."}
    return Event(
        type="unit.updated",
        aggregate="Unit",
        aggregate_id="u",
        version=number,
        at=MONDAY,
        payload={},
        **place,
    )


def standing(summons: Summons, resolved: bool) -> Standing:
    return Standing(summons=summons, since=MONDAY, resolved=resolved)


@pytest.fixture
async def summons(world: World) -> Summons:
    return await Summons.create(
        number="n", issuer_id="440606106004", path="44.", title="t", text="t", category="ECONOMY",
        created_at=MONDAY, listed_at=MONDAY, updated_at=MONDAY,
    )  # fmt: skip


async def test_what_was_said_is_written_and_nothing_else(summons: Summons) -> None:
    before = values_in(summons)
    summons.title, summons.issued_at = "new", LATER
    writes = Writes()
    writes.update(summons, changed(summons, before))
    writes.insert([standing(summons, False)])
    await Summons.filter(id=summons.id).update(text="somebody else's")
    async with in_transaction():
        with statements() as sent:
            await writes.send()
            await writes.send()
    kept = await Summons.get(id=summons.id)
    assert (kept.title, kept.issued_at, kept.text) == ("new", LATER, "somebody else's")
    assert [(one.resolved, one.until) for one in await Standing.all()] == [(False, None)]
    dialect = Tortoise.get_connection("default").capabilities.dialect
    assert len(sent) == {"postgres": 1, "sqlite": 2}[dialect]


async def test_what_is_the_same_is_left_out_but_for_what_may_be_changed_in_place(summons: Summons) -> None:
    before = values_in(summons)
    assert changed(summons, before) == ["target_ids"]
    summons.target_ids.append("u")
    summons.title = "new"
    assert changed(summons, before) == ["title", "target_ids"]


async def test_rows_are_found_by_what_they_are_like_also_by_nothing(summons: Summons) -> None:
    await Standing.bulk_create([standing(summons, True), standing(summons, False)])
    await Standing.filter(resolved=True).update(until=MONDAY)
    async with in_transaction():
        writes = Writes()
        writes.update_values(Standing, {"until": LATER}, {"summons_id": summons.id, "until": None})
        await writes.send()
    assert [one.until for one in await Standing.all().order_by("id")] == [MONDAY, LATER]


async def test_numbers_come_back_in_the_order_of_the_rows(world: World) -> None:
    events = [event(number) for number in range(1, 40)]
    writes = Writes()
    async with in_transaction():
        writes.insert(events)
        numbers = [row["pos"] for row in await writes.send()]
    kept = {one.id: one.pos for one in await Event.all()}
    assert [kept[one.id] for one in events] == numbers == sorted(kept.values())


async def test_a_row_that_breaks_a_rule_of_the_tables_takes_everything_back(world: World) -> None:
    area, member = await Area.get(code="44"), world.members["zr.member"]
    area.name = "renamed"
    stranger = Member(login="x", name="x", area_id="no such area", area_path="44.", created_at=MONDAY)
    with pytest.raises(IntegrityError):
        async with in_transaction():
            writes = Writes()
            writes.update(area, ["name"])
            writes.insert([stranger])
            await writes.send()
    assert (await Area.get(code="44")).name == "广东省"
    assert await Member.filter(login="x").count() == 0 and await Member.get(id=member.id)
