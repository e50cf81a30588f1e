"""One event to ten thousand subscribers: when the last has it, what it costs, and what a socket weighs.

``python -m bench.listeners > docs/measured/stream.md``; needs PostgreSQL and some minutes.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

import httpx

from bench.cases import issuer_of
from bench.contenders import OURS, cpu_of, running
from bench.district import villages
from bench.results import taken
from bench.rounds import Plan
from bench.sockets import AT_ONCE, PATIENCE, VILLAGE, Subscriber, connect, readers
from bench.store import Fresh, on_postgres
from bench.workloads import ACCEPT, Draw, acceptances

SUBSCRIBERS, EVENTS, SUMMONSES = 10_000, 7, 10_000
WORKERS, MANY = (1, 4), 100
HEAD = """# Measured: the stream

Written by `make bench-listeners`. One acceptance, told to 10,000 subscribers over WebSockets, who are members of a
village, its town and the district; the median of six events. The load runs on the same machine and takes its share.
Memory is resident, of all processes.

{}

| worker processes | first has it, ms | last has it, ms | server CPU, ms | KB a socket | connected a second | each has |
|--:|--:|--:|--:|--:|--:|--:|"""


class Told(NamedTuple):
    """`first_ms`, `last_ms`: from the mutation's start; `cpu_ms` of all processes for one event.

    `shares`: subscribers of each worker, as the kernel spread them.
    """

    workers: int
    first_ms: float
    last_ms: float
    cpu_ms: float
    socket_kb: float
    connected_per_s: float
    shares: list[int]


async def measure(url: str, workers: int, folder: Path, draws: list[Draw]) -> Told:
    command = (*OURS.command, *(("--workers", str(workers)) if workers > 1 else ()))
    with everywhere(), running(OURS._replace(command=command), url, folder) as server:
        await asyncio.sleep(5)  # until all workers are there
        before, loop = memory(server.pid), asyncio.get_running_loop()
        begun = loop.time()
        subscribers = await subscribed(server.port)
        took = loop.time() - begun
        weight = (memory(server.pid) - before) / len(subscribers)
        shares = [number for one in family(server.pid) if (number := sockets(one)) > MANY]
        found = []
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            for draw in draws:
                found.append(await told(client, server.pid, server.port, draw, subscribers))
                await asyncio.sleep(1)
        for one in subscribers:
            one.transport.abort()
        await asyncio.sleep(1)
    first, last, cpu = (median(column) for column in zip(*found[1:], strict=True))
    return Told(workers, first, last, cpu, weight, len(subscribers) / took, shares)


@contextmanager
def everywhere() -> Iterator[None]:
    """On all cores: what is started inherits it."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    yield
    os.sched_setaffinity(0, cores)


async def subscribed(port: int) -> list[Subscriber]:
    loop = asyncio.get_running_loop()
    some = islice(cycle(readers()), SUBSCRIBERS)
    subscribers = [Subscriber(OURS.header(login), OURS.area_type, loop) for login in some]
    for start in range(0, SUBSCRIBERS, AT_ONCE):
        here = subscribers[start : start + AT_ONCE]
        await asyncio.gather(*(connect(one, port) for one in here))
        await asyncio.gather(*(one.first for one in here))
    await asyncio.sleep(3)
    return subscribers


async def told(
    client: httpx.AsyncClient, pid: int, port: int, draw: Draw, subscribers: list[Subscriber]
) -> tuple[float, float, float]:
    """Milliseconds till the first and the last has it, and of CPU."""
    loop = asyncio.get_running_loop()
    for one in subscribers:
        one.heard = loop.create_future()
    headers = {"content-type": "application/json", "authorization": OURS.header(draw.login)}
    used, began = cpu(pid), loop.time()
    answer = await client.post(
        f"http://127.0.0.1:{port}/graphql", content=OURS.body(ACCEPT.name, draw), headers=headers
    )
    if "errors" in answer.json():
        raise RuntimeError(answer.text)
    heard = await asyncio.gather(*(one.heard for one in subscribers))
    return (min(heard) - began) * 1e3, (max(heard) - began) * 1e3, (cpu(pid) - used) * 1e3


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = place.read_text().rpartition(")")
        except OSError:
            continue  # it has just ended
        parents[int(name.split()[0])] = int(rest.split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def sockets(pid: int) -> int:
    """That the process has open, and a few other files."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def cpu(pid: int) -> float:
    return sum(map(cpu_of, family(pid)))


def memory(pid: int) -> float:
    """Kilobytes resident."""
    return sum(
        int(line.split()[1])
        for one in family(pid)
        for line in Path(f"/proc/{one}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )


async def main() -> None:
    async with on_postgres(SUMMONSES) as url:
        fresh = Fresh(url, SUMMONSES)
        handed = await fresh.tasks(EVENTS * len(WORKERS) * len(villages()))
        here = [index for index in handed if issuer_of(index) == VILLAGE]
        draws = [draw for index in here for draw in acceptances(range(index, index + 1), Random(index))]
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for number, workers in enumerate(WORKERS):
                some = draws[number * EVENTS : (number + 1) * EVENTS]
                rows.append(await measure(url, workers, Path(folder), some))
                print(rows[-1], file=sys.stderr, flush=True)
    print(report(rows))


def report(rows: list[Told]) -> str:
    lines = [HEAD.format(measured())]
    for row in rows:
        lines.append(
            f"| {row.workers} | {row.first_ms:.0f} | {row.last_ms:.0f} | {row.cpu_ms:.0f} | {row.socket_kb:.0f} "
            f"| {row.connected_per_s:.0f} | {', '.join(f'{number:,}' for number in sorted(row.shares))} |"
        )
    return "\n".join(lines)


def measured() -> str:
    one = taken(Plan(SUMMONSES, 1, 0, 0, SUBSCRIBERS))
    return f"{one.date}, {one.state}. {one.machine}."


if __name__ == "__main__":
    asyncio.run(main())
