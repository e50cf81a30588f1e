"""Emergency access (应急访问): somebody looks at one member's protected fields for a while, and is reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from actions.admin import check_version, locked
from actions.checks import REASON_LENGTH, check_text
from actions.once import Done, once
from actions.record import Record, recording
from actions.turn import Faults
from models import Area, BreakGlass, Member, NotAllowed, WrongState, clock
from models.replica import from_primary
from policies.actor import Actor
from policies.facts import Facts, break_glass_facts, member_facts
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
class Review:
    """What an auditor found: whether the access was justified, and in words."""

    access: str
    justified: bool
    finding: str
    version: int | None = None
    key: str | None = None


async def open_emergency_access(actor: Actor, opening: Opening) -> Done:
    """For three hours and this one member. Needs `breakglass.open` or `pii.reveal`, both with a reason."""

    async def work(record: Record) -> Done:
        member = await _checked(actor, opening)
        facts = _with_reason(member)
        record.require(actor, *_right_to_open(actor, facts), facts)
        access = BreakGlass(
            member_id=actor.id,
            kind=Member.__name__,
            object_id=member.id,
            area_id=member.area_id,
            path=member.area_path,
            reason=opening.reason,
            opened_at=record.now,
            until=record.now + LASTS,
            version=0,
        )
        area = await whole(Area).get(code=member.area_id)
        event = record.tell_of_admin(access, "breakGlass.opened", actor, area, opening.reason)
        await access.save(force_create=True)
        return Done("BreakGlass", access.id, event.id)

    return await once(actor, opening.key, ("openEmergencyAccess", opening), work)


async def _checked(actor: Actor, opening: Opening) -> Member:
    faults = Faults()
    member = await readable(Member, actor).get_or_none(id=opening.member)
    if member is None:
        faults.missing("Member", "object")
    elif await _open_ones(actor, [member]):
        faults.add("ACCESS_OPEN", "object")
    check_text(faults, opening.reason, "reason", REASON_LENGTH)
    faults.refuse()
    assert member is not None, "a missing member is a fault"
    return member


def _with_reason(member: Member) -> Facts:
    return replace(member_facts(member), reason=True)


def _right_to_open(actor: Actor, facts: Facts) -> tuple[str, str]:
    """The one that allows it, else the one that comes nearer."""

    def distance(right: tuple[str, str]) -> tuple[bool, bool]:
        reason = decide(actor, *right, facts).reason_code
        return reason is not None, reason == "NO_RULE"

    return min((OPEN, REVEAL), key=distance)


@from_primary
async def phones_for(actor: Actor, members: Sequence[Member]) -> list[str | None]:
    """Their telephone numbers, as far as the actor may see them; None for all others.

    Members see their own, and whoever manages them; anybody else only while they have opened an emergency access,
    and may still open one. Each look through it is an event: when that cannot be written, nothing is shown.
    """
    closed = [one for one in members if one.phone and not _sees_freely(actor, one)]
    opened = {access.object_id: access for access in await _open_ones(actor, closed)}
    looked_at = [one for one in closed if one.id in opened and _may_open(actor, one)]
    for member in looked_at:
        await _tell_of_use(actor, member, opened[member.id].id)
    hidden = {one.id for one in closed} - {one.id for one in looked_at}
    return [None if one.id in hidden else one.phone for one in members]


def _sees_freely(actor: Actor, member: Member) -> bool:
    return actor.is_(member.id) or may(actor, *MANAGE, member_facts(member))


def _may_open(actor: Actor, member: Member) -> bool:
    facts = _with_reason(member)
    return may(actor, *_right_to_open(actor, facts), facts)


async def _open_ones(actor: Actor, members: Sequence[Member]) -> list[BreakGlass]:
    if actor.id is None or not members:
        return []
    ids = [member.id for member in members]
    return await whole(BreakGlass).filter(
        member_id=actor.id, until__gt=clock.now(), kind=Member.__name__, object_id__in=ids
    )


async def _tell_of_use(actor: Actor, member: Member, id: str) -> None:
    facts = _with_reason(member)
    async with recording(actor) as record:
        access = await whole(BreakGlass).select_for_update().get(id=id)
        record.require(actor, *_right_to_open(actor, facts), facts)
        area = await whole(Area).get(code=access.area_id)
        record.tell_of_admin(access, "breakGlass.used", actor, area, field="phone")
        await access.save(update_fields=["version"])


async def review_emergency_access(actor: Actor, review: Review) -> Done:
    """Once, and never by who opened it, nor in their name. What is still open ends with the review."""

    async def work(record: Record) -> Done:
        access = await locked(record, BreakGlass, actor, review.access, REVIEW, "access")
        record.require(actor, *REVIEW, break_glass_facts(access))
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
