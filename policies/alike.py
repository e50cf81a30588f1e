"""Actors who may see the same: told by what the rules give them, not by who they are."""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple, cast

from policies.actor import Actor, LiveGrant
from policies.compile import Ground, scope_of
from policies.conditions import Both, Condition, Either, Fixed, OneOf
from policies.rules import Rule

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


class Mark(NamedTuple):
    """`personal`: borne by one alone."""

    text: str
    personal: bool


def mark(actor: Actor, rights: frozenset[Right]) -> Mark:
    """The same for two actors only if they are `alike`, in every process; kept with the actor."""
    known = actor.made.get((Mark, rights))
    if known is None:
        known = actor.made[Mark, rights] = _made_mark(actor, rights)
    return cast(Mark, known)


def _made_mark(actor: Actor, rights: frozenset[Right]) -> Mark:
    reached = [_reach(actor, right) for right in sorted(rights)]
    told = [(one.right, one.me, sorted(map(_written, one.held))) for one in reached]
    text = repr((actor.policy, actor.disabled, told))
    return Mark(sha256(text.encode()).hexdigest(), any(one.me for one in reached))


def _written(held: tuple[Rule, frozenset[LiveGrant]]) -> str:
    """In an order that does not differ with the process, and without what does not count."""
    rule, grants = held
    return repr((rule.line, str(rule), sorted(repr(replace(grant, id=None)) for grant in grants)))


class _Reach(NamedTuple):
    """The rules that give or take a right, with the grants that bring them in; `me` if one of them is personal."""

    right: Right
    me: str | None
    held: frozenset[tuple[Rule, frozenset[LiveGrant]]]


def _reach(actor: Actor, right: Right) -> _Reach:
    scope = scope_of(actor, *right)
    grounds = (*scope.grounds, *scope.bans)
    me = actor.id if any(map(_is_personal, grounds)) else None
    return _Reach(right, me, frozenset((ground.rule, frozenset(ground.holder.grants)) for ground in grounds))


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
