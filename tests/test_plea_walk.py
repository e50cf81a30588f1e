"""Thousands of steps at random through requests and orders: every row is taken, and what must hold always does.

As in test_random_walk, which says how to walk further or elsewhere.
"""

import logging
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest
from api import ask
from matter import EYE
from plea_walk import PleaWalk, prepare
from plea_walk_claims import CLAIMS, LASTING, broken
from plea_walk_stories import FINGERPRINT, Plea, all_pleas
from walk_going import SEED, coverage, go_far, surroundings, watched
from walk_stories import Row, miscounted, moment, query
from world import MONDAY

from actions import merging, settlement
from actions.held import Held
from actions.request_case import RequestCase
from actions.turn import RULES, Turn
from models import Channel, FlagEntry, MatterClass, Reporter, Request, WorkOrder, clock

ENOUGH = 2_200
STEPS = int(os.environ.get("BAODAO_WALK_STEPS", ENOUGH))
FEW = 200
BY_CLASS = [*MatterClass, None]
FIGURES = """query($from: Date!, $to: Date!) { area(code: "440606") { requestFigures(from: $from, to: $to) {
    received merged settled orders verified members
    byClass { matterClass count } byChannel { channel count } } } }"""


def check(before: Plea | None, after: Plea, told: list[Row]) -> None:
    faults = broken(after, before)
    assert not faults, f"{faults} after {[event['action'] for event in after.event][-12:]}"


async def turn(walk: PleaWalk) -> None:
    if await watched(walk, FINGERPRINT, check):
        assert await figures() == await counted_by_hand()
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


async def figures() -> dict[str, object]:
    """As the API tells them, of everything so far."""
    until = clock.local_date(clock.now()).isoformat()
    told = await ask(EYE, FIGURES, **{"from": clock.local_date(MONDAY).isoformat(), "to": until})
    figures: dict[str, object] = told["area"]["requestFigures"]
    return figures


async def counted_by_hand() -> dict[str, object]:
    requests = await query("SELECT * FROM request")
    verified = await query("SELECT * FROM work_order WHERE state = 'VERIFIED'")
    received = [one for one in requests if one["state"] != "MERGED"]
    settled = [one for one in received if one["state"] in ("DONE", "CLOSED") and not one["withdrawn"]]
    classes, channels = (Counter(one[by] for one in received) for by in ("matter_class", "channel"))
    return {
        "received": len(received),
        "merged": len(requests) - len(received),
        "settled": len(settled),
        "orders": len(await query("SELECT id FROM work_order")),
        "verified": len(verified),
        "members": len({one["done_by_id"] for one in verified}),
        "byClass": [{"matterClass": one, "count": classes[one]} for one in BY_CLASS if classes[one]],
        "byChannel": [{"channel": one, "count": channels[one]} for one in Channel if channels[one]],
    }


