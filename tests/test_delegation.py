"""Delegations (代理): a deputy acts in a principal's name, within limits that no rule lifts, and only until it ends."""

from asyncio import gather
from datetime import datetime, timedelta
from typing import Any

import pytest
from api import Answer, ask, do, why_not
from guards import at
from matter import Matter, scores
from world import Time, World, everything

from actions.delegations import NewDelegation, delegate_grant
from actions.given import Given
from actions.grants import Revocation, revoke_grant
from actions.once import Done
from actions.take_step import take_step
from models import AuditEntry, Conflict, Event, Grant, InvalidInput, Member, Task, clock
from policies.reading.syntax import POLICY
from policies.rules import read_loosely
from resolvers.ids import global_id, key_of

pytest_plugins = ["monday"]

LIAISON, MEMBER, POLICY_ADMIN, ORG = "zr.liaison", "zr.member", "shunde.policy", "shunde.org"
SECRETARY = "tianhu.secretary"
UNSEEN = "NotFound NOT_FOUND task"
WEEK = at("03-09 09:00")
LENT = {"grant": LIAISON, "to": MEMBER, "until": WEEK, "reason": "休假。"}
GRANT = """query($id: ID!) { node(id: $id) { ... on Grant {
    role until revokedAt member { login } onBehalfOf { login } delegatedFrom { id } delegations { id } } } }"""
HISTORY = "query($id: ID!) { task(id: $id) { history { edges { node { type onBehalfOf { login } } } } } }"


async def lend(world: World, **changes: Any) -> str:
    """The id of a new delegation, by default of the liaison's role to another member of the unit."""
    given = LENT | changes
    payload = await do(given["grant"], "delegateGrant", world.ids(given))
    assert payload["problems"] == [], payload["problems"]
    assert payload["event"]["type"] == "grant.delegated"
    world.grants["lent"] = await Grant.get(id=key_of(payload["grant"]["id"], Grant, "grant"))
    return str(payload["grant"]["id"])


async def shown(login: str, grant: str) -> Answer | None:
    grant_or_none: Answer | None = (await ask(login, GRANT, id=grant))["node"]
    return grant_or_none


async def roles(world: World, login: str) -> set[str]:
    return {held.role for held in (await world.actor(login)).grants}


async def test_a_deputy_acts_in_the_principals_name_and_only_until_the_moment(
    world: World, time: Time
) -> None:
    first, second = await Matter.issued(world, "zr"), await Matter.issued(world, "zr")
    assert await first.why_not(MEMBER, "acceptTask", "zr") == UNSEEN
    await lend(world)
    time.pass_to("03-03 10:00")
    await first.done(MEMBER, "acceptTask", "zr")
    entry = await AuditEntry.get(event="task.accepted")
    principal = world.members[LIAISON].id
    assert (entry.actor_id, entry.on_behalf_of_id) == (world.members[MEMBER].id, principal)
    assert entry.role == "unit_liaison"
    seen = await ask(LIAISON, HISTORY, id=await first.task_id("zr"))
    told = {edge["node"]["type"]: edge["node"]["onBehalfOf"] for edge in seen["task"]["history"]["edges"]}
    assert told["task.accepted"] == {"login": LIAISON}
    assert {who is None for type, who in told.items() if type != "task.accepted"} == {True}
    time.pass_to("03-09 09:00")
    assert "unit_liaison" not in await roles(world, MEMBER)
    assert await second.why_not(MEMBER, "acceptTask", "zr") == UNSEEN


async def test_what_one_does_in_ones_own_right_names_nobody_else(world: World) -> None:
    await lend(world, grant="zr.head", to=LIAISON)
    await (await Matter.issued(world, "zr")).done(LIAISON, "acceptTask", "zr")
    assert (await AuditEntry.get(event="task.accepted")).on_behalf_of_id is None
    assert "onBehalfOf" not in (await Event.get(type="task.accepted")).payload


async def test_principal_deputy_and_administrator_see_it_and_nobody_else(world: World) -> None:
    id = await lend(world)
    source = global_id(world.grants[LIAISON])
    wanted = {"role": "unit_liaison", "revokedAt": None, "member": {"login": MEMBER}, "delegations": []}
    for login in (LIAISON, MEMBER, POLICY_ADMIN):
        grant = await shown(login, id)
        assert grant is not None and grant.items() >= wanted.items()
        assert grant["onBehalfOf"] == {"login": LIAISON}
        assert grant["delegatedFrom"] == (None if login == MEMBER else {"id": source})
    assert await shown("zr.head", id) is None
    assert await shown(ORG, id) is None
    principals = await shown(LIAISON, source)
    assert principals is not None
    assert (principals["delegations"], principals["onBehalfOf"]) == ([{"id": id}], None)


