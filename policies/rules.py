"""The rules as written: model.conf and policy.csv, read through Casbin and checked row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import casbin

from policies.actor import LiveGrant
from policies.conditions import Condition, Malformed, parse
from policies.vocabulary import ANY_LEVEL, LEVELS, RELATIONS, ROLES, TYPES

MODEL = Path(__file__).parent / "model.conf"
POLICY = Path(__file__).parent / "policy.csv"

PINNED = {
    "r": "sub, obj, type, act",
    "p": "role, at, type, act, relation, when, eft",
    "g": "_, _",
    "e": "some(where (p_eft == allow)) && !some(where (p_eft == deny))",
    "m": "r_type == p_type && r_act == p_act && holds(r_sub, p_role, p_at, p_relation, r_obj)"
    " && cond(p_when, r_sub, r_obj)",
}
"""What `policies.compile` implements, as Casbin reads it. With another model.conf the two would part silently."""

EFFECTS = ("allow", "deny")


class BrokenRules(Exception):
    """The rules cannot be trusted; one line for each fault, with file and line number."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. No `levels` means any; `inside` "" means everywhere, else only roles held inside that path."""

    line: int
    role: str
    levels: frozenset[str]
    inside: str
    type: str
    action: str
    relation: str
    condition: Condition
    when: str
    allows: bool

    def counts(self, grant: LiveGrant) -> bool:
        """Whether it counts where the grant is held; whose role it is for is not looked at."""
        return (not self.levels or grant.level in self.levels) and grant.path.startswith(self.inside)

    def __str__(self) -> str:
        at = "|".join(sorted(self.levels)).lower() or ANY_LEVEL
        place = f"{at}@{self.inside}" if self.inside else at
        effect = EFFECTS[0] if self.allows else EFFECTS[1]
        return ", ".join((self.role, place, self.type, self.action, self.relation, self.when, effect))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """`inherited[role]` are the roles that come with it, itself among them."""

    rules: tuple[Rule, ...]
    inherited: dict[str, frozenset[str]]
    by_action: dict[tuple[str, str], tuple[Rule, ...]]

    def bearers(self, role: str) -> frozenset[str]:
        """The roles that have `role`: itself and all that inherit from it."""
        return frozenset(bearer for bearer, roles in self.inherited.items() if role in roles)


@cache
def rules() -> RuleBook:
    """The rules in force, read once. Raises BrokenRules."""
    return read(MODEL, POLICY)


def read(model: Path, policy: Path) -> RuleBook:
    """Raises BrokenRules with every fault at once."""
    rows = list(_rows(policy))
    faults = [*_packages(), *_model(model), *_rows_faults(policy, rows)]
    if faults:
        raise BrokenRules("\n".join(faults))
    enforcer = casbin.Enforcer(str(model), str(policy))
    written = [cells[1:] for _, cells in rows if cells[0] == "p"]
    if enforcer.get_policy() != written:
        raise BrokenRules(f"{policy.name}: Casbin reads it otherwise")
    found = tuple(_rule(line, cells) for line, cells in rows if cells[0] == "p")
    inherited = {role: frozenset([role, *enforcer.get_implicit_roles_for_user(role)]) for role in ROLES}
    return RuleBook(found, inherited, _by_action(found))


def held_at(text: str) -> tuple[frozenset[str], str]:
    """``village|grid@44.4406.`` as levels and place; ``*`` is no level at all, so any."""
    levels, _, inside = text.partition("@")
    return frozenset(() if levels == ANY_LEVEL else levels.upper().split("|")), inside


def _by_action(found: Iterable[Rule]) -> dict[tuple[str, str], tuple[Rule, ...]]:
    index: dict[tuple[str, str], tuple[Rule, ...]] = {}
    for rule in found:
        key = (rule.type, rule.action)
        index[key] = (*index.get(key, ()), rule)
    return index


def _rule(line: int, cells: list[str]) -> Rule:
    _, role, at, type, action, relation, when, effect = cells
    levels, inside = held_at(at)
    return Rule(line, role, levels, inside, type, action, relation, parse(when), when, effect == EFFECTS[0])


def _packages() -> Iterator[str]:
    """pycasbin is the renamed casbin: both install the same files over each other."""
    if _installed("casbin") and _installed("pycasbin"):
        yield "casbin and pycasbin are both installed and overwrite each other: uninstall both, install pycasbin"


def _installed(distribution: str) -> bool:
    try:
        return bool(version(distribution))
    except PackageNotFoundError:
        return False


def _model(path: Path) -> Iterator[str]:
    model = casbin.Model()
    model.load_model(str(path))
    for section, pinned in PINNED.items():
        for name, assertion in model.model.get(section, {section: None}).items():
            if name != section or assertion is None or assertion.value != pinned:
                yield f"{path.name}: [{name}] is not what the compiler implements"


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row; commas inside brackets belong to a condition."""
    for line, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if text.strip() and not text.startswith("#"):
            yield line, _cells(text)


def _cells(text: str) -> list[str]:
    cells, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth <= 0:
            cells.append("")
        else:
            cells[-1] += character
    return [cell.strip() for cell in cells] if depth == 0 else [text]


def _rows_faults(path: Path, rows: list[tuple[int, list[str]]]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        faults = list(_faults(cells))
        if tuple(cells) in seen:
            faults.append(f"the same as line {seen[tuple(cells)]}")
        seen.setdefault(tuple(cells), line)
        yield from (f"{path.name}:{line}: {fault}" for fault in faults)


def _faults(cells: list[str]) -> Iterator[str]:
    match cells:
        case ["g", heir, role]:
            yield from (f"unknown role {name!r}" for name in (heir, role) if name not in ROLES)
        case ["p", role, at, type, action, relation, when, effect]:
            yield from _unknown((("role", role, ROLES), ("type", type, TYPES)))
            yield from _unknown((("relation", relation, RELATIONS), ("effect", effect, EFFECTS)))
            yield from _at_faults(at)
            if not action.isidentifier():
                yield f"malformed action {action!r}"
            yield from _condition_faults(when)
        case _:
            yield "neither p with 7 values nor g with 2"


def _unknown(words: Iterable[tuple[str, str, Iterable[str]]]) -> Iterator[str]:
    return (f"unknown {kind} {word!r}" for kind, word, known in words if word not in known)


def _at_faults(at: str) -> Iterator[str]:
    levels, inside = held_at(at)
    yield from (f"unknown level {level.lower()!r}" for level in sorted(levels - set(LEVELS)))
    if "@" in at and not (inside.endswith(".") and inside[:-1].replace(".", "").isdigit()):
        yield f"malformed path {inside!r}: digits and dots, with a dot at the end"


def _condition_faults(when: str) -> Iterator[str]:
    try:
        parse(when)
    except Malformed as fault:
        yield f"condition {when!r}: {fault}"
