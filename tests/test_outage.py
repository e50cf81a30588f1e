"""While PostgreSQL is away callers are told so; when it is back, so is the service, without anybody's help."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from asking import open_town

from baodao.asgi import application
from baodao.auth import auth, make_token
from baodao.database import database
from baodao.outage import AWAY
from baodao.settings import settings

ASK = {"query": "{ viewer { member { login } } areas(first: 1) { totalCount } }"}


class Line:
    """The way to the server, which can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._ends: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._listening = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    def cut(self) -> None:
        self._listening.close()
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _connect(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        there, on = await asyncio.open_connection(*self._to)
        self._ends |= {back, on}
        with suppress(OSError):
            await asyncio.gather(_pass(here, on), _pass(there, back))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(1 << 16):
            writer.write(some)
    finally:
        writer.close()


@pytest.fixture
async def line(postgres_database: str) -> AsyncIterator[Line]:
    url = urlsplit(postgres_database)
    line = Line(url.hostname or "127.0.0.1", url.port or 5432)
    await line.open()
    yield line
    line.cut()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_service_is_away_as_long_as_its_database(line: Line, database_url: str) -> None:
    url = urlsplit(database_url)
    login = f"{url.username}:{url.password}@" if url.password else f"{url.username}@"
    auth.cache_clear()
    async with database(url._replace(netloc=f"{login}127.0.0.1:{line.port}").geturl()), open_town():
        token = make_token(settings(), "tianhu.secretary", timedelta(hours=1))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(application()),
            base_url="http://test",
            headers={"authorization": f"Bearer {token}"},
        )
        assert (await client.post("/graphql", json=ASK)).json()["data"]["viewer"]
        line.cut()
        for _ in range(3):
            answer = await client.post("/graphql", json=ASK)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert answer.json()["errors"][0]["message"] == "The database is away; try again."
        assert (await client.get("/healthz")).status_code == 200
        await line.open()
        assert (await client.post("/graphql", json=ASK)).json()["data"]["viewer"]


@pytest.mark.parametrize(
    "lost",
    [
        ConnectionRefusedError,
        asyncpg.InterfaceError,
        asyncpg.AdminShutdownError,
        asyncpg.CannotConnectNowError,
    ],
)
def test_whatever_tells_of_a_lost_connection_is_known(lost: type[Exception]) -> None:
    assert issubclass(lost, AWAY)
