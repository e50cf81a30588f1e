"""How many events a second are let through, and how long each takes: behind the lock, and by the sequencer.

``python -m bench.order > docs/measured/order.md``; needs PostgreSQL and a minute.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from random import Random
from statistics import quantiles
from time import monotonic

from actions.record import recording
from actions.sequencer import SEQUENCER
from baodao.database import database
from baodao.sequencer import run_sequencer
from bench.results import taken
from bench.rounds import Plan
from bench.store import on_postgres
from models import Event, Member, Summons, clock
from policies.loading import load_actor, load_rules

SUMMONSES, ROUNDS, SECONDS = 10_000, 3, 5.0
PROCESSES, WRITERS, LONGEST_MS = 2, 16, 20
ORDERS = {"lock": "behind the lock", "sequencer": "by the sequencer"}
HEAD = f"""# Measured: the order of the log

Written by `make bench-order`. {PROCESSES} processes with {WRITERS} writers each; every transaction changes a summons
of its own, takes up to {LONGEST_MS} ms before that, and tells one event; it has ended when the event has its position.
In turns, {ROUNDS} rounds of {SECONDS:.0f} s; the writers, their database and the sequencer share the machine.

{{}}

| positions are given out | events a second | half take, ms | of 100, one takes longer than, ms |
|---|--:|--:|--:|"""


def written(url: str, order: str, number: int) -> list[float]:
    """The seconds each event took, in a process of its own."""
    return asyncio.run(_written(url, order, number))


async def _written(url: str, order: str, number: int) -> list[float]:
    SEQUENCER.is_used = order == "sequencer"
    async with database(url):
        await load_rules()
        ordering = asyncio.create_task(run_sequencer(url)) if SEQUENCER.is_used else None
        actor = await load_actor(await Member.all().order_by("id").limit(1).get(), clock.now())
        summonses = await Summons.all().order_by("id").offset(number * WRITERS).limit(WRITERS)
        took: list[float] = []

        async def write(summons: Summons) -> None:
            random, end = Random(summons.id), monotonic() + SECONDS
            while (began := monotonic()) < end:
                async with recording(actor) as record:
                    await asyncio.sleep(random.random() * LONGEST_MS / 1000)
                    event = Event(
                        aggregate="Summons", aggregate_id=summons.id, summons_id=summons.id, at=record.now
                    )
                    event.type, event.area_id, event.path = "summons.edited", summons.issuer_id, summons.path
                    record.tell(summons, event)
                    await summons.save(update_fields=["version"])
                took.append(monotonic() - began)

        await asyncio.gather(*map(write, summonses))
        if ordering is not None:
            ordering.cancel()
            with suppress(asyncio.CancelledError):
                await ordering
    return took


async def main() -> None:
    found: dict[str, list[float]] = {order: [] for order in ORDERS}
    async with on_postgres(SUMMONSES) as url:
        loop = asyncio.get_running_loop()
        for _ in range(ROUNDS):
            for order, all_took in found.items():
                with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
                    parts = [loop.run_in_executor(pool, written, url, order, n) for n in range(PROCESSES)]
                    all_took += [one for part in await asyncio.gather(*parts) for one in part]
    print("\n".join(_report(found)))


def _report(found: dict[str, list[float]]) -> Iterator[str]:
    one = taken(Plan(SUMMONSES, ROUNDS, int(SECONDS), 0, PROCESSES * WRITERS))
    yield HEAD.format(f"{one.date}, {one.state}. {one.machine}.")
    for order, title in ORDERS.items():
        cuts = [cut * 1000 for cut in quantiles(found[order], n=100)]
        yield f"| {title} | {len(found[order]) / ROUNDS / SECONDS:.0f} | {cuts[49]:.0f} | {cuts[98]:.0f} |"
    ratio = len(found["sequencer"]) / len(found["lock"])
    yield f"\nThe sequencer lets through {ratio:.2f} times as many."


if __name__ == "__main__":
    asyncio.run(main())