async def test_only_the_rules_about_delegations_show_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, rule = await lend(world), "p, policy_admin, district|town, delegation, read, subtree, True, allow\n"
    text = POLICY.read_text("utf-8")
    assert rule in text
    book = read_loosely(text.replace(rule, ""))
    monkeypatch.setattr("policies.compile.rules", lambda: book)
    assert await shown(POLICY_ADMIN, id) is None
    assert await shown(POLICY_ADMIN, global_id(world.grants[LIAISON])) is not None


async def test_the_events_of_a_delegation_are_read_by_who_reads_it(world: World) -> None:
    await lend(world)
    types = 'query { events(types: "grant.delegated") { edges { node { note } } } }'
    for login, told in ((LIAISON, 1), (MEMBER, 1), (POLICY_ADMIN, 1), ("zr.head", 0), (SECRETARY, 0)):
        assert len((await ask(login, types))["events"]["edges"]) == told


@pytest.mark.parametrize("by", [LIAISON, MEMBER, POLICY_ADMIN])
async def test_it_is_ended_by_principal_deputy_or_administrator(world: World, by: str) -> None:
    id = await lend(world)
    ended = await do(by, "endDelegation", {"delegation": id, "reason": "已返岗。"})
    assert (ended["problems"], ended["event"]["type"]) == ([], "grant.delegationEnded")
    assert "unit_liaison" not in await roles(world, MEMBER)
    grant = await Grant.get(id=world.grants["lent"].id)
    assert grant.revoked_at == grant.until == clock.now()
    again = await why_not(by, "endDelegation", {"delegation": id, "reason": "又。"})
    assert again == ["WrongState GRANT_ENDED"]
    entry = await AuditEntry.get(event="grant.delegationEnded")
    assert (entry.reason, set(entry.after)) == ("已返岗。", {"until", "revoked_at"})


async def test_nobody_else_ends_it_and_only_delegations_are_ended(world: World) -> None:
    id = await lend(world)
    for login in ("zr.head", ORG, SECRETARY):
        assert await why_not(login, "endDelegation", {"delegation": id, "reason": "…"}) == [
            "NotFound NOT_FOUND delegation"
        ]
    own = {"delegation": global_id(world.grants[LIAISON]), "reason": "…"}
    assert await why_not(LIAISON, "endDelegation", own) == ["InvalidInput NOT_A_DELEGATION delegation"]
    assert {"unit_liaison", "responsible_member"} == await roles(world, MEMBER)


REFUSED: dict[str, tuple[str, Answer, str]] = {
    "somebody else's grant": (POLICY_ADMIN, {"grant": LIAISON, "to": "zr.head"}, "NOT_YOUR_GRANT grant"),
    "an administrator's role": (POLICY_ADMIN, {"grant": POLICY_ADMIN, "to": ORG}, "ROLE_NOT_DELEGABLE grant"),
    "an auditor's role": (
        "shunde.auditor",
        {"grant": "shunde.auditor", "to": ORG},
        "ROLE_NOT_DELEGABLE grant",
    ),
    "a resident's role": (
        "tianhu.resident",
        {"grant": "tianhu.resident", "to": SECRETARY},
        "ROLE_NOT_DELEGABLE grant",
    ),
    "to oneself": (LIAISON, {"to": LIAISON}, "DEPUTY_IS_ONESELF to"),
    "to another unit": (LIAISON, {"to": "zf.member"}, "DEPUTY_OF_OTHER_UNIT to"),
    "to somebody without a unit": (LIAISON, {"to": SECRETARY}, "DEPUTY_OF_OTHER_UNIT to"),
    "to a client system": (
        "junan.coordinator",
        {"grant": "junan.coordinator", "to": "junan.system"},
        "NOT_FOR_SERVICES to",
    ),
    "into the past": (LIAISON, {"until": at("03-02 09:00")}, "UNTIL_IN_PAST until"),
    "for more than 90 days": (LIAISON, {"until": at("06-01 09:00")}, "DELEGATION_TOO_LONG until"),
    "without a reason": (LIAISON, {"reason": " "}, "EMPTY reason"),
    "with too many words": (LIAISON, {"reason": "长" * 501}, "TOO_LONG reason"),
}


@pytest.mark.parametrize(("login", "changes", "problem"), REFUSED.values(), ids=REFUSED)
async def test_it_is_refused(sqlite_world: World, login: str, changes: Answer, problem: str) -> None:
    before = await everything()
    given = sqlite_world.ids(LENT | changes)
    assert await why_not(login, "delegateGrant", given) == [f"InvalidInput {problem}"]
    assert await everything() == before


