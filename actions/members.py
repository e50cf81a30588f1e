"""Members: entering, changing and disabling them."""

from dataclasses import dataclass, replace

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from actions.admin import check_name, check_reason, check_version, find_area, find_open_unit, locked
from actions.grant_ends import end_delegations
from actions.logins import login_fault
from actions.once import Done, once
from actions.record import Record
from actions.responsibility import give_up_tasks
from actions.texts import phone_fault
from actions.turn import Faults
from models import Area, InvalidInput, Member, Unit, WrongState
from policies.actor import Actor, LiveGrant
from policies.facts import Facts, member_facts
from policies.guard import may, require
from policies.scopes import whole

MANAGE = ("member", "manage")
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody to be entered; without a unit they belong to `area` (a code), or where the actor manages members."""

    name: str
    login: str
    unit: str | None = None
    area: str | None = None
    phone: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What is to be different; None leaves it as it is."""

    member: str
    name: str | None = None
    unit: str | None = None
    phone: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class MemberDisabling:
    """Who may no longer act, and why."""

    member: str
    reason: str
    version: int | None = None
    key: str | None = None


async def create_member(actor: Actor, new: NewMember) -> Done:
    """Needs `manage` on the member to be. Raises every fault of the input at once."""

    async def work(record: Record) -> Done:
        member, area = await _made(actor, new, record)
        record.require(actor, *MANAGE, member_facts(member))
        event = record.tell_of_admin(member, "member.created", actor, area, name=member.name)
        await save_new(member)
        return Done("Member", member.id, event.id)

    return await once(actor, new.key, ("createMember", new), work)


async def save_new(member: Member) -> None:
    """Only those who may enter the member get so far, and nobody else learns which logins there are."""
    try:
        await member.save(force_create=True)
    except IntegrityError as taken:
        raise InvalidInput("LOGIN_TAKEN", "login") from taken


async def _made(actor: Actor, new: NewMember, record: Record) -> tuple[Member, Area]:
    faults = Faults()
    check_name(faults, new.name, LONGEST_NAME)
    _check_phone(faults, new.phone)
    check_login(faults, new.login)
    unit = await find_open_unit(actor, faults, new.unit, "unit")
    named = await find_area(actor, faults, new.area, "area")
    faults.refuse()
    area = await _area_of(actor, unit, named)
    member = Member(
        name=new.name,
        login=new.login,
        unit_id=new.unit,
        area_id=area.code,
        area_path=area.path,
        phone=new.phone,
        created_at=record.now,
        version=0,
    )
    return member, area


async def _area_of(actor: Actor, unit: Unit | None, named: Area | None) -> Area:
    """The unit's home, else the area that was named, else the smallest one whose members the actor manages."""
    if unit is not None:
        return await whole(Area).get(code=unit.home_area_id)
    if named is not None:
        return named
    managed = [grant.area_id for grant in sorted(actor.grants, key=_depth) if _manages(actor, grant)]
    if not managed:
        require(actor, *MANAGE, Facts())
    return await whole(Area).get(code=managed[-1])


def _depth(grant: LiveGrant) -> int:
    return grant.path.count(".")


def _manages(actor: Actor, grant: LiveGrant) -> bool:
    alone = replace(actor, grants=(grant,), scopes={})
    return grant.area_id is not None and may(alone, *MANAGE, Facts(area_path=grant.path))


async def update_member(actor: Actor, change: MemberChange) -> Done:
    """Moving somebody to another unit needs `manage` on them in the old place and in the new.

    What they were responsible for in the old unit goes back to it, and roles of units that they were lent end.
    """

    async def work(record: Record) -> Done:
        member = await locked(record, Member, actor, change.member, MANAGE)
        record.require(actor, *MANAGE, member_facts(member))
        check_version(change.version, member.version)
        _require_enabled("update", member)
        left = await _apply(actor, member, change)
        area = await whole(Area).get(code=member.area_id)
        event = record.tell_of_admin(member, "member.updated", actor, area, changed=_changed(change))
        await member.save()
        if left is not None:
            await end_delegations(record, actor, Q(member_id=member.id, unit_id__isnull=False))
            await give_up_tasks(record, member.id, [left])
        return Done("Member", member.id, event.id)

    return await once(actor, change.key, ("updateMember", change), work)


async def _apply(actor: Actor, member: Member, change: MemberChange) -> str | None:
    """The unit that the member leaves, if any."""
    faults = Faults()
    check_name(faults, change.name, LONGEST_NAME)
    _check_phone(faults, change.phone)
    unit = await find_open_unit(actor, faults, change.unit, "unit")
    if unit is not None and member.service_since is not None:
        faults.add("SERVICE_HAS_NO_UNIT", "unit")
    faults.refuse()
    member.name, member.phone = change.name or member.name, change.phone or member.phone
    if unit is None or unit.id == member.unit_id:
        return None
    left, home = member.unit_id, await whole(Area).get(code=unit.home_area_id)
    member.unit_id, member.area_id, member.area_path = unit.id, home.code, home.path
    require(actor, *MANAGE, member_facts(member))
    return left


async def disable_member(actor: Actor, disabling: MemberDisabling) -> Done:
    """The member has no rights from now on. Their grants stay; what they were responsible for goes back.

    Delegations that they gave or were given end.
    """

    async def work(record: Record) -> Done:
        member = await locked(record, Member, actor, disabling.member, MANAGE)
        record.require(actor, *MANAGE, member_facts(member))
        check_version(disabling.version, member.version)
        _require_enabled("disable", member)
        faults = Faults()
        check_reason(faults, disabling.reason)
        faults.refuse()
        member.disabled_at = record.now
        area = await whole(Area).get(code=member.area_id)
        event = record.tell_of_admin(member, "member.disabled", actor, area, disabling.reason)
        await member.save()
        lent = Q(principal_id=member.id) | Q(member_id=member.id)
        await end_delegations(record, actor, lent, disabling.reason)
        await give_up_tasks(record, member.id)
        return Done("Member", member.id, event.id)

    return await once(actor, disabling.key, ("disableMember", disabling), work)


def check_login(faults: Faults, login: str) -> None:
    if fault := login_fault(login):
        faults.add(fault, "login")


def _check_phone(faults: Faults, phone: str | None) -> None:
    if phone is not None and (fault := phone_fault(phone)):
        faults.add(fault, "phone")


def _require_enabled(action: str, member: Member) -> None:
    if member.disabled_at is not None:
        raise WrongState(action, "DISABLED", "MEMBER_DISABLED")


def _changed(change: MemberChange) -> list[str]:
    return [name for name in ("name", "unit", "phone") if getattr(change, name) is not None]
