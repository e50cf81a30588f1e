"""What can happen to a service while it is under load."""

import asyncio
from random import Random

from baodao.database import database, is_up_to_date
from faults.hosts import Host
from faults.load import Load

READY_WITHIN = 60.0


async def quiet(load: Load, seconds: float = 5.0) -> None:
    """Nothing happens but the load."""
    await asyncio.sleep(seconds)


async def killings(load: Load, times: int = 4) -> None:
    """One host after the other is killed in the midst of its work, and started again."""
    random = Random(7)
    for time in range(times):
        host = load.hosts[time % len(load.hosts)]
        await asyncio.to_thread(host.wait)  # a service that only starts has nothing in hand
        await asyncio.sleep(0.6 + random.random())
        await asyncio.to_thread(host.kill)
        host.start()
    await asyncio.gather(*(asyncio.to_thread(host.wait) for host in load.hosts))
    await asyncio.sleep(1)


async def worker_killings(load: Load, within: float) -> int:
    """Each worker of a host is killed in the midst of its work; how many changes were made by those in their place.

    (Their parent waits for one that starts before it looks at the next.)
    """
    random, host = Random(7), load.hosts[0]
    await _ready(host, host.number, READY_WITHIN)
    for _ in range(host.number):
        await asyncio.sleep(0.6 + random.random())
        host.kill_worker()
    changes = load.changes
    await _ready(host, 2 * host.number, within)
    await asyncio.sleep(2)
    return load.changes - changes


async def busy(load: Load, changes: int = 20, within: float = 10.0) -> None:
    """Until so many more were made, or time is over, as below."""
    wanted = load.changes + changes
    for _ in range(int(within * 100)):
        if load.changes >= wanted:
            return
        await asyncio.sleep(0.01)


async def _ready(host: Host, processes: int, within: float) -> None:
    """So many ever were, or time is over: what follows from that is found out afterwards."""
    for _ in range(int(within * 10)):
        if host.ready >= processes:
            return
        await asyncio.sleep(0.1)


async def upgrade(load: Load, bug: str) -> None:
    """As docs/operating.md tells it: migrated beside those who work, and then one host after the other is the new one.

    Somebody who listened to the old ones is away all the while.
    """
    await asyncio.sleep(2)
    away = load.listeners[0]
    load.leave(away)
    await asyncio.sleep(1)
    assert load.changes and away.cursor and not await _is_migrated(load.url)
    for host in load.hosts:
        host.bug = bug
    if len(load.hosts) > 1:  # SQLite's only host does it by itself
        await asyncio.to_thread(load.hosts[0].run, "migrate")
    await restarts(load)
    assert await _is_migrated(load.url)
    load.listen(away)
    await asyncio.sleep(2)


async def _is_migrated(url: str) -> bool:
    async with database(url):
        return await is_up_to_date()


async def restarts(load: Load) -> list[float]:
    """One host after the other is told to end and started again, as in an upgrade; the seconds each took to end."""
    took = []
    for host in load.hosts * (2 if len(load.hosts) == 1 else 1):
        await asyncio.sleep(1)
        took.append(await asyncio.to_thread(host.terminate))
        host.start()
        await asyncio.to_thread(host.wait)
    await asyncio.sleep(1)
    return took


def told(load: Load) -> str:
    faults = sum(sum(writer.faults.values()) for writer in load.writers)
    connections = [len(listener.heard) for listener in load.listeners]
    done = f"{load.changes} changes, {faults} requests without an answer, connections {connections}"
    return f"{done}: {load.faults or 'nothing lost'}"
