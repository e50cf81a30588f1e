"""The embedded database: Tortoise's SQLite client, with transactions that take the write lock at once.

A plain BEGIN becomes a writer half-way and fails with SQLITE_BUSY beside another one; BEGIN IMMEDIATE waits.
What is read outside a transaction has connections of its own, so that it never waits for a writer, and a row not for
somebody's figures of a year; it sees whatever was committed before it began (write-ahead log).
"""

import sqlite3
from asyncio import LifoQueue, Task, create_task
from collections.abc import Sequence

import aiosqlite
from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections

from models.loops import is_at_home
from models.statements import Statements

IN_MEMORY = ":memory:"
MOST_READERS = 4
"""Each has a thread and up to 2 MB of pages."""
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


class Readers:
    """Connections that only read, each for one at a time; another one is opened when all are busy."""

    def __init__(self, filename: str, patience: object) -> None:
        self._filename, self._patience = filename, patience
        self._idle = LifoQueue[aiosqlite.Connection]()
        self.opened: list[Task[None]] = []

    async def rows(self, query: str, values: Sequence[object]) -> list[sqlite3.Row]:
        if self._idle.empty() and len(self.opened) < MOST_READERS:
            self.open()
        connection = await self._idle.get()
        try:
            return list(await connection.execute_fetchall(query, values))
        finally:
            self._idle.put_nowait(connection)

    def open(self) -> Task[None]:
        """Whoever is given up meanwhile does not stop it: others wait for it too."""
        opening = create_task(self._open())
        self.opened.append(opening)
        return opening

    async def _open(self) -> None:
        connection = await aiosqlite.connect(self._filename, isolation_level=None)
        connection.row_factory = sqlite3.Row
        await connection.executescript(f"PRAGMA query_only=ON; PRAGMA busy_timeout={self._patience}")
        self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Behind what they still read."""
        for opening in self.opened:
            await opening
            await (await self._idle.get()).close()


class ImmediateSqliteClient(SqliteClient):
    def __init__(self, file_path: str, **options: object) -> None:
        super().__init__(file_path, **options)
        self._readers: Readers | None = None
        self.log = self.sent = Statements(self.log)  # type: ignore[assignment]  # it quacks like one

    def _check_loop(self) -> bool:
        return is_at_home(self)

    def _in_transaction(self) -> TransactionContext:
        return _Transaction(ImmediateTransaction(self), self._lock)

    async def create_connection(self, with_db: bool) -> None:
        await super().create_connection(with_db)
        if self._readers is None and self.filename != IN_MEMORY:
            self._readers = Readers(self.filename, self.pragmas.get("busy_timeout", 0))
            await self._readers.open()

    async def close(self) -> None:
        readers, self._readers = self._readers, None
        if readers is not None:
            await readers.close()
        await super().close()

    async def execute_query(
        self, query: str, values: list[object] | None = None
    ) -> tuple[int, Sequence[Row]]:
        if self._readers is None or not query.startswith("SELECT"):
            changed: tuple[int, Sequence[Row]] = await super().execute_query(query, values)
            return changed
        rows: list[Row] = await self._read(query, values)
        return len(rows), rows

    async def execute_query_dict(self, query: str, values: list[object] | None = None) -> list[Row]:
        return list(map(dict, (await self.execute_query(query, values))[1]))

    @translate_exceptions
    async def _read(self, query: str, values: list[object] | None) -> list[sqlite3.Row]:
        assert self._readers is not None, "asked before"
        self.log.debug("%s: %s", query, values)
        return await self._readers.rows(query.replace("\x00", "'||CHAR(0)||'"), values or ())


class _Transaction(SqliteTransactionContext):
    """One that is given up while it begins leaves neither its lock nor an open transaction behind."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        token = None
        try:
            await self.ensure_connection()
            self.token = token = get_connections().set(self.connection_name, self.connection)
            await self.connection.begin()
        except BaseException:
            if token is not None:
                get_connections().reset(token)
            undoing = create_task(self._undo())
            UNDOING.add(undoing)
            undoing.add_done_callback(UNDOING.discard)
            raise
        client: TransactionalDBClient = self.connection
        return client

    async def _undo(self) -> None:
        """Behind what was handed to the connection's thread before; only then may others begin."""
        try:
            if (connection := self.connection._connection) is not None:
                await connection.rollback()
        finally:
            self._trxlock.release()


UNDOING: set[Task[None]] = set()
client_class = ImmediateSqliteClient
