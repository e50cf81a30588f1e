"""A service under load while something happens to it, and what is wrong afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from walk_stories import query
from world import build

from baodao.database import database
from faults.crowd import Listener, Writer
from faults.hosts import Host
from faults.proofs import faults_of, raw
from models import clock
from resolvers.ids import global_id

LISTENERS = ("junan.observer", "junan.system", "shunde.org")
WRITERS = 6
QUIET_WITHIN, ANSWERED_WITHIN = 15.0, 30.0


async def prepare(url: str) -> dict[str, str]:
    """The small world, as of yesterday; the ids of its units."""
    with clock.at(clock.now() - timedelta(days=1)):
        async with database(url):
            world = await build()
            return {name: global_id(unit) for name, unit in world.units.items()}


@dataclass
class Load:
    """Who writes and who listens. `faults` is known when it has ended."""

    url: str
    group: asyncio.TaskGroup
    hosts: list[Host]
    writers: list[Writer]
    listeners: list[Listener]
    faults: list[str] = field(default_factory=list)

    writing: list[asyncio.Task[None]] = field(default_factory=list)
    hearing: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    stuck: int = 0

    def leave(self, listener: Listener) -> None:
        """Not to come back by itself; its cursor is kept."""
        self.hearing[listener.login].cancel()

    def listen(self, listener: Listener) -> None:
        """On from its cursor, if it was here before."""
        self.hearing[listener.login] = self.group.create_task(listener.run())

    async def end_writing(self) -> None:
        """Whoever is not answered by then is given up."""
        for writer in self.writers:
            writer.ended = True
        _, stuck = await asyncio.wait(self.writing, timeout=ANSWERED_WITHIN)
        for task in stuck:
            task.cancel()
        self.stuck = self.stuck or len(stuck)

    @property
    def changes(self) -> int:
        return sum(len(writer.done) for writer in self.writers)


@asynccontextmanager
async def load(
    url: str, hosts: list[Host], *, writers: int = WRITERS, twice: bool = False
) -> AsyncIterator[Load]:
    """All of it goes on for as long as the block runs; then the writers end, and the listeners catch up."""
    ids = await prepare(url)
    await asyncio.gather(*(asyncio.to_thread(host.wait) for host in hosts))
    units = list(ids)[:4]
    writing = [Writer(f"w{n}", _turned(hosts, n), ids, units[n % len(units)], twice) for n in range(writers)]
    listening = [Listener(login, _turned(hosts, n)) for n, login in enumerate(LISTENERS)]
    async with asyncio.TaskGroup() as group:
        found = Load(url, group, hosts, writing, listening)
        for one in listening:
            found.listen(one)
            await asyncio.wait_for(one.ready.wait(), 60)
        found.writing = [group.create_task(one.run()) for one in writing]
        yield found
        await found.end_writing()
        await _caught_up(url, listening)
        for one in listening:
            found.leave(one)
    found.faults = await faults_of(url, writing, listening)
    if found.stuck:
        found.faults.append(f"{found.stuck} writers were not answered any more")


def _turned(hosts: Sequence[Host], by: int) -> list[Host]:
    by %= len(hosts)
    return [*hosts[by:], *hosts[:by]]


async def _caught_up(url: str, listeners: Sequence[Listener]) -> None:
    """Or given up, when they have heard nothing new for a while: then the proofs say what is missing."""
    async with database(url):
        told = {row["id"] for row in await query("SELECT id FROM event WHERE summons_id IS NOT NULL")}
    heard, quiet = -1, 0
    while quiet < QUIET_WITHIN * 10:
        heard_by = [{raw(id) for connection in one.heard for id in connection} for one in listeners]
        if all(told <= one for one in heard_by):
            break
        heard, before = sum(map(len, heard_by)), heard
        quiet = quiet + 1 if heard == before else 0
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # whatever would come twice


@asynccontextmanager
async def running(
    url: str, folder: Path, number: int, bug: str = "none", skews: Sequence[float] = (), **how: Any
) -> AsyncIterator[list[Host]]:
    """So many hosts, starting."""
    hosts = [Host(url, folder, bug, skews[n] if skews else 0.0, **how) for n in range(number)]
    try:
        yield hosts
    finally:
        for host in hosts:
            host.kill()


Happening = Callable[[Load], Awaitable[object]]


async def faults_under_load(
    url: str, folder: Path, number: int, happening: Happening, *, bug: str = "none", **how: Any
) -> Load:
    """What came of it, while that happened to so many hosts."""
    of_hosts = {name: how.pop(name) for name in ("skews", "order", "workers") if name in how}
    async with running(url, folder, number, bug, **of_hosts) as hosts:
        async with load(url, hosts, **how) as found:
            await happening(found)
        return found
