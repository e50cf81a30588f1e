"""Chains of appointments: whether somebody can appoint somebody who appoints somebody above the first one."""

from collections.abc import Iterable, Iterator
from functools import cache

from models import UnitLevel
from policies.book import Rule, RuleBook
from policies.reading.cover import EVERYBODY, blanket_bans, covers
from policies.reading.invariants import bans
from policies.reading.sheet import Sheet
from policies.reading.syntax import Fault
from policies.vocabulary import AREA_LEVELS, DIGITS, LEVELS, ROLES, UNIT_LEVEL

Node = tuple[str, str]
"""A role and the level at which it is held: "" for the roles nobody grants."""

Path = tuple[Node, ...]
Edges = dict[Node, dict[Node, list[Rule]]]
"""By who appoints, whom, and the rules that let them."""

LOWEST = 100

HOLDERS: tuple[Node, ...] = tuple((role.name, level) for role in ROLES.values() for level in role.held_at)
"""Every role at every level at which it can be granted."""


def escalations(book: RuleBook) -> list[Path]:
    """For each holder and each holder ranking higher, a shortest chain of appointments from one to the other.

    A chain ends as soon as it is above its start. Who appoints in units ranks below all areas; conditions count as met.
    """
    edges = appointments(book)
    return [path for start in edges for path in _climbs(edges, start)]


def escalation_faults(book: RuleBook, sheet: Sheet) -> Iterator[Fault]:
    """One for each start and each rule that makes a last step, at the relation of that rule."""
    edges = appointments(book)
    for start in edges:
        for line, paths in _by_last_rule(edges, _climbs(edges, start)).items():
            telling = min(paths, key=lambda path: (path[-1] not in edges, _rank(path[-1]), len(path)))
            more = f" (and {len(paths) - 1} others above {start[0]})" if len(paths) > 1 else ""
            yield sheet.fault(line, "relation", f"a way up: {in_words(telling)}{more}")


def _by_last_rule(edges: Edges, paths: Iterable[Path]) -> dict[int, list[Path]]:
    """By the line of the rule."""
    found: dict[int, list[Path]] = {}
    for path in paths:
        for rule in edges[path[-2]][path[-1]]:
            found.setdefault(rule.line, []).append(path)
    return found


def in_words(path: Path) -> str:
    """``town_leader at town may appoint resident at grid, who may appoint policy_admin at district``."""
    return " may appoint ".join(map(_words, path[:2])) + "".join(
        f", who may appoint {_words(node)}" for node in path[2:]
    )


def _words(node: Node) -> str:
    role, level = node
    return f"{role} at {level.lower()}" if level else role


def appointments(book: RuleBook) -> Edges:
    """Who may appoint whom. What everybody may is told of everybody alone, not of each role again."""
    edges: Edges = {}
    for rule in _granting(book):
        for giver in _givers(rule, book):
            for level in reach(rule.relation, giver[1]):
                for target in _held_at(level):
                    edges.setdefault(giver, {}).setdefault(target, []).append(rule)
    return edges


def _granting(book: RuleBook) -> list[Rule]:
    """Of rules that differ in condition or place alone, the first."""
    banned = (*bans(), *blanket_bans(book, "binding", "grant"))
    first: dict[tuple[object, ...], Rule] = {}
    for rule in book.by_action.get(("binding", "grant"), ()):
        if rule.allows and not any(covers(ban, rule, book) for ban in banned):
            first.setdefault((rule.role, rule.levels, rule.relation), rule)
    return list(first.values())


def _givers(rule: Rule, book: RuleBook) -> Iterator[Node]:
    """Where a local rule counts is not looked at: it counts as if everywhere."""
    if rule.role in EVERYBODY:
        yield from [(rule.role, "")] if not rule.levels else []
        return
    bearers = book.bearers(rule.role)
    yield from (
        (role, level)
        for role, level in HOLDERS
        if role in bearers and (not rule.levels or level in rule.levels)
    )


@cache
def reach(relation: str, level: str) -> frozenset[str]:
    """The levels of the grants to which the relation leads from a role held at the level, as `facts.grant_facts`.

    A relation that is not here never fits a grant, or (`self`) only one's own, which nobody may give.
    """
    match relation:
        case "any":
            return frozenset(LEVELS)
        case "own_unit":
            return frozenset((UNIT_LEVEL,)) & {level}
        case "subtree" if level in DIGITS:
            return _not_above(level) | {UNIT_LEVEL}
        case "subtree_not_above" if level in DIGITS:
            units = any(DIGITS[unit] >= DIGITS[level] for unit in UnitLevel)
            return _not_above(level) | ({UNIT_LEVEL} if units else frozenset())
        case "own_area" | "registered" if level in DIGITS:
            below = _not_above(level) if level in ("VILLAGE", "GRID") else frozenset((level,))
            return below | ({UNIT_LEVEL} if level in AREA_LEVELS else frozenset())
    return frozenset()


def _not_above(level: str) -> frozenset[str]:
    return frozenset(lower for lower, digits in DIGITS.items() if digits >= DIGITS[level])


@cache
def _held_at(level: str) -> tuple[Node, ...]:
    return tuple(node for node in HOLDERS if node[1] == level)


def _rank(node: Node) -> int:
    return DIGITS.get(node[1], LOWEST)


def _climbs(edges: Edges, start: Node) -> list[Path]:
    """Breadth first, so the chains are shortest; those that are above the start already lead no further."""
    ways: dict[Node, Path] = {start: (start,)}
    queue: list[Node] = [start]
    above: list[Node] = []
    for node in queue:
        for target in edges.get(node, {}):
            if target in ways:
                continue
            ways[target] = (*ways[node], target)
            (above if _rank(target) < _rank(start) else queue).append(target)
    return [ways[node] for node in above]
