"""The timers' loop: every few seconds whatever fell due is done, by one process at a time."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise.connection import get_connection

from actions.tick import tick
from baodao import metrics

TICK_EVERY = 2.0
TIMERS_LOCK = 0x7469636B
log = logging.getLogger(__name__)


async def run_timers() -> None:
    """Tick for ever; a failure is logged, and tried again the next time."""
    while True:
        try:
            async with _alone() as mine:
                if mine:
                    await _measured_tick()
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


@asynccontextmanager
async def _alone() -> AsyncIterator[bool]:
    """Whether no other process ticks now. On SQLite all may: each step takes the write lock and looks again."""
    database = get_connection("default")
    if database.capabilities.dialect != "postgres":
        yield True
        return
    async with database.acquire_connection() as connection:  # not a transaction: the steps make their own
        mine = await connection.fetchval("SELECT pg_try_advisory_lock($1)", TIMERS_LOCK)
        try:
            yield mine
        finally:
            if mine:
                await connection.execute("SELECT pg_advisory_unlock($1)", TIMERS_LOCK)
