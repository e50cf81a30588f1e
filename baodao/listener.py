"""What other processes commit, heard from PostgreSQL: it rings the bell of this process within milliseconds.

Missing a ring loses nothing (listeners look at the log every few seconds anyway), so a lost connection is no fault.
"""

import asyncio
import logging
from urllib.parse import urlsplit

import asyncpg

from actions import feed
from actions.places import CHANNEL

TRY_AGAIN_AFTER = 2.0
ALIVE_EVERY = 20.0
log = logging.getLogger(__name__)


async def listen(url: str) -> None:
    """For ever, on a connection of its own; connect again whenever it is lost."""
    while True:
        try:
            await _listen_once(url)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as lost:
            log.warning("not listening to other processes: %s", lost)
        await asyncio.sleep(TRY_AGAIN_AFTER)


async def _listen_once(url: str) -> None:
    """Until the connection is lost."""
    connection = await asyncpg.connect(f"postgres{url[len(urlsplit(url).scheme) :]}")
    try:
        await connection.add_listener(CHANNEL, _ring)
        feed.ring()  # for whatever was committed while nobody listened
        while not connection.is_closed():
            await asyncio.sleep(ALIVE_EVERY)
            await connection.execute("SELECT 1", timeout=ALIVE_EVERY)
    finally:
        connection.terminate()


def _ring(*_: object) -> None:
    feed.ring()
