"""Giving roles: whatever the rules say, only inside one's own, never to oneself, and never for longer."""

from datetime import timedelta
from typing import Any

import pytest
from world import MONDAY, World

from actions.grants import NewGrant, Revocation, grant_role, revoke_grant
from models import Grant, InvalidInput, NotAllowed
from policies.reading.syntax import POLICY
from policies.rules import read_loosely

pytest_plugins = ["monday"]

ADMIN, SECRETARY, CADRE = "shunde.policy", "tianhu.secretary", "tianhu.cadre"
VILLAGE, GRID, TOWN, DISTRICT = "440606106004", "440606106004001", "440606106", "440606"
OTHER_VILLAGE = "440606106201"
NOT_TO_ONESELF = "p, anyone, *, binding, grant, any, r.obj.grantee_id == r.sub.id, deny\n"


@pytest.fixture
def lawless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules by which everybody gives and takes every role anywhere, also their own."""
    text = POLICY.read_text("utf-8")
    assert NOT_TO_ONESELF in text
    text = text.replace(NOT_TO_ONESELF, "")
    rights = "".join(
        f"p, member, *, binding, {act}, any, True, allow\n" for act in ("grant", "revoke", "read")
    )
    book = read_loosely(f"{text}\n{rights}")
    monkeypatch.setattr("policies.compile.rules", lambda: book)


def new(
    world: World, to: str, role: str, area: str | None = None, unit: str | None = None, **more: Any
) -> NewGrant:
    return NewGrant(
        world.members[to].id, role, area=area, unit=world.units[unit].id if unit else None, **more
    )


PLACES = [
    (SECRETARY, "observer", {"area": VILLAGE}, True),
    (SECRETARY, "observer", {"area": GRID}, True),
    (SECRETARY, "village_secretary", {"area": OTHER_VILLAGE}, False),
    (SECRETARY, "observer", {"area": TOWN}, False),
    (SECRETARY, "observer", {"unit": "party"}, True),
    (SECRETARY, "unit_head", {"unit": "zr"}, False),
    ("junan.leader", "unit_head", {"unit": "zr"}, True),
    ("junan.leader", "unit_head", {"unit": "jt"}, False),
    ("junan.leader", "observer", {"area": DISTRICT}, False),
    ("zr.head", "responsible_member", {"unit": "zr"}, True),
    ("zr.head", "unit_liaison", {"unit": "zf"}, False),
    ("zr.head", "observer", {"area": TOWN}, False),
    ("zr.head", "observer", {"area": GRID}, False),
]


@pytest.mark.parametrize(("login", "role", "place", "allowed"), PLACES)
async def test_no_rule_lets_one_give_a_role_outside_ones_own(
    sqlite_world: World, lawless: None, login: str, role: str, place: dict[str, str], allowed: bool
) -> None:
    giving = grant_role(await sqlite_world.actor(login), new(sqlite_world, "zf.member", role, **place))
    before = await Grant.all().count()
    if allowed:
        await giving
        return
    with pytest.raises(NotAllowed, match="OUTSIDE_YOUR_GRANTS"):
        await giving
    assert await Grant.all().count() == before


async def test_no_rule_lets_one_give_a_role_above_ones_rank(world: World, lawless: None) -> None:
    """The bureau's station lies in the town but ranks with the district."""
    await type(world.units["zr"]).filter(id=world.units["zr"].id).update(level="DISTRICT")
    with pytest.raises(NotAllowed, match="OUTSIDE_YOUR_GRANTS"):
        await grant_role(await world.actor("junan.leader"), new(world, "zf.member", "unit_head", unit="zr"))


async def test_no_rule_lets_one_give_oneself_a_role(world: World, lawless: None) -> None:
    with pytest.raises(NotAllowed, match="OWN_GRANT"):
        await grant_role(await world.actor(SECRETARY), new(world, SECRETARY, "observer", VILLAGE))


