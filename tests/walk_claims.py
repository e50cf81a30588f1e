"""What must hold for every summons at any time, whatever happened to it."""

import json
from collections.abc import Callable
from itertools import pairwise

from walk import OVER
from walk_events import chained, counted, listed
from walk_steering import IN_FORCE
from walk_stories import Row, Story

UNDER_WAY = {"ISSUED", "IN_PROGRESS", "AWAITING_EVALUATION"}
AWAITS = {
    "PENDING": "ACCEPT",
    "DECLINED": "ARBITRATE",
    "ACCEPTED": "ASSIGN",
    "ASSIGNED": "ARRIVE",
    "ARRIVED": "RESOLVE",
    "ON_HOLD": "HOLD",
    "RESOLVED": "EVALUATE",
}
LEFT_BY_TIMER = {"PENDING", "DECLINED", "ON_HOLD", "RESOLVED"}
NAMES_MEMBER = {"acceptAndAssign", "assign", "changeMember", "assignOverdue"}

Claim = Callable[[Story], bool]
CLAIMS: dict[str, Claim] = {}


def always(claim: Claim) -> Claim:
    """Register what must hold for every summons at any time."""
    CLAIMS[claim.__name__] = claim
    return claim


@always
def tasks_live_only_under_a_summons_under_way(story: Story) -> bool:
    return not story.live or story.state in UNDER_WAY


@always
def an_issued_summons_has_a_live_or_evaluated_task(story: Story) -> bool:
    evaluated = any(task["state"] == "EVALUATED" for task in story.task)
    return story.state not in UNDER_WAY | {"AWAITING_FOLLOWUP"} or bool(story.live) or evaluated


@always
def evaluation_waits_until_all_live_tasks_are_resolved(story: Story) -> bool:
    return story.state != "AWAITING_EVALUATION" or all(task["state"] == "RESOLVED" for task in story.live)


@always
def a_unit_has_one_live_task_in_a_summons(story: Story) -> bool:
    return len({task["unit_id"] for task in story.live}) == len(story.live)


@always
def versions_count_the_events_without_a_hole(story: Story) -> bool:
    things = [story.summons, *story.task]
    known = {thing["id"] for thing in things} == story.told.keys()
    return known and all(counted(thing, story.told[thing["id"]]) for thing in things)


@always
def each_event_starts_where_the_last_one_ended(story: Story) -> bool:
    return all(chained(thing, story.told[thing["id"]]) for thing in (story.summons, *story.task))


@always
def each_event_is_a_row_of_the_table(story: Story) -> bool:
    return all(listed(event, str(event["aggregate"]).lower(), IN_FORCE) for event in story.event)


@always
def nobody_judges_their_own_unit(story: Story) -> bool:
    return not any(evaluation["of_own_unit"] for evaluation in story.evaluation)


@always
def a_task_stays_with_its_unit(story: Story) -> bool:
    return all(event["unit_id"] == task["unit_id"] for task in story.task for event in story.told[task["id"]])


@always
def only_naming_and_losing_change_the_responsible_member(story: Story) -> bool:
    return all(task["responsible_id"] == _named_last(story.told[task["id"]]) for task in story.task)


def _named_last(events: list[Row]) -> object:
    for event in reversed(events):
        if event["action"] in NAMES_MEMBER:
            return json.loads(str(event["payload"]))["member"]
        if event["action"] == "memberLost":
            return None
    return None


@always
def no_task_is_forgotten(story: Story) -> bool:
    """The clock of its state is open; where a timer ends the state, it will ring. (Elsewhere the unit can act.)"""
    return all(
        any(
            one["kind"] == AWAITS[str(task["state"])]
            and (one["next_at"] is not None or task["state"] not in LEFT_BY_TIMER)
            for one in story.clocks_of(task)
        )
        for task in story.live
    )


@always
def clocks_end_with_what_they_are_for(story: Story) -> bool:
    live = {task["id"] for task in story.live} | ({None} if story.state not in OVER else set())
    return all(one["task_id"] in live for one in story.sla_clock)


@always
def standings_are_one_line_up_to_the_present(story: Story) -> bool:
    present = [(bool(story.summons["resolved"]), story.summons["due_at"])]
    told = [(bool(row["resolved"]), row["limit_at"]) for row in story.standing]
    ends = [row["until"] for row in story.standing]
    joined = all(one["until"] == other["since"] for one, other in pairwise(story.standing))
    return told[-1:] == present and ends[-1] is None and joined if told else present == [(False, None)]


def broken(story: Story) -> list[str]:
    return [name for name, holds in CLAIMS.items() if not holds(story)]
