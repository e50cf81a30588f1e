"""Whether the service should be sent requests, as a balancer asks it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from types import FrameType

import pytest
from running import Running, run
from tortoise import Tortoise
from tortoise.connection import get_connection

from baodao.drain import draining
from baodao.sockets import SOCKETS
from models import PolicyVersion
from models.postgres import SparingClient


@pytest.fixture
async def service(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    async with run(database_url, monkeypatch, tmp_path, BAODAO_POOL_SIZE="5") as running:
        yield running


async def readiness(service: Running) -> tuple[int, object]:
    answer = await service.client.get("/readyz")
    assert (await service.client.get("/healthz")).json()["status"] == "ok"
    return answer.status_code, answer.json().get("failed")


async def test_a_service_is_ready_unless_migrations_are_missing_or_the_rules_cannot_be_read(
    service: Running,
) -> None:
    assert await readiness(service) == (200, None)
    database = get_connection("default")
    await database.execute_query("UPDATE tortoise_migrations SET name = 'x' || name WHERE name LIKE '0002%'")
    assert await readiness(service) == (503, "migrations")
    await database.execute_query("UPDATE tortoise_migrations SET name = substr(name, 2) WHERE name LIKE 'x%'")
    assert await readiness(service) == (200, None)
    published = await PolicyVersion.get()
    await PolicyVersion.all().update(text="p, nonsense", hash="0" * 64)
    assert await readiness(service) == (503, "rules")
    await PolicyVersion.all().update(text=published.text, hash=published.hash)
    assert await readiness(service) == (200, None)


async def test_a_database_that_does_not_answer_makes_it_unready_and_the_figures_say_so(
    service: Running, database_url: str
) -> None:
    database = get_connection("default")
    if isinstance(database, SparingClient):  # all its connections are at work for longer than a second
        taken = [await database.take() for _ in range(5)]
        assert await readiness(service) == (503, "database")
        for connection in taken:
            await database.give_back(connection)
        assert await readiness(service) == (200, None)
    await Tortoise.close_connections()
    assert await readiness(service) == (503, "database")
    assert (await service.figures())["baodao_database_up"] == 0


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_timers_need_no_second_connection_of_the_pool(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with run(database_url, monkeypatch, tmp_path, BAODAO_POOL_SIZE="1") as service:
        done = (await service.figures())['baodao_ticks_total{outcome="done"}']
        async with asyncio.timeout(10):
            await service.once(lambda told: told['baodao_ticks_total{outcome="done"}'] > done)


async def test_a_service_that_was_told_to_end_is_not_ready(service: Running) -> None:
    told: list[int] = []
    ended = asyncio.Event()

    def handler(number: int, frame: FrameType | None) -> None:
        told.append(number)
        ended.set()

    former = signal.signal(signal.SIGTERM, handler)
    try:
        with draining():
            assert await readiness(service) == (200, None)
            os.kill(os.getpid(), signal.SIGTERM)
            assert await readiness(service) == (503, "draining")
            await asyncio.wait_for(ended.wait(), 10)
        assert (told, signal.getsignal(signal.SIGTERM)) == ([signal.SIGTERM], handler)
    finally:
        signal.signal(signal.SIGTERM, former)
        SOCKETS.draining = False
