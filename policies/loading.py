"""Loading actors: what they hold at this moment, and the rules it counts by."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tortoise.expressions import RawSQL
from tortoise.queryset import QuerySet

from models import Member, PolicyState, PolicyVersion
from models.generations import GENERATIONS, is_in_transaction, read_generations
from models.kept import hear
from models.prepared import PreparedColumns, Row
from models.replica import from_primary
from policies.actor import ANONYMOUS, Actor, LiveGrant
from policies.rules import check_text, put_in_force, read_loosely, rules

log = logging.getLogger(__name__)


@from_primary
async def load_actor(member: Member | str, now: datetime) -> Actor:
    """With the grants live at `now` (since <= now < until), in one query; anonymous when there is no such member.

    The rules in force at that moment are in force in this process afterwards.
    """
    member_id = member if isinstance(member, str) else member.id
    actors = await _actors_of(await _BY_ID.rows(member_id), now)
    return actors[0] if actors else ANONYMOUS


@from_primary
async def load_by_login(login: str, now: datetime) -> Actor | None:
    """The same for whoever signs in with it; None when nobody does."""
    actors = await _actors_of(await _BY_LOGIN.rows(login), now)
    return actors[0] if actors else None


@from_primary
async def load_actors(member_ids: Iterable[str], now: datetime) -> list[Actor]:
    """The same for several members, still in one query, in no particular order."""
    members = _with_policy(Member.filter(id__in=list(member_ids)))
    return await _actors_of(await members.values(*_COLUMNS), now)


def _with_policy(members: QuerySet[Member]) -> QuerySet[Member]:
    return members.annotate(policy=RawSQL(_POLICY), generations=RawSQL(GENERATIONS))


async def _actors_of(rows: Sequence[Row], now: datetime) -> list[Actor]:
    members: dict[object, list[Row]] = {}
    for row in rows:
        members.setdefault(row["id"], []).append(row)
    for row in rows[:1]:
        if not is_in_transaction():
            hear(read_generations(str(row["generations"])))
        await keep_up(row["policy"])  # type: ignore[arg-type]
    return [_actor(some, now) for some in members.values()]


def _actor(rows: Sequence[Row], now: datetime) -> Actor:
    """A row for each grant, or one with no grant in it."""
    row = rows[0]
    disabled = row["disabled_at"] is not None
    known = {name: row[column] for name, column in _MEMBER_COLUMNS.items()}
    grants = tuple(
        LiveGrant(*(row[column] for column in _GRANT_COLUMNS))  # type: ignore[arg-type]
        for row in rows
        if _is_live(row, now)
    )
    return Actor(
        **known,  # type: ignore[arg-type]
        grants=() if disabled else grants,
        disabled=disabled,
        changes_at=min(_changes(rows, now), default=None),
        generations=read_generations(str(row["generations"])),
    )


def _changes(rows: Sequence[Row], now: datetime) -> Iterator[datetime]:
    """When grants begin or end from now on."""
    for row in rows:
        for moment in (row["grants__since"], row["grants__until"]):
            if isinstance(moment, datetime) and moment > now:
                yield moment


@from_primary
async def keep_up(hash: str | None) -> None:
    """Put the published rules in force here, if another process published them. None: nothing was ever stored.

    Rules published under an earlier program stay in force even if this one would not publish them: it may know actions
    they do not speak of, which nobody may then take. That is logged. Raises BrokenRules for what cannot be read.
    `hash` may be old news: whoever read it before a publication must not bring the former rules back.
    """
    if hash is None or hash == rules().hash:
        return
    published = await PolicyVersion.get_or_none(state=PolicyState.PUBLISHED)
    if published is not None and published.hash != rules().hash:
        put_in_force(read_loosely(published.text))
        for fault in check_text(published.text):
            if fault.severe:
                log.error("rules in force, version %s: %s", published.number, fault)


@from_primary
async def load_stranger() -> Actor:
    """Whoever has not signed in. The rules in force at this moment are in force in this process afterwards."""
    rows = PolicyVersion.filter(state=PolicyState.PUBLISHED).annotate(generations=RawSQL(GENERATIONS))
    for row in await rows.values("hash", "generations"):
        hear(read_generations(str(row["generations"])))
        await keep_up(row["hash"])
    return Actor(id=None, policy=rules().hash)


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
_MEMBER_COLUMNS = {name: name for name in ("id", "login", "name", "unit_id", "policy")} | {
    "unit_line": "unit__line"
}
_COLUMNS = (
    *(*_MEMBER_COLUMNS.values(), "disabled_at", "generations"),
    *("grants__since", "grants__until", "grants__revoked_at", "grants__principal__disabled_at"),
    *_GRANT_COLUMNS,
)
_POLICY = f"(SELECT hash FROM policy_version WHERE state = '{PolicyState.PUBLISHED}' LIMIT 1)"
_BY_ID = PreparedColumns(lambda id: _with_policy(Member.filter(id=id)), *_COLUMNS)
_BY_LOGIN = PreparedColumns(lambda login: _with_policy(Member.filter(login=login)), *_COLUMNS)
