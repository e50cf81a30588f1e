"""A mutation answers with the object as it is now and the event, or with the problems."""

from collections.abc import AsyncIterator

import pytest
from asking import Answer, Town, open_town

DIMENSIONS = ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")
CODE = '{ area(code: "440606106004") { ... on Village { checkInCode } } }'


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


def codes(payload: Answer) -> list[tuple[str, str | None, list[str] | None]]:
    return [(one["__typename"], one.get("reasonCode"), one["path"]) for one in payload["problems"]]


async def test_a_task_goes_from_the_summons_to_the_scores(town: Town) -> None:
    summons, (task,) = await town.issue("zr")
    member = town.id(town.world.members["zr.member"])
    accepted = await town.done("zr.liaison", "acceptTask", "task { state }", task=task, responsible=member)
    assert (accepted["task"], accepted["event"]["type"]) == ({"state": "ASSIGNED"}, "task.assigned")
    code = (await town.ask("tianhu.cadre", CODE))["area"]["checkInCode"]
    await town.done("zr.member", "checkIn", task=task, villageCode=code)
    await town.done("zr.member", "submitResult", task=task, outcome="RESOLVED", text="已修好。")
    scores = [{"dimension": name, "score": 95} for name in DIMENSIONS]
    scored = await town.done("tianhu.secretary", "evaluateTask", "task { state }", task=task, scores=scores)
    assert scored["task"] == {"state": "EVALUATED"}
    query = """query($id: ID!) { summons(id: $id) { tasks {
        attendance { confirmedByVillage remote late member { name } } result { outcome text }
        evaluations { total area { name } scores { dimension score } }
        history(first: 50) { edges { node { type aggregateVersion } } } } } }"""
    (shown,) = (await town.ask("tianhu.secretary", query, id=summons))["summons"]["tasks"]
    assert shown["attendance"] == {
        "confirmedByVillage": True, "remote": False, "late": False, "member": {"name": "zr.member"}
    }  # fmt: skip
    assert shown["result"] == {"outcome": "RESOLVED", "text": "已修好。"}
    assert shown["evaluations"] == [{"total": 95.0, "area": {"name": "天湖社区"}, "scores": scores}]
    assert [edge["node"] for edge in shown["history"]["edges"]] == [
        {"type": "task.created", "aggregateVersion": 1},
        {"type": "task.assigned", "aggregateVersion": 2},
        {"type": "task.checked_in", "aggregateVersion": 3},
        {"type": "task.resolved", "aggregateVersion": 4},
        {"type": "task.evaluated", "aggregateVersion": 5},
    ]


async def test_the_village_alone_sees_its_check_in_code(town: Town) -> None:
    assert (await town.ask("zr.member", CODE))["area"] == {"checkInCode": None}
    assert (await town.ask("shapu.secretary", CODE))["area"] == {"checkInCode": None}