async def lend(world: World, by: str, to: str) -> Grant:
    """A delegation of the role, with no question asked."""
    source = world.grants[by]
    lent = world.grant(to, source.role, area=source.area_id)
    lent.principal_id, lent.source_id, lent.until = source.member_id, source.id, MONDAY + timedelta(days=9)
    await lent.save(force_create=True)
    return lent


async def test_a_deputy_gives_no_role_to_their_principal(world: World, lawless: None) -> None:
    await world.hold(CADRE, "observer", area=VILLAGE)
    await lend(world, "junan.leader", CADRE)
    with pytest.raises(NotAllowed, match="GRANT_TO_PRINCIPAL"):
        await grant_role(await world.actor(CADRE), new(world, "junan.leader", "observer", VILLAGE))


async def test_a_role_held_as_a_deputy_gives_and_takes_no_roles(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Administrators' roles are not lent; here a rule lets another role appoint."""
    rights = "".join(
        f"p, town_leader, town, binding, {act}, subtree, True, allow\n" for act in ("grant", "revoke")
    )
    book = read_loosely(f"{POLICY.read_text('utf-8')}\n{rights}")
    monkeypatch.setattr("policies.compile.rules", lambda: book)
    await lend(world, "junan.leader", "wanan.secretary")
    wanted, taken = new(world, "zf.member", "observer", VILLAGE), world.grants[CADRE].id
    with pytest.raises(NotAllowed, match="NOT_AS_DEPUTY"):
        await grant_role(await world.actor("wanan.secretary"), wanted)
    with pytest.raises(NotAllowed, match="NOT_AS_DEPUTY"):
        await revoke_grant(await world.actor("wanan.secretary"), Revocation(taken, "…"))
    await grant_role(await world.actor("junan.leader"), wanted)
    await revoke_grant(await world.actor("junan.leader"), Revocation(taken, "…"))


async def test_a_role_held_as_a_deputy_is_no_place_of_ones_own(world: World, lawless: None) -> None:
    await lend(world, "junan.leader", "wanan.secretary")
    with pytest.raises(NotAllowed, match="OUTSIDE_YOUR_GRANTS"):
        await grant_role(
            await world.actor("wanan.secretary"), new(world, "zf.member", "observer", OTHER_VILLAGE)
        )


async def test_an_acting_administrator_appoints_nobody_for_longer(world: World) -> None:
    """Nor from a day on when they are none any more."""
    end = MONDAY + timedelta(days=30)
    acting = await grant_role(
        await world.actor(ADMIN), new(world, "junan.leader", "policy_admin", TOWN, until=end)
    )
    assert (await Grant.get(id=acting.object_id)).until == end
    actor, day = await world.actor("junan.leader"), timedelta(days=1)
    for since, until in ((None, None), (None, end + day), (end, end + day), (end + day, None)):
        wanted = new(world, CADRE, "observer", VILLAGE, since=since, until=until)
        with pytest.raises(InvalidInput, match="UNTIL_BEYOND_YOURS"):
            await grant_role(actor, wanted)
    await grant_role(actor, new(world, CADRE, "observer", VILLAGE, since=end - day, until=end))


async def test_no_rule_lets_an_acting_member_appoint_for_longer(world: World, lawless: None) -> None:
    end = MONDAY + timedelta(days=30)
    await Grant.filter(id=world.grants[SECRETARY].id).update(until=end)
    with pytest.raises(InvalidInput, match="UNTIL_BEYOND_YOURS"):
        await grant_role(await world.actor(SECRETARY), new(world, CADRE, "observer", VILLAGE))
    await world.hold(SECRETARY, "observer", area=OTHER_VILLAGE)
    with pytest.raises(InvalidInput, match="UNTIL_BEYOND_YOURS"):
        await grant_role(await world.actor(SECRETARY), new(world, CADRE, "observer", VILLAGE))
    await grant_role(await world.actor(SECRETARY), new(world, CADRE, "observer", VILLAGE, until=end))
