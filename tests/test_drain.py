"""A process that is to end answers what it has and sends listeners elsewhere; several workers are one service."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from asyncio import create_task, get_running_loop, sleep, timeout, to_thread
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from re import findall

import httpx
import pytest
from asking import Town, open_town
from conftest import empty
from test_cli import PROTOCOL, ROOT, Shell
from test_fanout import AT_MOST
from test_readme import free_port
from test_sse import EVENTS, UPDATES, Stream
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from baodao.auth import make_token
from baodao.database import database
from baodao.settings import read_settings
from models import Event, Summons

pytestmark = pytest.mark.long

DRAFT = "mutation($input: DraftSummonsInput!) { draftSummons(input: $input) { event { type } problems { code } } }"
END_WITHIN = 15.0
OVERDUE = [
    "summons.in_progress",
    *["task.deemed_accepted"] * 2,
    *["task.escalated"] * 4,
]
"""What the clock makes of a summons of two tasks that nobody answered, each once."""


class Service:
    """A `baodao serve` on a free port."""

    def __init__(self, shell: Shell, folder: Path, *words: str) -> None:
        self.port, self.log = free_port(), folder / "log"
        self.shell = shell
        command = [sys.executable, "-m", "baodao", "serve", "--port", str(self.port), *words]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=shell.environment(), stderr=log)

    def token(self, login: str) -> str:
        return f"Bearer {make_token(read_settings(self.shell.variables), login, timedelta(hours=1))}"

    def client(self, login: str) -> httpx.AsyncClient:
        headers = {"authorization": self.token(login)}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=AT_MOST)

    @property
    def workers(self) -> list[int]:
        """Those who have begun to answer."""
        log = self.log.read_text()
        return [int(one) for one in findall(r"Started server process \[(\d+)\]", log)][
            : log.count("startup complete")
        ]

    async def started(self, workers: int) -> None:
        async with timeout(60):
            while len(self.workers) < workers:
                assert self.process.poll() is None, self.log.read_text()
                await sleep(0.05)

    async def ended(self) -> float:
        """Seconds until it has."""
        before = get_running_loop().time()
        await to_thread(self.process.wait, 60)
        return get_running_loop().time() - before


@contextmanager
def serving(shell: Shell, folder: Path, *words: str) -> Iterator[Service]:
    service = Service(shell, folder, *words)
    try:
        yield service
    finally:
        service.process.terminate()
        service.process.wait(60)
    assert "Traceback" not in service.log.read_text(), service.log.read_text()


@asynccontextmanager
async def listening(service: Service, login: str) -> AsyncIterator[Stream]:
    """Once the first message has come."""
    async with service.client(login) as client:
        asked = {"json": {"query": UPDATES}, "headers": EVENTS}
        async with client.stream("POST", "/graphql", **asked) as response:
            stream = Stream(response)
            await stream.next()
            yield stream


@asynccontextmanager
async def signed_in(service: Service, login: str) -> AsyncIterator[ClientConnection]:
    url, headers = f"ws://127.0.0.1:{service.port}/graphql", {"authorization": service.token(login)}
    async with connect(url, subprotocols=[PROTOCOL], additional_headers=headers) as socket:
        await socket.send('{"type": "connection_init"}')
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def send(socket: ClientConnection, query: str, variables: dict[str, object]) -> None:
    payload = {"query": query, "variables": variables}
    await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))


def draft(town: Town) -> dict[str, object]:
    unit = town.id(town.world.units["zr"])
    given = {"issuer": "440606106004", "units": [unit], "title": "公园照明", "text": "公园夜间照明不足。"}
    return {"input": given | {"category": "LIVING_ENVIRONMENT"}}


@contextmanager
def nobody_writes(url: str) -> Iterator[None]:
    """Whoever wants to waits."""
    with sqlite3.connect(url.partition("://")[2], isolation_level=None) as own:
        own.execute("BEGIN IMMEDIATE")
        yield
        own.execute("ROLLBACK")
    own.close()


async def test_who_has_asked_is_answered_and_who_listens_is_sent_elsewhere(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with database(sqlite_url), open_town() as town:
        asked = {"query": DRAFT, "variables": draft(town)}
    shell = Shell(tmp_path, sqlite_url)
    with serving(shell, tmp_path) as service:
        await service.started(1)
        async with AsyncExitStack() as open:
            entered = open.enter_async_context
            idle, asking = [await entered(service.client("tianhu.cadre")) for _ in range(2)]
            assert (await idle.get("/healthz")).status_code == 200
            events = await entered(listening(service, "junan.observer"))
            ear, busy = [await entered(signed_in(service, "tianhu.cadre")) for _ in range(2)]
            await send(ear, UPDATES, {})
            assert json.loads(await ear.recv())["type"] == "next"
            with nobody_writes(sqlite_url):
                answer = create_task(asking.post("/graphql", json=asked))
                await send(busy, DRAFT, draft(town))
                await sleep(0.3)
                service.process.send_signal(signal.SIGTERM)
                await sleep(0.3)
                assert not answer.done()
            done = {"event": {"type": "summons.drafted"}, "problems": []}
            assert (await answer).json()["data"]["draftSummons"] == done
            assert json.loads(await busy.recv())["payload"]["data"]["draftSummons"] == done
            assert [one.text for one in await events.rest() if not one.kind][-1].startswith(
                "The service restarts"
            )
            assert (
                await closing(ear)
                == await closing(busy)
                == (1012, "The service restarts; go on after the last cursor")
            )
            assert await service.ended() < END_WITHIN
            with pytest.raises(httpx.ConnectError):
                await idle.get("/healthz")
    async with database(sqlite_url):
        assert await Summons.all().count() == 2


async def closing(socket: ClientConnection) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        async with timeout(AT_MOST):
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


@contextmanager
def standing_still(worker: int) -> Iterator[None]:
    """Whoever connects meanwhile comes to another one."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


