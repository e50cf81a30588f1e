"""The objective score follows from the clocks alone, and is the better the earlier they stopped."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import MONDAY

from actions.objective import COUNTED, objective_score
from models import ClockKind as C
from models import SlaClock

HOUR = timedelta(hours=1)


def clock(kind: C, over: float, started: float = -9) -> SlaClock:
    """Due on Monday at nine, stopped so many hours later."""
    times = {"started_at": MONDAY + started * HOUR, "due_at": MONDAY, "stopped_at": MONDAY + over * HOUR}
    return SlaClock(summons_id="s", task_id="t", kind=kind, unit="WORKDAY", **times)


MET = [clock(kind, -1) for kind in COUNTED]


@pytest.mark.parametrize(
    ("clocks", "no_shows", "expected"),
    [
        (MET, 0, 10_000),
        ([], 0, None),
        ([clock(C.EVALUATE, 100)], 0, None),
        ([clock(C.ACCEPT, 0)], 0, 10_000),
        ([clock(C.ACCEPT, 1)], 0, 5_000),
        ([clock(C.ACCEPT, 25)], 0, 4_000),
        ([clock(C.ACCEPT, 24 * 5)], 0, 0),
        ([clock(C.ACCEPT, 24 * 90)], 0, 0),
        ([*MET, clock(C.RESOLVE, 1)], 0, 8_750),
        ([clock(C.ARRIVE, -1), clock(C.ARRIVE, 1), clock(C.ACCEPT, -1)], 0, 7_500),
        ([*MET, clock(C.ARRIVE, 1)], 1, 7_750),
        ([clock(C.ARRIVE, 24 * 9)], 3, 0),
    ],
)
def test_what_the_clocks_come_to(clocks: list[SlaClock], no_shows: int, expected: int | None) -> None:
    assert objective_score(clocks, no_shows=no_shows) == expected


def test_who_arrived_in_time_is_not_late_because_the_village_confirmed_it_late() -> None:
    confirmed = [clock(C.ARRIVE, 30)]
    assert objective_score(confirmed) == 4_000
    assert objective_score(confirmed, arrived_at=MONDAY - HOUR) == 10_000
    assert objective_score(confirmed, arrived_at=MONDAY + HOUR) == 5_000


def test_what_ended_while_it_was_paused_did_not_run_over() -> None:
    paused = clock(C.RESOLVE, 100)
    paused.remaining_s = 60.0
    assert objective_score([paused]) == 10_000


@given(
    st.lists(st.tuples(st.sampled_from(COUNTED), st.floats(-100, 1_000)), min_size=1),
    st.integers(0, 12),
    st.floats(0, 100),
)
def test_it_lies_between_nothing_and_all_and_never_gains_by_being_later(
    ran: list[tuple[C, float]], no_shows: int, later: float
) -> None:
    score = objective_score([clock(*one, started=-200) for one in ran], no_shows=no_shows)
    behind = objective_score([clock(kind, over + later, -200) for kind, over in ran], no_shows=no_shows)
    assert score is not None and behind is not None
    assert 0 <= behind <= score <= 10_000