async def test_a_refused_mutation_changes_nothing_and_says_why(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    payload = await town.change("zf.liaison", "acceptTask", "task { state }", task=task)
    assert codes(payload) == [("NotFound", None, ["task"])]
    payload = await town.change("tianhu.secretary", "acceptTask", "task { state }", task=task)
    assert (payload["task"], payload["event"]) == (None, None)
    assert codes(payload) == [("NotAllowed", "NO_RULE", None)]
    assert payload["problems"][0]["action"] == "accept"
    await town.done("zr.liaison", "acceptTask", task=task)
    payload = await town.change("zr.liaison", "acceptTask", task=task)
    assert codes(payload) == [("WrongState", "WRONG_STATE", None)]
    assert payload["problems"][0]["state"] == "ACCEPTED"
    payload = await town.change(
        "zr.liaison", "submitResult", task=task, version=1, outcome="RESOLVED", text="x"
    )
    assert codes(payload) == [("Conflict", None, None)]


async def test_all_faults_of_an_input_are_told_at_once_with_their_places(town: Town) -> None:
    units = [town.id(town.world.units["zr"]), town.id(town.world.units["party"])]
    payload = await town.change(
        "tianhu.cadre",
        "draftSummons",
        issuer="440606106004",
        title=" ",
        text="x\x00",
        category="ECONOMY",
        units=units,
    )
    assert set(map(str, codes(payload))) == {
        "('InvalidInput', 'EMPTY', ['title'])",
        "('InvalidInput', 'NUL_CHARACTER', ['text'])",
        "('InvalidInput', 'UNIT_NOT_SUMMONABLE', ['units', '1'])",
    }


async def test_ids_of_other_types_are_told_with_their_places(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    member, unit = town.id(town.world.members["zr.member"]), town.id(town.world.units["zr"])
    payload = await town.change(
        "zr.head",
        "declineTask",
        task=task,
        reason="OTHER",
        note="x",
        dutyItem=member,
        suggestedUnit="rubbish",
    )
    assert codes(payload) == [
        ("InvalidInput", "WRONG_ID_TYPE", ["dutyItem"]),
        ("InvalidInput", "MALFORMED_ID", ["suggestedUnit"]),
    ]
    payload = await town.change("zr.liaison", "acceptTask", task=unit)
    assert codes(payload) == [("InvalidInput", "WRONG_ID_TYPE", ["task"])]
    payload = await town.change(
        "tianhu.secretary", "reopenSummons", summons=task, reason="x", units=[unit, task]
    )
    assert codes(payload) == [
        ("InvalidInput", "WRONG_ID_TYPE", ["summons"]),
        ("InvalidInput", "WRONG_ID_TYPE", ["units", "1"]),
    ]


async def test_a_list_of_an_input_has_a_longest_length(town: Town) -> None:
    summons = await town.draft("zr")
    units = [town.id(town.world.units["zr"])] * 51
    payload = await town.change("tianhu.cadre", "updateDraftSummons", summons=summons, units=units)
    assert codes(payload) == [("InvalidInput", "LIST_TOO_LONG", ["units"])]


async def test_words_are_in_the_caller_s_language(town: Town) -> None:
    document = """mutation($task: ID!) { acceptTask(input: {task: $task}) { problems { message } } }"""
    _, (task,) = await town.issue("zr")
    for language, message in [
        ("en", "None of your roles gives this right."),
        ("zh", "您的角色都没有这项权限。"),
        ("fr", "None of your roles gives this right."),
    ]:
        payload = await town.ask("tianhu.secretary", document, language=language, task=task)
        assert payload["acceptTask"]["problems"] == [{"message": message}]


async def test_a_retry_with_the_same_key_gives_the_first_answer(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    first = await town.done(
        "zr.liaison", "acceptTask", "event { id } task { id }", task=task, idempotencyKey="k1"
    )
    again = await town.done(
        "zr.liaison", "acceptTask", "event { id } task { id }", task=task, idempotencyKey="k1"
    )
    assert again == first
    payload = await town.change("zr.liaison", "acceptTask", task=task, note="other", idempotencyKey="k1")
    assert codes(payload) == [("Conflict", None, None)]


async def test_a_second_mutation_of_an_operation_shows_what_the_first_one_left(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    member = town.id(town.world.members["zr.member"])
    fields = "{ task { state availableActions { action } } problems { message } }"
    document = f"""mutation($task: ID!, $member: ID!) {{
        one: acceptTask(input: {{task: $task}}) {fields}
        two: assignTask(input: {{task: $task, member: $member}}) {fields} }}"""
    data = await town.ask("zr.liaison", document, task=task, member=member)
    shown = {
        name: {one["action"] for one in data[name]["task"]["availableActions"]} for name in ("one", "two")
    }
    assert [data[name]["task"]["state"] for name in ("one", "two")] == ["ACCEPTED", "ASSIGNED"]
    assert "assign" in shown["one"]
    assert "assign" not in shown["two"]


async def test_a_declined_task_goes_to_another_unit(town: Town) -> None:
    summons, (task,) = await town.issue("zr")
    other, duty = town.id(town.world.units["zf"]), town.id(town.world.duties["zr"])
    await town.done(
        "zr.head",
        "declineTask",
        task=task,
        reason="NOT_OUR_DUTY",
        note="非我单位",
        dutyItem=duty,
        suggestedUnit=other,
    )
    ruled = await town.done(
        "junan.coordinator",
        "upholdDecline",
        "task { state }",
        task=task,
        ground="属执法事项",
        reassignTo=other,
    )
    assert ruled["task"] == {"state": "REASSIGNED"}
    query = """query($id: ID!) { summons(id: $id) { tasks { unit { name } state
        decline { reason note dutyItem { code } suggestedUnit { name } ruling ground } } } }"""
    tasks = (await town.ask("tianhu.secretary", query, id=summons))["summons"]["tasks"]
    assert [(task["unit"]["name"], task["state"]) for task in tasks] == [
        ("自然资源局均安管理所", "REASSIGNED"),
        ("均安镇综合行政执法办", "PENDING"),
    ]
    assert tasks[0]["decline"] == {
        "reason": "NOT_OUR_DUTY",
        "note": "非我单位",
        "dutyItem": {"code": "zr-1"},
        "suggestedUnit": {"name": "均安镇综合行政执法办"},
        "ruling": "REASSIGNED",
        "ground": "属执法事项",
    }


async def test_a_hold_is_asked_for_and_shown_until_it_is_answered(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    await town.done(
        "zr.liaison", "acceptTask", task=task, responsible=town.id(town.world.members["zr.member"])
    )
    await town.done("tianhu.cadre", "confirmArrival", task=task)
    until = "2026-04-01T01:00:00Z"
    await town.done("zr.head", "requestHold", task=task, reason="等苗木", plan="四月补种", resumeAt=until)
    query = "query($id: ID!) { task(id: $id) { state proposals { kind text resumeAt days } } }"
    shown = await town.ask("tianhu.secretary", query, id=task)
    assert shown["task"]["proposals"] == [
        {"kind": "HOLD", "text": "四月补种", "resumeAt": until, "days": None}
    ]
    await town.done("tianhu.secretary", "approveHold", task=task)
    assert (await town.ask("tianhu.secretary", query, id=task))["task"] == {
        "state": "ON_HOLD",
        "proposals": [],
    }


async def test_a_joint_summons_shows_who_has_signed(town: Town) -> None:
    summons = await town.draft(
        "agri", issuer="440606104219", by="wanan.secretary", coIssuers=["440606104217"], tier="DIFFICULT"
    )
    minutes = {"meetingAt": "2026-02-27T07:00:00+08:00", "present": 7, "minutes": "同意"}
    await town.done("wanan.secretary", "submitSummonsForReview", summons=summons, resolution=minutes)
    await town.done("wanan.secretary", "requestCosign", summons=summons)
    query = "query($id: ID!) { summons(id: $id) { state coIssuers { name } signedBy { name } tasks { id } } }"
    shown = (await town.ask("mailang.secretary", query, id=summons))["summons"]
    assert (shown["coIssuers"], shown["signedBy"], shown["tasks"]) == ([{"name": "麦朗村"}], [], [])
    signed = await town.done("mailang.secretary", "cosignSummons", "summons { state }", summons=summons)
    assert signed["summons"] == {"state": "ISSUED"}
    assert (await town.ask("mailang.secretary", query, id=summons))["summons"]["signedBy"] == [
        {"name": "麦朗村"}
    ]


async def test_units_members_and_grants_are_administered(town: Town) -> None:
    fields = "unit { id name kind level homeArea { code } version }"
    made = await town.done(
        "shunde.org",
        "createUnit",
        fields,
        name="区水利局",
        kind="GOV_DEPARTMENT",
        level="DISTRICT",
        homeArea="440606",
    )
    unit = made["unit"]["id"]
    assert made["unit"]["homeArea"] == {"code": "440606"}
    renamed = await town.done(
        "shunde.org", "updateUnit", "unit { name version }", unit=unit, name="区水务局", version=1
    )
    assert renamed["unit"] == {"name": "区水务局", "version": 2}
    new = await town.done(
        "shunde.org", "createMember", "member { id unit { name } }", name="陈一", login="c1", unit=unit
    )
    assert new["member"]["unit"] == {"name": "区水务局"}
    held = await town.done(
        "shunde.policy",
        "grantRole",
        "grant { id role unit { name } member { name } }",
        member=town.id(town.world.members["jt.member"]),
        role="unit_liaison",
        holder={"unit": town.id(town.world.units["jt"])},
    )
    assert held["grant"]["role"] == "unit_liaison"
    ended = await town.done(
        "shunde.policy", "revokeGrant", "grant { until }", grant=held["grant"]["id"], reason="调岗"
    )
    assert ended["grant"] == {"until": "2026-03-02T01:00:00Z"}
    gone = await town.done(
        "shunde.org", "disableMember", "member { disabledAt }", member=new["member"]["id"], reason="离职"
    )
    assert gone["member"] == {"disabledAt": "2026-03-02T01:00:00Z"}
    closed = await town.done("shunde.org", "closeUnit", "unit { version }", unit=unit, reason="机构改革")
    assert closed["event"]["type"] == "unit.closed"


async def test_a_holder_is_an_area_or_a_unit_and_never_both(town: Town) -> None:
    member, unit = town.id(town.world.members["jt.member"]), town.id(town.world.units["jt"])
    payload = await town.change(
        "shunde.policy", "grantRole", member=member, role="unit_liaison", holder={"unit": member}
    )
    assert codes(payload) == [("InvalidInput", "WRONG_ID_TYPE", ["holder", "unit"])]
    document = """mutation($member: ID!, $unit: ID!) { grantRole(input: {member: $member, role: "unit_liaison",
        holder: {unit: $unit, area: "440606"}}) { problems { message } } }"""
    assert (
        "exactly one" in (await town.refused("shunde.policy", document, member=member, unit=unit))["message"]
    )
