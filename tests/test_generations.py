"""The database counts the changes of the tables that hardly change, and who asks at once is answered together."""

import asyncio
from datetime import date

import pytest
from asking import statements
from test_races import open_connections
from tortoise.transactions import in_transaction
from world import World

from models import (
    Area,
    AreaSettings,
    CalendarDay,
    Generation,
    Grant,
    Member,
    PolicyVersion,
    SlaPolicy,
    Summons,
    Template,
    Unit,
)
from models.generations import Generations, Moment, generations

pytest_plugins = ["monday"]

CHANGED = {
    "area": lambda world: Area.filter(code="440606106004").update(name="天湖"),
    "unit": lambda world: Unit.filter(id=world.units["zr"].id).update(name="自然资源所"),
    "member": lambda world: Member.filter(id=world.members["zr.head"].id).update(name="所长"),
    "role_grant": lambda world: Grant.filter(id=world.grants["zr.head"].id).update(reason="任命"),
    "policy_version": lambda world: PolicyVersion.all().update(reason="试行"),
    "area_settings": lambda world: AreaSettings.create(area_id="440606106", pass_score=70),
    "sla_policy": lambda world: SlaPolicy.create(clock="GATE", amount=2, unit="WORKDAY"),
    "calendar_day": lambda world: CalendarDay.create(
        id="x", area_id="440606106", day=date(2027, 10, 1), kind="REST"
    ),
    "template": lambda world: Template.all().update(issuer_weight=2),
}
RIGHTS = {"unit", "member", "role_grant", "policy_version"}


def grown(before: Generations, after: Generations) -> dict[str, int]:
    pairs = zip(Generations._fields, before, after, strict=True)
    return {name: later - earlier for name, earlier, later in pairs if later != earlier}


@pytest.mark.parametrize("table", CHANGED)
async def test_a_change_is_counted_at_its_table_alone(world: World, table: str) -> None:
    before = await generations()
    await CHANGED[table](world)
    assert grown(before, await generations()).keys() == {table}


async def test_new_rows_and_deleted_ones_count_as_well(world: World) -> None:
    before = await generations()
    member = await world.enter("new.one", "440606106")
    there = await generations()
    await member.delete()
    assert grown(before, there).keys() == grown(there, await generations()).keys() == {"member"}


async def test_what_is_rolled_back_counts_for_nothing_and_other_tables_never(world: World) -> None:
    before = await generations()
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            await CHANGED["unit"](world)
            raise ZeroDivisionError
    await Summons.all().update(title="x")
    assert await generations() == before


async def test_rights_hang_on_everything_but_areas_and_what_they_decide(world: World) -> None:
    for table, change in CHANGED.items():
        before = (await generations()).rights
        await change(world)
        assert ((await generations()).rights != before) == (table in RIGHTS), table


async def test_transactions_that_change_the_same_tables_crosswise_do_not_wait_for_each_other_for_ever(
    world: World,
) -> None:
    """One changes a member and then a unit, the other the same unit and then another member."""
    await open_connections()
    before = await generations()

    async def change(member: str, *first: str) -> None:
        async with in_transaction():
            for kind in first:
                if kind == "unit":
                    await Unit.filter(id=world.units[member.split(".")[0]].id).update(name=member)
                else:
                    await Member.filter(id=world.members[member].id).update(name=member)
                await asyncio.sleep(0.02)

    pairs = [("zr.head", "member", "unit"), ("zf.head", "unit", "member")] * 3
    await asyncio.wait_for(asyncio.gather(*(change(*one) for one in pairs)), 10)
    # once for each transaction on PostgreSQL, once for each row on SQLite
    assert grown(before, await generations()) == {"member": 6, "unit": 6}


async def test_who_asks_together_is_answered_by_few_statements(world: World) -> None:
    moment = Moment(generations)
    with statements() as sent:
        found = await asyncio.gather(*(moment.now() for _ in range(20)))
    assert (len(set(found)), len(sent)) == (1, 1)


async def test_who_asks_after_a_change_is_told_of_it_whoever_is_being_answered(world: World) -> None:
    moment = Moment(generations)
    for _ in range(20):
        earlier = asyncio.create_task(moment.now())
        await asyncio.sleep(0)
        await CHANGED["unit"](world)
        present = (await Generation.get(id=1)).unit
        assert (await moment.now()).unit == present >= (await earlier).unit


async def test_one_who_gives_up_takes_nothing_from_the_others(world: World) -> None:
    moment = Moment(generations)
    given_up, patient = asyncio.create_task(moment.now()), asyncio.create_task(moment.now())
    await asyncio.sleep(0)
    given_up.cancel()
    assert await patient == await generations()


async def test_a_fault_is_told_to_everybody_who_asked_and_to_nobody_later(world: World) -> None:
    moment, row = Moment(generations), await Generation.get(id=1)
    await row.delete()
    failed = await asyncio.gather(*(moment.now() for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in failed] == [LookupError] * 3
    await Generation.create(id=1, area=row.area, unit=row.unit, member=row.member, policy_version=1)
    assert await moment.now() == await generations()
