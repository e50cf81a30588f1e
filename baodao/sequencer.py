"""The sequencer's loop: one process leads, and gives positions to what all of them committed."""

from actions.feed import Bell
from actions.sequencer import AT_ONCE, place_waiting
from baodao.leader import lead

SEQUENCER_LOCK = 0x73657175
LOOK_EVERY = 0.02
"""Seconds. Writers elsewhere do not ring: PostgreSQL lets those who notify commit one after the other only."""


async def run_sequencer(url: str) -> None:
    """For ever. Should it fail, whoever waits for a position helps out until somebody leads again."""
    await lead(url, SEQUENCER_LOCK, _give_out)


async def _give_out() -> None:
    with Bell(sequencer=True) as bell:
        while True:
            while await place_waiting() == AT_ONCE:
                pass
            await bell.wait(LOOK_EVERY)
