"""SQLite without a thread of its own, for a process that does nothing else meanwhile, such as a big import.

Handing each statement to a thread and back costs several times what SQLite itself needs for it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from models.sqlite import ImmediateSqliteClient

T = TypeVar("T")


class _Inline:
    """As much of an aiosqlite connection as Tortoise asks for, each call done before it returns."""

    def __init__(self, file_path: str) -> None:
        self._conn = sqlite3.connect(file_path, isolation_level=None)
        self._conn.row_factory = sqlite3.Row

    @property
    def total_changes(self) -> int:
        return self._conn.total_changes

    async def execute(self, query: str, values: Sequence[object] = ()) -> "_Cursor":
        return _Cursor(self._conn.execute(query, values))

    async def execute_insert(self, query: str, values: Sequence[object]) -> tuple[int | None]:
        return (self._conn.execute(query, values).lastrowid,)

    async def execute_fetchall(self, query: str, values: Sequence[object] | None = None) -> list[sqlite3.Row]:
        return self._conn.execute(query, values or ()).fetchall()

    async def executemany(self, query: str, values: Iterable[Sequence[object]]) -> None:
        self._conn.executemany(query, values)

    async def executescript(self, script: str) -> None:
        self._conn.executescript(script)

    async def _execute(self, work: Callable[..., T], *given: object) -> T:
        return work(*given)

    async def commit(self) -> None:
        self._conn.commit()

    async def rollback(self) -> None:
        self._conn.rollback()

    async def close(self) -> None:
        self._conn.close()


class _Cursor:
    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def close(self) -> None:
        self._cursor.close()


class InlineSqliteClient(ImmediateSqliteClient):
    async def create_connection(self, with_db: bool) -> None:
        if not self._connection:
            connection = _Inline(self.filename)
            for pragma, value in self.pragmas.items():
                await connection.execute(f"PRAGMA {pragma}={value}")
            self._connection = connection  # type: ignore[assignment]  # it quacks like one


client_class = InlineSqliteClient
