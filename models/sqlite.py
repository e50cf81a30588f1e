"""The embedded database: Tortoise's SQLite client, with transactions that take the write lock at once.

A plain BEGIN becomes a writer half-way and fails with SQLITE_BUSY beside another one; BEGIN IMMEDIATE waits.
What is read outside a transaction has a connection of its own, so that it never waits for a writer; it sees whatever
was committed before it began (write-ahead log).
"""

import sqlite3
from collections.abc import Sequence

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)

IN_MEMORY = ":memory:"
Row = dict[str, object]
Statement = tuple[str, Sequence[object]]


class ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        await self._connection.execute("BEGIN IMMEDIATE")

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(ImmediateTransaction(self))

    @translate_exceptions
    async def execute_together(self, statements: Sequence[Statement]) -> list[Row]:
        """The rows of the last one. Handed to the connection's thread at once: that costs more than to run them."""
        for query, values in statements:
            self.log.debug("%s: %s", query, values)
        async with self.acquire_connection() as connection:
            rows = await connection._execute(_run, connection._conn, statements)
        return list(map(dict, rows))


def _run(connection: sqlite3.Connection, statements: Sequence[Statement]) -> list[sqlite3.Row]:
    rows: list[sqlite3.Row] = []
    for query, values in statements:
        rows = connection.execute(query, values).fetchall()
    return rows


class ImmediateSqliteClient(SqliteClient):
    _reading: aiosqlite.Connection | None = None

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)

    async def create_connection(self, with_db: bool) -> None:
        await super().create_connection(with_db)
        if self._reading is None and self.filename != IN_MEMORY:
            self._reading = await aiosqlite.connect(self.filename, isolation_level=None)
            self._reading.row_factory = sqlite3.Row
            timeout = self.pragmas.get("busy_timeout", 0)
            await self._reading.executescript(f"PRAGMA query_only=ON; PRAGMA busy_timeout={timeout}")

    async def close(self) -> None:
        if self._reading is not None:
            await self._reading.close()
            self._reading = None
        await super().close()

    async def execute_query(
        self, query: str, values: list[object] | None = None
    ) -> tuple[int, Sequence[Row]]:
        if self._reading is None or not query.startswith("SELECT"):
            changed: tuple[int, Sequence[Row]] = await super().execute_query(query, values)
            return changed
        rows: list[Row] = await self._read(query, values)
        return len(rows), rows

    async def execute_query_dict(self, query: str, values: list[object] | None = None) -> list[Row]:
        return list(map(dict, (await self.execute_query(query, values))[1]))

    @translate_exceptions
    async def _read(self, query: str, values: list[object] | None) -> list[sqlite3.Row]:
        assert self._reading is not None, "asked before"
        self.log.debug("%s: %s", query, values)
        return list(
            await self._reading.execute_fetchall(query.replace("\x00", "'||CHAR(0)||'"), values or ())
        )


client_class = ImmediateSqliteClient
