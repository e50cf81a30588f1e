"""Actors who may see the same: told by what the rules give them, not by who they are."""

from collections.abc import Hashable, Iterable

from policies.actor import Actor
from policies.compile import Ground, scope_of
from policies.conditions import Both, Condition, Either, Fixed, OneOf

Right = tuple[str, str]

IMPERSONAL = frozenset(
    {
        "any",
        "arbiter",
        "co_issuer",
        "commands",
        "issuer",
        "lead_unit",
        "official",
        "own_area",
        "own_unit",
        "paired",
        "published",
        "registered",
        "subtree",
        "subtree_not_above",
        "target_unit",
    }
)
"""Relations that look at where a role is held and at nothing else of the actor. Any other one is personal."""


def alike(actor: Actor, rights: Iterable[Right]) -> Hashable:
    """Equal for two actors only if each of the rights (type, action) reaches the same objects for both.

    Whoever has one of them by a personal relation, or by a condition on themselves, is alike only to themselves.
    """
    return actor.policy, actor.disabled, tuple(_reach(actor, right) for right in sorted(set(rights)))


def _reach(actor: Actor, right: Right) -> Hashable:
    scope = scope_of(actor, *right)
    grounds = (*scope.grounds, *scope.bans)
    me = actor.id if any(map(_is_personal, grounds)) else None
    return right, me, frozenset((ground.rule, frozenset(ground.holder.grants)) for ground in grounds)


def _is_personal(ground: Ground) -> bool:
    return ground.rule.relation not in IMPERSONAL or _looks_at_me(ground.rule.condition)


def _looks_at_me(condition: Condition) -> bool:
    match condition:
        case Fixed():
            return False
        case OneOf(me=me):
            return me
        case Both(parts) | Either(parts):
            return any(map(_looks_at_me, parts))