async def test_several_workers_are_one_service(postgres_database: str, tmp_path: Path) -> None:
    empty(postgres_database)
    async with database(postgres_database), open_town() as town:
        await town.issue("zr", "zf")
    shell = Shell(tmp_path, postgres_database)
    shell.variables["BAODAO_RETENTION"] = "30"
    with serving(shell, tmp_path, "--workers", "2") as service:
        await service.started(2)
        one, other = service.workers
        async with AsyncExitStack() as open:
            with standing_still(one):
                first = await open.enter_async_context(listening(service, "wanan.secretary"))
            with standing_still(other):
                second = await open.enter_async_context(listening(service, "wanan.secretary"))
            cadre = await open.enter_async_context(service.client("wanan.secretary"))
            given = draft(town)
            given["input"]["issuer"] = "440606104219"
            asked = {"query": DRAFT, "variables": given}
            assert (await cadre.post("/graphql", json=asked)).json()["data"]["draftSummons"]["problems"] == []
            assert await first.types(1) == await second.types(1) == ["summons.drafted"]
            told = await cadre.post("/graphql", json={"query": "{ eventLog { retentionDays } }"})
            assert told.json()["data"] == {"eventLog": {"retentionDays": 30}}
            async with database(postgres_database):
                await soon(by_the_clock, OVERDUE)
            service.process.send_signal(signal.SIGTERM)
            for stream in (first, second):
                assert (await stream.rest())[-1].text.startswith("The service restarts")
            assert await service.ended() < END_WITHIN
        for worker in (one, other):
            with pytest.raises(ProcessLookupError):
                os.kill(worker, 0)
    async with database(postgres_database):
        assert await by_the_clock() == OVERDUE


async def soon(question: Callable[[], Awaitable[list[str]]], expected: list[str]) -> None:
    async with timeout(AT_MOST):
        while (answer := await question()) != expected:
            assert len(answer) < len(expected), answer
            await sleep(0.1)


async def by_the_clock() -> list[str]:
    types = Event.filter(actor_id=None, action__isnull=False).values_list("type", flat=True)
    return sorted(await types)
