"""The one gate: may this actor take this action on an object with these facts, and if not, why not."""

from dataclasses import dataclass

from models import NotAllowed
from policies import verify
from policies.actor import Actor, LiveGrant
from policies.compile import Ground, Scope, scope_of
from policies.facts import Facts
from policies.rules import Rule

BANNED_BY = {"member_of_evaluated_unit": "OWN_UNIT"}
"""Reason code when a deny rule by the relation hits, whatever it is about."""

BANNED = {
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
    scope = actor.scopes.get((type, action)) or scope_of(actor, type, action)
    allowed = scope.test(facts)
    if verify.watch is not None:
        verify.watch.note(verify.Sample(actor, type, action, facts, scope, allowed))
    return allowed


def require(actor: Actor, type: str, action: str, facts: Facts) -> None:
    """Raises NotAllowed with the reason code of `decide`."""
    decision = decide(actor, type, action, facts)
    if decision.reason_code is not None:
        raise NotAllowed(action, decision.reason_code)


def decide(actor: Actor, type: str, action: str, facts: Facts) -> Decision:
    """NO_RULE: no role of theirs gives it anywhere. WRONG_PLACE: one does, but not for this object."""
    scope = scope_of(actor, type, action)
    decision = _decided(actor, type, scope, facts)
    if verify.watch is not None:
        verify.watch.note(verify.Sample(actor, type, action, facts, scope, decision.allowed))
    return decision


def _decided(actor: Actor, type: str, scope: Scope, facts: Facts) -> Decision:
    if bans := _hits(scope.bans, facts):
        return Decision(False, _banned(type, bans), bans)
    if grounds := _hits(scope.grounds, facts):
        return Decision(True, None, grounds)
    return Decision(False, _missing(actor, scope), tuple(ground.rule for ground in scope.grounds))


def _banned(type: str, bans: tuple[Rule, ...]) -> str:
    by_relation = (BANNED_BY[rule.relation] for rule in bans if rule.relation in BANNED_BY)
    return next(by_relation, BANNED.get(type, "WRONG_PLACE"))


def _hits(grounds: tuple[Ground, ...], facts: Facts) -> tuple[Rule, ...]:
    return tuple(ground.rule for ground in grounds if ground.test(facts))


def _missing(actor: Actor, scope: Scope) -> str:
    if actor.disabled:
        return "DISABLED"
    return "WRONG_PLACE" if scope.grounds else "NO_RULE"


def title_of(actor: Actor, type: str, action: str, facts: Facts) -> tuple[Rule, LiveGrant] | None:
    """The rule that allows it and the one grant it rests on: an own one rather than one held as somebody's deputy."""
    fitting = [
        (ground.rule, grant)
        for ground in scope_of(actor, type, action).grounds
        for grant in ground.holder.grants
        if ground.resting_on(grant)(facts)
    ]
    return min(fitting, key=lambda found: found[1].principal_id is not None, default=None)
