"""The sequencer's loop: one process leads, and gives positions to what all of them committed."""

import asyncio
import logging

from actions.feed import Bell
from actions.sequencer import AT_ONCE, place_waiting
from baodao.leader import lead

SEQUENCER_LOCK = 0x73657175
LOOK_EVERY = 0.02
"""Seconds. Writers elsewhere do not ring: PostgreSQL lets those who notify commit one after the other only."""
LOOK_AFTER_THE_LEADER_EVERY = 2.0
log = logging.getLogger(__name__)


async def run_sequencer(url: str) -> None:
    """For ever. Should whoever leads fail or vanish, every process looks whether something waits."""
    await asyncio.gather(lead(url, SEQUENCER_LOCK, _give_out), _stand_by())


async def _give_out() -> None:
    with Bell(sequencer=True) as bell:
        while True:
            while await place_waiting() == AT_ONCE:
                pass
            await bell.wait(LOOK_EVERY)


async def _stand_by() -> None:
    while True:
        await asyncio.sleep(LOOK_AFTER_THE_LEADER_EVERY)
        try:
            await place_waiting()
        except Exception:
            log.exception("cannot look after the sequencer")
