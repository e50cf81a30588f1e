"""Administrators see what a change of the rules would do before it is done, and nobody sees more than they may."""

from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from typing import Any

import pytest
from asking import Answer, Town, open_town

from models import Grant, Member, PolicyState, PolicyVersion, clock
from policies.reading.comparison import matrix
from policies.rules import packaged, put_in_force, rules

TEXT = packaged().text
READ = "p, village_cadre, village, summons, read, own_area, True, allow\n"
ACCEPT = "p, unit_liaison, unit, task, accept, target_unit, True, allow\n"
LOCAL = "p, village_secretary, village@44.4406.440606.440606106., task, urge, subtree, True, deny\n"

CHECK = """query($text: String!) { checkPolicy(text: $text) {
    ok hash faults { line column message suggestion severe } } }"""
SIMULATE = """query($text: String!, $days: Int) { simulatePolicy(text: $text, days: $days) {
    check { ok faults { line severe } } cellCount cells { role heldAt type action before after }
    everybody { type action gains loses rowsGained rowsLost }
    touched members { member { login } changes { type action gains loses rowsGained rowsLost } }
    countsLeftOut lockedOut replay { decisions refused unclear more examples { seq at member { login } type action } }
} }"""
DIFF = """query($from: Int!, $to: Int!) { policyDiff(from: $from, to: $to) {
    added removed cellCount cells { role heldAt type action before after } } }"""
MATRIX = """query($role: String, $type: String) { policyMatrix(role: $role, type: $type) {
    role heldAt type action effect } }"""
RIGHTS = """query($member: ID!) { effectiveRights(member: $member) {
    role heldAt area { code } unit { name } onBehalfOf { login } via
    type action relation condition effect rule words } }"""
EXPLAIN = """query($m: ID, $a: String!, $o: ID!) { explain(member: $m, action: $a, object: $o) {
    allowed reasonCode reasons } }"""
