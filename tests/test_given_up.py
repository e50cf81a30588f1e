"""What is given up, lost or cut off in the middle leaves nothing behind that others would stumble over."""

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from conftest import SERVER, on_server
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction
from world import World

from actions.members import MemberChange, update_member
from models import Member
from models.postgres import SparingClient
from policies.scopes import readable
from resolvers.later import DataLoader
from resolvers.pages import By
from resolvers.plan import listed

pytest_plugins = ["monday"]


ON_A_SERVER = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
"""SQLite has no connections to lose."""


async def renamed(world: World, name: str) -> None:
    actor = await world.actor("shunde.org")
    await update_member(actor, MemberChange(world.members["zr.head"].id, name=name))


async def test_steps_that_are_given_up_at_any_moment_stop_nobody_else(world: World) -> None:
    """A socket may say `complete` while its mutation runs."""
    chance = random.Random(7)
    for number in range(60):
        step = asyncio.create_task(renamed(world, f"n{number}"))
        await asyncio.sleep(chance.random() * 0.006)
        step.cancel()
        await asyncio.wait([step], timeout=10)
        assert step.done()
        if number % 20 == 19:
            await asyncio.wait_for(renamed(world, f"x{number}"), 10)
            assert (await Member.get(id=world.members["zr.head"].id)).name == f"x{number}"


@pytest.mark.parametrize("turns", range(8))
async def test_a_transaction_that_is_given_up_while_it_begins_is_none(world: World, turns: int) -> None:
    async def begin() -> None:
        async with in_transaction():
            await asyncio.sleep(10)

    beginning = asyncio.create_task(begin())
    for _ in range(turns):
        await asyncio.sleep(0)
    beginning.cancel()
    with suppress(asyncio.CancelledError):
        await beginning
    for _ in range(30):  # more than there are connections
        async with asyncio.timeout(10), in_transaction():
            await Member.filter(id=world.members["zr.head"].id).update(name="x")


@pytest.fixture
async def lost(world: World, database_url: str) -> Callable[[], Awaitable[None]]:
    """Ends every connection of the test's database, as a server does that restarts."""
    name = database_url.rpartition("/")[2]

    async def lose() -> None:
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        await on_server(f"{others} AND pid <> pg_backend_pid()")
        await asyncio.sleep(0.1)

    return lose


@ON_A_SERVER
async def test_connections_that_were_lost_are_replaced(lost: Callable[[], Awaitable[None]]) -> None:
    for _ in range(3):
        await asyncio.gather(*(Member.all().count() for _ in range(20)))
        await lost()
        counts = await asyncio.gather(*(Member.all().count() for _ in range(20)))
        assert len(set(counts)) == 1
        async with in_transaction():
            assert await Member.all().count() == counts[0]


@ON_A_SERVER
async def test_pages_are_read_again_after_their_connections_were_lost(
    lost: Callable[[], Awaitable[None]], world: World, compiled: None
) -> None:
    actor = await world.actor("shunde.org")
    for _ in range(3):
        pages = [listed(readable(Member, actor), [By("id")], [], 5) for _ in range(20)]
        assert {len(page or ()) for page in await asyncio.gather(*pages)} == {5}
        await lost()


@ON_A_SERVER
@pytest.mark.parametrize("turns", range(0, 40, 3))
async def test_a_page_that_nobody_waits_for_any_more_keeps_no_connection(world: World, turns: int) -> None:
    actor, database = await world.actor("shunde.org"), get_connection("default")
    pages = [asyncio.ensure_future(listed(readable(Member, actor), [By("id")], [], 5)) for _ in range(30)]
    for _ in range(turns):
        await asyncio.sleep(0)
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    async with asyncio.timeout(5):  # the pool waits for what was not given back
        await database.close()


@ON_A_SERVER
async def test_a_page_is_planned_for_its_own_values(world: World, compiled: None) -> None:
    """However often it was asked for: PostgreSQL tells how often it made a plan for just these values."""
    actor, database = await world.actor("shunde.org"), get_connection("default")
    for _ in range(12):
        await listed(readable(Member, actor), [By("id")], [], 5)
    plans = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%LIMIT 5'"
    [connection] = database._planning
    assert [tuple(row) for row in await connection.fetch(plans)] == [(0, 12)]


@ON_A_SERVER
async def test_a_connection_lost_on_its_way_is_replaced_too(lost: Callable[[], Awaitable[None]]) -> None:
    database = get_connection("default")
    sleeping = asyncio.create_task(database.execute_query("SELECT pg_sleep(0.3), 1 AS one"))
    await asyncio.sleep(0.05)
    await lost()
    assert (await sleeping)[1][0]["one"] == 1


@pytest.mark.parametrize("size", [1, 2, 3, 20])
async def test_readers_leave_connections_to_transactions(
    sqlite_db: str, postgres_database: str, size: int
) -> None:
    """With one kept by the timers, as far as there are two. (Transactions need some database to be open.)"""
    client = SparingClient(**parts(postgres_database), minsize=1, maxsize=size, connection_name="default")
    await client.create_connection(with_db=True)
    try:
        await asyncio.gather(*(client.execute_query("SELECT 1") for _ in range(40)))
        timers = await client.take() if size > 1 else None
        for _ in range(3):
            async with asyncio.timeout(5), client._in_transaction() as connection:
                await connection.execute_query("SELECT 1")
            async with asyncio.timeout(5):
                await client.execute_query("SELECT 1")
        if timers is not None:
            await client.give_back(timers)
    finally:
        async with asyncio.timeout(10):
            await client.close()


async def test_whoever_waits_for_the_pool_gets_the_connection_that_comes_free(postgres_database: str) -> None:
    client = SparingClient(**parts(postgres_database), minsize=1, maxsize=8, connection_name="default")
    await client.create_connection(with_db=True)
    try:
        slow = [asyncio.create_task(client.execute_query("SELECT pg_sleep(0.2)")) for _ in range(8)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(2):
            await asyncio.gather(*(client.execute_query("SELECT 1") for _ in range(30)))
        await asyncio.gather(*slow)
    finally:
        await client.close()


def parts(url: str) -> dict[str, str]:
    user, _, host = SERVER.partition("://")[2].partition("@")
    name = url.rpartition("/")[2]
    return {"user": user.partition(":")[0], "host": host.partition(":")[0], "database": name}


CUT_OFF = """
import asyncio
import baodao
from policies.scopes import readable
from resolvers.later import DataLoader
from resolvers.pages import By
from resolvers.plan import listed

async def main():
    async def load(keys):
        await asyncio.sleep(60)

    async def field():
        await loader.load("a")

    loader = DataLoader(load)
    asyncio.create_task(field())
    await asyncio.sleep(0.05)

asyncio.run(main())
"""


async def test_a_process_can_end_while_rows_are_fetched() -> None:
    ending = await asyncio.create_subprocess_exec(sys.executable, "-c", CUT_OFF, env=os.environ)
    try:
        assert await asyncio.wait_for(ending.wait(), 20) == 0
    finally:
        with suppress(ProcessLookupError):
            ending.kill()


async def test_who_waits_for_a_fetch_that_was_given_up_is_given_up_as_well() -> None:
    loader = DataLoader(lambda keys: asyncio.sleep(60, keys))
    waiting = loader.load("a")
    await asyncio.sleep(0.01)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(waiting), 5)
