"""The actor: who asks, and the roles they hold at this moment."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from models.generations import Generations
from policies.vocabulary import UNIT_LEVEL

if TYPE_CHECKING:
    from policies.compile import Scope


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """A role held now. `path` is the area's path, the unit's line, or "" (level SYSTEM) for the whole tree.

    A deputy holds it in the name of a principal, whose own unit has that line of command.
    """

    role: str
    level: str
    path: str
    area_id: str | None = None
    unit_id: str | None = None
    principal_id: str | None = None
    principal_line: str | None = None
    id: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is None for the anonymous and the system, and then equals nothing: compare with `is_`.

    What it holds is what was live when it was loaded, and counts as long as `generations`, of that moment, stay.
    `policy` is the hash of the rules that were in force then (None: those that come with the program);
    `changes_at` is when the next of the grants begins or ends, whatever else happens (None: none does). `scopes` and
    `made` hold what was made of its rights and serves again as long as they stay.
    """

    id: str | None
    login: str | None = None
    name: str = ""
    unit_id: str | None = None
    unit_line: str | None = None
    grants: tuple[LiveGrant, ...] = ()
    disabled: bool = False
    system: bool = False
    policy: str | None = None
    changes_at: datetime | None = field(default=None, repr=False, compare=False)
    generations: Generations | None = field(default=None, repr=False, compare=False)
    scopes: "dict[tuple[str, str], Scope]" = field(default_factory=dict, repr=False, compare=False)
    made: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    def holds(self, generations: Generations, now: datetime) -> bool:
        """Whether nothing about anybody's rights was committed since it was loaded, and no grant began or ended."""
        began_or_ended = self.changes_at is not None and self.changes_at <= now
        return (
            self.generations is not None
            and self.generations.rights == generations.rights
            and not began_or_ended
        )

    def is_(self, member_id: str | None) -> bool:
        """Never true for the anonymous, not even against an empty column."""
        return self.id is not None and self.id == member_id

    def stands_for(self, member_id: str | None) -> bool:
        """Whether it is the actor, or somebody in whose name they hold a role."""
        return self.is_(member_id) or self.is_deputy_of(member_id)

    def is_deputy_of(self, member_id: str | None) -> bool:
        return member_id is not None and any(grant.principal_id == member_id for grant in self.grants)

    @property
    def roles(self) -> tuple[LiveGrant, ...]:
        """The grants, and the roles nobody grants: anyone, and member when signed in."""
        return (
            (*self.grants, _ANYONE) if self.id is None or self.disabled else (*self.grants, _ANYONE, _MEMBER)
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """Lines of command of the actor's own unit, of every unit they hold a role in, and of their principals'."""
        held = (grant.path for grant in self.grants if grant.level == UNIT_LEVEL)
        lines = (self.unit_line, *held, *(grant.principal_line for grant in self.grants))
        return tuple(line for line in lines if line)


_ANYONE = LiveGrant("anyone", "", "")
_MEMBER = LiveGrant("member", "", "")

ANONYMOUS = Actor(id=None)
SYSTEM = Actor(id=None, system=True)
"""The actor of timers: may everything, is no member."""
