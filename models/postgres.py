"""PostgreSQL: Tortoise's client, where what is read outside a transaction has connections that it need not give back.

Taking one out of asyncpg's pool and putting it back costs about as much as a small query, so some stay out.
"""

from collections.abc import Sequence
from functools import cached_property

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base_postgres.client import translate_exceptions

Row = dict[str, object]


class SparingClient(AsyncpgDBClient):
    """Up to half of the pool's connections stay with those who read; the others are left to transactions."""

    @cached_property
    def _spare(self) -> list[asyncpg.Connection]:
        return []

    async def execute_query(self, query: str, values: list[object] | None = None) -> tuple[int, list[Row]]:
        if self._pool is None or not query.startswith("SELECT"):
            changed: tuple[int, list[Row]] = await super().execute_query(query, values)
            return changed
        records: list[Row] = await self._read(query, values or ())
        return len(records), records

    async def execute_query_dict(self, query: str, values: list[object] | None = None) -> list[Row]:
        return list(map(dict, (await self.execute_query(query, values))[1]))

    @translate_exceptions
    async def _read(self, query: str, values: Sequence[object]) -> list[asyncpg.Record]:
        self.log.debug("%s: %s", query, values)
        connection = await self._taken()
        try:
            records: list[asyncpg.Record] = await connection.fetch(query, *values)
        except BaseException:  # also when nobody waits any more: the pool knows how to clean up
            await self._give_back(connection)
            raise
        if len(self._spare) < self.pool_maxsize // 2:
            self._spare.append(connection)
        else:
            await self._give_back(connection)
        return records

    async def _taken(self) -> asyncpg.Connection:
        while self._spare:
            connection = self._spare.pop()
            if not connection.is_closed():  # such a one has gone back to the pool by itself
                return connection
        assert self._pool is not None, "looked at before"
        return await self._pool.acquire()

    async def _give_back(self, connection: asyncpg.Connection) -> None:
        if self._pool is not None:  # else it was closed meanwhile, and everything with it
            await self._pool.release(connection)

    async def _close(self) -> None:
        while self._spare:
            await self._give_back(self._spare.pop())
        await super()._close()


client_class = SparingClient
