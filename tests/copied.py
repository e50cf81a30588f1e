"""What takes long to enter into an empty database is entered once, and copied for whoever wants the same again."""

import asyncio
import pickle
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.transactions import in_transaction

from models.sqlite import ImmediateSqliteClient

Made = TypeVar("Made")
Rows = dict[str, tuple[list[str], bytes]]
"""By table: its columns and their content; a whole SQLite file is all of its tables."""
FILE = ""
KEPT: dict[tuple[object, ...], tuple[bytes, Rows]] = {}
BESIDE: dict[tuple[str | None, int | None, str], "Beside"] = {}
"""By the host, port and name of a database."""
SPARED = {"generation", "log_epoch", "calendar_day", "policy_version", "template", "tortoise_migrations"}
"""Tables with rows of a first state, which nothing that is copied changes."""
NO_TRIGGERS = "SET session_replication_role = replica"  # nor foreign keys, so there is no order to keep


class Beside:
    """A connection to a PostgreSQL database that outlives the tests' own: each new one has to learn all tables."""

    def __init__(self, url: str) -> None:
        self._url, self._connection = url, None
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Callable[[asyncpg.Connection], Awaitable[Made]]) -> Made:
        """Once more on another connection when a test has ended this one."""
        try:
            return self._wait(work)
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError):
            self._connection = None
            return self._wait(work)

    def _wait(self, work: Callable[[asyncpg.Connection], Awaitable[Made]]) -> Made:
        return asyncio.run_coroutine_threadsafe(self._run(work), self._loop).result()

    async def _run(self, work: Callable[[asyncpg.Connection], Awaitable[Made]]) -> Made:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._url)
            await self._connection.execute(NO_TRIGGERS)
        async with self._connection.transaction():
            return await work(self._connection)

    def rest(self) -> None:
        """For whoever must be alone with the database."""
        if self._connection is not None:
            asyncio.run_coroutine_threadsafe(self._connection.close(), self._loop).result()
            self._connection = None

    def close(self) -> None:
        self.rest()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def place(url: str) -> tuple[str | None, int | None, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or 5432, parts.path.strip("/")


async def copied(make: Callable[[], Awaitable[Made]], *key: object) -> Made:
    """What `make` returns, and what it enters into the open, empty database; the second time both are copies."""
    database = Tortoise.get_connection("default")
    embedded = isinstance(database, ImmediateSqliteClient)
    beside = None if embedded else BESIDE.get((database.host, database.port, database.database))
    too_late = embedded and database._connection is not None  # to change its file
    if too_late or not (embedded or beside):
        return await make()
    wanted = (embedded, *key)
    if wanted in KEPT:
        made, rows = KEPT[wanted]
        if embedded:
            write_file(database.filename, rows[FILE][1])
        else:
            beside.run(lambda connection: _fill(connection, rows))
        await database.execute_query("SELECT 1")  # and so it is connected, as after the first time
        return pickle.loads(made)  # type: ignore[no-any-return]  # as it was
    async with in_transaction():
        new = await make()
    rows = await _file(database) if embedded else beside.run(_rows)
    KEPT[wanted] = pickle.dumps(new), rows
    return new


async def _file(database: ImmediateSqliteClient) -> Rows:
    copy = f"{database.filename}.copy"
    await database.execute_script(f"VACUUM INTO '{copy}'")
    return {FILE: ([], read_file(copy))}


def write_file(name: str, content: bytes) -> None:
    Path(name).write_bytes(content)


def read_file(name: str) -> bytes:
    return Path(name).read_bytes()


async def _tables(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [table for (table,) in rows if table not in SPARED]


async def _rows(connection: asyncpg.Connection) -> Rows:
    rows: Rows = {}
    for table in await _tables(connection):
        if first := await connection.fetchrow(f'SELECT * FROM "{table}" LIMIT 1'):
            columns, out = list(first.keys()), BytesIO()
            await connection.copy_from_table(table, output=out, format="binary", columns=columns)
            rows[table] = columns, out.getvalue()
    return rows


async def _fill(connection: asyncpg.Connection, rows: Rows) -> None:
    for table, (columns, content) in rows.items():
        await connection.copy_to_table(table, source=BytesIO(content), format="binary", columns=columns)
    await connection.execute(
        "SELECT setval(pg_get_serial_sequence('event', 'pos'), coalesce(max(pos), 1), max(pos) IS NOT NULL) FROM event"
    )


async def clear(connection: asyncpg.Connection) -> None:
    """Delete what a test left; a hundred times faster than a new database."""
    await connection.execute(
        ";".join(
            [
                *(f'DELETE FROM "{table}"' for table in await _tables(connection)),
                "DELETE FROM calendar_day WHERE area_id IS NOT NULL",
                "DELETE FROM policy_version WHERE number IS NULL OR number > 1",
                "UPDATE policy_version SET state = 'PUBLISHED', retired_at = NULL",
                "DELETE FROM template WHERE id NOT LIKE 'packaged%'",
                "SELECT setval(pg_get_serial_sequence('event', 'pos'), 1, false)",
            ]
        )
    )
