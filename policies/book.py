"""Rules and books of rules: what a text of rules says, once it is read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from policies.actor import LiveGrant
from policies.conditions import Condition, parse
from policies.reading.heirs import inherited
from policies.reading.sheet import Sheet
from policies.reading.spelling import EFFECTS, held_at
from policies.vocabulary import ANY_LEVEL, UNIT_LEVEL

Actions = dict[tuple[str, str], tuple["Rule", ...]]


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
        return (not self.levels or grant.level in self.levels) and self._reaches(grant)

    def _reaches(self, grant: LiveGrant) -> bool:
        """No unit lies inside an area, though its line may look like a path there."""
        return not self.inside or (grant.level != UNIT_LEVEL and grant.path.startswith(self.inside))

    @property
    def effect(self) -> str:
        return EFFECTS[0] if self.allows else EFFECTS[1]

    @property
    def meaning(self) -> tuple[object, ...]:
        """The same for rules that say the same, wherever and however they are written."""
        place = (self.role, self.levels, self.inside)
        return (*place, self.type, self.action, self.relation, self.condition, self.allows)

    def __str__(self) -> str:
        at = "|".join(sorted(self.levels)).lower() or ANY_LEVEL
        place = f"{at}@{self.inside}" if self.inside else at
        return ", ".join((self.role, place, self.type, self.action, self.relation, self.when, self.effect))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """`inherited[role]` are the roles that come with it, itself among them.

    `text` is what it was read from, to the letter, and `hash` the SHA-256 of that in UTF-8, as hex. `links` are heir
    and role of each line of inheritance.
    """

    rules: tuple[Rule, ...]
    inherited: dict[str, frozenset[str]]
    by_action: Actions
    text: str = ""
    hash: str = ""
    links: tuple[tuple[str, str], ...] = ()

    def bearers(self, role: str) -> frozenset[str]:
        """The roles that have `role`: itself and all that inherit from it."""
        return frozenset(bearer for bearer, roles in self.inherited.items() if role in roles)


def make_book(text: str, sheet: Sheet) -> RuleBook:
    """Of the rows that can be read."""
    rules = tuple(rule_of(row.line, row.words) for row in sheet.rules.values())
    links = tuple((row.words[1], row.words[2]) for row in sheet.links)
    hash = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return RuleBook(rules, inherited(links), _by_action(rules), text, hash, links)


def with_rules(book: RuleBook, more: tuple[Rule, ...]) -> RuleBook:
    """The book with more rules in front; its text stays."""
    rules = (*more, *book.rules)
    return replace(book, rules=rules, by_action=_by_action(rules)) if more else book


def rule_of(line: int, words: tuple[str, ...]) -> Rule:
    """Of a p row without fault."""
    _, role, at, type, action, relation, when, effect = words
    levels, inside = held_at(at)
    return Rule(line, role, levels, inside, type, action, relation, parse(when), when, effect == EFFECTS[0])


def _by_action(rules: Iterable[Rule]) -> Actions:
    index: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        index.setdefault((rule.type, rule.action), []).append(rule)
    return {pair: tuple(found) for pair, found in index.items()}
