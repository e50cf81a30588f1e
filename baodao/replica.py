"""How far the replica has come, looked at several times a second, and for whom that is enough."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from math import inf
from time import monotonic

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from models.generations import GENERATIONS, Generations, Moment, read_generations
from models.kept import HEARD
from models.postgres import Row
from models.refusals import Refusal
from models.replica import REACHED, replica
from resolvers.context import Context
from resolvers.cursors import Cursor, LogCursors
from resolvers.tail import LOG_HEAD

LOOK_EVERY = 0.2
ANSWERS_WITHIN = 1.0
"""Seconds; a replica that takes longer to say where it stands is not asked for more."""
MOST_POINTS = 20_000
"""Of an hour; whoever is further behind waits till it has caught up with the oldest."""
HEADER = "baodao-position"
"""In answers to mutations: up to where the log tells of them. In requests: how far whoever answers must have come."""

HERE = (
    "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint AS wal, "
    "(SELECT epoch FROM log_epoch WHERE id = 1) AS epoch"
)
THERE = (
    f"SELECT pg_is_in_recovery() AS follows, {REACHED} AS wal, "
    f"(SELECT epoch FROM log_epoch WHERE id = 1) AS epoch, ({LOG_HEAD}) AS head, {GENERATIONS} AS generations"
)
MISSING = "SELECT DISTINCT actor_id FROM event WHERE pos > $1"
log = logging.getLogger(__name__)


class Stranger(Exception):
    """What answers at the replica's address does not follow this database."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the replica has at least: all that was committed by `since` (monotonic seconds), the log up to `head`."""

    since: float
    head: int
    generations: Generations


class Replica:
    """Of this process; without one `most` is 0."""

    def __init__(self) -> None:
        self.most = 0.0
        self.standing: Standing | None = None
        self._log: LogCursors | None = None
        self._missing = Moment(self._ask_who_wrote)
        self._points: deque[tuple[float, int]] = deque(maxlen=MOST_POINTS)
        self._since = -inf
        self._fault: str | None = None

    async def enough_for(self, context: Context) -> Standing | None:
        """Where it stands, if who asks may be answered from there; None when the primary has to answer.

        It is not further behind than is allowed, has the areas, units, members, grants and rules of this moment,
        everything the caller wrote, by whatever process, and what they say they know of.
        """
        if not self._is_near(self.standing):
            return None
        standing, authors = await self._missing.now()
        if not self._is_near(standing) or context.actor.id in authors:
            return None
        return standing if standing and self._reaches(standing, context.known_of) else None

    def position(self, context: Context) -> Cursor | None:
        """Up to where the log tells what the operation changed; None when it changed nothing, or without a replica."""
        return self._log.cursor(context.written) if self._log and context.written else None

    def _is_near(self, standing: Standing | None) -> bool:
        return (
            standing is not None
            and monotonic() - standing.since <= self.most
            and [standing.generations] == HEARD
        )

    def _reaches(self, standing: Standing, known_of: str | None) -> bool:
        """Not what cannot be read: the primary has whatever was meant."""
        if known_of is None:
            return True
        try:
            return self._log is not None and self._log.pos(known_of) <= standing.head
        except Refusal:
            return False

    async def _ask_who_wrote(self) -> tuple[Standing | None, frozenset[str]]:
        """Whose events the replica does not have yet, asked of the primary, once for all who wait."""
        standing = self.standing
        if standing is None:
            return None, frozenset()
        rows = await get_connection("default").execute_query_dict(MISSING, [standing.head])
        return standing, frozenset(row["actor_id"] for row in rows)

    async def watch(self, most: float) -> None:
        """Look for ever; `most`: how many seconds it may be behind."""
        self.most = most
        while True:
            try:
                await self.look()
            except Exception as failed:
                self._leave(failed)
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Raises Stranger, or whatever goes wrong; the last standing holds no longer then."""
        now = monotonic()
        here = await _told(get_connection("default"), HERE)
        self._log = LogCursors(str(here["epoch"]))
        self._points.append((now, _number(here["wal"])))
        async with asyncio.timeout(ANSWERS_WITHIN):
            there = await _told(replica(), THERE)
        if not there["follows"] or there["epoch"] != here["epoch"]:
            raise Stranger("it follows another database, or none")
        self._trust(there)

    def _trust(self, there: Row) -> None:
        replica().seen = reached = _number(there["wal"])
        while self._points and self._points[0][1] <= reached:
            self._since, _ = self._points.popleft()
        if self.standing is None:
            log.info("the replica answers queries")
        self._fault = None
        generations = read_generations(str(there["generations"]))
        self.standing = Standing(self._since, _number(there["head"] or 0), generations)

    def _leave(self, failed: Exception) -> None:
        """Until it says anew where it stands."""
        if self._fault != repr(failed):
            log.warning("the replica is not asked: %r", failed)
        self._fault = repr(failed)
        self.standing, self._since, replica().seen = None, -inf, 0
        self._points.clear()


async def _told(server: BaseDBAsyncClient, question: str) -> Row:
    [row] = await server.execute_query_dict(question)
    return row


def _number(value: object) -> int:
    assert isinstance(value, int), "a bigint"
    return value


REPLICA = Replica()
