"""The workflow table is the specification's, and every row in force has its rule."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from actions import other_parties, take_step  # noqa: F401  (register the rules)
from actions.turn import RULES
from models.clocks import ClockKind
from models.publication_workflow import PUBLICATION_CONSEQUENCES
from models.reasons import REASONS
from models.request_workflow import REQUEST_CONSEQUENCES
from models.steps import Step
from models.workflow import AUTOMATIC, LADDERS, MACHINES, WAITING

SPEC = Path(__file__).parent / "spec"
TRANSITIONS = ("transitions.csv", "requests.csv", "evaluations.csv", "publications.csv")
ACTIONS = ("actions.csv", "request-actions.csv", "evaluation-actions.csv", "publication-actions.csv")
CONSEQUENCES = {
    "summons": AUTOMATIC,
    "request": REQUEST_CONSEQUENCES,
    "publication": PUBLICATION_CONSEQUENCES,
}


def rows(*names: str) -> list[dict[str, str]]:
    found = []
    for name in names:
        with (SPEC / name).open(encoding="utf-8") as file:
            found += csv.DictReader(file)
    return found


def specified() -> dict[str, dict[str, object]]:
    """Each step of the specification, its rows for several states put together."""
    steps: dict[str, dict[str, object]] = {}
    starts = defaultdict(set)
    for row in rows(*TRANSITIONS):
        starts[row["id"]] |= {row["frm"]} - {"NONE"}
        steps[row["id"]] = {
            "machine": row["machine"],
            "action": row["action"],
            "by_system": row["kind"] == "S",
            "starts": starts[row["id"]],
            "leads_to": None if row["to"] == "SAME" else row["to"],
            "event": row["event"],
        }
    return steps


def in_code() -> dict[str, dict[str, object]]:
    return {
        step.id: {
            "machine": machine,
            "action": step.action,
            "by_system": step.by_system,
            "starts": {state.value for state in step.starts},
            "leads_to": step.leads_to.value if step.leads_to else None,
            "event": step.event,
        }
        for machine, table in MACHINES.items()
        for step in table.values()
    }


def test_the_table_is_the_specification():
    assert in_code() == specified()
    assert len(in_code()) == 142
    assert [len(rows(name)) for name in TRANSITIONS] == [128, 79, 7, 11]


def test_rights_are_those_of_the_specified_actions():
    wanted = {
        row["step_ids"]: (row["policy_type"], row["policy_action"], row["action_in_api"])
        for row in rows(*ACTIONS)
    }
    steps = [step for table in MACHINES.values() for step in table.values() if step.right]
    assert {step.id: (*step.right, step.action) for step in steps if step.right} == wanted


@pytest.mark.parametrize("machine", list(MACHINES))
def test_every_step_has_a_rule_or_waits_openly(machine):
    without = {step.id for action, step in MACHINES[machine].items() if action not in RULES[machine]}
    assert without == {id for id in WAITING if steps_by_id()[id] in MACHINES[machine].values()}
    assert set(RULES[machine]) <= set(MACHINES[machine])


def steps_by_id() -> dict[str, Step]:
    return {step.id: step for table in MACHINES.values() for step in table.values()}


def test_every_clock_has_a_ladder_of_steps_that_the_system_takes():
    assert set(LADDERS) == set(ClockKind) - {ClockKind.REWORK, ClockKind.APPEAL}
    by_action = [
        step for table in MACHINES.values() for step in table.values() if step.action in on_ladders()
    ]
    assert {step.action for step in by_action if step.by_system} == on_ladders()
    assert all(
        MACHINES[machine][action].by_system for machine, some in CONSEQUENCES.items() for action in some
    )


def on_ladders() -> set[str]:
    return {action for ladder in LADDERS.values() for rung in ladder for action in rung.actions}


def test_every_step_of_the_system_is_reached_from_somewhere():
    by_other_steps = {"spawn", "withdraw", "reopen", "memberLost", "residentReopen", "create", "takeIn"}
    by_other_steps |= {"publishAnew"}
    by_other_steps |= {"summonsClosed", "summonsCancelled", "summonsReopened"}
    waiting = {steps_by_id()[id].action for id in WAITING}
    system = {step.action for table in MACHINES.values() for step in table.values() if step.by_system}
    consequences = {action for some in CONSEQUENCES.values() for action in some}
    assert system == by_other_steps | on_ladders() | consequences | waiting


def test_every_need_has_words_in_both_languages():
    needs = [
        need for rules in RULES.values() for rule in rules.values() for need in (*rule.when, *rule.needs)
    ]
    assert needs
    assert all(need.reason_code in REASONS for need in needs)
    assert all(english and chinese for english, chinese in REASONS.values())
