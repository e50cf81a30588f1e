"""Follow-up groups (回访小组): who goes and asks for a village whether matters were really settled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from actions.admin import check_name, check_version, find_area, locked
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Area, AreaLevel, FollowUpGroup, FollowUpGroupMember, Grant, Member
from policies.actor import Actor
from policies.facts import Facts
from policies.rules import rules
from policies.scopes import readable, whole

MANAGE = ("followup", "manage_group")
DELEGATE = "followup_member"
LONGEST_NAME = 80
MOST_MEMBERS = 50
MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to be: `area` is a code, `members` are ids."""

    area: str
    name: str
    members: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What is to be different; None leaves it as it is."""

    group: str
    name: str | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    version: int | None = None
    key: str | None = None


async def create_group(actor: Actor, new: NewGroup) -> Done:
    """Needs `manage_group` in the village it is for. Raises every fault of the input at once."""

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await find_area(actor, faults, new.area, "area")
        if area is not None:
            record.require(actor, *MANAGE, Facts(area_path=area.path))
            await _check_area(faults, area)
        check_name(faults, new.name, LONGEST_NAME)
        members = await _delegates(actor, faults, new.area, new.members, "members", record.now)
        _check_size(faults, len(members), "members")
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        group = FollowUpGroup(area_id=area.code, path=area.path, name=new.name, version=0)
        event = record.tell_of_admin(group, "followupGroup.created", actor, area, members=list(new.members))
        await group.save(force_create=True)
        await FollowUpGroupMember.bulk_create(_seats(group, new.members))
        return Done("FollowUpGroup", group.id, event.id)

    return await once(actor, new.key, ("createFollowUpGroup", new), work)


async def _check_area(faults: Faults, area: Area) -> None:
    """Delegates are held by villages, so only villages have groups of them."""
    if area.level != AreaLevel.VILLAGE:
        faults.add("GROUP_OF_VILLAGE", "area")
    elif await whole(FollowUpGroup).filter(area_id=area.code).count() >= MOST_GROUPS:
        faults.add("TOO_MANY_GROUPS", "area")


async def change_group(actor: Actor, change: GroupChange) -> Done:
    """Needs `manage_group` on the group. Whoever leaves it follows up nothing from then on."""

    async def work(record: Record) -> Done:
        group = await locked(record, FollowUpGroup, actor, change.group, MANAGE, "group")
        record.require(actor, *MANAGE, Facts(area_path=group.path))
        check_version(change.version, group.version)
        await _check_change(actor, group, change, record.now)
        group.name = change.name or group.name
        area = await whole(Area).get(code=group.area_id)
        event = record.tell_of_admin(
            group, "followupGroup.changed", actor, area, added=list(change.add), removed=list(change.remove)
        )
        await group.save(update_fields=["name", "version"])
        await whole(FollowUpGroupMember).filter(group_id=group.id, member_id__in=change.remove).delete()
        await FollowUpGroupMember.bulk_create(_seats(group, change.add))
        return Done("FollowUpGroup", group.id, event.id)

    return await once(actor, change.key, ("changeFollowUpGroup", change), work)


async def _check_change(actor: Actor, group: FollowUpGroup, change: GroupChange, now: datetime) -> None:
    faults = Faults()
    check_name(faults, change.name, LONGEST_NAME)
    seats = await whole(FollowUpGroupMember).filter(group_id=group.id)
    seated = {seat.member_id for seat in seats}
    for index, id in enumerate(change.add):
        if id in seated:
            faults.add("IN_GROUP_ALREADY", "add", str(index))
    await _delegates(actor, faults, group.area_id, change.add, "add", now)
    for index, id in enumerate(change.remove):
        if id not in seated:
            faults.missing("Member", "remove", str(index))
        elif id in change.add or id in change.remove[:index]:
            faults.add("MEMBER_TWICE", "remove", str(index))
    _check_size(faults, len((seated | {*change.add}) - {*change.remove}), "add")
    if change.name is None and not change.add and not change.remove:
        faults.add("NOTHING_GIVEN")
    faults.refuse()


async def _delegates(
    actor: Actor, faults: Faults, area: str, ids: Sequence[str], path: str, now: datetime
) -> list[Member]:
    """People who hold the role of a delegate in the area: nobody else could follow up anything."""
    found = {member.id: member for member in await readable(Member, actor).filter(id__in=list(ids))}
    held = whole(Grant).filter(area_id=area, role__in=rules().bearers(DELEGATE), since__lte=now)
    grants = await held.filter(Q(until=None) | Q(until__gt=now), member_id__in=list(ids))
    delegates = {grant.member_id for grant in grants}
    for index, id in enumerate(ids):
        member, place = found.get(id), (path, str(index))
        if id in ids[:index]:
            faults.add("MEMBER_TWICE", *place)
        elif member is None:
            faults.missing("Member", *place)
        elif member.disabled_at is not None:
            faults.add("MEMBER_DISABLED", *place)
        elif id not in delegates:
            faults.add("NOT_A_DELEGATE", *place)
    return list(found.values())


def _check_size(faults: Faults, size: int, path: str) -> None:
    if size > MOST_MEMBERS:
        faults.add("GROUP_TOO_LARGE", path)


def _seats(group: FollowUpGroup, members: Sequence[str]) -> Iterator[FollowUpGroupMember]:
    for member in members:
        yield FollowUpGroupMember(group_id=group.id, area_id=group.area_id, member_id=member)
