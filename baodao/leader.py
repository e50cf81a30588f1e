"""One process among all leads: it alone does the work, and when it dies another goes on."""

import asyncio
import fcntl
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import asyncpg

TRY_AGAIN_AFTER = 2.0
ALIVE_EVERY = 5.0
log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


async def lead(url: str, lock: int, work: Work) -> None:
    """For ever: work while this process holds the lock of the PostgreSQL database, on a connection of its own.

    Losing the connection is losing the lock: the work is given up at once. Whoever leads next may repeat some of it.
    """
    while True:
        try:
            await _lead_once(url, lock, work)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as lost:
            log.warning("not leading: %s", lost)
        await asyncio.sleep(TRY_AGAIN_AFTER)


async def lead_beside(file: Path, work: Work) -> None:
    """The same for processes that share an embedded database: who holds this file locked works, as long as it lives."""
    with file.open("w") as lock:
        while not _locked(lock):  # noqa: ASYNC110  (another process has it)
            await asyncio.sleep(TRY_AGAIN_AFTER)
        await work()


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _lead_once(url: str, lock: int, work: Work) -> None:
    connection = await asyncpg.connect(f"postgres{url[len(urlsplit(url).scheme) :]}")
    try:
        await _wait_for(connection, lock)
        await _until_lost(connection, work)
    finally:
        connection.terminate()


async def _wait_for(connection: asyncpg.Connection, lock: int) -> None:
    """Asked for again and again: who waited in the server would not notice a connection that died without a word."""
    while True:
        if await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock, timeout=ALIVE_EVERY):
            return
        await asyncio.sleep(TRY_AGAIN_AFTER)


async def _until_lost(connection: asyncpg.Connection, work: Work) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    duties = [asyncio.ensure_future(duty) for duty in (work(), lost.wait(), _stay(connection))]
    try:
        await asyncio.wait(duties, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for duty in duties:
            duty.cancel()
        ended = await asyncio.gather(*duties, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            log.error("leading ended", exc_info=fault)


async def _stay(connection: asyncpg.Connection) -> None:
    """Notices a connection that died without a word."""
    while True:
        await asyncio.sleep(ALIVE_EVERY)
        await connection.execute("SELECT 1", timeout=ALIVE_EVERY)
