"""The house rules that ruff, mypy and import-linter do not know, read off the source."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policies.scopes import TYPES

ROOT = Path(__file__).parent.parent
FOLDERS = ["baodao", "schema", "resolvers", "actions", "policies", "models"]
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
LONGEST_ROOMY_FILE = 400
ROOMY = {"schema/engine.py", "resolvers/plan.py"}
WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now"}

Rule = Callable[[str, str], Iterator[int]]  # a place and its text give the numbers of the offending lines


def no_opening_line(place: str, text: str) -> Iterator[int]:
    match ast.parse(text).body:
        case [ast.Expr(ast.Constant(str(words))), *_] if is_one_line_then_nothing_or_a_gap(words):
            return
    yield 1


def is_one_line_then_nothing_or_a_gap(words: str) -> bool:
    first, *others = words.splitlines() or [""]
    return bool(first.strip()) and not "".join(others[:1]).strip()


def long_function(place: str, text: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if lines(node) > LONGEST_FUNCTION:
                yield node.lineno


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, the docstring left out."""
    parts = [function, function.body[0]] if ast.get_docstring(function) else [function]
    whole, *words = [(part.end_lineno or part.lineno) - part.lineno + 1 for part in parts]
    return whole - sum(words)


def long_file(place: str, text: str) -> Iterator[int]:
    most = LONGEST_ROOMY_FILE if place in ROOMY else LONGEST_FILE
    if (length := len(text.splitlines())) > most:
        yield length


def any_outside_fields(place: str, text: str) -> Iterator[int]:
    if place == "schema/fields.py":
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(names=names) if any(name.name == "Any" for name in names):
                yield node.lineno
            case ast.Attribute(ast.Name("typing" | "typing_extensions"), "Any"):
                yield node.lineno


def write_in_a_resolver(place: str, text: str) -> Iterator[int]:
    if not place.startswith("resolvers/"):
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(attr=name) if name in WRITES:
                yield node.lineno
            case ast.Attribute(attr="in_transaction") | ast.Name("in_transaction"):
                yield node.lineno


def second_clock(place: str, text: str) -> Iterator[int]:
    if place == "models/clock.py":
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute() if ".".join(ast.unparse(node).split(".")[-2:]) in CLOCKS:
                yield node.lineno
            case ast.keyword("auto_now" | "auto_now_add"):
                yield node.lineno


def unscoped_query(place: str, text: str) -> Iterator[int]:
    """Rows that somebody may not read are asked for by `readable`, or by `whole`, which says so."""
    if place.startswith(("models/", "policies/")):
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(ast.Name(model), name) if model in READABLE and name in QUERIES:
                yield node.lineno


READABLE = {model.__name__ for model in TYPES} | {"Event"}
QUERIES = {
    "all",
    "annotate",
    "exclude",
    "exists",
    "filter",
    "first",
    "get",
    "get_or_none",
    "raw",
    "select_for_update",
}

RULES = [
    no_opening_line,
    long_function,
    long_file,
    any_outside_fields,
    write_in_a_resolver,
    second_clock,
    unscoped_query,
]


def sources(folder: str) -> dict[str, str]:
    """Place and text of every file we wrote; migrations are generated."""
    files = sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    assert files, f"{folder}/ holds no Python file"
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("rule", RULES)
def test_the_folder_is_free_of(rule: Rule, folder: str) -> None:
    offences = [f"{place}:{line}" for place, text in sources(folder).items() for line in rule(place, text)]
    assert offences == []


def function_of(length: int, docstring: str = "") -> str:
    return f"def step():\n{docstring}" + "    pass\n" * (length - 1)


@pytest.mark.parametrize(
    ("rule", "place", "text", "offending"),
    [
        (no_opening_line, "models/tasks.py", '"""Tasks."""\n', []),
        (no_opening_line, "models/tasks.py", '"""Tasks.\n\nThey are many.\n"""\n', []),
        (no_opening_line, "models/tasks.py", "", [1]),
        (no_opening_line, "models/tasks.py", "import enum\n", [1]),
        (no_opening_line, "models/tasks.py", '"""\nTasks.\n"""\n', [1]),
        (no_opening_line, "models/tasks.py", '"""Tasks\nare many."""\n', [1]),
        (long_function, "actions/steps.py", function_of(40), []),
        (long_function, "actions/steps.py", function_of(40, '    """Take\n\n    a step."""\n'), []),
        (long_function, "actions/steps.py", function_of(41), [1]),
        (long_function, "actions/steps.py", "async " + function_of(41), [1]),
        (long_file, "actions/steps.py", "pass\n" * 300, []),
        (long_file, "actions/steps.py", "pass\n" * 301, [301]),
        (long_file, "schema/engine.py", "pass\n" * 400, []),
        (long_file, "resolvers/plan.py", "pass\n" * 401, [401]),
        (any_outside_fields, "schema/fields.py", "from typing import Any\n", []),
        (any_outside_fields, "schema/tasks.py", "from typing import Final\n", []),
        (any_outside_fields, "schema/tasks.py", "from typing import Any as Whatever\n", [1]),
        (any_outside_fields, "schema/tasks.py", "import typing\nx: typing.Any\n", [2]),
        (write_in_a_resolver, "actions/tasks.py", "await task.save()\n", []),
        (write_in_a_resolver, "resolvers/tasks.py", "await Task.filter(id=1).first()\n", []),
        (write_in_a_resolver, "resolvers/tasks.py", "await task.save()\n", [1]),
        (write_in_a_resolver, "resolvers/tasks.py", "await Task.create(title='x')\n", [1]),
        (write_in_a_resolver, "resolvers/tasks.py", "await Task.filter(id=1).delete()\n", [1]),
        (write_in_a_resolver, "resolvers/tasks.py", "async with in_transaction():\n    pass\n", [1]),
        (second_clock, "models/clock.py", "datetime.now(UTC)\n", []),
        (second_clock, "actions/tasks.py", "clock.now()\n", []),
        (second_clock, "actions/tasks.py", "datetime.now(UTC)\n", [1]),
        (second_clock, "actions/tasks.py", "datetime.datetime.utcnow()\n", [1]),
        (second_clock, "actions/tasks.py", "date.today()\n", [1]),
        (second_clock, "models/tasks.py", "fields.DatetimeField(default=timezone.now)\n", [1]),
        (unscoped_query, "policies/actor.py", "await Member.all()\n", []),
        (unscoped_query, "actions/tasks.py", "await whole(Task).get(id=1)\n", []),
        (unscoped_query, "actions/tasks.py", "await readable(Task, actor).get(id=1)\n", []),
        (unscoped_query, "actions/tasks.py", "await Proposal.filter(task_id=1)\n", []),
        (unscoped_query, "actions/tasks.py", "await Task.get(id=1)\n", [1]),
        (unscoped_query, "resolvers/tasks.py", "rows = Member.filter(id=1)\n", [1]),
        (second_clock, "models/tasks.py", "fields.DatetimeField(auto_now_add=True)\n", [1]),
    ],
)
def test_the_rule_finds(rule: Rule, place: str, text: str, offending: list[int]) -> None:
    assert list(rule(place, text)) == offending
