"""Thousands of steps at random on each database: every row of the workflow is taken, and what must hold always does.

BAODAO_WALK_STEPS=100000 walks further, BAODAO_WALK_SEED=… elsewhere. What holds is checked for each summons that
somebody or a timer touched, after each turn (a turn of the timers rings all clocks that are due), on the rows as they
are now and the events read when they were written; at the end for the whole database, with everything read anew.
"""

import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copy

import pytest
from ledgers import wrong_ledgers
from walk import Walk, prepare
from walk_claims import CLAIMS, broken
from walk_going import SEED, coverage, go_far, surroundings, watched
from walk_stories import FINGERPRINT, Row, Story, all_stories, miscounted, moment, query, story_of

from actions.score_proof import prove_scores

ENOUGH = 10_000
STEPS = int(os.environ.get("BAODAO_WALK_STEPS", ENOUGH))
FEW = 300


def check(before: Story | None, after: Story, told: list[Row]) -> None:
    faults = broken(after)
    if (
        before
        and {event["action"] for event in told} == {"addProgress"}
        and _limits(before) != _limits(after)
    ):
        faults.append("progress_moves_no_clock")
    assert not faults, f"{faults} after {[event['action'] for event in after.event][-12:]}"


def _limits(story: Story) -> object:
    return story.sla_clock, story.standing, [(task["due_at"], task["limit_at"]) for task in story.task]


async def turn(walk: Walk) -> None:
    if await watched(walk, FINGERPRINT, check):
        assert not await miscounted()


@asynccontextmanager
async def walking(url: str, seed: str) -> AsyncIterator[Walk]:
    async with surroundings(url, seed) as moving:
        yield await Walk(seed, moving, await prepare()).begin()


async def go(walk: Walk, steps: int) -> None:
    await go_far(walk, turn, steps, 2 * steps if steps >= ENOUGH else steps)


async def test_a_long_walk_takes_every_row_and_breaks_nothing(
    database_url: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.perf_counter()
    async with walking(database_url, SEED) as walk:
        await go(walk, STEPS)
        with capsys.disabled():
            print(f"\n{database_url.partition(':')[0]}: {coverage(walk, time.perf_counter() - begun)}")
        assert not [faults for story in await all_stories() if (faults := broken(story))]
        assert not await miscounted()
        assert not await wrong_ledgers()
        assert (proof := await prove_scores()).locked and not proof.broken
        moments = [moment(row["at"]) for row in await query("SELECT at FROM event ORDER BY pos")]
        assert moments == sorted(moments)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], (
        "timers log what failed"
    )
    assert STEPS < ENOUGH or not walk.missing


async def history(url: str, steps: int) -> list[tuple[object, ...]]:
    async with walking(url, SEED) as walk:
        await go(walk, steps)
        events = await query("SELECT id, action, from_state, to_state, at FROM event ORDER BY pos")
    return [(*list(event.values())[:4], moment(event["at"])) for event in events]


async def test_the_seed_alone_decides_where_a_walk_goes(
    database_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    another = copy(sqlite_template, tmp_path / "another.db")
    assert await history(f"sqlite://{another}", FEW) == await history(database_url, FEW)


TAMPERING = {
    "tasks_live_only_under_a_summons_under_way": "UPDATE summons SET state = 'CLOSED'",
    "an_issued_summons_has_a_live_or_evaluated_task": "UPDATE task SET state = 'WITHDRAWN'",
    "evaluation_waits_until_all_live_tasks_are_resolved": "UPDATE summons SET state = 'AWAITING_EVALUATION'",
    "a_unit_has_one_live_task_in_a_summons": "UPDATE task SET unit_id = (SELECT min(id) FROM unit)",
    "versions_count_the_events_without_a_hole": "UPDATE task SET version = version + 1",
    "each_event_starts_where_the_last_one_ended": "UPDATE task SET state = 'NOWHERE'",
    "each_event_is_a_row_of_the_table": "UPDATE event SET type = 'other'",
    "nobody_judges_their_own_unit": "UPDATE member SET unit_id ="
    " (SELECT unit_id FROM evaluation WHERE submitted_by_id = member.id)",
    "a_task_stays_with_its_unit": "UPDATE event SET unit_id = 'other'",
    "only_naming_and_losing_change_the_responsible_member": "UPDATE task SET responsible_id ="
    " (SELECT min(id) FROM member)",
    "no_task_is_forgotten": "UPDATE sla_clock SET task_id = NULL",
    "clocks_end_with_what_they_are_for": "UPDATE sla_clock SET stopped_at = NULL",
    "standings_are_one_line_up_to_the_present": "UPDATE standing SET until = since",
}
"""What each claim must notice."""


def is_busy(story: Story) -> bool:
    return len(story.live) > 1 and {task["state"] for task in story.live} != {"RESOLVED"}


async def test_every_claim_can_be_broken(sqlite_url: str) -> None:
    assert list(TAMPERING) == list(CLAIMS)
    async with walking(sqlite_url, SEED) as walk:
        while not (walk.taken["task", "evaluate", "RESOLVED"] and any(map(is_busy, walk.stories.values()))):
            await turn(walk)
        for name, sql in TAMPERING.items():
            await query("SAVEPOINT untouched")
            await query(sql)
            assert not all(map(CLAIMS[name], await all_stories())), f"{name} holds after {sql}"
            await query("ROLLBACK TO untouched")
        assert not any(map(broken, await all_stories()))


async def test_a_wrong_tally_is_noticed(sqlite_url: str) -> None:
    async with walking(sqlite_url, SEED) as walk:
        await go(walk, FEW)
        for wrong in ("UPDATE tally SET number = number + 1", "DELETE FROM tally"):
            await query("SAVEPOINT untouched")
            assert not await miscounted()
            await query(wrong)
            assert await miscounted()
            await query("ROLLBACK TO untouched")


async def test_a_comment_that_moves_a_clock_is_noticed(sqlite_url: str) -> None:
    async with walking(sqlite_url, SEED) as walk:
        await go(walk, FEW)
        before = next(story for story in walk.stories.values() if story.live)
        id, told = str(before.summons["id"]), [{"action": "addProgress"}]
        check(before, await story_of(id, [], known=before), told)
        await query("UPDATE task SET due_at = created_at")
        with pytest.raises(AssertionError, match="progress_moves_no_clock"):
            check(before, await story_of(id, [], known=before), told)
