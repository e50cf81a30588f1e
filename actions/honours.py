"""Stars of service (服务明星) whom a village honours by hand, beside the three with most flags of a published month."""

from dataclasses import dataclass
from datetime import date

from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from actions.admin import find_area
from actions.checks import REASON_LENGTH, check_text
from actions.once import Done, once
from actions.record import Record
from actions.standings import masked
from actions.turn import Faults
from models import Area, FlagEntry, Honour, Member, PublicationState, clock, subtree
from models.periods import Period, month_of
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import readable, whole

HONOUR = ("flag", "honour")
MOST_HONOURED = 10
"""By hand, in one area for one month."""


@dataclass(frozen=True, slots=True)
class NewHonour:
    """Whom `area` honours for the month that `month` lies in; `text` is the ground."""

    area: str
    member: str
    month: date
    text: str
    key: str | None = None


async def honour_member(actor: Actor, new: NewHonour) -> Done:
    """Needs `flag.honour` in the area. Raises every fault of the input at once.

    Nobody is honoured twice for a month, wherever, nor by themselves; they must have earned a flag in the area.
    """

    async def work(record: Record) -> Done:
        faults, month = Faults(), month_of(new.month)
        area = await find_area(actor, faults, new.area, "area")
        if area is not None:
            record.require(actor, *HONOUR, Facts(area_path=area.path, member_id=new.member))
        member = await readable(Member, actor).get_or_none(id=new.member)
        await _check(actor, faults, area, member, month, new)
        faults.refuse()
        assert area is not None and member is not None, "what is missing is a fault"
        honour = await _made(record, actor, area, member, month, new.text)
        event = record.tell_of_admin(honour, "honour.given", actor, area)
        await honour.save(force_create=True)
        return Done("Honour", honour.id, event.id)

    return await once(actor, new.key, ("honourMember", new), work)


async def _check(
    actor: Actor, faults: Faults, area: Area | None, member: Member | None, month: Period, new: NewHonour
) -> None:
    check_text(faults, new.text, "ground", REASON_LENGTH)
    if month.first > clock.local_date(clock.now()):
        faults.add("MONTH_AHEAD", "month")
    if member is None:
        faults.missing("Member", "member")
        return
    if len(member.name) > 1 and member.name in new.text:
        faults.add("GROUND_NAMES_MEMBER", "ground")
    if fault := await _fault_of(actor, area, member, month):
        faults.add(fault, "member")
    elif area is not None and await _by_hand(area, month).count() >= MOST_HONOURED:
        faults.add("TOO_MANY_HONOURED", "month")


async def _fault_of(actor: Actor, area: Area | None, member: Member, month: Period) -> str | None:
    """Under locks on the area and the member, so that of two who honour them one sees the other's."""
    if area is not None:
        await whole(Area).select_for_update(no_key=True).get(code=area.code)
    await whole(Member).select_for_update(no_key=True).get(id=member.id)
    if member.disabled_at is not None:
        return "MEMBER_DISABLED"
    if actor.stands_for(member.id):
        return "OWN_HONOUR"
    if await _is_honoured(member, month):
        return "ALREADY_HONOURED"
    return None if area is None or await _flags(area, member).exists() else "NO_FLAG_HERE"


async def _is_honoured(member: Member, month: Period) -> bool:
    """By hand, or as a star of an edition that holds."""
    known = whole(Honour).filter(member_id=member.id, month=month.first)
    by_hand, stars = (
        known.filter(publication_id=None),
        known.filter(publication__state=PublicationState.PUBLISHED),
    )
    return await by_hand.exists() or await stars.exists()


def _by_hand(area: Area, month: Period) -> QuerySet[Honour]:
    return whole(Honour).filter(path=area.path, month=month.first, publication_id=None)


def _flags(area: Area, member: Member) -> QuerySet[FlagEntry]:
    start, end = subtree(area.path)
    return whole(FlagEntry).filter(member_id=member.id, path__gte=start, path__lt=end)


async def _made(
    record: Record, actor: Actor, area: Area, member: Member, month: Period, ground: str
) -> Honour:
    earned = _flags(area, member).filter(at__gte=month.start, at__lte=month.closing)
    [row] = await earned.annotate(sum=Sum("points")).values("sum")
    return Honour(
        area_id=area.code,
        path=area.path,
        member_id=member.id,
        shown_as=masked(member.name),
        month=month.first,
        flags=row["sum"] or 0,
        ground=ground,
        honoured_by_id=actor.id,
        honoured_at=record.now,
    )
