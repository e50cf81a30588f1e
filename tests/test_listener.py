"""What another process commits wakes the listeners of this one, also after the connection was lost."""

import asyncio
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
from conftest import empty
from world import build

from actions.feed import Bell
from baodao import listener
from baodao.database import database

SOON = 20.0
"""Far below the time after which the test gives up means heard; listeners would look by themselves only later."""


@pytest.fixture
async def heard(postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bell]:
    """A bell in a process that listens, with the small world in the database."""
    monkeypatch.setattr(listener, "TRY_AGAIN_AFTER", 0.05)
    monkeypatch.setattr(listener, "ALIVE_EVERY", 0.1)
    empty(postgres_database)
    async with database(postgres_database):
        await build()
        with Bell() as bell:
            listening = asyncio.create_task(listener.listen(postgres_database))
            await bell.wait(SOON)  # the first ring says that it listens
            yield bell
            listening.cancel()


async def rings(bell: Bell) -> bool:
    started = asyncio.get_running_loop().time()
    await bell.wait(SOON)
    return asyncio.get_running_loop().time() - started < SOON


async def enter(url: str) -> None:
    script = (
        "import asyncio\nimport baodao\nfrom baodao.database import database\nfrom actions.bootstrap import bootstrap\n"
        "from models import Grant\n"
        "async def main(url):\n"
        "    async with database(url):\n"
        "        await Grant.filter(role__in=['policy_admin', 'district_org_dept']).delete()\n"
        "        await bootstrap('new.admin', '440606')\n"
        f"asyncio.run(main({url!r}))"
    )
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    assert await other.wait() == 0


async def test_a_commit_of_another_process_rings_here(heard: Bell, postgres_database: str) -> None:
    waiting = asyncio.create_task(rings(heard))
    await enter(postgres_database)
    assert await waiting


async def test_a_lost_connection_is_made_anew_and_rings(heard: Bell, postgres_database: str) -> None:
    waiting = asyncio.create_task(rings(heard))
    connection = await asyncpg.connect(postgres_database)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'"
    await connection.execute(others + " AND datname = current_database() AND pid != pg_backend_pid()")
    await connection.close()
    assert await waiting
    waiting = asyncio.create_task(rings(heard))
    await enter(postgres_database)
    assert await waiting
