"""Whether the words of a row of rules are known ones."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from models.workflow import MACHINES
from policies.conditions import Malformed, parse
from policies.reading.syntax import POLICY, Cell, Fault, Row, read_rows
from policies.vocabulary import ANY_LEVEL, LEVELS, RELATIONS, ROLES, TYPES, closest

COLUMNS = ("role", "held at", "type", "action", "relation", "condition", "effect")
EFFECTS = ("allow", "deny")
KINDS = {"p": COLUMNS, "g": ("heir", "role")}
"""Names of the values of a row, by its first cell."""

_WORDS: dict[str, Iterable[str]] = {
    "role": ROLES,
    "heir": ROLES,
    "type": TYPES,
    "relation": RELATIONS,
    "effect": EFFECTS,
}
_PATH = re.compile(r"(?:\d{1,30}\.){1,12}", re.ASCII)

Pair = tuple[str, str]


def steps_rights() -> frozenset[Pair]:
    """(type, action) of every step of the workflow that a member takes."""
    steps = (step for table in MACHINES.values() for step in table.values())
    return frozenset(step.right for step in steps if step.right is not None)


@cache
def known_pairs() -> frozenset[Pair]:
    """(type, action) that rules may speak about: those of the rules that come with the program, and the steps."""
    rows = (row.words for row in read_rows(POLICY.read_text("utf-8")))
    return steps_rights() | {(words[3], words[4]) for words in rows if words[:1] == ("p",)}


def held_at(text: str) -> tuple[frozenset[str], str]:
    """``village|grid@44.4406.`` as levels and place; ``*`` is no level at all, so any."""
    levels, _, inside = text.partition("@")
    return frozenset(() if levels == ANY_LEVEL else levels.upper().split("|")), inside


def row_faults(row: Row) -> Iterator[Fault]:
    """Why it cannot be read."""
    yield from row.faults
    yield from _shape_faults(row)
    for name, cell in _values(row).items():
        yield from _value_faults(row, name, cell)


def unknown_action(row: Row) -> Iterator[Fault]:
    """It can be read, but a mistyped action would make a ban that never bans. Of an unknown type any action goes."""
    values, pairs = _values(row), known_pairs()
    if "type" not in values or "action" not in values or not values["action"].text.isidentifier():
        return
    type, cell = values["type"].text, values["action"]
    if type in TYPES and (type, cell.text) not in pairs:
        yield _unknown(row, cell, f"action of {type}", [action for of, action in pairs if of == type])
    elif type not in TYPES and cell.text not in _actions():
        yield _unknown(row, cell, "action", _actions())


@cache
def _actions() -> frozenset[str]:
    return frozenset(action for _, action in known_pairs())


def _values(row: Row) -> dict[str, Cell]:
    """By name, the cells that are what they should be; none when the row is too long or too short."""
    names = KINDS.get(row.words[0], ()) if row.cells else ()
    values = row.cells[1:]
    if len(values) > len(names) or (not row.faults and len(values) < len(names)):
        return {}
    complete = len(values) == len(names) or row.broken
    pairs = zip(names, values, strict=False) if complete else ()
    return {name: cell for name, cell in pairs if not row.odd(cell)}


def _shape_faults(row: Row) -> Iterator[Fault]:
    """A value too many is at fault itself, one too few is missed after the last."""
    if not row.cells or row.odd(row.cells[0]):
        return
    kind, values = row.cells[0], row.cells[1:]
    if kind.text not in KINDS:
        yield _unknown(row, kind, "kind of row", KINDS)
    elif not row.faults and len(values) != len(names := KINDS[kind.text]):
        column = values[len(names)].column if len(values) > len(names) else row.end
        wanted = f"{kind.text} has {len(names)} values ({', '.join(names)})"
        yield Fault(row.line, column, f"{wanted}, here are {len(values)}")


def _value_faults(row: Row, name: str, cell: Cell) -> Iterator[Fault]:
    match name:
        case "held at":
            yield from _held_at_faults(row, cell)
        case "action":
            if not cell.text.isidentifier():
                yield _unknown(row, cell, "action", _actions())
        case "condition":
            yield from _condition_faults(row, cell)
        case _ if cell.text not in _WORDS[name]:
            yield _unknown(row, cell, "role" if name == "heir" else name, _WORDS[name])


def _unknown(row: Row, cell: Cell, name: str, known: Iterable[str]) -> Fault:
    if not cell.text:
        return Fault(row.line, cell.column, f"no {name} here")
    return Fault(row.line, cell.column, f"unknown {name} {cell.text!r}", closest(cell.text, known))


def _held_at_faults(row: Row, cell: Cell) -> Iterator[Fault]:
    levels, at, inside = cell.text.partition("@")
    yield from _level_faults(row, Cell(levels, cell.column)) if levels != ANY_LEVEL else ()
    if at and not _PATH.fullmatch(inside):
        column = cell.column + len(levels) + 1
        yield Fault(row.line, column, f"malformed path {inside!r}: digits and dots, with a dot at the end")


def _level_faults(row: Row, cell: Cell) -> Iterator[Fault]:
    column, seen = cell.column, set[str]()
    for level in cell.text.split("|"):
        if level.upper() not in LEVELS:
            blanks = len(level) - len(level.lstrip())
            yield _unknown(row, Cell(level, column + blanks), "level", [known.lower() for known in LEVELS])
        elif level.upper() in seen:
            yield Fault(row.line, column, f"level {level!r} twice")
        seen.add(level.upper())
        column += len(level) + 1


def _condition_faults(row: Row, cell: Cell) -> Iterator[Fault]:
    try:
        parse(cell.text)
    except Malformed as fault:
        column = cell.column + fault.offset
        yield Fault(row.line, column, f"in the condition: {fault}", fault.suggestion)
