"""What a row, a worker and a live subscription take, and so a province: ``python -m bench.sizes``.

Needs a PostgreSQL server (BAODAO_TEST_POSTGRES) to make a scratch database on; takes some minutes.
"""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import httpx
import orjson
from tortoise.models import Model
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

import baodao  # noqa: F401  (puts the folders on the path)
from baodao.auth import make_token
from baodao.database import database, migrate
from baodao.demo import load
from baodao.settings import read_settings
from bench.province import PASSING, Table, page
from bench.store import SERVER
from models import AuditEntry, Event, Grant, IdempotencyKey, Task, Unplaced
from models.writes import columns_of
from policies.scopes import whole

SUBSCRIBERS, WATCHED = 1_000, 20.0
UPDATES = "subscription { taskUpdates { cursor event { type at summons { number title } } } }"
TABLES = """SELECT relname AS name, n_live_tup AS rows, pg_total_relation_size(relid) AS bytes,
pg_indexes_size(relid) AS indexes FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname"""
TICKS = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """A process at some moment: megabytes in memory, and seconds of CPU since its start."""

    megabytes: float
    seconds: float


async def main() -> None:
    async with _scratch() as url:
        logins = await _play(url)
        async with database(url):
            tasks = await whole(Task).count()
        tables = await _tables(url)
        await _execute(url, f"TRUNCATE {', '.join(sorted(PASSING))}")
        with tempfile.TemporaryDirectory() as folder, _served(url, Path(folder)) as (pid, port, tokens):
            idle, listening, later = await _listened(pid, port, tokens(logins))
    each = (listening.megabytes - idle.megabytes) / SUBSCRIBERS
    busy = (later.seconds - listening.seconds) / WATCHED / SUBSCRIBERS
    print(page(tables, tasks, idle.megabytes, each, busy))


@asynccontextmanager
async def _scratch() -> AsyncIterator[str]:
    name = f"baodao_sizes_{os.getpid()}"
    await _execute(SERVER, f'CREATE DATABASE "{name}"')
    try:
        url = f"{SERVER.rpartition('/')[0]}/{name}"
        await _execute(SERVER, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        await migrate(url)
        yield url
    finally:
        await _execute(SERVER, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _play(url: str) -> list[str]:
    """The demo's whole history, and who may listen afterwards."""
    async with database(url):
        await load(lambda phase, done, total: print(f"{phase}: {done} of {total}", file=sys.stderr, end="\r"))
        holders = whole(Grant).filter(role="village_secretary", member__login__isnull=False)
        logins = await holders.values_list("member__login", flat=True)
        await _enter_what_passes()
    await _execute(url, "VACUUM FULL ANALYZE")
    return sorted(map(str, logins))


async def _enter_what_passes() -> None:
    """As if everybody had just done everything with a key, and nothing was in place yet: rows like those of a day."""
    events, entries = await whole(Event).order_by("pos"), await whole(AuditEntry).order_by("seq")
    keys = [
        IdempotencyKey(
            member_id=event.actor_id,
            key=str(uuid4()),
            body=sha256(event.id.encode()).hexdigest(),
            kind=event.aggregate,
            object_id=event.aggregate_id,
            event_id=event.id,
            created_at=event.at,
        )
        for event in events
        if event.actor_id
    ]
    waiting = [
        Unplaced(
            event_id=event.id,
            aggregate_id=event.aggregate_id,
            version=event.version,
            event=_columns(event, {"pos"}),
            entry=_columns(entry, {"seq", "previous", "hash"}),
        )
        for event, entry in zip(events, entries, strict=True)
    ]
    await IdempotencyKey.bulk_create(keys, batch_size=1_000)
    await Unplaced.bulk_create(waiting, batch_size=1_000)


def _columns(row: Model, without: set[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in columns_of(type(row)) if name not in without}


async def _tables(url: str) -> list[Table]:
    connection = await asyncpg.connect(url)
    try:
        return [Table(*row.values()) for row in await connection.fetch(TABLES) if row["rows"]]
    finally:
        await connection.close()


@contextmanager
def _served(url: str, folder: Path) -> Iterator[tuple[int, int, "Tokens"]]:
    """One worker, with nobody else's settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        "BAODAO_DATA": str(folder),
        "DATABASE_URL": url,
        "BAODAO_SECRET": secrets.token_urlsafe(48),
        "BAODAO_PORT": str(port),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BAODAO_")}
    command = [sys.executable, "-m", "baodao", "serve"]
    with subprocess.Popen(
        command, env=inherited | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield process.pid, port, Tokens(variables)
        finally:
            process.terminate()


class Tokens:
    """Of those who listen."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._settings = read_settings(variables)

    def __call__(self, logins: list[str]) -> list[str]:
        return [make_token(self._settings, login, timedelta(hours=1)) for login in logins]


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the service does not start")


async def _listened(pid: int, port: int, tokens: list[str]) -> tuple[Process, Process, Process]:
    """Before anybody listened, when all had begun, and some time later, in which nothing happened."""
    async with AsyncExitStack() as sockets:
        await _listen(sockets, port, tokens[0])  # what the first one loads is not what each of them takes
        idle = _process(pid)
        for token in islice(cycle(tokens), SUBSCRIBERS):
            await _listen(sockets, port, token)
        listening = _process(pid)
        await asyncio.sleep(WATCHED)
        return idle, listening, _process(pid)


async def _listen(sockets: AsyncExitStack, port: int, token: str) -> None:
    one: ClientConnection = await sockets.enter_async_context(
        connect(
            f"ws://127.0.0.1:{port}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
        )
    )
    for message in (
        {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}},
        {"id": "1", "type": "subscribe", "payload": {"query": UPDATES}},
    ):
        await one.send(orjson.dumps(message).decode())
        await one.recv()


def _process(pid: int) -> Process:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    *_, user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:13]
    return Process(int(lines["VmRSS"].split()[0]) / 1024, (int(user) + int(system)) / TICKS)


if __name__ == "__main__":
    asyncio.run(main())
