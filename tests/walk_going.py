"""Where random walks begin, and how far they go."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import TypeVar

import pytest
from conftest import on_server
from walk_stories import query
from walk_way import Way
from world import MONDAY

from actions.remembered import forget_everything
from baodao.database import database, inline, is_embedded
from models import clock

SEED = os.environ.get("BAODAO_WALK_SEED", "baodao")
ONE_IN = 16
"""Of so many turns, one is looked at closely: whether a refusal leaves a trace."""
AnyWay = TypeVar("AnyWay", bound=Way)


@asynccontextmanager
async def surroundings(url: str, seed: str) -> AsyncIterator[clock.Moving]:
    """Of a walk at its beginning. The random part of ids follows the seed too, so that nothing is left to chance."""
    forget_everything()
    await be_quick(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", Random(seed).randbytes)
        async with database(inline(url)):
            with clock.at(MONDAY) as moving:
                yield moving
    forget_everything()


async def be_quick(url: str) -> None:
    """PostgreSQL need not wait for the disk: what a crash would lose is not the subject here."""
    if not is_embedded(url):
        await on_server(f'ALTER DATABASE "{url.rpartition("/")[2]}" SET synchronous_commit = off')


async def watched(walk: Way, fingerprint: str, check: Callable[..., None]) -> bool:
    """One turn: what it changed is checked, a refusal changed nothing. Whether this was looked at closely."""
    known = await query(fingerprint) if walk.rng.randrange(ONE_IN) == 0 else None
    refusal = await walk.go_on()
    changes = await walk.news()
    if refusal:
        assert not changes, f"{refusal} and yet something was told"
        assert known is None or known == await query(fingerprint), f"{refusal} and yet something changed"
    for change in changes:
        check(*change)
    return known is not None


async def go_far(walk: AnyWay, turn: Callable[[AnyWay], Awaitable[None]], steps: int, far: int) -> None:
    """At least so many steps, and up to `far` while a row of the table is missing."""
    while walk.steps < steps or (walk.missing and walk.steps < far):
        thousands = walk.steps // 1000
        try:
            await turn(walk)
        except BaseException as error:
            error.add_note(f"seed {SEED!r}, {walk.steps} steps, {clock.now()}")
            raise
        if walk.steps // 1000 > thousands:
            await query("ANALYZE")  # plans made for empty tables go on scanning them when they are full


def coverage(walk: Way, seconds: float) -> str:
    rows = len(walk.IN_FORCE)
    return (
        f"{walk.steps} steps, {rows - len(walk.missing)} of {rows} rows taken,"
        f" {walk.refused.total()} refusals for {len(walk.refused)} reasons,"
        f" {seconds:.0f} s, {walk.steps / seconds:.0f} steps/s"
    )