async def test_90_days_are_not_too_long(sqlite_world: World) -> None:
    await lend(sqlite_world, until=at("05-31 09:00"))


async def test_whom_one_may_not_know_of_is_nobodys_deputy(sqlite_world: World) -> None:
    await sqlite_world.enter("hidden", "440606104")
    assert await why_not(LIAISON, "delegateGrant", sqlite_world.ids(LENT | {"to": "hidden"})) == [
        "NotFound NOT_FOUND to"
    ]


async def test_a_client_system_lends_nothing(sqlite_world: World) -> None:
    await sqlite_world.hold("junan.system", "observer", area="440606106")
    given = sqlite_world.ids(LENT | {"grant": "junan.system", "to": SECRETARY})
    assert await why_not("junan.system", "delegateGrant", given) == ["InvalidInput NOT_FOR_SERVICES grant"]


async def test_a_disabled_member_is_nobodys_deputy(sqlite_world: World) -> None:
    await Member.filter(login=MEMBER).update(disabled_at=clock.now())
    given = sqlite_world.ids(LENT)
    assert await why_not(LIAISON, "delegateGrant", given) == ["InvalidInput MEMBER_DISABLED to"]


async def test_what_was_lent_is_not_lent_again(world: World) -> None:
    id = await lend(world, grant="zr.head", to=LIAISON)
    given = world.ids(LENT) | {"grant": id}
    assert await why_not(LIAISON, "delegateGrant", given) == ["InvalidInput LENT_GRANT grant"]


async def test_a_role_is_lent_only_while_it_is_held_and_not_for_longer(world: World, time: Time) -> None:
    await Grant.filter(id=world.grants[LIAISON].id).update(until=datetime.fromisoformat(at("03-05 09:00")))
    given = world.ids(LENT)
    assert await why_not(LIAISON, "delegateGrant", given) == ["InvalidInput UNTIL_BEYOND_YOURS until"]
    await lend(world, until=at("03-05 09:00"))
    time.pass_to("03-05 09:00")
    late = given | {"until": at("03-06 09:00")}
    assert "InvalidInput GRANT_NOT_LIVE grant" in await why_not(LIAISON, "delegateGrant", late)


async def test_nobody_is_lent_the_same_role_at_the_same_place_twice(world: World) -> None:
    await world.hold("zr.head", "unit_liaison", unit="zr")
    head = world.ids({"to": MEMBER, "until": WEEK, "reason": "…"})
    head["grant"] = global_id(world.grants["zr.head"])
    await lend(world)
    assert await why_not("zr.head", "delegateGrant", head) == ["InvalidInput GRANTED_ALREADY to"]
    assert await why_not(LIAISON, "delegateGrant", world.ids(LENT | {"to": "zr.head"})) == [
        "InvalidInput GRANTED_ALREADY to"
    ]


async def test_a_deputy_can_be_appointed_in_earnest(world: World) -> None:
    await lend(world)
    appointment = {"member": MEMBER, "role": "unit_liaison", "holder": {"unit": "zr"}}
    assert await why_not(POLICY_ADMIN, "grantRole", world.ids(appointment)) == []
    await do(POLICY_ADMIN, "revokeGrant", world.ids({"grant": LIAISON, "reason": "调离。"}))
    assert "unit_liaison" in await roles(world, MEMBER)


async def test_a_deputy_below_the_unit_is_inside_it(world: World) -> None:
    below, above = world.units["cj"], world.units["zr"]
    below.parent_id, below.line = above.id, f"{above.line}{below.id}."
    await below.save()
    await lend(world, to="cj.member")
    assert "unit_liaison" in await roles(world, "cj.member")


async def test_revoking_the_source_ends_the_deputys_rights_at_once(world: World) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr")
    await Member.filter(login="zf.member").update(unit_id=world.units["zr"].id)
    await lend(world, grant=MEMBER, to="zf.member")
    await matter.done(LIAISON, "assignTask", "zr", member="zf.member")
    await do(POLICY_ADMIN, "revokeGrant", world.ids({"grant": MEMBER, "reason": "调离。"}))
    assert {"responsible_member"} == await roles(world, "zf.member")
    revoked = await Grant.get(id=world.grants[MEMBER].id)
    assert revoked.revoked_at == revoked.until == clock.now()
    ended = await Event.get(type="grant.delegationEnded")
    assert (ended.aggregate_id, ended.note) == (world.grants["lent"].id, "调离。")
    assert await AuditEntry.filter(event="grant.revoked").count() == 1
    entry = await AuditEntry.get(event="grant.delegationEnded")
    assert (set(entry.before), set(entry.after)) == ({"until"}, {"until", "revoked_at"})
    assert await matter.state("zr") == "ACCEPTED"


