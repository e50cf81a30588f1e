"""Changing units, members and grants: who may, what follows, and every input that is refused."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import world as built
from world import MONDAY, World

from actions.grants import NewGrant, Revocation, grant_role, revoke_grant
from actions.members import (
    MemberChange,
    MemberDisabling,
    NewMember,
    create_member,
    disable_member,
    update_member,
)
from actions.once import Done
from actions.units import NewUnit, UnitChange, UnitClosing, close_unit, create_unit, update_unit
from models import (
    Conflict,
    Event,
    Grant,
    Member,
    NotAllowed,
    NotFound,
    Refusal,
    Summons,
    SummonsCategory,
    Task,
    TaskState,
    Tier,
    Unit,
    UnitKind,
    UnitLevel,
    WrongState,
    clock,
)

DISTRICT, TOWN, OTHER_TOWN, VILLAGE = "440606", "440606106", "440606104", "440606106004"
ORG, COORDINATOR, POLICY, SECRETARY = "shunde.org", "junan.coordinator", "shunde.policy", "tianhu.secretary"


@pytest.fixture
async def world(db) -> AsyncIterator[World]:
    with clock.at(MONDAY):
        yield await built.small_world()


@pytest.fixture
async def small_world(sqlite_db) -> AsyncIterator[World]:
    with clock.at(MONDAY):
        yield await built.small_world()


async def task_of(world: World, unit: str, state: TaskState, responsible: str | None = None) -> Task:
    """A task that is just there, without a way that led to it."""
    village, about = world.areas[VILLAGE], world.units[unit]
    summons = await Summons.create(
        number=f"{VILLAGE}-2026-{unit}",
        issuer=village,
        path=village.path,
        title="公园改造",
        text="…",
        category=SummonsCategory.LIVING_ENVIRONMENT,
        tier=Tier.NORMAL,
        state="IN_PROGRESS",
        lead_unit=about,
        target_ids=[about.id],
        created_at=MONDAY,
        issued_at=MONDAY,
        listed_at=MONDAY,
        updated_at=MONDAY,
    )
    return await Task.create(
        summons=summons,
        path=village.path,
        unit=about,
        territory=about.territory,
        lead=True,
        state=state,
        responsible=world.members[responsible] if responsible else None,
        created_at=MONDAY,
        updated_at=MONDAY,
    )


async def told(done: Done) -> Event:
    """The event of what was done; it carries the version that the object has now."""
    event = await Event.get(id=done.event_id)
    changed = await {"Unit": Unit, "Member": Member, "Grant": Grant}[done.kind].get(id=done.object_id)
    assert (event.aggregate, event.aggregate_id, event.version) == (done.kind, changed.id, changed.version)
    return event


async def faults_of(change) -> list[str]:
    with pytest.raises(Refusal) as refused:
        await change
    return [".".join((*fault.path, fault.reason_code)) for fault in refused.value.parts]


def office(**changes: object) -> NewUnit:
    return NewUnit(
        **{"name": "住建办", "kind": UnitKind.TOWN_OFFICE, "level": UnitLevel.TOWN, "home_area": TOWN}
        | changes
    )


async def test_a_unit_is_created_with_its_line_territory_and_event(world):
    actor, parent = await world.actor(ORG), world.units["jt"]
    done = await create_unit(actor, office(home_area=DISTRICT, command_area=TOWN, parent=parent.id))
    unit = await Unit.get(id=done.object_id)
    assert (unit.line, unit.territory) == (f"{parent.line}{unit.id}.", world.areas[TOWN].path)
    event = await told(done)
    assert (event.type, event.actor_id, event.area_id) == ("unit.created", actor.id, TOWN)


async def test_a_unit_change_is_told_and_counts_the_version_up(world):
    done = await update_unit(
        await world.actor(COORDINATOR),
        UnitChange(world.units["zr"].id, name="新名", summonable=False, version=1),
    )
    unit = await Unit.get(id=done.object_id)
    assert (unit.name, unit.summonable, unit.version) == ("新名", False, 2)
    assert (await Event.get(id=done.event_id)).payload == {"changed": ["name", "summonable"]}


async def test_a_unit_that_moves_takes_units_roles_and_tasks_along(world):
    actor, agency, bureau = await world.actor(ORG), world.units["zr"], world.units["jt"]
    below = (await create_unit(actor, office(parent=agency.id))).object_id
    task = await task_of(world, "zr", TaskState.PENDING)
    await update_unit(actor, UnitChange(agency.id, parent=bureau.id, command_area=OTHER_TOWN))
    moved = await Unit.get(id=agency.id)
    assert moved.line == f"{bureau.line}{agency.id}."
    assert (await Unit.get(id=below)).line == f"{moved.line}{below}."
    assert {grant.path for grant in await Grant.filter(unit_id=agency.id)} == {moved.line}
    assert (await Task.get(id=task.id)).territory == moved.territory == world.areas[OTHER_TOWN].path


async def test_a_unit_is_closed_with_a_reason(world):
    done = await close_unit(await world.actor(ORG), UnitClosing(world.units["cj"].id, "机构改革"))
    unit, event = await Unit.get(id=done.object_id), await told(done)
    assert (unit.closed_at, unit.summonable) == (MONDAY, False)
    assert (event.type, event.note) == ("unit.closed", "机构改革")


UNITS_REFUSED = {
    "empty name": (lambda w: office(name=" "), ["name.EMPTY"]),
    "long name": (lambda w: office(name="长" * 121), ["name.TOO_LONG"]),
    "line break in the name": (lambda w: office(name="住建\n办"), ["name.CONTROL_CHARACTER"]),
    "NUL in the name": (lambda w: office(name="住建\x00办"), ["name.NUL_CHARACTER"]),
    "text that runs backwards": (lambda w: office(name="\u202e办建住"), ["name.CONTROL_CHARACTER"]),
    "no such area": (lambda w: office(home_area="999999"), ["homeArea.NOT_FOUND"]),
    "no such unit above": (lambda w: office(parent="01JD3Y0V0ZK5Q4T7W2X8N6M1PB"), ["parent.NOT_FOUND"]),
    "several faults": (
        lambda w: office(name="", home_area="9", command_area="8"),
        ["name.EMPTY", "homeArea.NOT_FOUND", "commandArea.NOT_FOUND"],
    ),
    "itself above": (lambda w: UnitChange(w.units["zr"].id, parent=w.units["zr"].id), ["parent.PARENT_LOOP"]),
    "no reason": (lambda w: UnitClosing(w.units["cj"].id, " "), ["reason.EMPTY"]),
}
MAKERS = {NewUnit: create_unit, UnitChange: update_unit, UnitClosing: close_unit}


@pytest.mark.parametrize(("make", "faults"), UNITS_REFUSED.values(), ids=UNITS_REFUSED)
async def test_a_unit_is_refused_for(small_world, make, faults):
    before = await Unit.all().order_by("id").values()
    given = make(small_world)
    assert await faults_of(MAKERS[type(given)](await small_world.actor(ORG), given)) == faults
    assert await Unit.all().order_by("id").values() == before


async def test_a_closed_area_takes_no_unit(world):
    area = world.areas[VILLAGE]
    area.valid_to = clock.local_date(MONDAY) - timedelta(days=1)
    await area.save()
    actor = await world.actor(ORG)
    assert await faults_of(create_unit(actor, office(home_area=VILLAGE))) == ["homeArea.AREA_CLOSED"]


async def test_a_unit_with_work_or_with_units_below_is_not_closed(world):
    actor, agency = await world.actor(ORG), world.units["zr"]
    await task_of(world, "zr", TaskState.RESOLVED)
    await create_unit(actor, office(parent=agency.id))
    faults = await faults_of(close_unit(actor, UnitClosing(agency.id, "改革")))
    assert faults == ["unit.UNIT_HAS_LIVE_TASKS", "unit.UNIT_HAS_UNITS"]


async def test_ended_tasks_do_not_keep_a_unit_open(world):
    await task_of(world, "zr", TaskState.EVALUATED)
    await close_unit(await world.actor(ORG), UnitClosing(world.units["zr"].id, "改革"))


async def test_a_closed_unit_is_neither_changed_nor_closed_again_nor_joined(world):
    actor, closed = await world.actor(ORG), world.units["cj"].id
    await close_unit(actor, UnitClosing(closed, "改革"))
    for change in (
        update_unit(actor, UnitChange(closed, name="新")),
        close_unit(actor, UnitClosing(closed, "又")),
    ):
        with pytest.raises(WrongState):
            await change
    assert await faults_of(create_unit(actor, office(parent=closed))) == ["parent.UNIT_CLOSED"]
    assert await faults_of(create_member(actor, newcomer(unit=closed))) == ["unit.UNIT_CLOSED"]


async def test_a_loop_further_down_is_found(world):
    actor, agency = await world.actor(ORG), world.units["zr"]
    below = (await create_unit(actor, office(parent=agency.id))).object_id
    assert await faults_of(update_unit(actor, UnitChange(agency.id, parent=below))) == ["parent.PARENT_LOOP"]


async def test_a_line_has_an_end(small_world):
    actor, parent = await small_world.actor(ORG), small_world.units["jt"].id
    for _ in range(10):
        parent = (await create_unit(actor, office(parent=parent))).object_id
    assert await faults_of(create_unit(actor, office(parent=parent))) == ["parent.LINE_TOO_DEEP"]
    other = (await create_unit(actor, office())).object_id
    await create_unit(actor, office(parent=other))
    top = (await Unit.get(id=parent)).parent_id
    assert await faults_of(update_unit(actor, UnitChange(other, parent=top))) == ["parent.LINE_TOO_DEEP"]


WHO_CHANGES_UNITS = [
    (ORG, "zr", {"name": "新"}, True),
    (COORDINATOR, "zr", {"name": "新"}, True),
    (COORDINATOR, "jt", {"name": "新"}, False),
    ("longjiang.coordinator", "zr", {"name": "新"}, False),
    (COORDINATOR, "zr", {"command_area": OTHER_TOWN}, False),
    (ORG, "zr", {"command_area": OTHER_TOWN}, True),
    (ORG, "zr", {"command_area": "4406"}, False),
    (COORDINATOR, "zr", {"parent": "zf"}, True),
    (COORDINATOR, "zr", {"parent": "jt"}, False),
    (ORG, "zr", {"parent": "agri"}, False),
    (SECRETARY, "zr", {"name": "新"}, False),
    ("zr.head", "zr", {"name": "新"}, False),
]


@pytest.mark.parametrize(("login", "unit", "change", "allowed"), WHO_CHANGES_UNITS)
async def test_a_unit_moves_only_by_who_has_the_right_in_both_places(
    small_world, login, unit, change, allowed
):
    if "parent" in change:
        change = {"parent": small_world.units[change["parent"]].id}
    changing = update_unit(await small_world.actor(login), UnitChange(small_world.units[unit].id, **change))
    if allowed:
        await changing
    else:
        with pytest.raises(NotAllowed):
            await changing
        assert (await Unit.get(id=small_world.units[unit].id)).version == 1


def newcomer(**changes: object) -> NewMember:
    return NewMember(**{"name": "黎四", "login": "li.si"} | changes)


async def test_a_member_of_a_unit_belongs_to_its_home(world):
    done = await create_member(
        await world.actor(ORG), newcomer(unit=world.units["zf"].id, phone="+86 757 2233 4455")
    )
    member, event = await Member.get(id=done.object_id), await told(done)
    assert (member.area_id, member.area_path) == (TOWN, world.areas[TOWN].path)
    assert (event.type, event.version) == ("member.created", 1)


@pytest.mark.parametrize(("login", "area"), [(SECRETARY, VILLAGE), (COORDINATOR, TOWN), (ORG, DISTRICT)])
async def test_a_member_without_a_unit_belongs_to_the_area_of_who_enters_them(world, login, area):
    done = await create_member(await world.actor(login), newcomer())
    assert (await Member.get(id=done.object_id)).area_id == area


WHO_ENTERS_MEMBERS = [
    ("zf.head", "zf", True),
    ("zf.head", "zr", False),
    ("zf.liaison", "zf", False),
    (COORDINATOR, "zf", True),
    (COORDINATOR, "jt", False),
    (SECRETARY, "party", True),
    (SECRETARY, "zf", False),
    ("junan.observer", None, False),
    ("tianhu.resident", None, False),
]


@pytest.mark.parametrize(("login", "unit", "allowed"), WHO_ENTERS_MEMBERS)
async def test_members_are_entered_only_by_who_manages_them(small_world, login, unit, allowed):
    entering = create_member(
        await small_world.actor(login), newcomer(unit=small_world.units[unit].id if unit else None)
    )
    if allowed:
        await entering
    else:
        with pytest.raises(NotAllowed):
            await entering


MEMBERS_REFUSED = {
    "empty name": ({"name": ""}, ["name.EMPTY"]),
    "long name": ({"name": "长" * 65}, ["name.TOO_LONG"]),
    "tab in the name": ({"name": "黎\t四"}, ["name.CONTROL_CHARACTER"]),
    "blank in the login": ({"login": "li si"}, ["login.LOGIN_MALFORMED"]),
    "blank behind the login": ({"login": "li.si "}, ["login.LOGIN_MALFORMED"]),
    "slash in the login": ({"login": "li/si"}, ["login.LOGIN_MALFORMED"]),
    "NUL in the login": ({"login": "li\x00si"}, ["login.NUL_CHARACTER"]),
    "login of somebody else": ({"login": SECRETARY}, ["login.LOGIN_TAKEN"]),
    "words for a number": ({"phone": "ask at the gate"}, ["phone.PHONE_MALFORMED"]),
    "number too short": ({"phone": "110"}, ["phone.PHONE_MALFORMED"]),
    "number too long": ({"phone": "1" * 33}, ["phone.TOO_LONG"]),
    "no such unit": ({"unit": "01JD3Y0V0ZK5Q4T7W2X8N6M1PB"}, ["unit.NOT_FOUND"]),
    "no such area": ({"area": "999999"}, ["area.NOT_FOUND"]),
    "several": (
        {"name": "", "login": "", "phone": "?"},
        ["name.EMPTY", "phone.PHONE_MALFORMED", "login.EMPTY"],
    ),
}


@pytest.mark.parametrize(("changes", "faults"), MEMBERS_REFUSED.values(), ids=MEMBERS_REFUSED)
async def test_a_member_is_refused_for(small_world, changes, faults):
    before = await Member.all().count()
    assert await faults_of(create_member(await small_world.actor(ORG), newcomer(**changes))) == faults
    assert await Member.all().count() == before


async def test_who_changes_unit_gives_back_what_they_were_responsible_for_there(world):
    mine = await task_of(world, "zr", TaskState.ASSIGNED, "zr.member")
    arrived = await task_of(world, "zf", TaskState.ARRIVED, "zr.member")
    member, target = world.members["zr.member"], world.units["cj"]
    done = await update_member(await world.actor(ORG), MemberChange(member.id, unit=target.id, version=1))
    moved = await Member.get(id=member.id)
    assert (moved.unit_id, moved.area_id, moved.version) == (target.id, TOWN, 2)
    task = await Task.get(id=mine.id)
    assert (task.state, task.responsible_id) == (TaskState.ACCEPTED, None)
    assert (await Task.get(id=arrived.id)).responsible_id == member.id
    assert (await told(done)).type == "member.updated"
    assert await Event.filter(type="task.member_lost", task_id=mine.id).count() == 1


async def test_moving_a_member_needs_the_right_in_both_places(world):
    member, target = world.members["zf.member"].id, world.units["zr"].id
    for login in ("zf.head", "zr.head"):
        with pytest.raises((NotAllowed, NotFound)):
            await update_member(await world.actor(login), MemberChange(member, unit=target))
    assert (await Member.get(id=member)).unit_id == world.units["zf"].id


async def test_a_disabled_member_has_no_rights_and_keeps_the_grants(world):
    task = await task_of(world, "zr", TaskState.ASSIGNED, "zr.member")
    done = await disable_member(
        await world.actor(ORG), MemberDisabling(world.members["zr.member"].id, "离职")
    )
    member, event = await Member.get(id=done.object_id), await told(done)
    assert (member.disabled_at, event.type, event.note) == (MONDAY, "member.disabled", "离职")
    assert await Grant.filter(member_id=member.id, until__isnull=True).count() == 1
    assert (await world.actor("zr.member")).grants == ()
    assert (await Task.get(id=task.id)).responsible_id is None


async def test_a_disabled_member_is_neither_changed_nor_disabled_again_nor_given_a_role(world):
    actor, member = await world.actor(ORG), world.members["zr.member"].id
    await disable_member(actor, MemberDisabling(member, "离职"))
    for change in (
        update_member(actor, MemberChange(member, name="新")),
        disable_member(actor, MemberDisabling(member, "又")),
    ):
        with pytest.raises(WrongState):
            await change
    new = NewGrant(member, "unit_liaison", unit=world.units["zr"].id)
    assert await faults_of(grant_role(await world.actor(POLICY), new)) == ["member.MEMBER_DISABLED"]


async def test_whom_one_may_not_know_of_does_not_exist(world):
    stranger = await world.enter("hidden", OTHER_TOWN)
    for change in (
        update_member(await world.actor(SECRETARY), MemberChange(stranger.id, name="新")),
        disable_member(await world.actor(SECRETARY), MemberDisabling(stranger.id, "…")),
    ):
        with pytest.raises(NotFound):
            await change


async def test_a_version_that_somebody_else_changed_is_a_conflict(world):
    actor = await world.actor(ORG)
    for change in (
        update_unit(actor, UnitChange(world.units["zr"].id, name="新", version=7)),
        close_unit(actor, UnitClosing(world.units["cj"].id, "改革", version=7)),
        update_member(actor, MemberChange(world.members["zr.member"].id, name="新", version=7)),
        disable_member(actor, MemberDisabling(world.members["zr.member"].id, "离职", version=7)),
    ):
        with pytest.raises(Conflict):
            await change


async def test_a_retry_with_the_same_key_enters_nobody_twice(world):
    actor, new = await world.actor(ORG), newcomer(key="a-1")
    first = await create_member(actor, new)
    assert await create_member(actor, new) == first
    with pytest.raises(Conflict):
        await create_member(actor, newcomer(key="a-1", name="别人"))


def appointment(world: World, login: str, role: str, area: str | None = None, **more: object) -> NewGrant:
    unit = more.pop("unit", None)
    return NewGrant(
        world.members[login].id, role, area=area, unit=world.units[unit].id if unit else None, **more
    )


async def test_a_role_is_given_and_taken_back(world):
    actor = await world.actor(POLICY)
    done = await grant_role(actor, appointment(world, "tianhu.cadre", "observer", TOWN, reason="挂职"))
    grant, event = await Grant.get(id=done.object_id), await told(done)
    assert (grant.level, grant.path, grant.since) == ("TOWN", world.areas[TOWN].path, MONDAY)
    assert (event.type, event.note, event.version) == ("grant.granted", "挂职", 1)
    assert "observer" in {held.role for held in (await world.actor("tianhu.cadre")).grants}
    gone = await revoke_grant(actor, Revocation(grant.id, "结束"))
    assert (await told(gone)).type == "grant.revoked"
    assert "observer" not in {held.role for held in (await world.actor("tianhu.cadre")).grants}
    with pytest.raises(WrongState):
        await revoke_grant(actor, Revocation(grant.id, "又"))


async def test_a_role_in_a_unit_follows_the_unit_and_ends_with_its_tasks_given_back(world):
    actor = await world.actor(POLICY)
    task = await task_of(world, "zr", TaskState.ASSIGNED, "zr.member")
    done = await grant_role(actor, appointment(world, "zr.member", "unit_liaison", unit="zr"))
    grant = await Grant.get(id=done.object_id)
    assert (grant.level, grant.path) == ("UNIT", world.units["zr"].line)
    await revoke_grant(actor, Revocation(grant.id, "另有他人"))
    assert (await Task.get(id=task.id)).responsible_id is not None
    own = await Grant.get(member_id=world.members["zr.member"].id, role="responsible_member")
    await revoke_grant(actor, Revocation(own.id, "另有他人"))
    assert (await Task.get(id=task.id)).responsible_id is None


async def test_only_who_may_enter_a_member_learns_that_a_login_is_taken(small_world):
    entering = create_member(await small_world.actor("tianhu.cadre"), newcomer(login=SECRETARY))
    with pytest.raises(NotAllowed, match="NO_RULE"):
        await entering


LATER, EARLIER = MONDAY + timedelta(days=9), MONDAY - timedelta(days=9)
GRANTS_REFUSED = {
    "unknown role": (("emperor", DISTRICT), {}, ["role.ROLE_UNKNOWN"]),
    "look-alike role": (("observer ", DISTRICT), {}, ["role.ROLE_UNKNOWN"]),
    "a role nobody gives": (("member", DISTRICT), {}, ["role.ROLE_UNKNOWN"]),
    "a role of another level": (("village_secretary", TOWN), {}, ["role.ROLE_NOT_HELD_HERE"]),
    "an area's role in a unit": (("town_leader",), {"unit": "zr"}, ["role.ROLE_NOT_HELD_HERE"]),
    "no place": (("observer",), {}, ["holder.HOLDER_UNCLEAR"]),
    "two places": (("observer", TOWN), {"unit": "zr"}, ["holder.HOLDER_UNCLEAR"]),
    "no such area": (("observer", "999999"), {}, ["holder.area.NOT_FOUND"]),
    "ends before it begins": (
        ("observer", TOWN),
        {"since": LATER, "until": MONDAY},
        ["until.UNTIL_BEFORE_SINCE"],
    ),
    "ended already": (("observer", TOWN), {"since": EARLIER, "until": MONDAY}, ["until.UNTIL_IN_PAST"]),
    "NUL in the reason": (("observer", TOWN), {"reason": "\x00"}, ["reason.NUL_CHARACTER"]),
    "the same again": (("village_cadre", VILLAGE), {}, ["role.GRANTED_ALREADY"]),
}


@pytest.mark.parametrize(("place", "more", "faults"), GRANTS_REFUSED.values(), ids=GRANTS_REFUSED)
async def test_a_grant_is_refused_for(small_world, place, more, faults):
    before = await Grant.all().count()
    new = appointment(small_world, "tianhu.cadre", *place, **more)
    assert await faults_of(grant_role(await small_world.actor(POLICY), new)) == faults
    assert await Grant.all().count() == before


async def test_only_who_may_give_a_role_learns_who_holds_it(small_world):
    held = appointment(small_world, "shunde.auditor", "discipline_auditor", DISTRICT)
    with pytest.raises(NotAllowed, match="NO_RULE"):
        await grant_role(await small_world.actor("tianhu.cadre"), held)


WHO_GRANTS = [
    (POLICY, "tianhu.cadre", "village_secretary", VILLAGE, True),
    (POLICY, "tianhu.cadre", "town_leader", TOWN, True),
    (POLICY, "tianhu.cadre", "district_leader", DISTRICT, True),
    (POLICY, POLICY, "observer", DISTRICT, False),
    (POLICY, "tianhu.cadre", "observer", "4406", False),
    (POLICY, "tianhu.cadre", "observer", "44", False),
    (ORG, "tianhu.cadre", "observer", TOWN, False),
    (COORDINATOR, "tianhu.cadre", "observer", VILLAGE, False),
    (SECRETARY, "tianhu.cadre", "village_secretary", VILLAGE, False),
]


@pytest.mark.parametrize(("login", "grantee", "role", "area", "allowed"), WHO_GRANTS)
async def test_roles_are_given_below_oneself_and_never_to_oneself(
    small_world, login, grantee, role, area, allowed
):
    giving = grant_role(await small_world.actor(login), appointment(small_world, grantee, role, area))
    if allowed:
        await giving
    else:
        with pytest.raises(NotAllowed):
            await giving


async def test_nobody_gives_a_role_for_longer_than_they_hold_their_own(world):
    end = MONDAY + timedelta(days=30)
    held = await Grant.get(member_id=world.members[POLICY].id)
    held.until = end
    await held.save()
    actor = await world.actor(POLICY)
    for until in (None, end + timedelta(seconds=1)):
        new = appointment(world, "tianhu.cadre", "observer", TOWN, until=until)
        assert await faults_of(grant_role(actor, new)) == ["until.UNTIL_BEYOND_YOURS"]
    await grant_role(actor, appointment(world, "tianhu.cadre", "observer", TOWN, until=end))


async def test_roles_are_taken_back_only_below_oneself(world):
    for login, of in [(POLICY, POLICY), (COORDINATOR, "tianhu.cadre"), (ORG, "junan.leader")]:
        grant = await Grant.get(member_id=world.members[of].id)
        with pytest.raises((NotAllowed, NotFound)):
            await revoke_grant(await world.actor(login), Revocation(grant.id, "…"))
        assert (await Grant.get(id=grant.id)).until is None
