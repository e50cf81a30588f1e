"""Where a rule can count at all: who holds its role at which level, and what its relation asks of that place."""

from policies.book import Rule, RuleBook
from policies.reading.cover import EVERYBODY
from policies.vocabulary import AREA_LEVELS, LEVELS, ROLES, UNIT_LEVEL

AREA_RELATIONS = frozenset(
    (
        *("subtree", "subtree_not_above", "own_area", "registered"),
        *("issuer", "co_issuer", "commands", "arbiter"),
    )
)
"""They ask for a role held at an area (or over the whole tree)."""

UNIT_RELATIONS = frozenset(("target_unit", "lead_unit", "own_unit", "paired"))
"""They ask for a role held in a unit."""


def levels_held(role: str, book: RuleBook) -> frozenset[str]:
    """The levels at which the role, or one that inherits from it, can be granted."""
    return frozenset(level for bearer in book.bearers(role) for level in ROLES[bearer].held_at)


def applies(rule: Rule, book: RuleBook) -> bool:
    """Whether anybody can ever hold the role where the rule asks for it."""
    if rule.role in EVERYBODY:
        placeless = rule.relation not in AREA_RELATIONS | UNIT_RELATIONS
        return placeless and not rule.levels and not rule.inside
    return bool(_useful(rule) & (rule.levels or frozenset(LEVELS)) & levels_held(rule.role, book))


def _useful(rule: Rule) -> frozenset[str]:
    """Levels where the relation can hold; a unit and the whole tree lie inside no path."""
    useful = frozenset((UNIT_LEVEL,)) if rule.relation in UNIT_RELATIONS else frozenset(LEVELS)
    if rule.relation in AREA_RELATIONS:
        useful -= {UNIT_LEVEL}
    return useful & frozenset(AREA_LEVELS) if rule.inside else useful
