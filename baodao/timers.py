"""The timers' loop: every few seconds whatever fell due is done, by one process at a time."""

import asyncio
import logging
import time

from actions.once import forget_old_keys
from actions.tick import tick
from actions.tries import forget_old_tries
from baodao import metrics
from baodao.database import is_embedded
from baodao.leader import lead

TICK_EVERY = 2.0
TIDY_EVERY = 3600.0
NEVER = float("-inf")
TIMERS_LOCK = 0x7469636B
log = logging.getLogger(__name__)


async def run_timers(url: str) -> None:
    """Tick for ever. On SQLite all processes may: each step takes the write lock and looks again.

    On PostgreSQL one leads, on a connection outside the pool: a tick that held one of the pool while its steps wait
    for another would wait for ever once the rest is taken.
    """
    if is_embedded(url):
        await _tick_for_ever()
    else:
        await lead(url, TIMERS_LOCK, _tick_for_ever)


async def _tick_for_ever() -> None:
    """A failure is logged, and tried again the next time."""
    tidied = NEVER
    while True:
        try:
            await _measured_tick()
            if time.monotonic() - tidied > TIDY_EVERY:
                await forget_old_keys()
                await forget_old_tries()
                tidied = time.monotonic()
        except Exception:
            metrics.TICKS.labels("failed").inc()
            log.exception("the timers failed")
        await asyncio.sleep(TICK_EVERY)


async def _measured_tick() -> None:
    began, failed = time.perf_counter(), set[str]()
    try:
        metrics.STEPS.labels("taken").inc(await tick(failed))
    finally:
        metrics.STEPS.labels("failed").inc(len(failed))
    metrics.TICKS.labels("done").inc()
    metrics.TICK_AT.set(time.time())
    metrics.TICK_SECONDS.set(time.perf_counter() - began)
