"""Checks of what a caller gave that more than one step needs. Each adds to the faults; none raises."""

from collections.abc import Sequence
from datetime import datetime

from actions.characters import character_fault
from actions.given import Appointment, Resolution
from actions.turn import Faults
from models import Area, AreaLevel, Grant, Member, Pairing, Post, PostKind, Rank, Task, Tier, Unit, clock
from policies.actor import Actor
from policies.rules import rules
from policies.scopes import readable, whole

TITLE_LENGTH, TEXT_LENGTH, NOTE_LENGTH = 200, 20_000, 2_000
REASON_LENGTH = 500
"""Of a reason that is kept with the object as well as in its history."""

RANK_THAT_MUST_COME = {
    Tier.NORMAL: Rank.SECTION,
    Tier.KEY: Rank.DEPUTY_HEAD,
    Tier.DIFFICULT: Rank.HEAD,
    Tier.EMERGENCY: Rank.SECTION,
}
"""Who must come at least; in an emergency the duty officer, whoever that is."""


def check_text(faults: Faults, text: str | None, path: str, longest: int = NOTE_LENGTH) -> None:
    """Words that must be there. The parts of `path` are divided by dots."""
    if text is None or not text.strip():
        faults.add("EMPTY", *path.split("."))
    else:
        check_words(faults, text, path, longest)


def check_words(faults: Faults, text: str | None, path: str, longest: int = NOTE_LENGTH) -> None:
    """Words that may be left out. The parts of `path` are divided by dots."""
    if text is None:
        return
    if len(text) > longest:
        faults.add("TOO_LONG", *path.split("."))
    if fault := character_fault(text):
        faults.add(fault, *path.split("."))


def check_appointment(faults: Faults, appointment: Appointment | None, now: datetime) -> None:
    """An appointment may be left out, but not lie in the past or end before it begins."""
    if appointment is None:
        return
    if appointment.start >= appointment.end:
        faults.add("APPOINTMENT_UPSIDE_DOWN", "appointment", "to")
    if appointment.start < now:
        faults.add("APPOINTMENT_IN_PAST", "appointment", "from")
    check_words(faults, appointment.place, "appointment.place", TITLE_LENGTH)


def check_resolution(faults: Faults, resolution: Resolution | None, now: datetime) -> None:
    """The meeting took place, somebody was there, and there are minutes."""
    if resolution is None:
        faults.add("RESOLUTION_MISSING", "resolution")
        return
    if resolution.meeting_at > now:
        faults.add("RESOLUTION_IN_FUTURE", "resolution", "meetingAt")
    if resolution.present < 1:
        faults.add("RESOLUTION_NOBODY", "resolution", "present")
    check_text(faults, resolution.minutes, "resolution.minutes", TEXT_LENGTH)


async def find_units(actor: Actor, faults: Faults, ids: Sequence[str], path: str = "units") -> list[Unit]:
    """The units in the order given, each of which can be summoned; none twice."""
    found = {unit.id: unit for unit in await readable(Unit, actor).filter(id__in=list(ids))}
    for index, id in enumerate(ids):
        place = (path, str(index)) if path == "units" else (path,)
        if id in ids[:index]:
            faults.add("UNIT_TWICE", *place)
        _check_summonable(faults, found.get(id), *place)
    return [found[id] for id in ids if id in found]


async def find_unit(actor: Actor, faults: Faults, id: str | None, path: str = "unit") -> Unit | None:
    """The unit, if it can be summoned."""
    units = await find_units(actor, faults, [id or ""], path)
    return units[0] if units else None


def _check_summonable(faults: Faults, unit: Unit | None, *path: str) -> None:
    if unit is None:
        faults.missing("Unit", *path)
    elif unit.closed_at is not None:
        faults.add("UNIT_CLOSED", *path)
    elif not unit.summonable:
        faults.add("UNIT_NOT_SUMMONABLE", *path)


async def find_issuer(actor: Actor, faults: Faults, code: str | None) -> Area | None:
    """The village or town that summons, if it is in force."""
    area = await readable(Area, actor).get_or_none(code=code)
    if area is None:
        faults.missing("Area", "issuer")
    elif area.level not in (AreaLevel.VILLAGE, AreaLevel.TOWN):
        faults.add("ISSUER_LEVEL", "issuer")
    elif _is_closed(area):
        faults.add("AREA_CLOSED", "issuer")
    return area


async def find_co_issuers(actor: Actor, faults: Faults, codes: Sequence[str], issuer: str) -> list[Area]:
    """The villages that are asked to sign too."""
    if not codes:
        return []
    found = {area.code: area for area in await readable(Area, actor).filter(code__in=list(codes))}
    for index, code in enumerate(codes):
        place, area = ("coIssuers", str(index)), found.get(code)
        if code == issuer:
            faults.add("CO_ISSUER_IS_ISSUER", *place)
        elif code in codes[:index]:
            faults.add("CO_ISSUER_TWICE", *place)
        elif area is None:
            faults.missing("Area", *place)
        elif area.level != AreaLevel.VILLAGE:
            faults.add("CO_ISSUER_LEVEL", *place)
        elif _is_closed(area):
            faults.add("AREA_CLOSED", *place)
    return list(found.values())


def _is_closed(area: Area) -> bool:
    return area.valid_to is not None and area.valid_to < clock.local_date(clock.now())


async def find_responsible(
    faults: Faults, id: str | None, task: Task, tier: Tier, now: datetime, path: str
) -> Member | None:
    """A member of the task's unit who may act as its responsible member and is senior enough for the tier."""
    member = await whole(Member).get_or_none(id=id, unit_id=task.unit_id)
    if member is None:
        faults.add("MEMBER_NOT_OF_UNIT", path)
    elif member.disabled_at is not None:
        faults.add("MEMBER_DISABLED", path)
    elif not await may_be_responsible(member, task.unit_id, now):
        faults.add("MEMBER_LACKS_ROLE", path)
    elif await rank_of(member.id, now) < RANK_THAT_MUST_COME[tier]:
        faults.add("RANK_TOO_LOW", path)
    return member


async def may_be_responsible(member: Member, unit_id: str, now: datetime) -> bool:
    grants = await whole(Grant).filter(
        member_id=member.id, unit_id=unit_id, role__in=rules().bearers("responsible_member"), since__lte=now
    )
    return any(grant.until is None or now < grant.until for grant in grants)


async def holds_post(member_id: str | None, kind: PostKind, now: datetime) -> bool:
    """Whether they hold such a post now, wherever."""
    posts = await Post.filter(member_id=member_id, kind=kind, since__lte=now)
    return any(post.until is None or now < post.until for post in posts)


async def rank_of(member_id: str, now: datetime) -> int:
    """The highest rank among the posts held now; 0 without any."""
    posts = await Post.filter(member_id=member_id, since__lte=now)
    return max((post.rank for post in posts if post.until is None or now < post.until), default=0)


async def are_paired(unit_id: str, village: str) -> bool:
    """Now; `village` is a code."""
    return await whole(Pairing).filter(unit_id=unit_id, area_id=village, ended_at=None).exists()
