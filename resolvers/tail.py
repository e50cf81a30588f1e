"""The end of the log, read once for all who listen in this process: however many they are, it costs the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from tortoise.connection import get_connection

from models import Event
from models.generations import Moment
from models.replica import from_primary
from policies.actor import Actor
from policies.scopes import Reading, readings, whole

MOST = 500
"""Positions of the log that are read at once; who is further behind than that catches up alone."""

LOG_HEAD = f"SELECT max(pos) AS pos FROM {Event._meta.db_table}"


@from_primary
async def log_head() -> int:
    rows = await get_connection("default").execute_query_dict(LOG_HEAD)
    return int(rows[0]["pos"] or 0)


@dataclass(frozen=True, slots=True)
class Recent:
    """Every event after `since` up to `head`, in order, each with what decides who may read it."""

    since: int
    head: int
    events: list[tuple[Event, Reading]]

    def readable(self, actor: Actor, after: int) -> Iterator[Event]:
        for event, reading in self.events:
            if event.pos > after and reading.is_open_to(actor):
                yield event


class Tail:
    """Those who ask while it is being read wait for the next time: they get what was there after they asked."""

    def __init__(self) -> None:
        self._positions: list[int] = []
        self._moment = Moment(self._read)

    async def after(self, position: int) -> Recent:
        """From there on, unless that is too far back."""
        self._positions.append(position)
        return await self._moment.now()

    async def _read(self) -> Recent:
        positions, self._positions = self._positions, []
        head = await log_head()
        since = min(head, max(min(positions), head - MOST))
        if since == head:
            return Recent(head, head, [])
        events = await whole(Event).filter(pos__gt=since, pos__lte=head).order_by("pos")
        return Recent(since, head, list(zip(events, await readings(events), strict=True)))


TAIL = Tail()
