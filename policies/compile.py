"""Rules made ready for one actor and one action: a test for one object, a clause for lists, from the same rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tortoise.expressions import Q

from policies import conditions
from policies.actor import SYSTEM, Actor, LiveGrant
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

    def resting_on(self, grant: LiveGrant) -> Test:
        """The test, had the actor brought in this one of their grants alone."""
        return _test(self.rule, Holder(self.holder.actor, (grant,)))

    def clause(self, model: Rows) -> Clause:
        columns = CONDITION_COLUMNS.get(model, {})
        return both(
            RELATION[self.rule.relation].clause(self.holder, model),
            conditions.clause(self.rule.condition, self.holder.actor.id, columns),
        )

    def subtrees(self, model: Rows) -> tuple[str, ...]:
        """Paths of areas where it fits every row of the model, at or below, whatever else is in the row."""
        columns = CONDITION_COLUMNS.get(model, {})
        if conditions.clause(self.rule.condition, self.holder.actor.id, columns) is not True:
            return ()
        return RELATION[self.rule.relation].subtrees(self.holder)


@dataclass(frozen=True, slots=True)
class Scope:
    """The objects on which an actor may take an action: `grounds` open it, any of `bans` closes it.

    `test` says whether an object with these facts is one of them. `text` is what the rules were read from.
    """

    grounds: tuple[Ground, ...]
    bans: tuple[Ground, ...]
    text: str = ""
    test: Test = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        opened, closed = _any_of([one.test for one in self.grounds]), _any_of([one.test for one in self.bans])
        bounded = self.grounds and self.bans
        object.__setattr__(self, "test", _all_but(opened, closed) if bounded else opened)

    def clause(self, model: Rows) -> Clause:
        """The same as `test`, for the rows of a model."""
        opened = either(ground.clause(model) for ground in self.grounds)
        if opened is False or not self.bans:
            return opened
        return both(opened, negation(model, either(ban.clause(model) for ban in self.bans)))

    def subtrees(self, model: Rows) -> tuple[str, ...]:
        """Paths of areas where it certainly has every row of the model, at or below; none if a ban could cut some."""
        if self.bans and either(ban.clause(model) for ban in self.bans) is not False:
            return ()
        return tuple(path for ground in self.grounds for path in ground.subtrees(model))

    def unpublished(self) -> "Scope":
        """What it would reach if nothing were published."""
        return Scope(_unpublished(self.grounds), _unpublished(self.bans), self.text)

    def q(self, model: Rows) -> Q:
        return as_q(self.clause(model))


def _unpublished(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    return tuple(
        Ground(rule, ground.holder, _test(rule, ground.holder))
        for ground in grounds
        if (rule := _settled(ground.rule)).relation != "published"
    )


def _settled(rule: Rule) -> Rule:
    return replace(rule, condition=conditions.settled(rule.condition, "published", False))


def _all_but(opened: Test, closed: Test) -> Test:
    return lambda facts: opened(facts) and not closed(facts)


def _any_of(tests: Sequence[Test]) -> Test:
    """One test instead of several: made once, asked with every decision."""
    if len(tests) == 1:
        return tests[0]

    def some(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110  (twice as fast as any)
            if test(facts):
                return True
        return False

    return some


def scope_of(actor: Actor, type: str, action: str) -> Scope:
    """Of the rules in force; kept with the actor, who is known no longer than they are."""
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
        book.text,
    )


NO_ROLES: frozenset[str] = frozenset()


def _grounds(book: RuleBook, actor: Actor, type: str, action: str) -> Iterator[Ground]:
    roles = [(grant, book.inherited.get(grant.role, frozenset())) for grant in actor.roles]
    all_roles = NO_ROLES.union(*(inherited for _, inherited in roles))
    for rule in book.by_action.get((type, action), ()):
        if rule.role not in all_roles:
            continue
        held = tuple(grant for grant, inherited in roles if rule.role in inherited and rule.counts(grant))
        if held:
            holder = Holder(actor, held)
            yield Ground(rule, holder, _test(rule, holder))


def _test(rule: Rule, holder: Holder) -> Test:
    related = RELATION[rule.relation].test(holder)
    condition, me = rule.condition, holder.actor.id
    if isinstance(condition, conditions.Fixed) and condition.value:
        return related
    return lambda facts: related(facts) and conditions.holds(condition, me, facts)


_TIMER = Rule(0, "system", frozenset(), "", "*", "*", "any", conditions.Fixed(True), "True", True)
EVERYTHING = Scope((Ground(_TIMER, Holder(SYSTEM, ()), lambda facts: True),), ())
"""The scope of timers."""
