"""What is allowed to be written but is probably not meant. All of it are warnings."""

from collections.abc import Iterator

from policies.book import Rule, RuleBook
from policies.conditions import ATTRIBUTES, Both, Condition, Either, OneOf
from policies.reading.cover import EVERYBODY, NEVER, covers
from policies.reading.reach import applies, levels_held
from policies.reading.sheet import Sheet
from policies.reading.syntax import Fault

MOST_COMPARED = 200
"""With more rules about one action, they are no longer compared with each other."""


def smells(book: RuleBook, sheet: Sheet) -> Iterator[Fault]:
    for rule in book.rules:
        yield from (
            sheet.fault(rule.line, column, message, severe=False)
            for column, message in _smells_of(rule, book)
        )
    for rules in book.by_action.values():
        yield from _needless(rules[:MOST_COMPARED], book, sheet)


def _smells_of(rule: Rule, book: RuleBook) -> Iterator[tuple[str, str]]:
    if rule.role not in EVERYBODY:
        for level in sorted(rule.levels - levels_held(rule.role, book)):
            yield "held at", f"nobody ever is {rule.role} at level {level.lower()}"
    if not applies(rule, book):
        yield "held at", f"never applies: {rule.role} is never held where {rule.relation!r} asks for it"
    if rule.condition == NEVER:
        yield "condition", "never applies: the condition never holds"
    if _appoints_above(rule):
        yield "relation", "also appoints in units that rank above: subtree_not_above would not"
    for attribute in sorted(_open_negations(rule.condition)) if rule.allows else ():
        yield "condition", f"also allows it where {attribute} is missing"


def _appoints_above(rule: Rule) -> bool:
    appoints = rule.allows and (rule.type, rule.action) == ("binding", "grant")
    return appoints and rule.relation in ("subtree", "own_area", "registered")


def _open_negations(condition: Condition) -> set[str]:
    """Attributes that may be missing and are compared with "not". Nobody is "not me", so that one is meant."""
    match condition:
        case OneOf(attribute, me=me, negated=True) if ATTRIBUTES[attribute] is str and not me:
            return {attribute}
        case Both(parts) | Either(parts):
            return set().union(*(_open_negations(part) for part in parts))
    return set()


def _needless(rules: tuple[Rule, ...], book: RuleBook, sheet: Sheet) -> Iterator[Fault]:
    """Denied altogether; or said twice for one role: of two rules that cover each other, the later one.

    A role's own rules may repeat what it inherits: its list reads as a whole.
    """
    for rule in rules:
        wider = next((other for other in rules if _overrides(other, rule, book)), None)
        if wider is not None:
            why = "everything it fits is denied" if wider.allows != rule.allows else "says the same and more"
            yield sheet.fault(rule.line, "role", f"needless: line {wider.line} {why}", severe=False)


def _overrides(other: Rule, rule: Rule, book: RuleBook) -> bool:
    if other.meaning == rule.meaning or (other.allows and not rule.allows) or not covers(other, rule, book):
        return False
    if other.allows != rule.allows:
        return True
    return other.role == rule.role and (other.line < rule.line or not covers(rule, other, book))
