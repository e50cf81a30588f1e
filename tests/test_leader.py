"""One process alone sends webhooks; when it loses its connection another goes on, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from conftest import empty
from matter import Matter
from receiver import Got, Receiver, receiving
from sending import hook_to, loopback  # noqa: F401
from world import Time, World, build

from baodao import leader
from baodao.database import database
from baodao.deliveries import DELIVERY_LOCK, Sender
from baodao.posting import Post

pytest_plugins = ["monday"]
pytestmark = pytest.mark.usefixtures("loopback")

ISSUED = ["summons.drafted", "summons.submitted", "summons.issued", "task.created"]
KILL = """SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND objid = $1 AND granted AND datname = current_database()"""


@pytest.fixture
async def world(postgres_database: str, time: Time) -> AsyncIterator[World]:
    empty(postgres_database)
    async with database(postgres_database):
        yield await build()


class Crew:
    """Processes that would send, each by its name; `led`: who did, one after the other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.led: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def join(self, name: str) -> None:
        self.tasks.append(asyncio.create_task(leader._lead_once(self.url, DELIVERY_LOCK, self._work(name))))

    def _work(self, name: str) -> leader.Work:
        async def work() -> None:
            self.led.append(name)
            async with Post() as post:
                await Sender(post).run()

        return work

    async def has_led(self, number: int) -> None:
        async with asyncio.timeout(20):
            while True:
                if len(self.led) >= number:
                    return
                await asyncio.sleep(0.01)

    async def kill_the_leader(self) -> int:
        connection = await asyncpg.connect(self.url)
        try:
            return len(await connection.fetch(KILL, DELIVERY_LOCK))
        finally:
            await connection.close()


@pytest.fixture
async def crew(world: World, postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Crew]:
    monkeypatch.setattr(leader, "TRY_AGAIN_AFTER", 0.05)
    crew = Crew(postgres_database)
    yield crew
    for task in crew.tasks:
        task.cancel()
    await asyncio.gather(*crew.tasks, return_exceptions=True)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_when_the_leader_loses_its_connection_another_goes_on(
    world: World, crew: Crew, receiver: Receiver
) -> None:
    await hook_to(receiver, world)
    await crew.join("first")
    await crew.has_led(1)
    await crew.join("second")
    killed: list[int] = []

    async def answer(got: Got) -> int:
        if len(receiver.got) == 3:
            killed.append(await crew.kill_the_leader())
            await crew.tasks[0]
        return 204

    receiver.answer = answer
    matter = await Matter.issued(world, "zr")
    await crew.has_led(2)
    await receiver.has(4)
    assert (crew.led, killed) == (["first", "second"], [1])
    later = await Matter.issued(world, "zf")
    await receiver.has(8)
    for one in (matter, later):
        came = [got.type for got in receiver.got if got.summons == one.id]
        assert list(dict.fromkeys(came)) == ISSUED
    again = {got.headers["webhook-id"] for got in receiver.got}
    assert len(again) == 8 < len(receiver.got)


async def test_while_one_leads_the_others_wait(world: World, crew: Crew, receiver: Receiver) -> None:
    await hook_to(receiver, world)
    for name in ("first", "second", "third"):
        await crew.join(name)
        await crew.has_led(1)
    await Matter.issued(world, "zr")
    await receiver.has(4)
    await asyncio.sleep(0.2)
    assert crew.led == ["first"] and receiver.types == ISSUED


async def test_work_that_fails_lets_another_lead(world: World, crew: Crew) -> None:
    async def broken() -> None:
        raise RuntimeError("a bug")

    await leader._lead_once(crew.url, DELIVERY_LOCK, broken)
    await crew.join("second")
    await crew.has_led(1)
    assert crew.led == ["second"]


async def test_beside_an_embedded_database_one_process_works_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "TRY_AGAIN_AFTER", 0.01)
    worked: list[str] = []

    def duty(name: str, done: asyncio.Event) -> leader.Work:
        async def work() -> None:
            worked.append(name)
            await done.wait()

        return work

    ends = {name: asyncio.Event() for name in ("first", "second")}
    tasks = [
        asyncio.create_task(leader.lead_beside(tmp_path / "lock", duty(name, end)))
        for name, end in ends.items()
    ]
    await asyncio.sleep(0.1)
    assert worked == ["first"]
    ends["first"].set()
    await tasks[0]
    ends["second"].set()
    await tasks[1]
    assert worked == ["first", "second"]
