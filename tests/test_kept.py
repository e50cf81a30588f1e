"""What is kept of tables that hardly change: never older than the last look, whoever made the change."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asking import Town, open_town
from test_endpoint import answer, asked, client
from tortoise.transactions import in_transaction

from actions.grants import Revocation, revoke_grant
from baodao.graphql import Graph
from models import Area, Grant, Member, Unit, clock
from models.generations import Generations
from models.kept import HEARD, Kept, hear
from policies.loading import load_actor
from policies.met import MET, actor_with_login
from policies.rules import packaged, put_in_force, read_text

FIRST = Generations(1, 1, 1, 1, 1)


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


def test_what_was_found_is_kept_until_its_table_changes() -> None:
    kept: Kept[str] = Kept("unit", most=2)
    kept.hear(FIRST)
    kept.put("a", "A", kept.life)
    kept.hear(FIRST._replace(area=2, member=7))
    assert kept.find("a") == "A"
    kept.hear(FIRST._replace(unit=2))
    assert kept.find("a") is None


def test_what_was_found_before_a_change_is_not_kept_after_it() -> None:
    kept: Kept[str] = Kept("unit")
    kept.hear(FIRST)
    before = kept.life  # a query begins …
    kept.hear(FIRST._replace(unit=2))  # … somebody else learns of a change …
    kept.put("a", "old", before)  # … and the query ends
    assert kept.find("a") is None


def test_a_smaller_count_is_a_change_as_well() -> None:
    """The database was restored from a copy, or another one took over."""
    kept: Kept[str] = Kept("unit")
    kept.hear(FIRST._replace(unit=3))
    kept.put("a", "A", kept.life)
    kept.hear(FIRST)
    assert kept.find("a") is None


def test_old_news_that_comes_late_lets_nothing_old_in() -> None:
    kept: Kept[str] = Kept("unit")
    kept.hear(FIRST)
    before = kept.life
    kept.hear(FIRST._replace(unit=2))
    kept.hear(FIRST)  # somebody was told this earlier, and comes to say it now
    kept.put("a", "old", before)
    assert kept.find("a") is None


def test_nothing_is_kept_before_the_first_news() -> None:
    kept: Kept[str] = Kept("unit")
    kept.put("a", "A", kept.life)
    assert kept.find("a") is None


def test_there_is_an_end_to_how_much_is_kept() -> None:
    kept: Kept[int] = Kept("unit", most=3)
    kept.hear(FIRST)
    for number in range(5):
        kept.put(number, number, kept.life)
    assert [kept.find(number) for number in range(5)] == [None, None, 2, 3, 4]


def test_everything_kept_hears_of_every_change() -> None:
    kept: Kept[str] = Kept("area")
    HEARD.clear()
    hear(FIRST)
    kept.put("a", "A", kept.life)
    hear(FIRST)
    assert kept.find("a") == "A"
    hear(FIRST._replace(area=9))
    assert kept.find("a") is None


async def test_whoever_was_met_is_known_again_until_something_about_rights_changes(town: Town) -> None:
    first = await actor_with_login("zr.liaison", clock.now())
    assert await actor_with_login("zr.liaison", clock.now()) is first
    await Area.filter(code="440606106").update(name="均安")
    assert await actor_with_login("zr.liaison", clock.now()) is first
    await Grant.filter(member__login="zf.liaison").update(revoked_at=clock.now())
    second = await actor_with_login("zr.liaison", clock.now())
    assert second is not first and second == first


async def test_what_a_transaction_sees_of_itself_is_told_to_nobody(town: Town) -> None:
    """Nor ever, if it is rolled back: a count told too early would hide the next change."""
    liaison = town.world.grants["zr.liaison"]
    first = await actor_with_login("zr.liaison", clock.now())
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            await Grant.filter(id=town.world.grants["zf.liaison"].id).update(reason="x")
            await load_actor(liaison.member_id, clock.now())
            raise ZeroDivisionError
    assert await actor_with_login("zr.liaison", clock.now()) is first
    await Grant.filter(id=liaison.id).update(revoked_at=clock.now())
    last = await actor_with_login("zr.liaison", clock.now())
    assert last is not None and last.grants == ()


async def test_who_signs_in_while_a_right_is_taken_away_has_lost_it_afterwards(town: Town) -> None:
    """Signing in all the time, while each revocation is under way."""
    over = asyncio.Event()

    async def sign_in_again_and_again() -> None:
        while not over.is_set():
            await actor_with_login("zr.liaison", clock.now())
            await asyncio.sleep(0)

    others = [asyncio.create_task(sign_in_again_and_again()) for _ in range(4)]
    grant = town.world.grants["zr.liaison"]
    for _ in range(15):
        await Grant.filter(id=grant.id).update(revoked_at=None, until=None)
        await asyncio.sleep(0.005)
        await revoke_grant(await town.world.actor("shunde.policy"), Revocation(grant.id, "调离。"))
        actor = await actor_with_login("zr.liaison", clock.now())
        assert actor is not None and actor.grants == ()
    over.set()
    await asyncio.gather(*others)


@pytest.mark.parametrize("ends", [True, False])
async def test_a_grant_that_begins_or_ends_with_time_is_noticed_without_a_change(
    town: Town, ends: bool
) -> None:
    moment, hour = clock.now(), timedelta(hours=1)
    at = {"until": moment + hour} if ends else {"since": moment + hour}
    await Grant.filter(member__login="zr.liaison").update(**at)
    for later, held in ((timedelta(0), ends), (hour / 2, ends), (hour, not ends)):
        actor = await actor_with_login("zr.liaison", moment + later)
        assert actor is not None and bool(actor.grants) == held, later
    assert MET.find("zr.liaison") is not None
    earlier = await actor_with_login("zr.liaison", moment)  # a clock of another process may lag behind
    assert earlier is not None and bool(earlier.grants) == ends


async def test_other_rules_are_noticed_without_a_change(town: Town) -> None:
    first = await actor_with_login("zr.liaison", clock.now())
    put_in_force(read_text(packaged().text + "# another text\n"))
    assert await actor_with_login("zr.liaison", clock.now()) is not first


SHOWN = (
    "{ unit(id: %s) { name commandArea { name } } member(id: %s) { name } area(code: 440606106) { name } }"
)


async def test_the_next_request_shows_what_another_process_changed(town: Town) -> None:
    ids = [f'"{town.id(row)}"' for row in (town.world.units["zr"], town.world.members["zr.head"])]
    document = asked((SHOWN % tuple(ids)).replace("440606106)", '"440606106")'))
    async with client(Graph(None)) as asking:
        for name in ("一", "二", "三"):
            await Unit.filter(id=town.world.units["zr"].id).update(name=f"所{name}")
            await Member.filter(id=town.world.members["zr.head"].id).update(name=f"人{name}")
            await Area.filter(code="440606106").update(name=f"镇{name}")
            for _ in range(2):
                text = (await answer(asking, document))[2].decode()
                assert text == (
                    f'{{"data":{{"unit":{{"name":"所{name}","commandArea":{{"name":"镇{name}"}}}},'
                    f'"member":{{"name":"人{name}"}},"area":{{"name":"镇{name}"}}}}}}'
                )


async def test_a_mutation_shows_what_it_changed_also_in_what_hangs_on_it(town: Town) -> None:
    parent, child = town.world.units["zr"], town.world.units["zf"]
    await Unit.filter(id=child.id).update(parent_id=parent.id)
    shown = "unit { name parent { name } members { edges { node { unit { name } } } } }"
    for name in ("甲所", "乙所"):
        await town.ask("shunde.org", "query($id: ID!) { unit(id: $id) { name } }", id=town.id(parent))
        payload = await town.done("shunde.org", "updateUnit", shown, unit=town.id(parent), name=name)
        assert payload["unit"]["name"] == name
        assert {edge["node"]["unit"]["name"] for edge in payload["unit"]["members"]["edges"]} == {name}


async def test_what_is_kept_shows_nobody_what_they_may_not_see(town: Town) -> None:
    """Somebody who may read the resident brings the row into the process; somebody who may not asks for it."""
    resident = town.world.members["tianhu.resident"]
    document = "query($id: ID!) { member(id: $id) { name } }"
    seen = [
        (await town.ask(login, document, id=town.id(resident)))["member"] is not None
        for login in ("tianhu.secretary", "zr.member", "tianhu.secretary", "zr.member")
    ]
    assert seen == [True, False, True, False]
