"""The first administrator of a district: somebody must be able to appoint the others."""

from actions.admin import is_live
from actions.logins import login_fault
from actions.record import Record, recording
from actions.turn import Faults
from models import Area, AreaLevel, Grant, Member
from policies.actor import SYSTEM
from policies.scopes import whole

ROLES = ("policy_admin", "district_org_dept")
NOTE = "bootstrap"


async def bootstrap(login: str, code: str) -> Member:
    """Give the login both administrators' roles in the district, and enter the member if there is none.

    Only while nobody holds either of them there. Raises every fault of the input at once.
    """
    async with recording() as record:
        faults = Faults()
        area, member = await whole(Area).get_or_none(code=code), await whole(Member).get_or_none(login=login)
        await _check(faults, area, member, login, record)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        member = member or await _enter(record, login, area)
        for role in ROLES:
            await _grant(record, member, role, area)
        return member


async def _check(
    faults: Faults, area: Area | None, member: Member | None, login: str, record: Record
) -> None:
    if fault := login_fault(login):
        faults.add(fault, "login")
    if member is not None and member.disabled_at is not None:
        faults.add("MEMBER_DISABLED", "login")
    if member is not None and member.service_since is not None:
        faults.add("ROLE_NOT_FOR_SERVICE", "login")
    if area is None:
        faults.missing("Area", "area")
    elif area.level != AreaLevel.DISTRICT:
        faults.add("ROLE_NOT_HELD_HERE", "area")
    elif await _is_taken(area, record):
        faults.add("ADMINISTRATOR_EXISTS", "area")


async def _is_taken(area: Area, record: Record) -> bool:
    holders = await whole(Grant).filter(area_id=area.code, role__in=ROLES, member__disabled_at__isnull=True)
    return any(is_live(held.since, held.until, record.now) for held in holders)


async def _enter(record: Record, login: str, area: Area) -> Member:
    member = Member(
        login=login,
        name=login,
        area_id=area.code,
        area_path=area.path,
        official=True,
        created_at=record.now,
        version=0,
    )
    record.tell_of_admin(member, "member.created", SYSTEM, area, NOTE, name=login)
    await member.save(force_create=True)
    return member


async def _grant(record: Record, member: Member, role: str, area: Area) -> None:
    grant = Grant(
        member_id=member.id,
        role=role,
        area_id=area.code,
        level=area.level.value,
        path=area.path,
        since=record.now,
        reason=NOTE,
        version=0,
    )
    record.tell_of_admin(grant, "grant.granted", SYSTEM, area, NOTE, role=role)
    await grant.save(force_create=True)
