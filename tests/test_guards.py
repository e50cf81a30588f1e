"""Every guard of a step says no in its own words, and `availableActions` says so beforehand."""

import ast
import csv
from pathlib import Path
from typing import Any

import guards_of_answers
import guards_of_drafts
import guards_of_evaluations
import guards_of_months
import guards_of_requests
import guards_of_work
import pytest
from api import published
from graphql import GraphQLInputObjectType, GraphQLNonNull
from guards import No, NotYet, Situation, situations_in
from matter import Matter
from world import Time, World, everything

from actions import other_parties, take_step  # noqa: F401  (register the rules)
from actions.turn import RULES
from models.reasons import REASONS
from models.workflow import MACHINES

pytest_plugins = ["monday"]

ROOT = Path(__file__).parent.parent
ACTIONS = list[tuple[str, str, str]]()
"""Machine, mutation and action."""
for name in ("actions.csv", "request-actions.csv", "evaluation-actions.csv", "publication-actions.csv"):
    with (ROOT / "tests/spec" / name).open(encoding="utf-8") as file:
        ACTIONS += [(row["machine"], row["mutation"], row["action_in_api"]) for row in csv.DictReader(file)]


SITUATIONS = [
    one
    for file in (
        guards_of_drafts,
        guards_of_answers,
        guards_of_work,
        guards_of_requests,
        guards_of_evaluations,
        guards_of_months,
    )
    for one in situations_in(file)
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
async def test_what_is_refused_in(situation: Situation, sqlite_world: World, time: Time) -> None:
    matter = await situation.arrange(sqlite_world, time)
    before = await everything()
    answers = [(await answered(matter, row), expected(row)) for row in situation.rows]
    assert [(got, wanted) for got, wanted in answers if got != wanted] == []
    assert await everything() == before


def expected(row: No | NotYet) -> tuple[str, ...]:
    if isinstance(row, NotYet):
        return row.login, row.action, row.reason_code
    return row.login, row.mutation, row.answer, foretold(row)


async def answered(matter: Matter, row: No | NotYet) -> tuple[str, ...]:
    if isinstance(row, NotYet):
        return row.login, row.action, str((await matter.available(row.login, row.of))[row.action])
    given = {name: await resolved(matter, value) for name, value in row.given.items()}
    answer = await matter.why_not(row.login, row.mutation, row.of, **given)
    return row.login, row.mutation, answer, await told(matter, row) if foretold(row) else ""


def foretold(row: No) -> str:
    """The reason code that can be known beforehand, without looking at what is given; "" when none can."""
    kind, code, *_ = row.answer.split()
    known = (
        kind in ("WrongState", "NotAllowed")
        and code != "WRONG_STATE"
        and row.mutation not in ("draftSummons", "createRequest", "draftPublication")
    )
    return code if known else ""


async def told(matter: Matter, row: No) -> str:
    """What `availableActions` says of the mutation's action."""
    available = await matter.available(row.login, row.of)
    meant = [available.get(action) for _, mutation, action in ACTIONS if mutation == row.mutation]
    return next((code for code in meant if code is not None and code in row.answer), str(meant))


async def resolved(matter: Matter, value: Any) -> Any:
    if isinstance(value, list):
        return [await resolved(matter, one) for one in value]
    if value == "@":
        return matter.id
    return await matter.task_id(value[1:]) if str(value).startswith("@") else value


STEP_FILES = {"take_step", "drafts"}
"""Where steps begin; what these files import is theirs too."""

DEMANDED = {
    "APPOINTMENT_MISSING": "ProposeRescheduleInput.appointment",
    "OUTCOME_MISSING": "SubmitResultInput.outcome",
    "RESOLUTION_MISSING": "SubmitSummonsForReviewInput.resolution",
    "RESUME_MISSING": "RequestHoldInput.resumeAt",
}
"""Codes that clients never see, and the part of an input that the schema itself demands instead."""

RACING = {"RIGHTS_CHANGED"}
"""Told only to those who lose a race; tests/test_revocation.py has it."""


def test_every_reason_code_of_a_step_is_in_the_table() -> None:
    codes = {code for file in files_of_steps() for code in strings_in(file) if code in REASONS}
    assert codes - by_the_system_alone() - DEMANDED.keys() - RACING <= {code for _, code in table()}
    assert {code for _, code in table()} <= REASONS.keys()


def test_every_need_of_every_step_is_in_the_table() -> None:
    mutations = {(machine, action): mutation for machine, mutation, action in ACTIONS}
    needs = {(mutations[machine, action], code) for machine, action, code in needs_of(by_system=False)}
    assert needs - table() == set()


def test_what_is_not_in_the_table_is_demanded_by_the_schema() -> None:
    graph = published()
    for name, part in (place.split(".") for place in DEMANDED.values()):
        kind = graph.type_map[name]
        assert isinstance(kind, GraphQLInputObjectType)
        assert isinstance(kind.fields[part].type, GraphQLNonNull)


def table() -> set[tuple[str, str]]:
    """Mutation and reason code of every row."""
    mutations = {action: mutation for _, mutation, action in reversed(ACTIONS)}
    rows = [row for situation in SITUATIONS for row in situation.rows]
    tried = {(row.mutation, code) for row in rows if isinstance(row, No) for code in codes_in(row.answer)}
    return tried | {(mutations[row.action], row.reason_code) for row in rows if isinstance(row, NotYet)}


def codes_in(answer: str) -> list[str]:
    return [problem.split()[1] for problem in answer.split("; ")]


def needs_of(*, by_system: bool) -> set[tuple[str, str, str]]:
    """Machine, action and reason code of everything that steps of the system, or of users, need."""
    return {
        (machine, action, need.reason_code)
        for machine, rules in RULES.items()
        for action, rule in rules.items()
        for need in (*rule.when, *rule.needs)
        if MACHINES[machine][action].by_system is by_system
    }


def by_the_system_alone() -> set[str]:
    """Nobody is told them: the clock just finds no step to take."""
    return {code for *_, code in needs_of(by_system=True)} - {code for *_, code in needs_of(by_system=False)}


def files_of_steps() -> set[str]:
    found, left = set[str](), set(STEP_FILES)
    while left:
        file = left.pop()
        found.add(file)
        left |= imported_by(file) - found
    return found


def tree_of(file: str) -> ast.Module:
    return ast.parse((ROOT / "actions" / f"{file}.py").read_text("utf-8"))


def imported_by(file: str) -> set[str]:
    names = set[str]()
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "actions"}


def strings_in(file: str) -> set[str]:
    return {str(node.value) for node in ast.walk(tree_of(file)) if isinstance(node, ast.Constant)}
