"""In whose name somebody acts, where the same step is open to the village and to the town."""

from collections.abc import Callable
from dataclasses import replace

from actions.turn import View
from models import ArbitrationLevel, AreaLevel
from policies.actor import Actor, LiveGrant
from policies.facts import Facts
from policies.guard import may

VILLAGE_LEVELS = frozenset({AreaLevel.VILLAGE.value, AreaLevel.GRID.value})


def _only_with(actor: Actor, holds: Callable[[LiveGrant], bool]) -> Actor:
    return replace(actor, grants=tuple(grant for grant in actor.grants if holds(grant)), scopes={})


def right_of(view: View) -> tuple[str, str]:
    assert view.step.right is not None, f"{view.step.action} is the system's own"
    return view.step.right


def facts_of(view: View) -> Facts:
    return view.case.facts(view.about)


def acts_above_village(view: View) -> bool:
    """Whether the actor has the right through a role held at a town or higher."""
    actor = _only_with(view.actor, lambda grant: grant.level not in VILLAGE_LEVELS)
    return may(actor, *right_of(view), facts_of(view))


ARBITERS = {
    ArbitrationLevel.TOWN: {AreaLevel.TOWN.value, AreaLevel.DISTRICT.value},
    ArbitrationLevel.DISTRICT_ORG: {AreaLevel.DISTRICT.value},
    ArbitrationLevel.DISTRICT_LEADER: {AreaLevel.DISTRICT.value},
}
LEADER = "district_leader"


def may_rule_at(view: View, level: ArbitrationLevel) -> bool:
    """Whether it is the actor's turn: the level reached, or the district in the town's place."""
    turn_of_leaders = level == ArbitrationLevel.DISTRICT_LEADER
    actor = _only_with(
        view.actor, lambda grant: grant.level in ARBITERS[level] and (grant.role == LEADER) == turn_of_leaders
    )
    return may(actor, *right_of(view), facts_of(view))
