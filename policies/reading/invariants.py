"""What no text of rules may lack or undo, whoever writes it."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache

from policies.book import Rule, RuleBook, rule_of
from policies.conditions import Both, Condition, Either, OneOf
from policies.reading.cover import EVERYBODY, NEVER, blanket_bans, covers
from policies.reading.reach import AREA_RELATIONS, applies
from policies.reading.sheet import Sheet
from policies.reading.spelling import Pair, steps_rights
from policies.reading.syntax import Fault
from policies.vocabulary import AREA_LEVELS, closest
from policies.words import action_words

BANS: tuple[str, ...] = (
    "p, anyone, *, evaluation, submit, member_of_evaluated_unit, True, deny",
    "p, anyone, *, evaluation, adjudicate, member_of_evaluated_unit, True, deny",
    "p, anyone, *, evaluation, submitTown, member_of_evaluated_unit, True, deny",
    "p, anyone, *, evaluation, submitDistrict, member_of_evaluated_unit, True, deny",
    "p, anyone, *, binding, grant, any, r.obj.grantee_id == r.sub.id, deny",
    "p, anyone, *, policy, publish, any, r.obj.author_id == r.sub.id, deny",
    "p, anyone, *, audit, update, any, True, deny",
    "p, anyone, *, audit, delete, any, True, deny",
)
"""No administrator can lift these: every text of rules has them."""

OVERSIGHT = frozenset(("policy", "binding", "delegation", "audit", "breakglass"))
"""What no local rule is about: a place could rid itself of those who watch over it, by giving them a role there."""

_ADMINISTRATION: tuple[Pair, ...] = (
    ("policy", "draft"),
    ("policy", "propose"),
    ("policy", "publish"),
    ("binding", "grant"),
    ("binding", "revoke"),
)


@cache
def bans() -> tuple[Rule, ...]:
    """BANS as rules; their lines are 0."""
    return tuple(rule_of(0, tuple(ban.split(", "))) for ban in BANS)


def needed_rights() -> tuple[Pair, ...]:
    """(type, action) that some rule must allow: all steps of the workflow, and changing the rules and the grants."""
    return (*sorted(steps_rights()), *_ADMINISTRATION)


def invariant_faults(book: RuleBook, sheet: Sheet) -> Iterator[Fault]:
    """What is missing has line 0. It is not told while a row with a fault speaks of the type or the action."""
    for rule in book.rules:
        yield from _rule_faults(rule, book, sheet)
    yield from _heirs_of_everybody(sheet)
    yield from _missing_bans(book, sheet.unclear)
    yield from _missing_rights(book, sheet.unclear)


def _rule_faults(rule: Rule, book: RuleBook, sheet: Sheet) -> Iterator[Fault]:
    if rule.inside:
        yield from _local_faults(rule, sheet)
    if rule.allows and any(covers(ban, rule, book) for ban in bans()):
        yield sheet.fault(rule.line, "effect", "allows what nobody may ever do")
    for value in _impossible_values(rule.condition):
        fault = sheet.fault(rule.line, "condition", f"no level of areas is called {value!r}")
        yield Fault(fault.line, fault.column, fault.message, closest(value.upper(), AREA_LEVELS))


def _local_faults(rule: Rule, sheet: Sheet) -> Iterator[Fault]:
    """Whoever holds a role in one place may hold others elsewhere: these the place must not touch."""
    if rule.allows:
        yield sheet.fault(rule.line, "held at", "a rule for one place may only deny: local rules only narrow")
    if rule.relation not in AREA_RELATIONS:
        fault = sheet.fault(
            rule.line, "relation", "a rule for one place reaches only what belongs to the place"
        )
        yield Fault(fault.line, fault.column, fault.message, "subtree")
    if rule.type in OVERSIGHT:
        yield sheet.fault(rule.line, "type", f"a rule for one place is never about {rule.type}")


def _impossible_values(condition: Condition) -> Iterator[str]:
    """A mistyped level would make a ban that never bans."""
    match condition:
        case OneOf("area_level", values):
            yield from (str(value) for value in values if value not in AREA_LEVELS)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _impossible_values(part)


def _heirs_of_everybody(sheet: Sheet) -> Iterator[Fault]:
    for row in sheet.links:
        _, heir, role = row.cells
        if heir.text in EVERYBODY:
            yield Fault(
                row.line, heir.column, f"{heir.text} inherits nothing: it would be given to everybody"
            )
        elif role.text in EVERYBODY:
            yield Fault(row.line, role.column, f"everybody is {role.text} already", severe=False)


def lifted_bans(book: RuleBook) -> tuple[Rule, ...]:
    """The bans that the book lacks."""
    written = {rule.meaning for rule in book.rules}
    return tuple(ban for ban in bans() if ban.meaning not in written)


def _missing_bans(book: RuleBook, unclear: Collection[str]) -> Iterator[Fault]:
    for ban in lifted_bans(book):
        if not _is_unclear(ban.type, ban.action, unclear):
            yield Fault(0, 0, f"missing, and no administrator can lift it: p, {ban}")


def _missing_rights(book: RuleBook, unclear: Collection[str]) -> Iterator[Fault]:
    for type, action in needed_rights():
        if not _is_unclear(type, action, unclear) and not _somebody_may(book, type, action):
            yield Fault(
                0, 0, f"nobody could {action_words(action, 'en')}: no rule in force allows {type}, {action}"
            )


def _is_unclear(type: str, action: str, unclear: Collection[str]) -> bool:
    return type in unclear or action in unclear


def _somebody_may(book: RuleBook, type: str, action: str) -> bool:
    found: Iterable[Rule] = book.by_action.get((type, action), ())
    blankets = blanket_bans(book, type, action)
    return any(
        rule.allows
        and rule.condition != NEVER
        and applies(rule, book)
        and not any(covers(ban, rule, book) for ban in blankets)
        for rule in found
    )