async def test_who_was_a_deputy_a_moment_ago_writes_nothing(world: World) -> None:
    matter = await Matter.issued(world, "zr")
    task_id = key_of(await matter.task_id("zr"), Task, "task")
    await lend(world)
    deputy = await world.actor(MEMBER)
    await do(POLICY_ADMIN, "revokeGrant", world.ids({"grant": LIAISON, "reason": "调离。"}))
    with pytest.raises(Conflict, match="RIGHTS_CHANGED"):
        await take_step(deputy, "task", ("accept",), task_id, Given())


@pytest.mark.parametrize("disabled", [LIAISON, MEMBER])
async def test_disabling_either_side_ends_it(world: World, disabled: str) -> None:
    await lend(world)
    await do(ORG, "disableMember", world.ids({"member": disabled, "reason": "离职。"}))
    assert "unit_liaison" not in await roles(world, MEMBER)
    assert (await Grant.get(id=world.grants["lent"].id)).revoked_at == clock.now()
    assert (await Event.get(type="grant.delegationEnded")).note == "离职。"
    assert await Grant.filter(member_id=world.members[disabled].id, principal_id=None, until=None).exists()


async def test_a_deputy_who_moves_to_another_unit_is_none_any_more(world: World) -> None:
    await lend(world)
    await do(ORG, "updateMember", world.ids({"member": MEMBER, "unit": "zf"}))
    assert await roles(world, MEMBER) == {"responsible_member"}


async def test_a_principal_knows_a_deputy_who_is_no_longer_in_the_directory(world: World) -> None:
    id = await lend(world)
    await Member.filter(login=MEMBER).update(official=False, unit_id=None)
    grant = await shown(LIAISON, id)
    assert grant is not None and grant["member"] == {"login": MEMBER}


async def test_no_race_leaves_a_delegation_of_what_was_revoked(world: World) -> None:
    admin, deputy = await world.actor(POLICY_ADMIN), world.members[MEMBER].id
    for _ in range(12):
        source = await world.hold(LIAISON, "unit_liaison", unit="zr")
        wanted = NewDelegation(source.id, deputy, clock.now() + timedelta(days=1), "休假。")
        found = await gather(
            delegate_grant(await world.actor(LIAISON), wanted),
            revoke_grant(admin, Revocation(source.id, "调离。")),
            return_exceptions=True,
        )
        assert not isinstance(found[1], BaseException)
        assert isinstance(found[0], Done | Conflict | InvalidInput), found[0]
        assert not await Grant.filter(source_id=source.id, revoked_at__isnull=True).exists()
    assert "unit_liaison" not in await roles(world, MEMBER)


async def test_nobody_scores_their_principals_unit(world: World) -> None:
    """The secretary works in the unit; neither they nor their deputy may score it."""
    matter = await (await Matter.issued(world, "zr", "zf")).bring("RESOLVED", "zr", "zf")
    await lend(world, grant=SECRETARY, to="wanan.secretary")
    await Member.filter(login=SECRETARY).update(unit_id=world.units["zr"].id)
    for login in (SECRETARY, "wanan.secretary"):
        given = {"scores": scores(90), "comment": "好。"}
        assert await matter.why_not(login, "evaluateTask", "zr", **given) == "NotAllowed OWN_UNIT"
    await matter.done("wanan.secretary", "evaluateTask", "zf", scores=scores(90), comment="好。")


async def test_no_rule_lets_one_lend_what_is_not_ones_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = "p, member, *, delegation, create, any, True, allow"
    book = read_loosely(f"{POLICY.read_text('utf-8')}\n{wide}\n")
    monkeypatch.setattr("policies.compile.rules", lambda: book)
    given = world.ids(LENT | {"to": "zr.head"})
    assert await why_not(POLICY_ADMIN, "delegateGrant", given) == ["InvalidInput NOT_YOUR_GRANT grant"]
    assert await why_not(SECRETARY, "delegateGrant", given) == ["InvalidInput NOT_YOUR_GRANT grant"]


async def test_a_retry_with_the_same_key_lends_once(world: World) -> None:
    given = world.ids(LENT) | {"idempotencyKey": "a-1"}
    first, again = [await do(LIAISON, "delegateGrant", given) for _ in range(2)]
    assert first == again and first["problems"] == []
    assert await Grant.filter(principal_id__isnull=False).count() == 1
