"""Effective rights: everything that somebody's roles give and take, with where each comes from."""

from collections.abc import Iterator
from typing import NamedTuple

from policies.actor import Actor, LiveGrant
from policies.book import Rule, RuleBook
from policies.explain import sentence
from policies.rules import rules


class Right(NamedTuple):
    """A rule that counts for somebody by one of their roles.

    `via` is the inherited role that the rule is written for; None when it is the role itself. Roles nobody grants
    (anyone, member) have no place: level and path are empty.
    """

    grant: LiveGrant
    rule: Rule

    @property
    def role(self) -> str:
        return self.grant.role

    @property
    def via(self) -> str | None:
        return None if self.rule.role == self.grant.role else self.rule.role

    def words(self, language: str) -> str:
        """The rule as a sentence, in one of explain.LANGUAGES."""
        return sentence(self.rule, language)


def rights_of(actor: Actor, book: RuleBook | None = None) -> list[Right]:
    """Role by role, those held by grants first; in the order of the rules. `book`: the rules in force when left out."""
    return list(_rights(actor, book or rules()))


def _rights(actor: Actor, book: RuleBook) -> Iterator[Right]:
    for grant in actor.roles:
        held = book.inherited.get(grant.role, frozenset())
        for rule in book.rules:
            if rule.role in held and rule.counts(grant):
                yield Right(grant, rule)
