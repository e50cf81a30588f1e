"""Delegations (代理): a member lends one of their own grants to a deputy until a moment; either may end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from actions.admin import check_reason, is_live, locked
from actions.appointing import refuse_deputies
from actions.checks import REASON_LENGTH, check_text
from actions.grant_ends import DELEGATION_ENDED, end_grant, is_over, place_of
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Grant, InvalidInput, Member, NotFound, Unit, WrongState
from policies.actor import Actor
from policies.gathering import facts_of_many
from policies.guard import may
from policies.scopes import readable, whole
from policies.vocabulary import NOT_DELEGABLE

CREATE, END, REVOKE = ("delegation", "create"), ("delegation", "end"), ("delegation", "revoke")
LONGEST = timedelta(days=90)
"""Whoever is away for longer needs somebody who is appointed in their place."""


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """Which of the actor's grants `member` is to use, until before `until`, and why."""

    grant: str
    member: str
    until: datetime
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class DelegationEnd:
    """Which delegation ends now, and why."""

    delegation: str
    reason: str
    key: str | None = None


async def delegate_grant(actor: Actor, new: NewDelegation) -> Done:
    """Only one's own live grant, to another person, for at most 90 days. Raises every fault of the input at once.

    None of these limits is a rule that somebody could lift: they count whatever the rules say.
    """

    async def work(record: Record) -> Done:
        delegation = await _made(record, actor, new)
        record.require(actor, *CREATE, (await facts_of_many([delegation]))[0])
        place = await place_of(delegation)
        event = record.tell_of_admin(
            delegation, "grant.delegated", actor, place, new.reason, role=delegation.role
        )
        await delegation.save(force_create=True)
        return Done("Grant", delegation.id, event.id)

    return await once(actor, new.key, ("delegateGrant", new), work)


async def _made(record: Record, actor: Actor, new: NewDelegation) -> Grant:
    faults = Faults()
    source = await _find_source(record, actor, faults, new.grant)
    deputy = await _find_deputy(actor, faults, new.member)
    _check_until(faults, source, new.until, record.now)
    check_text(faults, new.reason, "reason", REASON_LENGTH)
    if source is not None and deputy is not None:
        await _check_pair(faults, source, deputy, record.now)
    faults.refuse()
    assert source is not None, "a missing grant is a fault"
    return Grant(
        member_id=new.member,
        role=source.role,
        area_id=source.area_id,
        unit_id=source.unit_id,
        level=source.level,
        path=source.path,
        since=record.now,
        until=new.until,
        principal_id=actor.id,
        source_id=source.id,
        reason=new.reason,
        granted_by_id=actor.id,
        version=0,
    )


async def _find_source(record: Record, actor: Actor, faults: Faults, id: str) -> Grant | None:
    """Held until the transaction ends, so that it is not revoked meanwhile. None, too, when it cannot be lent."""
    try:
        source = await locked(record, Grant, actor, id, CREATE, "grant")
    except NotFound as missing:
        faults.append(missing)
        return None
    if fault := await _source_fault(source, actor, record.now):
        faults.add(fault, "grant")
        return None
    return source


async def _source_fault(source: Grant, actor: Actor, now: datetime) -> str | None:
    if not actor.is_(source.member_id):
        return "NOT_YOUR_GRANT"
    if source.principal_id is not None:
        return "LENT_GRANT"
    if is_over(source, now) or not is_live(source.since, source.until, now):
        return "GRANT_NOT_LIVE"
    if source.role in NOT_DELEGABLE:
        return "ROLE_NOT_DELEGABLE"
    principal = await whole(Member).get(id=source.member_id)
    return "NOT_FOR_SERVICES" if principal.service_since is not None else None


async def _find_deputy(actor: Actor, faults: Faults, id: str) -> Member | None:
    """None, too, when they can be nobody's or not this one's deputy."""
    deputy = await readable(Member, actor).get_or_none(id=id)
    if deputy is None:
        faults.missing("Member", "to")
    elif fault := _deputy_fault(deputy, actor):
        faults.add(fault, "to")
    else:
        return deputy
    return None


def _deputy_fault(deputy: Member, actor: Actor) -> str | None:
    if actor.is_(deputy.id):
        return "DEPUTY_IS_ONESELF"
    if deputy.disabled_at is not None:
        return "MEMBER_DISABLED"
    return "NOT_FOR_SERVICES" if deputy.service_since is not None else None


def _check_until(faults: Faults, source: Grant | None, until: datetime, now: datetime) -> None:
    if until <= now:
        faults.add("UNTIL_IN_PAST", "until")
    elif until > now + LONGEST:
        faults.add("DELEGATION_TOO_LONG", "until")
    elif source is not None and source.until is not None and until > source.until:
        faults.add("UNTIL_BEYOND_YOURS", "until")


async def _check_pair(faults: Faults, source: Grant, deputy: Member, now: datetime) -> None:
    """A unit's role stays in the unit, and nobody holds the same role at the same place twice."""
    if source.unit_id is not None and not await _works_in(deputy, source.path):
        faults.add("DEPUTY_OF_OTHER_UNIT", "to")
    same = whole(Grant).filter(
        Q(until__isnull=True) | Q(until__gt=now), member_id=deputy.id, role=source.role, path=source.path
    )
    if await same.filter(level=source.level, revoked_at__isnull=True).exists():
        faults.add("GRANTED_ALREADY", "to")


async def _works_in(member: Member, line: str) -> bool:
    unit = await whole(Unit).get_or_none(id=member.unit_id)
    return unit is not None and unit.line.startswith(line)


async def end_delegation(actor: Actor, end: DelegationEnd) -> Done:
    """By the principal, the deputy, or whoever may revoke delegations there."""

    async def work(record: Record) -> Done:
        delegation = await locked(record, Grant, actor, end.delegation, REVOKE, "delegation")
        facts = (await facts_of_many([delegation]))[0]
        if delegation.principal_id is None:
            raise InvalidInput("NOT_A_DELEGATION", "delegation")
        right = END if may(actor, *END, facts) else REVOKE
        record.require(actor, *right, facts)
        refuse_deputies(record, right)
        if is_over(delegation, record.now):
            raise WrongState("end", "ENDED", "GRANT_ENDED")
        faults = Faults()
        check_reason(faults, end.reason)
        faults.refuse()
        event = await end_grant(record, actor, delegation, DELEGATION_ENDED, end.reason)
        return Done("Grant", delegation.id, event.id)

    return await once(actor, end.key, ("endDelegation", end), work)
