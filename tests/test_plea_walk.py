"""Thousands of steps at random through requests and orders: every row is taken, and what must hold always does.

As in test_random_walk, which says how to walk further or elsewhere.
"""

import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from plea_walk import PleaWalk, prepare
from plea_walk_claims import broken
from plea_walk_stories import FINGERPRINT, Plea, all_pleas
from walk_going import SEED, coverage, go_far, surroundings, watched
from walk_stories import Row, miscounted

ENOUGH = 3_000
STEPS = int(os.environ.get("BAODAO_WALK_STEPS", ENOUGH))
FEW = 200


def check(before: Plea | None, after: Plea, told: list[Row]) -> None:
    faults = broken(after, before)
    assert not faults, f"{faults} after {[event['action'] for event in after.event][-12:]}"


async def turn(walk: PleaWalk) -> None:
    await watched(walk, FINGERPRINT, check)
    assert not walk.named, f"only who reported it may know that they did: {walk.named}"


@asynccontextmanager
async def walking(url: str, seed: str = SEED) -> AsyncIterator[PleaWalk]:
    async with surroundings(url, seed) as moving:
        yield await PleaWalk(seed, moving, await prepare()).begin()


async def go(walk: PleaWalk, steps: int) -> None:
    await go_far(walk, turn, steps, 2 * steps if steps >= ENOUGH else steps)


async def test_a_long_walk_takes_every_row_and_breaks_nothing(
    database_url: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.perf_counter()
    async with walking(database_url) as walk:
        await go(walk, STEPS)
        with capsys.disabled():
            print(f"\n{database_url.partition(':')[0]}: {coverage(walk, time.perf_counter() - begun)}")
        assert not [faults for plea in await all_pleas() if (faults := broken(plea))]
        assert not await miscounted()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], (
        "timers log what failed"
    )
    assert STEPS < ENOUGH or not walk.missing
