"""The whole service in this process, on a free port, above the small world."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta

import httpx
import pytest
import uvicorn
from asking import Town, open_town
from test_fanout import until
from websockets.asyncio.client import ClientConnection, connect

from baodao import looks
from baodao.asgi import application
from baodao.auth import auth, make_token
from baodao.database import database
from baodao.settings import settings


class Running:
    """What was started, and a client of it."""

    def __init__(self, town: Town, client: httpx.AsyncClient) -> None:
        self.town, self.client = town, client

    def bearer(self, login: str) -> dict[str, str]:
        return {"authorization": f"Bearer {make_token(settings(), login, timedelta(hours=1))}"}

    async def ask(self, login: str, query: str, /, **variables: object) -> httpx.Response:
        asked = {"query": query, "variables": variables}
        return await self.client.post("/graphql", json=asked, headers=self.bearer(login))

    async def figures(self) -> dict[str, float]:
        """What a scrape tells, by name and labels as they are written."""
        answer = await self.client.get("/metrics")
        assert answer.status_code == 200, answer.text
        return parsed(answer.text)

    async def once(self, told: Callable[[dict[str, float]], bool]) -> dict[str, float]:
        """The figures as soon as they tell that."""
        for _ in range(500):
            if told(figures := await self.figures()):
                return figures
            await asyncio.sleep(0.02)
        raise TimeoutError

    @asynccontextmanager
    async def listening(self, login: str, document: str) -> AsyncIterator[ClientConnection]:
        """A socket with one subscription, once its first message has come."""
        url = f"ws{str(self.client.base_url).removeprefix('http')}graphql?token=never-logged"
        headers = self.bearer(login)
        async with connect(url, subprotocols=["graphql-transport-ws"], additional_headers=headers) as socket:
            await socket.send('{"type": "connection_init"}')
            await socket.recv()
            asked = {"id": "1", "type": "subscribe", "payload": {"query": document}}
            await socket.send(json.dumps(asked))
            await socket.recv()
            yield socket


def parsed(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


@asynccontextmanager
async def run(
    url: str, monkeypatch: pytest.MonkeyPatch, folder: object, **variables: str
) -> AsyncIterator[Running]:
    """With settings of its own."""
    for name, value in {"DATABASE_URL": url, "BAODAO_DATA": str(folder), **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(looks, "FRESH_FOR", -1.0)
    _forget_settings()
    async with database(url), open_town() as town:
        server = uvicorn.Server(uvicorn.Config(application(), port=0, log_config=None, access_log=False))
        server.capture_signals = nullcontext  # signals are pytest's
        running = asyncio.create_task(server.serve())
        await until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/", verify=False) as client:
            yield Running(town, client)
        server.should_exit = True
        await running
    _forget_settings()


def _forget_settings() -> None:
    for remembered in (settings, auth):
        remembered.cache_clear()
