"""What changes from one text of rules to another, and the matrix of rights a text amounts to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from models import common_area
from policies.book import Rule, RuleBook
from policies.vocabulary import ANY_LEVEL, ROLES

Key = tuple[str, str, str, str]
"""Role, level, type, action. The level is one of vocabulary.LEVELS, or * for the roles nobody grants."""

Links = tuple[tuple[str, str], ...]


class Cell(NamedTuple):
    """A changed cell of the matrix. `before` and `after` tell the rules for it as MatrixCell does; "" is none."""

    role: str
    level: str
    type: str
    action: str
    before: str
    after: str


class MatrixCell(NamedTuple):
    """`effect` tells the rules: ``allow own_area; deny any, if r.obj.reason != True, inside 44.4406.``."""

    role: str
    level: str
    type: str
    action: str
    effect: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`links_added` and `links_removed` are heir and role of lines of inheritance.

    `place` is the smallest area around all local rules that changed; "" when another rule changed, or inheritance,
    or nothing. Order, comments and blanks are no change.
    """

    added: tuple[Rule, ...]
    removed: tuple[Rule, ...]
    links_added: Links
    links_removed: Links
    cells: tuple[Cell, ...]
    place: str

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.links_added or self.links_removed)


def compare(before: RuleBook, after: RuleBook) -> Comparison:
    added, removed = _without(after.rules, before.rules), _without(before.rules, after.rules)
    links_added = tuple(link for link in after.links if link not in before.links)
    links_removed = tuple(link for link in before.links if link not in after.links)
    place = "" if links_added or links_removed else _place((*added, *removed))
    return Comparison(added, removed, links_added, links_removed, _changed_cells(before, after), place)


def matrix(book: RuleBook, *, role: str | None = None, type: str | None = None) -> list[MatrixCell]:
    """The cells with any rule, by role, level, type and action; inherited rules are among them.

    Each role stands at the levels where it is granted. What anyone and member may comes on top of every other role
    and is told of these two alone.
    """
    cells = _cells(book, lambda rule: type in (None, rule.type))
    return [
        MatrixCell(*key, _effect(cells[key])) for key in sorted(cells, key=_order) if role in (None, key[0])
    ]


def _without(rules: Iterable[Rule], others: Iterable[Rule]) -> tuple[Rule, ...]:
    known = {rule.meaning for rule in others}
    return tuple(rule for rule in rules if rule.meaning not in known)


def _place(rules: tuple[Rule, ...]) -> str:
    return reduce(common_area, (rule.inside for rule in rules)) if rules else ""


def _changed_cells(before: RuleBook, after: RuleBook) -> tuple[Cell, ...]:
    old, new = _cells(before), _cells(after)
    changed = [key for key in old.keys() | new.keys() if _meanings(old, key) != _meanings(new, key)]
    return tuple(
        Cell(*key, _effect(old.get(key, ())), _effect(new.get(key, ())))
        for key in sorted(changed, key=_order)
    )


def _meanings(cells: dict[Key, list[Rule]], key: Key) -> set[tuple[object, ...]]:
    return {_what(rule) for rule in cells.get(key, ())}


def _what(rule: Rule) -> tuple[object, ...]:
    """What it means for a cell, whoever it was written for."""
    return rule.allows, rule.relation, rule.condition, rule.inside


def _cells(book: RuleBook, wanted: Callable[[Rule], bool] = lambda rule: True) -> dict[Key, list[Rule]]:
    cells: dict[Key, list[Rule]] = {}
    for rule in filter(wanted, book.rules):
        for role in book.bearers(rule.role):
            for level in ROLES[role].held_at or (ANY_LEVEL,):
                if not rule.levels or level in rule.levels:
                    cells.setdefault((role, level, rule.type, rule.action), []).append(rule)
    return cells


_ROLES = list(ROLES)


def _order(key: Key) -> tuple[object, ...]:
    role, level, type, action = key
    return _ROLES.index(role), (*ROLES[role].held_at, ANY_LEVEL).index(level), type, action


def _effect(rules: Iterable[Rule]) -> str:
    """Each rule once, those that allow first."""
    return "; ".join(sorted({_what(rule): _words(rule) for rule in rules}.values()))


def _words(rule: Rule) -> str:
    condition = "" if rule.when == "True" else f", if {rule.when}"
    place = f", inside {rule.inside}" if rule.inside else ""
    return f"{rule.effect} {rule.relation}{condition}{place}"
