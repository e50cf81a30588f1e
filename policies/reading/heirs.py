"""Who inherits from whom: the g rows of a text of rules, and what is wrong with them."""

from collections.abc import Iterable, Iterator

from policies.reading.syntax import Fault, Row
from policies.vocabulary import ROLES

DEEPEST = 10
"""Casbin follows so many links and silently no more."""

Links = dict[str, dict[str, int]]
"""By heir, the roles inherited directly and the lines that say so."""


def inherited(links: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """By role, the roles that come with it, itself among them. Each link is heir and role, in no circle."""
    direct: Links = {}
    for heir, role in links:
        direct.setdefault(heir, {})[role] = 0
    return {role: frozenset(_distances(direct, role)) for role in ROLES}


def link_faults(rows: Iterable[Row]) -> list[Fault]:
    """Of g rows that are well formed otherwise: circles, at the line that closes them, and chains too long."""
    links: Links = {}
    faults = []
    for row in rows:
        _, heir, role = row.words
        if role == heir:
            faults.append(Fault(row.line, row.cells[2].column, f"{heir} inherits from itself"))
        elif back := _route(links, role, heir):
            circle = " < ".join((heir, *back))
            faults.append(Fault(row.line, row.cells[2].column, f"inheritance in a circle: {circle}"))
        else:
            links.setdefault(heir, {})[role] = row.line
    return [*faults, *_too_deep(links, {row.line: row for row in rows})]


def _too_deep(links: Links, rows: dict[int, Row]) -> Iterator[Fault]:
    for heir, roles in links.items():
        far = [role for role, distance in _distances(links, heir).items() if distance > DEEPEST]
        if far:
            row = rows[min(roles.values())]
            message = f"{heir} inherits from {far[0]} over more than {DEEPEST} links"
            yield Fault(row.line, row.cells[1].column, message)


def _distances(links: Links, start: str) -> dict[str, int]:
    """How many links away each inherited role is, the nearest first; the start itself is 0 away."""
    found, queue = {start: 0}, [start]
    for role in queue:
        for parent in links.get(role, {}):
            if parent not in found:
                found[parent] = found[role] + 1
                queue.append(parent)
    return found


def _route(links: Links, start: str, end: str) -> list[str]:
    """Roles from start to end along the links, both included; empty when there is no way."""
    ways, queue = {start: [start]}, [start]
    for role in queue:
        for parent in links.get(role, {}):
            if parent not in ways:
                ways[parent] = [*ways[role], parent]
                queue.append(parent)
    return ways.get(end, [])