WHO = "query($a: String!, $o: ID!) { whoCan(action: $a, object: $o) { edges { node { login } } } }"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: what counts rows is tried on both kinds in test_simulation."""
    return sqlite_url


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        await town.world.enter("junan.policy", "440606106")
        await town.world.hold("junan.policy", "policy_admin", area="440606106")
        yield town


@pytest.fixture(autouse=True)
def former_rules() -> Iterator[None]:
    yield
    put_in_force(packaged())


def without(line: str) -> str:
    assert line in TEXT
    return TEXT.replace(line, "")


async def simulated(town: Town, text: str, login: str = "shunde.policy", **more: object) -> Answer:
    answer: Answer = (await town.ask(login, SIMULATE, text=text, **more))["simulatePolicy"]
    return answer


async def stored(text: str, number: int) -> None:
    hash = sha256(text.encode()).hexdigest()
    await PolicyVersion.create(
        number=number, state=PolicyState.RETIRED, path="", text=text, hash=hash, created_at=clock.now()
    )


async def test_a_text_is_looked_over(town: Town) -> None:
    good = (await town.ask("shunde.policy", CHECK, text=TEXT))["checkPolicy"]
    assert good == {"ok": True, "hash": packaged().hash, "faults": []}
    broken = TEXT + "p, villge_cadre, village, summons, read, own_area, True, allow\n"
    told = (await town.ask("junan.policy", CHECK, text=broken))["checkPolicy"]
    assert told["ok"] is False
    assert told["faults"] == [
        {
            "line": len(TEXT.splitlines()) + 1,
            "column": 4,
            "message": "unknown role 'villge_cadre'",
            "suggestion": "village_cadre",
            "severe": True,
        }
    ]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ufeff" + TEXT, "p" * 2_000_000, "🧨\n" * 100, ",,,,\n" * 3_000]
)
async def test_odd_texts_get_an_answer(town: Town, text: str) -> None:
    told = (await town.ask("shunde.policy", CHECK, text=text))["checkPolicy"]
    assert told["ok"] is (text[1:] == TEXT)
    assert len(told["faults"]) <= 1_000 and bool(told["faults"]) is not told["ok"]
    assert (await simulated(town, text))["check"]["ok"] is told["ok"]


async def test_a_simulation_tells_cells_members_objects_and_past_decisions(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    await town.done("zr.liaison", "acceptTask", task=task)
    told = await simulated(town, without(ACCEPT) + ACCEPT.replace("unit_liaison", "unit_head"))
    assert told["check"]["ok"] and told["cellCount"] == 1
    assert told["cells"] == [
        {
            "role": "unit_liaison",
            "heldAt": "UNIT",
            "type": "task",
            "action": "accept",
            "before": "allow target_unit",
            "after": "",
        }
    ]
    changes = {one["member"]["login"]: one["changes"] for one in told["members"]}
    assert set(changes) == {f"{unit}.liaison" for unit in ("zr", "zf", "cj", "jt", "agri")}
    lost = {"type": "task", "action": "accept", "gains": False, "loses": True, "rowsGained": 0}
    assert changes["zr.liaison"] == [lost | {"rowsLost": 1}]
    assert changes["jt.liaison"] == [lost | {"rowsLost": 0}]
    assert (told["touched"], told["everybody"], told["countsLeftOut"], told["lockedOut"]) == (
        5,
        [],
        False,
        [],
    )
    [refused] = told["replay"].pop("examples")
    assert told["replay"] == {"decisions": 1, "refused": 1, "unclear": 0, "more": False}
    assert (refused["member"], refused["type"], refused["action"]) == (
        {"login": "zr.liaison"},
        "task",
        "accept",
    )


async def test_a_broken_text_gives_its_faults_and_nothing_else(town: Town) -> None:
    told = await simulated(town, without(READ) + "nonsense\n")
    assert [fault["severe"] for fault in told["check"]["faults"]] == [True]
    assert not any(value for name, value in told.items() if name != "check")
    assert told["touched"] is None and told["replay"] is None


async def test_what_everybody_loses_and_who_is_locked_out(town: Town) -> None:
    told = await simulated(town, without("p, member, *, unit, read, any, True, allow\n"))
    assert told["everybody"] == [
        {"type": "unit", "action": "read", "gains": False, "loses": True, "rowsGained": 0, "rowsLost": 6}
    ]
    kept = "p, district_org_dept, district, policy, publish, subtree, r.obj.author_id != r.sub.id, allow\n"
    await Grant.filter(role="policy_admin").exclude(level="DISTRICT").delete()
    told = await simulated(town, without(kept))
    assert len(told["lockedOut"]) == 1 and "publish" in told["lockedOut"][0]


async def test_the_administrator_of_a_town_simulates_the_town_s_own_rules(town: Town) -> None:
    for text in (without(READ), TEXT + LOCAL.replace("440606106", "440606104"), TEXT):
        error = await town.refused("junan.policy", SIMULATE, text=text)
        assert (error["code"], error["reasonCode"]) == ("FORBIDDEN", "WRONG_PLACE")
    told = await simulated(town, TEXT + LOCAL, "junan.policy")
    assert [one["member"]["login"] for one in told["members"]] == ["shapu.secretary", "tianhu.secretary"]


async def test_members_whom_the_caller_may_not_know_are_counted_but_not_named(town: Town) -> None:
    """Somebody of 龙江 without an official post, who helps out in 天湖."""
    await town.world.enter("longjiang.helper", "440606104")
    await town.world.hold("longjiang.helper", "village_secretary", area="440606106004")
    for login, named in (("junan.policy", []), ("shunde.policy", ["longjiang.helper"])):
        told = await simulated(town, TEXT + LOCAL, login)
        assert told["touched"] == 3
        assert [one["member"]["login"] for one in told["members"]] == [
            *named,
            "shapu.secretary",
            "tianhu.secretary",
        ]


@pytest.mark.parametrize("login", ["tianhu.secretary", "zr.head", "junan.coordinator", "shunde.auditor"])
async def test_others_neither_check_simulate_nor_compare(town: Town, login: str) -> None:
    for document, variables in (
        (CHECK, {"text": TEXT}),
        (SIMULATE, {"text": TEXT}),
        (DIFF, {"from": 1, "to": 1}),
    ):
        error = await town.refused(login, document, **variables)  # type: ignore[arg-type]
        assert (error["code"], error["reasonCode"]) == ("FORBIDDEN", "NO_RULE")


async def test_the_organisation_department_simulates_but_need_not_write(town: Town) -> None:
    assert (await town.ask("shunde.org", CHECK, text=TEXT))["checkPolicy"]["ok"]
    assert (await simulated(town, without(READ), "shunde.org"))["touched"] == 5


@pytest.mark.parametrize("days", [-1, 367])
async def test_a_replay_has_its_limits(town: Town, days: int) -> None:
    error = await town.refused("shunde.policy", SIMULATE, text=TEXT, days=days)
    assert (error["reasonCode"], error["argument"]) == ("REPLAY_OUT_OF_RANGE", ["days"])


async def test_versions_are_compared(town: Town) -> None:
    await stored(without(READ) + LOCAL, 2)
    told = (await town.ask("shunde.policy", DIFF, **{"from": 1, "to": 2}))["policyDiff"]
    assert (told["added"], told["removed"]) == ([LOCAL.strip()], [READ.strip()])
    assert told["cellCount"] == len(told["cells"]) == 3
    back = (await town.ask("shunde.org", DIFF, **{"from": 2, "to": 1}))["policyDiff"]
    assert (back["added"], back["removed"]) == (told["removed"], told["added"])
    assert (await town.ask("shunde.org", DIFF, **{"from": 1, "to": 3}))["policyDiff"] is None
    await stored("g, village_secretary, village_cadre\n", 3)
    links = (await town.ask("shunde.org", DIFF, **{"from": 3, "to": 3}))["policyDiff"]
    assert (links["added"], links["cellCount"]) == ([], 0)
    assert (await town.refused("junan.policy", DIFF, **{"from": 1, "to": 2}))["reasonCode"] == "WRONG_PLACE"
    await stored(TEXT + LOCAL, 4)
    local = (await town.ask("junan.policy", DIFF, **{"from": 1, "to": 4}))["policyDiff"]
    assert local["added"] == [LOCAL.strip()]


async def test_a_version_that_can_no_longer_be_read_is_an_error_with_a_code(town: Town) -> None:
    await stored("p, king, *, summons, read, any, True, allow\n", 2)
    error = await town.refused("shunde.policy", DIFF, **{"from": 1, "to": 2})
    assert (error["code"], error["reasonCode"]) == ("BAD_USER_INPUT", "SEVERAL")


async def test_the_matrix_has_inherited_cells_and_is_for_all(town: Town) -> None:
    cells = (await town.ask("tianhu.resident", MATRIX))["policyMatrix"]
    assert len(cells) == len(matrix(rules()))
    some = (await town.ask("tianhu.resident", MATRIX, role="village_secretary", type="request"))[
        "policyMatrix"
    ]
    assert {cell["action"]: cell["effect"] for cell in some}["answer"] == "allow own_area"
    assert {(cell["role"], cell["heldAt"], cell["type"]) for cell in some} == {
        ("village_secretary", "VILLAGE", "request")
    }
    assert {cell["heldAt"] for cell in cells} >= {"ANY", "SYSTEM", "UNIT", "GRID"}
    assert (await town.ask("tianhu.resident", MATRIX, role="king"))["policyMatrix"] == []


async def rights(town: Town, asker: str, member: str) -> list[Any]:
    told: list[Any] = (await town.ask(asker, RIGHTS, member=town.id(town.world.members[member])))[
        "effectiveRights"
    ]
    return told


async def test_rights_tell_role_place_and_words(town: Town) -> None:
    told = await rights(town, "tianhu.secretary", "tianhu.secretary")
    [issue] = [one for one in told if (one["type"], one["action"]) == ("summons", "issue")]
    assert issue == {
        "role": "village_secretary",
        "heldAt": "VILLAGE",
        "area": {"code": "440606106004"},
        "unit": None,
        "onBehalfOf": None,
        "via": None,
        "type": "summons",
        "action": "issue",
        "relation": "issuer",
        "condition": None,
        "effect": "ALLOW",
        "rule": "village_secretary, village, summons, issue, issuer, True, allow",
        "words": "Village secretary may issue: summons issued by the area where the role is held.",
    }
    assert {one["heldAt"] for one in told if one["role"] in ("member", "anyone")} == {"ANY"}
    assert {one["effect"] for one in told} == {"ALLOW", "DENY"}
    head = await rights(town, "zr.head", "zr.head")
    assert {one["unit"]["name"] for one in head if one["role"] == "unit_head"} == {
        town.world.units["zr"].name
    }
    assert {one["via"] for one in head} == {None, "unit_liaison", "responsible_member"}


async def test_a_deputy_s_rights_name_the_principal(town: Town) -> None:
    grant = town.world.grant("tianhu.cadre", "village_secretary", area="440606106004")
    grant.principal_id = town.world.members["tianhu.secretary"].id
    await grant.save(force_create=True)
    told = await rights(town, "tianhu.cadre", "tianhu.cadre")
    assert {one["onBehalfOf"]["login"] for one in told if one["action"] == "issue"} == {"tianhu.secretary"}


async def test_rights_are_for_oneself_and_those_who_administer_one(town: Town) -> None:
    own = await rights(town, "zr.liaison", "zr.liaison")
    for login in ("zr.head", "shunde.org", "shunde.policy"):
        assert await rights(town, login, "zr.liaison") == own, login
    own = await rights(town, "tianhu.cadre", "tianhu.cadre")
    for login in ("tianhu.secretary", "junan.coordinator", "junan.policy"):
        assert await rights(town, login, "tianhu.cadre") == own, login
    for login, member in [
        ("tianhu.secretary", "zr.liaison"),
        ("zr.liaison", "zr.head"),
        ("junan.policy", "wanan.secretary"),
        ("junan.policy", "tianhu.nobody"),
        ("shunde.auditor", "zr.liaison"),
    ]:
        known = town.world.members.get(member)
        id = town.id(known) if known else town.id(Member(id="0" * 26))
        error = await town.refused(login, RIGHTS, member=id)
        assert (error["code"], error["reasonCode"]) == ("FORBIDDEN", "NOT_ADMINISTERED"), (login, member)
    assert (await town.refused("zr.head", RIGHTS, member="x"))["reasonCode"] == "MALFORMED_ID"


async def test_who_appoints_in_a_town_learns_nothing_of_roles_above(town: Town) -> None:
    assert await rights(town, "junan.policy", "junan.leader")
    await town.world.hold("junan.leader", "district_leader", area="440606")
    about = town.id(town.world.members["junan.leader"])
    assert (await town.refused("junan.policy", RIGHTS, member=about))["reasonCode"] == "NOT_ADMINISTERED"
    assert await rights(town, "shunde.policy", "junan.leader")


async def test_explain_speaks_of_every_type_of_object(town: Town) -> None:
    world = town.world
    for login, action, row, allowed in [
        ("shunde.org", "manage", world.units["zr"], True),
        ("tianhu.secretary", "manage", world.units["zr"], False),
        ("shunde.org", "merge", world.areas["440606106004"], True),
        ("junan.policy", "merge", world.areas["440606106004"], False),
        ("tianhu.secretary", "manage", world.members["tianhu.cadre"], True),
        ("junan.policy", "revoke", world.grants["tianhu.cadre"], True),
        ("junan.policy", "revoke", world.grants["junan.policy"], False),
        ("shunde.org", "manage", world.duties["zr"], True),
        ("tianhu.cadre", "read", world.duties["zr"], True),
    ]:
        told = (await town.ask(login, EXPLAIN, a=action, o=town.id(row)))["explain"]
        assert told is not None and told["allowed"] is allowed, (login, action, row)
        assert told["reasons"]


async def test_the_administrator_of_a_town_learns_nothing_of_other_towns(town: Town) -> None:
    """均安's administrator, about a grant and members of 龙江."""
    world = town.world
    grant = town.id(world.grants["wanan.secretary"])
    assert (await town.ask("junan.policy", EXPLAIN, a="revoke", o=grant))["explain"] is None
    assert (await town.ask("junan.policy", WHO, a="revoke", o=grant))["whoCan"] is None
    about = {"m": town.id(world.members["wanan.secretary"]), "a": "manage", "o": town.id(world.units["zr"])}
    assert (await town.refused("junan.policy", EXPLAIN, **about))["code"] == "FORBIDDEN"
    await world.enter("shunde.hidden", "440606")
    await world.hold("shunde.hidden", "policy_admin", area="440606")
    mine = town.id(world.grants["tianhu.cadre"])
    able = {
        login: [
            edge["node"]["login"]
            for edge in (await town.ask(login, WHO, a="revoke", o=mine))["whoCan"]["edges"]
        ]
        for login in ("junan.policy", "shunde.policy")
    }
    assert able == {
        "junan.policy": ["junan.policy", "shunde.policy"],
        "shunde.policy": ["junan.policy", "shunde.hidden", "shunde.policy"],
    }
