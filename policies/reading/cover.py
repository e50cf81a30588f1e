"""Which rule makes another one needless: whatever the other one fits, this one fits as well."""

from policies.book import Rule, RuleBook
from policies.conditions import Both, Condition, Fixed
from policies.vocabulary import ROLES

ALWAYS, NEVER = Fixed(True), Fixed(False)

PERSONAL = frozenset(
    (
        "any",
        "self",
        "official",
        "published",
        "assigned",
        "reporter",
        "group_member",
        "member_of_evaluated_unit",
    )
)
"""Relations that look at the actor or the object only, not at where a role is held."""

WIDER = {
    "own_area": {"registered", "subtree"},
    "registered": {"own_area", "subtree"},
    "subtree_not_above": {"subtree"},
}
"""Beside itself and `any`: relations that hold wherever this one does."""

EVERYBODY = frozenset(role.name for role in ROLES.values() if not role.held_at)
"""Roles nobody is granted; they are held at no level and in no place."""


def covers(wider: Rule, rule: Rule, book: RuleBook) -> bool:
    """Whatever their effects. Sure when it says yes; a no may be mistaken."""
    return (
        (wider.type, wider.action) == (rule.type, rule.action)
        and _for_whom(wider, rule, book)
        and wider.relation in ("any", rule.relation, *WIDER.get(rule.relation, ()))
        and implies(rule.condition, wider.condition)
    )


def _for_whom(wider: Rule, rule: Rule, book: RuleBook) -> bool:
    inherits = wider.role in book.inherited.get(rule.role, ())
    if wider.role in EVERYBODY and not inherits:
        everybody = wider.role == "anyone" or rule.role != "anyone"
        return everybody and not wider.levels and not wider.inside and wider.relation in PERSONAL
    held = not wider.levels or (bool(rule.levels) and rule.levels <= wider.levels)
    return inherits and held and rule.inside.startswith(wider.inside)


def implies(condition: Condition, other: Condition) -> bool:
    """The other holds whenever the condition does."""
    if condition in (other, NEVER) or other == ALWAYS:
        return True
    return isinstance(condition, Both) and other in condition.parts


def blanket_bans(book: RuleBook, type: str, action: str) -> list[Rule]:
    """Deny rules that leave nothing of the action to those they are for."""
    rules = {rule.meaning: rule for rule in book.by_action.get((type, action), ()) if _is_blanket(rule)}
    return list(rules.values())


def _is_blanket(rule: Rule) -> bool:
    return not rule.allows and not rule.inside and rule.relation == "any" and rule.condition == ALWAYS
