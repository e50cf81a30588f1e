"""Emergency access (应急访问): somebody looks at one object's protected fields for a while, and is reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from actions.admin import check_version, locked
from actions.checks import REASON_LENGTH, check_text
from actions.once import Done, once
from actions.record import Record, recording
from actions.turn import Faults
from models import Area, BreakGlass, Member, NotAllowed, Request, WrongState, clock
from models.replica import from_primary
from policies.actor import Actor
from policies.facts import Facts, member_facts, own_facts, request_facts
from policies.guard import decide, may
from policies.scopes import readable, whole

OPEN, REVEAL, REVIEW = ("breakglass", "open"), ("pii", "reveal"), ("breakglass", "review")
MANAGE = ("member", "manage")
LASTS = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose protected fields are looked at, and why."""

    member: str
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Revealing:
    """Of which request the reporters are looked at, and why."""

    request: str
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What an auditor found: whether the access was justified, and in words."""

    access: str
    justified: bool
    finding: str
    version: int | None = None
    key: str | None = None


Protected = Member | Request
"""Rows with protected fields: a member's number, who reported a request."""


async def open_emergency_access(actor: Actor, opening: Opening) -> Done:
    """For three hours and this one member. Needs `breakglass.open` or `pii.reveal`, both with a reason."""

    async def work(record: Record) -> Done:
        member = await readable(Member, actor).get_or_none(id=opening.member)
        return await _open(record, actor, member, opening.reason, "Member", "object")

    return await once(actor, opening.key, ("openEmergencyAccess", opening), work)


async def reveal_reporter(actor: Actor, revealing: Revealing) -> Done:
    """For three hours and this one request; the same rights. What is left is the request, to be looked at."""

    async def work(record: Record) -> Done:
        request = await readable(Request, actor).get_or_none(id=revealing.request)
        done = await _open(record, actor, request, revealing.reason, "Request", "request")
        return replace(done, kind="Request", object_id=revealing.request)

    return await once(actor, revealing.key, ("revealReporter", revealing), work)


async def _open(
    record: Record, actor: Actor, row: Protected | None, reason: str, kind: str, path: str
) -> Done:
    faults = Faults()
    if row is None:
        faults.missing(kind, path)
    elif await _open_ones(actor, [row]):
        faults.add("ACCESS_OPEN", path)
    check_text(faults, reason, "reason", REASON_LENGTH)
    faults.refuse()
    assert row is not None, "a missing row is a fault"
    facts = _with_reason(row)
    record.require(actor, *_right_to_open(actor, facts), facts)
    access = _access(record, actor, row, reason)
    area = await whole(Area).get(code=access.area_id)
    event = record.tell_of_admin(access, "breakGlass.opened", actor, area, reason)
    await access.save(force_create=True)
    return Done("BreakGlass", access.id, event.id)


def _access(record: Record, actor: Actor, row: Protected, reason: str) -> BreakGlass:
    return BreakGlass(
        member_id=actor.id,
        kind=row.__class__.__name__,
        object_id=row.id,
        area_id=row.area_id,
        path=row.area_path if isinstance(row, Member) else row.path,
        reason=reason,
        opened_at=record.now,
        until=record.now + LASTS,
        version=0,
    )


def _with_reason(row: Protected) -> Facts:
    facts = member_facts(row) if isinstance(row, Member) else request_facts(row, [])
    return replace(facts, reason=True)


def _right_to_open(actor: Actor, facts: Facts) -> tuple[str, str]:
    """The one that allows it, else the one that comes nearer."""

    def distance(right: tuple[str, str]) -> tuple[bool, bool]:
        reason = decide(actor, *right, facts).reason_code
        return reason is not None, reason == "NO_RULE"

    return min((OPEN, REVEAL), key=distance)


@from_primary
async def phones_for(actor: Actor, members: Sequence[Member]) -> list[str | None]:
    """Their telephone numbers, as far as the actor may see them; None for all others.

    Members see their own, and whoever manages them; anybody else only while they have opened an emergency access.
    """
    closed = [one for one in members if one.phone and not _sees_freely(actor, one)]
    hidden = {one.id for one in closed} - await _looked_at(actor, closed, "phone")
    return [None if one.id in hidden else one.phone for one in members]


@from_primary
async def look_at_reporters(actor: Actor, requests: Sequence[Request]) -> list[bool]:
    """Whether the actor may see who reported each: only while they have opened an access to it."""
    looked_at = await _looked_at(actor, requests, "reporters")
    return [one.id in looked_at for one in requests]


async def _looked_at(actor: Actor, rows: Sequence[Protected], field: str) -> set[str]:
    """Ids of those to which an access is open, and which the actor may still open one to.

    Each look through it is an event: when that cannot be written, nothing is shown.
    """
    opened = {access.object_id: access for access in await _open_ones(actor, rows)}
    looked_at = [one for one in rows if one.id in opened and _may_open(actor, one)]
    for row in looked_at:
        await _tell_of_use(actor, row, opened[row.id].id, field)
    return {row.id for row in looked_at}


def _sees_freely(actor: Actor, member: Member) -> bool:
    return actor.is_(member.id) or may(actor, *MANAGE, member_facts(member))


def _may_open(actor: Actor, row: Protected) -> bool:
    facts = _with_reason(row)
    return may(actor, *_right_to_open(actor, facts), facts)


async def _open_ones(actor: Actor, rows: Sequence[Protected]) -> list[BreakGlass]:
    """Of rows of one kind."""
    if actor.id is None or not rows:
        return []
    return await whole(BreakGlass).filter(
        member_id=actor.id,
        until__gt=clock.now(),
        kind=rows[0].__class__.__name__,
        object_id__in=[row.id for row in rows],
    )


async def _tell_of_use(actor: Actor, row: Protected, id: str, field: str) -> None:
    facts = _with_reason(row)
    async with recording(actor) as record:
        access = await whole(BreakGlass).select_for_update().get(id=id)
        record.require(actor, *_right_to_open(actor, facts), facts)
        area = await whole(Area).get(code=access.area_id)
        record.tell_of_admin(access, "breakGlass.used", actor, area, field=field)
        await access.save(update_fields=["version"])


async def review_emergency_access(actor: Actor, review: Review) -> Done:
    """Once, and never by who opened it, nor in their name. What is still open ends with the review."""

    async def work(record: Record) -> Done:
        access = await locked(record, BreakGlass, actor, review.access, REVIEW, "access")
        record.require(actor, *REVIEW, own_facts(access))
        check_version(review.version, access.version)
        _check_reviewer(actor, access)
        faults = Faults()
        check_text(faults, review.finding, "finding", REASON_LENGTH)
        faults.refuse()
        access.reviewer_id, access.reviewed_at = actor.id, record.now
        access.justified, access.finding = review.justified, review.finding
        access.until = min(access.until, record.now)
        area = await whole(Area).get(code=access.area_id)
        event = record.tell_of_admin(
            access, "breakGlass.reviewed", actor, area, review.finding, justified=review.justified
        )
        await access.save()
        return Done("BreakGlass", access.id, event.id)

    return await once(actor, review.key, ("reviewEmergencyAccess", review), work)


def _check_reviewer(actor: Actor, access: BreakGlass) -> None:
    if actor.stands_for(access.member_id):
        raise NotAllowed("review", "OWN_ACCESS")
    if access.reviewed_at is not None:
        raise WrongState("review", "REVIEWED", "ACCESS_REVIEWED")
