"""PostgreSQL: Tortoise's client, where connections need not be given back to the pool each time.

Taking one out of asyncpg's pool and putting it back costs about as much as a small query, so some stay out. And a
transaction that is given up while it begins leaves nothing open.
"""

from asyncio import Task, create_task
from collections.abc import Sequence
from functools import cached_property

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from models.loops import is_at_home
from models.statements import Statements

Row = dict[str, object]

LEFT = 4
"""Connections that never stay out of the pool: of so few, none does."""
LOST = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, ConnectionError)
UNDOING: set[Task[None]] = set()


class SparingClient(AsyncpgDBClient):
    """What is idle outside the pool is taken before any other, and goes back to it as soon as somebody waits there."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # passed on as they came
        self.log = self.sent = Statements(self.log)  # type: ignore[assignment]  # it quacks like one

    @cached_property
    def _spare(self) -> list[asyncpg.Connection]:
        return []

    @cached_property
    def _planning(self) -> list[asyncpg.Connection]:
        return []

    @property
    def _most_planning(self) -> int:
        return max(0, self.pool_maxsize - LEFT) // 4

    _waiting = 0

    def _check_loop(self) -> bool:
        return is_at_home(self)

    async def execute_query(self, query: str, values: list[object] | None = None) -> tuple[int, list[Row]]:
        if self._pool is None or not query.startswith("SELECT"):
            changed: tuple[int, list[Row]] = await super().execute_query(query, values)
            return changed
        records: list[Row] = await self._read(query, values or ())
        return len(records), records

    async def execute_query_dict(self, query: str, values: list[object] | None = None) -> list[Row]:
        return list(map(dict, (await self.execute_query(query, values))[1]))

    async def execute_planned(self, query: str, values: list[object]) -> tuple[int, list[Row]]:
        """As `execute_query`, but planned anew for these values, on connections that always do so.

        After five times PostgreSQL plans for any values instead, which for a page of a long list can be ten times
        slower: whether to go by its order or by what narrows it hangs on how narrow that is.
        """
        if self._pool is None or not self._most_planning:
            return await self.execute_query(query, values)
        records: list[Row] = await self._read_planned(query, values)
        return len(records), records

    @translate_exceptions
    async def _read_planned(self, query: str, values: Sequence[object]) -> list[asyncpg.Record]:
        self.log.debug("%s: %s", query, values)
        connection = await self._taken_to_plan()
        try:
            records: list[asyncpg.Record] = await connection.fetch(query, *values)
        except LOST:
            await self.give_back(connection)
            return await self._fetched(await self.take(), query, values)
        except BaseException:
            await self.give_back(connection)
            raise
        if self._waiting or len(self._planning) >= self._most_planning:
            await self._told(connection, "RESET plan_cache_mode")
            await self.give_back(connection)
        else:
            self._planning.append(connection)
        return records

    async def _taken_to_plan(self) -> asyncpg.Connection:
        while self._planning:
            connection = self._planning.pop()
            if _is_open(connection):
                return connection
            await self.give_back(connection)
        connection = await self.take()
        await self._told(connection, "SET plan_cache_mode = force_custom_plan")
        return connection

    async def _told(self, connection: asyncpg.Connection, setting: str) -> None:
        """Nobody loses the connection who gives up meanwhile."""
        try:
            await connection.execute(setting)
        except BaseException:
            await self.give_back(connection)
            raise

    @translate_exceptions
    async def _read(self, query: str, values: Sequence[object]) -> list[asyncpg.Record]:
        """Once more when the connection turns out to be lost: reading twice does nothing twice."""
        self.log.debug("%s: %s", query, values)
        connection = await self.take()
        try:
            return await self._fetched(connection, query, values)
        except LOST:
            return await self._fetched(await self.take(), query, values)

    async def _fetched(
        self, connection: asyncpg.Connection, query: str, values: Sequence[object]
    ) -> list[asyncpg.Record]:
        try:
            records: list[asyncpg.Record] = await connection.fetch(query, *values)
        except BaseException:  # also when nobody waits any more: the pool knows how to clean up
            await self.give_back(connection)
            raise
        await self.keep(connection)
        return records

    async def take(self) -> asyncpg.Connection:
        while self._spare:
            connection = self._spare.pop()
            if _is_open(connection):
                return connection
            await self.give_back(connection)
        assert self._pool is not None, "looked at before"
        self._waiting += 1
        try:
            return await self._pool.acquire()
        finally:
            self._waiting -= 1

    async def keep(self, connection: asyncpg.Connection) -> None:
        """One that is ready for whoever comes next."""
        if self._waiting or len(self._spare) >= (self.pool_maxsize - LEFT) // 2 or self._pool is None:
            await self.give_back(connection)
        else:
            self._spare.append(connection)

    def occupied(self) -> tuple[int, int]:
        """Connections that are open, and how many of them are at work."""
        if self._pool is None:
            return 0, 0
        idle = self._pool.get_idle_size() + len(self._spare) + len(self._planning)
        return self._pool.get_size(), max(0, self._pool.get_size() - idle)

    async def give_back(self, connection: asyncpg.Connection) -> None:
        if self._pool is not None:  # else it was closed meanwhile, and everything with it
            await self._pool.release(connection)

    async def _close(self) -> None:
        for connection in (*self._spare, *self._planning):
            await self.give_back(connection)
        self._spare.clear()
        self._planning.clear()
        await super()._close()

    def _in_transaction(self) -> "_Transaction":
        return _Transaction(TransactionWrapper(self), self._pool_init_lock)


def _is_open(connection: asyncpg.Connection) -> bool:
    """One that was lost has left its place in the pool by itself, and refuses even to be asked."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


class _Transaction(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        connection = self.client._connection = await self._parent.take()
        token = None
        try:
            self.token = token = get_connections().set(self.connection_name, self.client)
            await self.client.begin()
        except BaseException:
            if token is not None:
                get_connections().reset(token)
            undoing = create_task(self._parent.give_back(connection))  # which ends what was begun
            UNDOING.add(undoing)
            undoing.add_done_callback(UNDOING.discard)
            raise
        return self.client

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        done = False
        try:
            if not self.client._finalized and kind is None:
                await self.client.commit()
                done = True
            elif (
                not self.client._finalized and kind is not TransactionManagementError
            ):  # one that failed already
                await self.client.rollback()
        finally:
            connection = self.client._connection
            await (self._parent.keep(connection) if done else self._parent.give_back(connection))
            get_connections().reset(self.token)

    @property
    def _parent(self) -> SparingClient:
        parent = self.client._parent
        assert isinstance(parent, SparingClient), "made above"
        return parent


client_class = SparingClient
