"""Actors as they were: what members held at some moment of the past."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models import Member
from policies.actor import Actor, LiveGrant

Row = Mapping[str, object]

AT_ONCE = 5_000


@dataclass(slots=True)
class Past:
    """A member with every grant they ever held. Their unit is that of today: nobody noted the former ones."""

    id: str
    unit_id: str | None
    unit_line: str | None
    disabled_at: datetime | None
    grants: list[tuple[Row, LiveGrant]] = field(default_factory=list, repr=False)

    def at(self, moment: datetime) -> Actor:
        disabled = _over(self.disabled_at, moment)
        held = () if disabled else tuple(grant for row, grant in self.grants if _was_live(row, moment))
        return Actor(self.id, None, "", self.unit_id, self.unit_line, held, disabled)


async def pasts_of(member_ids: Collection[str]) -> dict[str, Past]:
    """By id; those who no longer exist are missing. One query for each 5,000."""
    wanted, found = sorted(member_ids), dict[str, Past]()
    for start in range(0, len(wanted), AT_ONCE):
        for row in await Member.filter(id__in=wanted[start : start + AT_ONCE]).values(*_COLUMNS):
            past = found.setdefault(row["id"], Past(*(row[column] for column in _MEMBER)))
            past.grants.append((row, LiveGrant(*(row[column] for column in _GRANT))))
    return found


def _was_live(row: Row, moment: datetime) -> bool:
    since = row["grants__since"]
    ends = (row["grants__until"], row["grants__revoked_at"], row["grants__principal__disabled_at"])
    return isinstance(since, datetime) and since <= moment and not any(_over(end, moment) for end in ends)


def _over(end: object, moment: datetime) -> bool:
    return isinstance(end, datetime) and end <= moment


_MEMBER = ("id", "unit_id", "unit__line", "disabled_at")
_GRANT = (
    *("grants__role", "grants__level", "grants__path", "grants__area_id", "grants__unit_id"),
    *("grants__principal_id", "grants__principal__unit__line", "grants__id"),
)
_COLUMNS = (
    *_MEMBER,
    *("grants__since", "grants__until", "grants__revoked_at", "grants__principal__disabled_at"),
    *_GRANT,
)
