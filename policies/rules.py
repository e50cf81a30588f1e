"""The rules in force, and how a text becomes rules: checked word by word, and read by Casbin alike."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import casbin
from casbin.persist.adapters.string_adapter import StringAdapter

from policies.book import Rule, RuleBook, make_book, with_rules
from policies.reading.chains import escalation_faults
from policies.reading.invariants import invariant_faults, lifted_bans
from policies.reading.sheet import Sheet, read_sheet
from policies.reading.smells import smells
from policies.reading.spelling import held_at
from policies.reading.syntax import POLICY, Fault
from policies.vocabulary import ROLES

__all__ = [
    "MODEL",
    "PINNED",
    "POLICY",
    "BrokenRules",
    "Rule",
    "RuleBook",
    "check_text",
    "held_at",
    "packaged",
    "put_in_force",
    "read",
    "read_loosely",
    "read_text",
    "rules",
]

MODEL = Path(__file__).parent / "model.conf"

PINNED = {
    "r": "sub, obj, type, act",
    "p": "role, at, type, act, relation, when, eft",
    "g": "_, _",
    "e": "some(where (p_eft == allow)) && !some(where (p_eft == deny))",
    "m": "r_type == p_type && r_act == p_act && holds(r_sub, p_role, p_at, p_relation, r_obj)"
    " && cond(p_when, r_sub, r_obj)",
}
"""What `policies.compile` implements, as Casbin reads it. With another model.conf the two would part silently."""


class BrokenRules(Exception):
    """The rules cannot be trusted; one line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


_in_force: RuleBook | None = None


def rules() -> RuleBook:
    """The rules in force: those put in force last, else the packaged ones. Raises BrokenRules."""
    return _in_force or packaged()


@cache
def packaged() -> RuleBook:
    """The rules that come with the program, read once. Raises BrokenRules."""
    return read_text(_content(POLICY))


def put_in_force(book: RuleBook) -> None:
    """In this process, at once; whoever asked for `rules()` before keeps what they got.

    The bans that no administrator can lift are in force even if the book lacks them.
    """
    global _in_force
    _in_force = with_rules(book, lifted_bans(book))


@lru_cache(maxsize=8)
def read_text(text: str) -> RuleBook:
    """Rules that may be put in force. Raises BrokenRules with every severe fault of `check_text`."""
    _refuse(fault for fault in check_text(text) if fault.severe)
    return read_loosely(text)


@lru_cache(maxsize=8)
def read_loosely(text: str) -> RuleBook:
    """Rules to look at, such as an old version's. Raises BrokenRules with every fault that makes a row unreadable."""
    return _read(text, MODEL)


def read(model: Path, policy: Path) -> RuleBook:
    """`read_loosely` of files."""
    return _read(_content(policy), model)


def check_text(text: str) -> list[Fault]:
    """All that keeps a text from being published, and warnings (not `severe`), in order of place. Never raises.

    What it lacks as a whole comes first.
    """
    return list(_faults_of(text))


@lru_cache(maxsize=8)
def _faults_of(text: str) -> tuple[Fault, ...]:
    """A request may ask about the same text many times; a long one takes half a second."""
    sheet = read_sheet(text)
    found = [*sheet.faults, *sheet.misfits]
    if not sheet.cut:
        book = make_book(text, sheet)
        found += [*invariant_faults(book, sheet), *escalation_faults(book, sheet), *smells(book, sheet)]
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))


def _read(text: str, model: Path) -> RuleBook:
    _refuse([*_engine_faults(model), *read_sheet(text).faults])
    sheet = read_sheet(text)
    book = make_book(text, sheet)
    if not _casbin_agrees(book, sheet, model):
        raise BrokenRules([Fault(0, 0, "Casbin reads the rules otherwise")])
    return book


def _refuse(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise BrokenRules(found)


def _content(path: Path) -> str:
    """To the letter, line ends too."""
    return path.read_bytes().decode("utf-8")


def _casbin_agrees(book: RuleBook, sheet: Sheet, path: Path) -> bool:
    """Casbin is given the lines as they are; an empty text it would refuse."""
    lines = [row.text for row in (*sheet.rules.values(), *sheet.links)]
    enforcer = casbin.Enforcer(_model(path), StringAdapter("\n".join(lines) or "#"))
    return (
        enforcer.get_policy() == [list(row.words[1:]) for row in sheet.rules.values()]
        and enforcer.get_grouping_policy() == [list(row.words[1:]) for row in sheet.links]
        and all(book.inherited[role] == {role, *enforcer.get_implicit_roles_for_user(role)} for role in ROLES)
    )


def _model(path: Path) -> casbin.Model:
    model = casbin.Model()
    model.load_model(str(path))
    return model


def _engine_faults(path: Path) -> list[Fault]:
    return [Fault(0, 0, message) for message in (*_packages(), *_model_faults(path, _content(path)))]


def _packages() -> Iterator[str]:
    """pycasbin is the renamed casbin: both install the same files over each other."""
    if _installed("casbin") and _installed("pycasbin"):
        yield "casbin and pycasbin are both installed and overwrite each other: uninstall both, install pycasbin"


def _installed(distribution: str) -> bool:
    try:
        return bool(version(distribution))
    except PackageNotFoundError:
        return False


@cache
def _model_faults(path: Path, content: str) -> tuple[str, ...]:
    sections = _model(path).model
    return tuple(
        f"{path.name}: [{name}] is not what the compiler implements"
        for section, pinned in PINNED.items()
        for name, assertion in sections.get(section, {section: None}).items()
        if name != section or assertion is None or assertion.value != pinned
    )
