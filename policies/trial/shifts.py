"""Whether other rules give somebody more or less, told from the rules alone, without looking at any object."""

from collections.abc import Iterable
from typing import NamedTuple

from policies.actor import Actor
from policies.book import RuleBook
from policies.compile import Ground, Scope, compile_scope
from policies.conditions import Condition
from policies.reading.cover import PERSONAL, WIDER, implies
from policies.reading.spelling import Pair

Place = tuple[str, str, str | None]
"""Level, path and unit of a role held."""


class Reach(NamedTuple):
    """How far one rule reaches for somebody; no `place` where it does not matter where they hold the role."""

    relation: str
    condition: Condition
    place: Place | None


class Shift(NamedTuple):
    """A false is sure; a true may come to no object at all."""

    gains: bool
    loses: bool


NO_SHIFT = Shift(False, False)


def shift_of(before: RuleBook, after: RuleBook, actor: Actor, pair: Pair) -> Shift:
    """What becomes of the actor's right to do `pair` (type, action)."""
    return shift(compile_scope(before, actor, *pair), compile_scope(after, actor, *pair))


def shift(before: Scope, after: Scope) -> Shift:
    closed, closes = _reaches(before.bans), _reaches(after.bans)
    opened, opens = _beyond(_reaches(before.grounds), closed), _beyond(_reaches(after.grounds), closes)
    return Shift(
        gains=bool(opens and (_beyond(opens, opened) or _beyond(closed, closes))),
        loses=bool(opened and (_beyond(opened, opens) or _beyond(closes, closed))),
    )


def _reaches(grounds: Iterable[Ground]) -> frozenset[Reach]:
    return frozenset(
        Reach(
            ground.rule.relation,
            ground.rule.condition,
            None if ground.rule.relation in PERSONAL else (grant.level, grant.path, grant.unit_id),
        )
        for ground in grounds
        for grant in ground.holder.grants
    )


def _beyond(reaches: frozenset[Reach], others: frozenset[Reach]) -> frozenset[Reach]:
    """Those that none of the others covers."""
    return frozenset(one for one in reaches - others if not any(_covers(other, one) for other in others))


def _covers(wider: Reach, one: Reach) -> bool:
    return (
        wider.place in (None, one.place)
        and wider.relation in ("any", one.relation, *WIDER.get(one.relation, ()))
        and implies(one.condition, wider.condition)
    )
