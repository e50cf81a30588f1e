"""Questions about the rules are answered from the rules themselves, and only to those whom it concerns."""

from collections.abc import AsyncIterator

import pytest
from asking import Town, open_town

from policies.rules import rules

EXPLAIN = """query($member: ID, $action: String!, $object: ID!) {
    explain(member: $member, action: $action, object: $object) { allowed reasonCode reasons rules } }"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: what is asked here has no SQL of its own."""
    return sqlite_url


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def test_explain_says_yes_by_which_rule_and_no_for_which_reason(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    yes = (await town.ask("zr.liaison", EXPLAIN, action="accept", object=task))["explain"]
    assert (yes["allowed"], yes["reasonCode"]) == (True, None)
    assert yes["rules"] == ["unit_liaison, unit, task, accept, target_unit, True, allow"]
    assert yes["reasons"][0].startswith("Liaison of the unit may accept")
    for login, action, code in [
        ("tianhu.secretary", "accept", "NO_RULE"),
        ("zr.liaison", "decline", "NO_RULE"),
        ("zr.liaison", "assign", "WRONG_STATE"),
        ("tianhu.secretary", "evaluate", "WRONG_STATE"),
    ]:
        no = (await town.ask(login, EXPLAIN, action=action, object=task))["explain"]
        assert (no["allowed"], no["reasonCode"]) == (False, code), (login, action)
        assert no["reasons"]


async def test_explain_speaks_the_caller_s_language(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    for action, words in [("accept", "您的角色都没有这项权限。"), ("urge", "可以")]:
        told = (await town.ask("tianhu.secretary", EXPLAIN, language="zh", action=action, object=task))[
            "explain"
        ]
        assert words in told["reasons"][0]


async def test_explain_answers_what_available_actions_say(town: Town) -> None:
    summons, (task, _) = await town.issue("zr", "zf")
    await town.done(
        "zr.liaison", "acceptTask", task=task, responsible=town.id(town.world.members["zr.member"])
    )
    query = """query($id: ID!) { node(id: $id) {
        ... on Summons { availableActions { action allowed reasonCode } }
        ... on Task { availableActions { action allowed reasonCode } } } }"""
    for login in ("tianhu.secretary", "zr.head", "junan.coordinator", "shunde.org"):
        for object in (summons, task):
            offered = (await town.ask(login, query, id=object))["node"]["availableActions"]
            assert offered
            for one in offered:
                told = (await town.ask(login, EXPLAIN, action=one["action"], object=object))["explain"]
                assert (told["allowed"], told["reasonCode"]) == (one["allowed"], one["reasonCode"]), (
                    login,
                    one,
                )


async def test_only_those_who_administer_somebody_ask_about_them(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    liaison = town.id(town.world.members["zr.liaison"])
    for login in ("zr.liaison", "zr.head", "shunde.org"):
        answer = await town.ask(login, EXPLAIN, member=liaison, action="accept", object=task)
        assert answer["explain"]["allowed"] is True, login
    error = await town.refused("tianhu.secretary", EXPLAIN, member=liaison, action="accept", object=task)
    assert error["code"] == "FORBIDDEN"


async def test_nobody_explains_what_they_do_not_see(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    who = 'query($o: ID!) { whoCan(action: "accept", object: $o) { totalCount } }'
    assert await town.ask("wanan.secretary", EXPLAIN, action="accept", object=task) == {"explain": None}
    assert await town.ask("wanan.secretary", who, o=task) == {"whoCan": None}


async def test_an_action_that_no_rule_knows_is_refused(town: Town) -> None:
    summons, (task,) = await town.issue("zr")
    unit = town.id(town.world.units["zr"])
    for action, object in [
        ("eat", task),
        ("accept", summons),
        ("accept", unit),
        ("markNoShow", task),
        ("", summons),
    ]:
        error = await town.refused("tianhu.secretary", EXPLAIN, action=action, object=object)
        assert (error["code"], error["argument"]) == ("BAD_USER_INPUT", ["action"])


async def test_who_can_names_those_who_may(town: Town) -> None:
    summons, (task,) = await town.issue("zr")
    query = """query($action: String!, $object: ID!) { whoCan(action: $action, object: $object) {
        totalCount edges { node { login } } } }"""
    for action, object, logins in [
        ("accept", task, ["zr.head", "zr.liaison"]),
        ("decline", task, ["zr.head"]),
        ("cancel", summons, ["tianhu.secretary"]),
        ("evaluate", task, ["tianhu.secretary"]),
        ("manage", town.id(town.world.units["zr"]), ["junan.coordinator", "junan.leader", "shunde.org"]),
    ]:
        found = (await town.ask("tianhu.secretary", query, action=action, object=object))["whoCan"]
        assert [edge["node"]["login"] for edge in found["edges"]] == logins, action
        assert found["totalCount"] == len(logins)


async def test_the_matrix_is_the_policy_row_by_row(town: Town) -> None:
    query = """query($role: String, $type: String, $action: String) {
        policyRules(role: $role, type: $type, action: $action) {
            role heldAt type action relation condition effect } }"""
    everything = (await town.ask("tianhu.resident", query))["policyRules"]
    assert len(everything) == sum(len(rule.levels) or 1 for rule in rules().rules)
    assert (await town.ask("tianhu.resident", query, role="unit_head", action="decline"))["policyRules"] == [
        {
            "role": "unit_head",
            "heldAt": "UNIT",
            "type": "task",
            "action": "decline",
            "relation": "target_unit",
            "condition": None,
            "effect": "ALLOW",
        }
    ]
    assert (await town.ask("tianhu.resident", query, role="king"))["policyRules"] == []
    assert {rule["effect"] for rule in everything} == {"ALLOW", "DENY"}


async def test_the_viewer_sees_who_they_are_and_what_waits_for_them(town: Town) -> None:
    query = """{ viewer { member { login unit { name } } grants { role area { code } unit { name } }
        tasks { totalCount edges { node { id } } } } }"""
    _, (task, _) = await town.issue("zr", "zf")
    viewer = (await town.ask("zr.liaison", query))["viewer"]
    name = town.world.units["zr"].name
    assert viewer["member"] == {"login": "zr.liaison", "unit": {"name": name}}
    assert viewer["grants"] == [{"role": "unit_liaison", "area": None, "unit": {"name": name}}]
    assert viewer["tasks"] == {"totalCount": 1, "edges": [{"node": {"id": task}}]}
    await town.done(
        "zr.liaison", "acceptTask", task=task, responsible=town.id(town.world.members["zr.member"])
    )
    waiting = {
        login: (await town.ask(login, query))["viewer"]["tasks"]["totalCount"]
        for login in ("zr.member", "zf.head")
    }
    assert waiting == {"zr.member": 1, "zf.head": 1}
