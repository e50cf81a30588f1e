"""Who holds a role where, and the shape of a relation between that place and an object."""

from collections.abc import Callable
from dataclasses import dataclass

from tortoise.models import Model

from policies.actor import Actor, LiveGrant
from policies.clauses import Clause
from policies.facts import Facts
from policies.vocabulary import AREA_LEVELS, SYSTEM_LEVEL

Test = Callable[[Facts], bool]
Rows = type[Model]


@dataclass(frozen=True, slots=True)
class Holder:
    """An actor, and those of their grants that a rule rests on."""

    actor: Actor
    grants: tuple[LiveGrant, ...]

    def paths(self, *levels: str) -> tuple[str, ...]:
        """Where they hold the role; without `levels`, at any area. Never a unit's line."""
        wanted = levels or (SYSTEM_LEVEL, *AREA_LEVELS)
        return tuple(grant.path for grant in self.grants if grant.level in wanted)

    def units(self) -> frozenset[str]:
        return frozenset(grant.unit_id for grant in self.grants if grant.unit_id is not None)


def no_subtree(holder: Holder) -> tuple[str, ...]:
    """Where something lies is not enough for the relation."""
    return ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Both halves are made for a holder. The clause is False for a model whose facts can never fit.

    `subtrees`: paths of areas where everything fits that lies there or below.
    """

    test: Callable[[Holder], Test]
    clause: Callable[[Holder, Rows], Clause]
    subtrees: Callable[[Holder], tuple[str, ...]] = no_subtree


def by_column(columns: dict[Rows, str], model: Rows, wanted: Callable[[str], Clause]) -> Clause:
    """`wanted` of the model's column, or no row when it has none."""
    return wanted(columns[model]) if model in columns else False
