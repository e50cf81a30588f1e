"""A quicker way to an SQLite file for one long job: statements run on this thread, and nobody waits for the disk.

Tortoise hands every statement to another thread and back, which takes longer than the statement itself. That keeps
a server's loop free, but a load that has the database to itself does better without.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

Values = Sequence[object]

sqlite3.register_converter("TIMESTAMP", lambda text: datetime.fromisoformat(text.decode()))


class _Direct:
    """What Tortoise uses of aiosqlite's connection, on a connection of this thread's own."""

    def __init__(self, file: str) -> None:
        self._conn = sqlite3.connect(file, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES)
        self._conn.row_factory = sqlite3.Row
        self._conn.execute("PRAGMA foreign_keys = ON")
        self._conn.execute("PRAGMA synchronous = OFF")

    @property
    def total_changes(self) -> int:
        return self._conn.total_changes

    async def execute(self, statement: str, values: Values = ()) -> sqlite3.Cursor:
        return self._conn.execute(statement, values)

    async def execute_fetchall(self, statement: str, values: Values | None = None) -> list[sqlite3.Row]:
        return self._conn.execute(statement, values or ()).fetchall()

    async def execute_insert(self, statement: str, values: Values) -> tuple[int | None]:
        return (self._conn.execute(statement, values).lastrowid,)

    async def executemany(self, statement: str, rows: Iterable[Values]) -> None:
        self._conn.executemany(statement, rows)

    async def executescript(self, statements: str) -> None:
        self._conn.executescript(statements)

    async def commit(self) -> None:
        self._conn.commit()

    async def rollback(self) -> None:
        self._conn.rollback()

    def close(self) -> None:
        self._conn.close()


@asynccontextmanager
async def direct_writes() -> AsyncIterator[None]:
    """For the block, if the open database is a file of SQLite; otherwise nothing changes."""
    client = get_connection("default")
    if not isinstance(client, SqliteClient) or client.filename == ":memory:":
        yield
        return
    former, direct = client._connection, _Direct(client.filename)
    client._connection = direct  # type: ignore[assignment]  # it quacks
    try:
        yield
    finally:
        client._connection = former
        direct.close()
