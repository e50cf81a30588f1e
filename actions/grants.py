"""Grants: giving somebody a role at an area or in a unit, and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from actions.admin import check_reason, find_area, find_open_unit, locked
from actions.appointing import check_appointment, refuse_deputies
from actions.checks import REASON_LENGTH
from actions.grant_ends import REVOKED, end_delegations, end_grant, is_over
from actions.once import Done, once
from actions.record import Record
from actions.service_roles import check_service_role
from actions.texts import name_fault
from actions.turn import Faults
from actions.units import territory_of
from models import Area, Grant, InvalidInput, Member, Unit, WrongState
from policies.actor import Actor
from policies.facts import grant_facts
from policies.gathering import facts_of_many
from policies.scopes import readable, whole
from policies.vocabulary import ROLES, UNIT_LEVEL

GRANT, REVOKE = ("binding", "grant"), ("binding", "revoke")


@dataclass(frozen=True, slots=True)
class NewGrant:
    """Who is to hold which role where: `area` is a code, `unit` an id, exactly one of them is given.

    Without `since` from now on, without `until` as long as nobody revokes it.
    """

    member: str
    role: str
    area: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reason: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """Which grant ends now, and why."""

    grant: str
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a role is held, and the area in which that lies."""

    territory: Area
    area: Area | None = None
    unit: Unit | None = None

    @property
    def level(self) -> str:
        return UNIT_LEVEL if self.unit else self.territory.level.value

    @property
    def path(self) -> str:
        return self.unit.line if self.unit else self.territory.path


async def grant_role(actor: Actor, new: NewGrant) -> Done:
    """Never to oneself, never above one's own rank, never for longer than one holds the right oneself."""

    async def work(record: Record) -> Done:
        grant, holder = await _made(actor, new, record)
        facts = grant_facts(grant, holder.unit)
        record.require(actor, *GRANT, facts)
        refuse_deputies(record, GRANT)
        await check_appointment(actor, grant, facts, GRANT, record.now)
        await _refuse_twice(grant)
        event = record.tell_of_admin(
            grant, "grant.granted", actor, holder.territory, new.reason, role=grant.role
        )
        await grant.save(force_create=True)
        return Done("Grant", grant.id, event.id)

    return await once(actor, new.key, ("grantRole", new), work)


async def _made(actor: Actor, new: NewGrant, record: Record) -> tuple[Grant, Holder]:
    faults = Faults()
    member = await _find_member(actor, faults, new.member)
    holder = await _find_holder(actor, faults, new)
    _check_role(faults, new.role, holder)
    if member is not None:
        check_service_role(faults, member, new.role, holder.territory if holder else None)
    _check_period(faults, new, record.now)
    if new.reason is not None and (fault := name_fault(new.reason, REASON_LENGTH)):
        faults.add(fault, "reason")
    faults.refuse()
    assert holder is not None, "a missing holder is a fault"
    grant = Grant(
        member_id=new.member,
        role=new.role,
        area_id=new.area,
        unit_id=new.unit,
        level=holder.level,
        path=holder.path,
        since=new.since or record.now,
        until=new.until,
        reason=new.reason or "",
        granted_by_id=actor.id,
        version=0,
    )
    return grant, holder


async def _find_member(actor: Actor, faults: Faults, id: str) -> Member | None:
    member = await readable(Member, actor).get_or_none(id=id)
    if member is None:
        faults.missing("Member", "member")
    elif member.disabled_at is not None:
        faults.add("MEMBER_DISABLED", "member")
    return member


async def _find_holder(actor: Actor, faults: Faults, new: NewGrant) -> Holder | None:
    if (new.area is None) == (new.unit is None):
        faults.add("HOLDER_UNCLEAR", "holder")
        return None
    unit = await find_open_unit(actor, faults, new.unit, "holder", "unit")
    if unit is not None:
        return Holder(await territory_of(unit), unit=unit)
    area = await find_area(actor, faults, new.area, "holder", "area")
    return Holder(area, area=area) if area is not None else None


def _check_role(faults: Faults, name: str, holder: Holder | None) -> None:
    role = ROLES.get(name)
    if role is None or not role.held_at:
        faults.add("ROLE_UNKNOWN", "role")
    elif holder is not None and holder.level not in role.held_at:
        faults.add("ROLE_NOT_HELD_HERE", "role")


def _check_period(faults: Faults, new: NewGrant, now: datetime) -> None:
    if new.until is None:
        return
    if new.until <= (new.since or now):
        faults.add("UNTIL_BEFORE_SINCE", "until")
    elif new.until <= now:
        faults.add("UNTIL_IN_PAST", "until")


async def _refuse_twice(new: Grant) -> None:
    """The same role twice could not be taken back by one revocation; what is lent ends by itself.

    Told only to those who may give it: nobody else learns who holds what.
    """
    place = {"area_id": new.area_id, "unit_id": new.unit_id}
    same = whole(Grant).filter(member_id=new.member_id, role=new.role, principal_id__isnull=True, **place)
    if await same.filter(Q(until__isnull=True) | Q(until__gt=new.since)).exists():
        raise InvalidInput("GRANTED_ALREADY", "role")


async def revoke_grant(actor: Actor, revocation: Revocation) -> Done:
    """The role ends now, and with it for every deputy it was lent to.

    Whoever can no longer be responsible for a task of the unit gives it back.
    """

    async def work(record: Record) -> Done:
        grant = await locked(record, Grant, actor, revocation.grant, REVOKE)
        record.require(actor, *REVOKE, (await facts_of_many([grant]))[0])
        refuse_deputies(record, REVOKE)
        if is_over(grant, record.now):
            raise WrongState("revoke", "ENDED", "GRANT_ENDED")
        faults = Faults()
        check_reason(faults, revocation.reason)
        faults.refuse()
        event = await end_grant(record, actor, grant, REVOKED, revocation.reason)
        await end_delegations(record, actor, Q(source_id=grant.id), revocation.reason)
        return Done("Grant", grant.id, event.id)

    return await once(actor, revocation.key, ("revokeGrant", revocation), work)
