"""Rules made ready for one actor and one action: a test for one object, a clause for lists, from the same rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from tortoise.expressions import Q

from policies import conditions
from policies.actor import SYSTEM, Actor
from policies.clauses import Clause, as_q, both, either, negation
from policies.facts import Facts
from policies.holder import Holder, Rows, Test
from policies.relations import CONDITION_COLUMNS, RELATION
from policies.rules import Rule, RuleBook, rules


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule that the actor's grants bring into play, and where they hold them."""

    rule: Rule
    holder: Holder
    test: Test

    def clause(self, model: Rows) -> Clause:
        columns = CONDITION_COLUMNS.get(model, {})
        return both(
            RELATION[self.rule.relation].clause(self.holder, model),
            conditions.clause(self.rule.condition, self.holder.actor.id, columns),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The objects on which an actor may take an action: `grounds` open it, any of `bans` closes it."""

    grounds: tuple[Ground, ...]
    bans: tuple[Ground, ...]

    def test(self, facts: Facts) -> bool:
        return any(ground.test(facts) for ground in self.grounds) and not any(
            ban.test(facts) for ban in self.bans
        )

    def clause(self, model: Rows) -> Clause:
        """The same as `test`, for the rows of a model."""
        opened = either(ground.clause(model) for ground in self.grounds)
        if opened is False or not self.bans:
            return opened
        return both(opened, negation(model, either(ban.clause(model) for ban in self.bans)))

    def q(self, model: Rows) -> Q:
        return as_q(self.clause(model))


def scope_of(actor: Actor, type: str, action: str) -> Scope:
    """Of the rules in force; kept with the actor, who lives for one request."""
    scope = actor.scopes.get((type, action))
    if scope is None:
        scope = actor.scopes[type, action] = compile_scope(rules(), actor, type, action)
    return scope


def compile_scope(book: RuleBook, actor: Actor, type: str, action: str) -> Scope:
    """Of any book of rules. What the actor's grants bring into play, where they hold them."""
    if actor.system:
        return EVERYTHING
    grounds = list(_grounds(book, actor, type, action))
    return Scope(
        tuple(ground for ground in grounds if ground.rule.allows),
        tuple(ground for ground in grounds if not ground.rule.allows),
    )


def _grounds(book: RuleBook, actor: Actor, type: str, action: str) -> Iterator[Ground]:
    roles = [(grant, book.inherited.get(grant.role, frozenset())) for grant in actor.roles]
    for rule in book.by_action.get((type, action), ()):
        held = tuple(grant for grant, inherited in roles if rule.role in inherited and rule.counts(grant))
        if held:
            holder = Holder(actor, held)
            yield Ground(rule, holder, _test(rule, holder))


def _test(rule: Rule, holder: Holder) -> Test:
    related = RELATION[rule.relation].test(holder)
    condition, me = rule.condition, holder.actor.id
    if condition == conditions.Fixed(True):
        return related
    return lambda facts: related(facts) and conditions.holds(condition, me, facts)


_TIMER = Rule(0, "system", frozenset(), "", "*", "*", "any", conditions.Fixed(True), "True", True)
EVERYTHING = Scope((Ground(_TIMER, Holder(SYSTEM, ()), lambda facts: True),), ())
"""The scope of timers."""
