"""Loading actors: what they hold at this moment, and the rules it counts by."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from tortoise.expressions import Subquery

from models import Member, PolicyState, PolicyVersion
from policies.actor import ANONYMOUS, Actor, LiveGrant
from policies.rules import check_text, put_in_force, read_loosely, rules

Row = Mapping[str, object]
log = logging.getLogger(__name__)


async def load_actor(member: Member | str, now: datetime) -> Actor:
    """With the grants live at `now` (since <= now < until), in one query; anonymous when there is no such member.

    The rules in force at that moment are in force in this process afterwards.
    """
    member_id = member if isinstance(member, str) else member.id
    actors = await load_actors([member_id], now)
    return actors[0] if actors else ANONYMOUS


async def load_actors(member_ids: Iterable[str], now: datetime) -> list[Actor]:
    """The same for several members, still in one query, in no particular order."""
    rows = (
        await Member.filter(id__in=list(member_ids))
        .annotate(policy=Subquery(PolicyVersion.filter(state=PolicyState.PUBLISHED).limit(1).values("hash")))
        .values(*_COLUMNS, "policy")
    )
    members = {row["id"]: row for row in rows}
    grants: dict[str, list[LiveGrant]] = {member_id: [] for member_id in members}
    for row in rows:
        if _is_live(row, now):
            grants[row["id"]].append(LiveGrant(*(row[column] for column in _GRANT_COLUMNS)))
    for row in rows[:1]:
        await keep_up(row["policy"])
    return [
        Actor(
            id=row["id"],
            login=row["login"],
            name=row["name"],
            unit_id=row["unit_id"],
            unit_line=row["unit__line"],
            grants=() if row["disabled_at"] else tuple(grants[row["id"]]),
            disabled=row["disabled_at"] is not None,
            policy=row["policy"],
        )
        for row in members.values()
    ]


async def keep_up(hash: str | None) -> None:
    """Put the published rules in force here, if another process published them. None: nothing was ever stored.

    Rules published under an earlier program stay in force even if this one would not publish them: it may know actions
    they do not speak of, which nobody may then take. That is logged. Raises BrokenRules for what cannot be read.
    """
    if hash is None or hash == rules().hash:
        return
    published = await PolicyVersion.filter(hash=hash).order_by("-number").first()
    if published is not None:
        put_in_force(read_loosely(published.text))
        for fault in check_text(published.text):
            if fault.severe:
                log.error("rules in force, version %s: %s", published.number, fault)


async def load_rules() -> None:
    """At start-up: the rules in force, so that broken ones are noticed before anybody is answered."""
    published = await PolicyVersion.get_or_none(state=PolicyState.PUBLISHED)
    await keep_up(published.hash if published else None)
    rules()


def _is_live(row: Row, now: datetime) -> bool:
    """A revoked grant is dead whatever the clock says; a deputy's ends with its principal."""
    since, until = row["grants__since"], row["grants__until"]
    if row["grants__revoked_at"] is not None or row["grants__principal__disabled_at"] is not None:
        return False
    return isinstance(since, datetime) and since <= now and (not isinstance(until, datetime) or now < until)


_GRANT_COLUMNS = (
    *("grants__role", "grants__level", "grants__path", "grants__area_id", "grants__unit_id"),
    *("grants__principal_id", "grants__principal__unit__line", "grants__id"),
)
_COLUMNS = (
    *("id", "login", "name", "unit_id", "unit__line", "disabled_at"),
    *("grants__since", "grants__until", "grants__revoked_at", "grants__principal__disabled_at"),
    *_GRANT_COLUMNS,
)
