"""The one gate: may this actor take this action on an object with these facts, and if not, why not."""

from dataclasses import dataclass

from models import NotAllowed
from policies.actor import Actor
from policies.compile import Ground, Scope, scope_of
from policies.facts import Facts
from policies.rules import Rule

BANNED = {
    "evaluation": "OWN_UNIT",
    "binding": "OWN_GRANT",
    "policy": "OWN_DRAFT",
    "audit": "AUDIT_IS_FIXED",
}
"""Reason code when a deny rule about the type hits."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason_code` is None when allowed. `rules` allow or forbid it; for WRONG_PLACE they fell short."""

    allowed: bool
    reason_code: str | None
    rules: tuple[Rule, ...]


def may(actor: Actor, type: str, action: str, facts: Facts) -> bool:
    """Whether a rule allows it and none denies it."""
    return scope_of(actor, type, action).test(facts)


def require(actor: Actor, type: str, action: str, facts: Facts) -> None:
    """Raises NotAllowed with the reason code of `decide`."""
    decision = decide(actor, type, action, facts)
    if decision.reason_code is not None:
        raise NotAllowed(action, decision.reason_code)


def decide(actor: Actor, type: str, action: str, facts: Facts) -> Decision:
    """NO_RULE: no role of theirs gives it anywhere. WRONG_PLACE: one does, but not for this object."""
    scope = scope_of(actor, type, action)
    if bans := _hits(scope.bans, facts):
        return Decision(False, BANNED.get(type, "WRONG_PLACE"), bans)
    if grounds := _hits(scope.grounds, facts):
        return Decision(True, None, grounds)
    return Decision(False, _missing(actor, scope), tuple(ground.rule for ground in scope.grounds))


def _hits(grounds: tuple[Ground, ...], facts: Facts) -> tuple[Rule, ...]:
    return tuple(ground.rule for ground in grounds if ground.test(facts))


def _missing(actor: Actor, scope: Scope) -> str:
    if actor.disabled:
        return "DISABLED"
    return "WRONG_PLACE" if scope.grounds else "NO_RULE"