async def test_the_seed_alone_decides_where_a_walk_goes(
    database_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    another = copy(sqlite_template, tmp_path / "another.db")
    assert await history(f"sqlite://{another}") == await history(database_url)


async def history(url: str) -> list[tuple[object, ...]]:
    async with walking(url) as walk:
        await go(walk, FEW)
        events = await query("SELECT id, action, from_state, to_state, at FROM event ORDER BY pos")
    return [(*list(event.values())[:4], moment(event["at"])) for event in events]


TAMPERING = {
    "versions_count_the_events_without_a_hole": "UPDATE work_order SET version = version + 1",
    "each_event_starts_where_the_last_one_ended": "UPDATE request SET state = 'NOWHERE'",
    "each_event_is_a_row_of_the_table": "UPDATE event SET type = 'other'",
    "it_is_ordered_while_an_order_of_its_round_is_open": "UPDATE work_order SET state = 'OPEN'",
    "it_is_summoned_while_its_summons_is_under_way": "UPDATE summons SET state = 'CLOSED'",
    "the_clock_of_its_state_runs_and_no_other": "UPDATE sla_clock SET stopped_at = NULL",
    "what_a_timer_ends_it_will_end": "UPDATE sla_clock SET next_at = NULL",
    "it_is_shown_with_the_limit_that_runs": "UPDATE request SET due_at = created_at",
    "each_verified_order_is_one_flag_of_who_did_it": "UPDATE work_order SET state = 'VERIFIED'",
    "an_order_is_for_somebody_or_for_all": "UPDATE work_order SET assignee_id = NULL, unit_id = NULL",
    "it_was_merged_into_one_that_goes_on": "UPDATE request SET merged_into_id = id WHERE state = 'MERGED'",
    "who_reported_what_was_merged_reported_the_other_too": "DELETE FROM reporter WHERE origin_id != request_id",
    "no_event_tells_who_reported_it": "UPDATE event SET payload = '{}'",
    "whoever_is_dissatisfied_has_it_reopened": "UPDATE reporter SET feedback = 'DISSATISFIED', feedback_round ="
    " (SELECT round FROM request WHERE id = request_id)",
    "silence_is_no_feedback": "UPDATE reporter SET feedback = NULL",
    "who_can_sign_in_has_heard_what_came_of_it": "UPDATE reporter SET informed_at = NULL",
}
"""What each claim must notice."""
LOSSES = {
    "reporters_stay": lambda plea: replace(plea, reporter=[]),
    "flags_stay_as_they_are": lambda plea: replace(plea, flag_entry=[]),
    "what_was_merged_stays_merged": lambda plea: replace(
        plea, request=plea.request | {"merged_into_id": None}
    ),
}
SEEN = {("order", "verify", "DONE"), ("request", "reject", "NEW"), ("request", "merge", "NEW")}
STATES = {"ORDERED", "SUMMONED", "DONE"}


def shows_everything(walk: PleaWalk) -> bool:
    """Whether there is something that each claim is about."""
    content = any(plea.event[-1]["action"] == "allContent" for plea in walk.pleas.values())
    return content and walk.taken.keys() >= SEEN and {plea.state for plea in walk.pleas.values()} >= STATES


async def test_every_claim_can_be_broken(sqlite_url: str) -> None:
    assert (list(TAMPERING), list(LOSSES)) == (list(CLAIMS), list(LASTING))
    async with walking(sqlite_url) as walk:
        while not shows_everything(walk):
            await turn(walk)
        for name, sql in TAMPERING.items():
            await query("SAVEPOINT untouched")
            await query(sql)
            assert not all(map(CLAIMS[name], await all_pleas())), f"{name} holds after {sql}"
            await query("ROLLBACK TO untouched")
        pleas = await all_pleas()
        assert not any(map(broken, pleas))
        for name, lose in LOSSES.items():
            assert not all(LASTING[name](plea, lose(plea)) for plea in pleas), name


def flag_at_once(patch: pytest.MonkeyPatch) -> None:
    """Whoever says that it is done earns the flag."""
    rule = RULES["order"]["complete"]

    async def does(turn: Turn[Held]) -> None:
        await rule.does(turn)
        order, request = turn.about, turn.case.root
        assert isinstance(order, WorkOrder) and isinstance(request, Request)
        await FlagEntry.create(
            order=order, member_id=turn.actor.id, area_id=request.area_id, path=request.path, at=turn.now
        )

    patch.setitem(RULES["order"], "complete", replace(rule, does=does))


def tell_nobody(patch: pytest.MonkeyPatch) -> None:
    """That the summons ended."""

    async def nobody(*told: object) -> None:
        return

    patch.setattr(settlement, "tell_requests", nobody)


def lose_reporter(patch: pytest.MonkeyPatch) -> None:
    """What one request has of them is not written down for the other."""

    async def copied(turn: object, reporter: Reporter, into: object) -> Reporter:
        return reporter

    patch.setattr(merging, "_copy", copied)


def show_reporters(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RequestCase, "hides", lambda *told: False)


MUTANTS = [
    (flag_at_once, "each_verified_order_is_one_flag_of_who_did_it"),
    (tell_nobody, "it_is_summoned_while_its_summons_is_under_way"),
    (lose_reporter, "who_reported_what_was_merged_reported_the_other_too"),
    (show_reporters, "no_event_tells_who_reported_it"),
]


@pytest.mark.parametrize(("plant", "claim"), MUTANTS)
async def test_a_planted_bug_is_noticed(
    plant: Callable[[pytest.MonkeyPatch], None], claim: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    async with walking(sqlite_url) as walk:
        with pytest.raises(AssertionError, match=claim):
            await go(walk, ENOUGH)
