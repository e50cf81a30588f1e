"""PostgreSQL beside a replica: what is read `aside` is asked of the replica, and here if that fails."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

import asyncpg
from tortoise.connection import get_connection

from models.postgres import Row, SparingClient

Given = ParamSpec("Given")
Told = TypeVar("Told")
Answer = tuple[int, list[Row]]

REACHED = "coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0)::bigint"
"""SQL for the place in the write-ahead log up to which a replica shows everything."""
log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Reading:
    """One operation's reading aside: over with the first failure, so that what it reads never goes back in time."""

    over: bool = False


_READING: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def aside() -> Iterator[Reading]:
    """What is read in the block, also by tasks that begin in it, may be as old as the replica.

    Never what is read in a transaction, or by functions that ask `from_primary`.
    """
    reading = Reading()
    token = _READING.set(reading)
    try:
        yield reading
    finally:
        reading.over = True
        _READING.reset(token)


def from_primary(question: Callable[Given, Awaitable[Told]]) -> Callable[Given, Awaitable[Told]]:
    """Marks what must be answered as of now wherever it is asked: rights, and whatever is kept for others."""

    @wraps(question)
    async def asked(*args: Given.args, **kwargs: Given.kwargs) -> Told:
        token = _READING.set(None)
        try:
            return await question(*args, **kwargs)
        finally:
            _READING.reset(token)

    return asked


class WentBack(Exception):
    """The replica has less than it was seen to have: it crashed, and is still reading again what it had read."""


class Follower(SparingClient):
    """The replica. `seen`: the place in the primary's write-ahead log that it has reached, as far as is known."""

    seen = 0

    async def create_pool(self, **settings: object) -> asyncpg.Pool:
        return await super().create_pool(init=self._check, **settings)

    async def _check(self, connection: asyncpg.Connection) -> None:
        """A new connection may be one to a server that has just begun again."""
        if await connection.fetchval(f"SELECT {REACHED}") < self.seen:
            raise WentBack


class Replicated(SparingClient):
    """The primary, and the replica it has; Tortoise is to know of no second database that it would ask to choose."""

    def __init__(self, replica: Mapping[str, object], **credentials: object) -> None:
        super().__init__(**credentials)
        self.replica = Follower(connection_name="replica", **replica)

    async def execute_query(self, query: str, values: list[object] | None = None) -> Answer:
        found = await _read_aside(self.replica.execute_query, query, values)
        return found or await super().execute_query(query, values)

    async def execute_planned(self, query: str, values: list[object]) -> Answer:
        found = await _read_aside(self.replica.execute_planned, query, values)
        return found or await super().execute_planned(query, values)

    async def _close(self) -> None:
        await self.replica.close()
        await super()._close()


async def _read_aside(
    ask: Callable[[str, Told], Awaitable[Answer]], query: str, values: Told
) -> Answer | None:
    """None for what the primary has to answer: also whatever the replica fails at, which may be its fault or not."""
    reading = _READING.get()
    if reading is None or reading.over or not query.startswith("SELECT"):
        return None
    try:
        return await ask(query, values)
    except Exception as failed:
        reading.over = True
        log.warning("the replica failed, the primary answers: %r", failed)
        return None


def replica() -> Follower:
    """The one of the database that is open."""
    primary = get_connection("default")
    assert isinstance(primary, Replicated), "opened with one"
    return primary.replica


client_class = Replicated
