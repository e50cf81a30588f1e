"""The actor: who asks, and the roles they hold at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from models import Member
from policies.vocabulary import UNIT_LEVEL

if TYPE_CHECKING:
    from policies.compile import Scope


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """A role held now. `path` is the area's path, the unit's line, or "" (level SYSTEM) for the whole tree."""

    role: str
    level: str
    path: str
    area_id: str | None = None
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is None for the anonymous and the system, and then equals nothing: compare with `is_`.

    An actor is made for one request: what it holds is what was live when it was loaded.
    """

    id: str | None
    login: str | None = None
    name: str = ""
    unit_id: str | None = None
    unit_line: str | None = None
    grants: tuple[LiveGrant, ...] = ()
    disabled: bool = False
    system: bool = False
    scopes: "dict[tuple[str, str], Scope]" = field(default_factory=dict, repr=False, compare=False)

    def is_(self, member_id: str | None) -> bool:
        """Never true for the anonymous, not even against an empty column."""
        return self.id is not None and self.id == member_id

    @property
    def roles(self) -> tuple[LiveGrant, ...]:
        """The grants, and the roles nobody grants: anyone, and member when signed in."""
        return (
            (*self.grants, _ANYONE) if self.id is None or self.disabled else (*self.grants, _ANYONE, _MEMBER)
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """Lines of command of the actor's own unit and of every unit they hold a role in."""
        lines = (self.unit_line, *(grant.path for grant in self.grants if grant.level == UNIT_LEVEL))
        return tuple(line for line in lines if line)


_ANYONE = LiveGrant("anyone", "", "")
_MEMBER = LiveGrant("member", "", "")

ANONYMOUS = Actor(id=None)
SYSTEM = Actor(id=None, system=True)
"""The actor of timers: may everything, is no member."""


async def load_actor(member: Member | str, now: datetime) -> Actor:
    """With the grants live at `now` (since <= now < until), in one query; anonymous when there is no such member."""
    member_id = member if isinstance(member, str) else member.id
    actors = await load_actors([member_id], now)
    return actors[0] if actors else ANONYMOUS


async def load_actors(member_ids: Iterable[str], now: datetime) -> list[Actor]:
    """The same for several members, still in one query, in no particular order."""
    rows = await Member.filter(id__in=list(member_ids)).values(*_COLUMNS)
    members = {row["id"]: row for row in rows}
    grants: dict[str, list[LiveGrant]] = {member_id: [] for member_id in members}
    for row in rows:
        since, until = row["grants__since"], row["grants__until"]
        if since is not None and since <= now and (until is None or now < until):
            grants[row["id"]].append(LiveGrant(*(row[column] for column in _GRANT_COLUMNS)))
    return [
        Actor(
            id=row["id"],
            login=row["login"],
            name=row["name"],
            unit_id=row["unit_id"],
            unit_line=row["unit__line"],
            grants=() if row["disabled_at"] else tuple(grants[row["id"]]),
            disabled=row["disabled_at"] is not None,
        )
        for row in members.values()
    ]


_GRANT_COLUMNS = ("grants__role", "grants__level", "grants__path", "grants__area_id", "grants__unit_id")
_COLUMNS = (
    *("id", "login", "name", "unit_id", "unit__line", "disabled_at", "grants__since", "grants__until"),
    *_GRANT_COLUMNS,
)
