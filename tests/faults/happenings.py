"""What can happen to a service while it is under load."""

import asyncio
from random import Random

from faults.load import Load


async def quiet(load: Load, seconds: float = 5.0) -> None:
    """Nothing happens but the load."""
    await asyncio.sleep(seconds)


async def killings(load: Load, times: int = 4) -> None:
    """One host after the other is killed in the midst of its work, and started again."""
    random = Random(7)
    for time in range(times):
        await asyncio.sleep(0.6 + random.random())
        host = load.hosts[time % len(load.hosts)]
        await asyncio.to_thread(host.kill)
        host.start()
    await asyncio.gather(*(asyncio.to_thread(host.wait) for host in load.hosts))
    await asyncio.sleep(1)


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
