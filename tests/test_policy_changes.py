"""The rules are changed by two people, through a chain of versions that never loses one."""

import asyncio
from datetime import timedelta

import pytest
from api import Answer, ask, do, refused, why_not
from matter import Matter
from world import MONDAY, Time, World, everything

from actions.audit_proof import prove_audit
from actions.policies import NewPolicy, Rollback, draft_policy, roll_back, seat_of_rules
from models import Conflict, PolicyState, PolicyVersion, Refusal
from policies.loading import keep_up, load_rules
from policies.rules import POLICY, packaged, put_in_force, read_loosely, rules
from resolvers.ids import global_id, key_of

pytest_plugins = ["monday"]

TEXT = POLICY.read_text("utf-8")
ACCEPT = "p, unit_liaison, unit, task, accept, target_unit, True, allow\n"
HEADS = ACCEPT.replace("unit_liaison", "unit_head")
WITHOUT = TEXT.replace(ACCEPT, HEADS)
LOCAL = "p, town_coordinator, town@44.4406.440606.440606106., task, urge, subtree, True, deny\n"
VERSIONS = """{ policyVersions { totalCount edges { node {
    number state text hash base restores reason area { name } author { login } publisher { login } } } } }"""
REASON = {"reason": "试行新规。"}


@pytest.fixture
async def other(world: World) -> str:
    """A second administrator of the rules."""
    await world.enter("shunde.second", "440606")
    await world.hold("shunde.second", "policy_admin", area="440606")
    return "shunde.second"


async def drafted(text: str, login: str = "shunde.policy") -> str:
    payload = await do(login, "draftPolicy", REASON | {"text": text})
    assert payload["problems"] == [], payload["problems"]
    return str(payload["policy"]["id"])


async def proposed(text: str, login: str = "shunde.policy") -> str:
    id = await drafted(text, login)
    assert (await do(login, "proposePolicy", {"policy": id}))["problems"] == []
    return id


async def published(text: str, by: str = "shunde.org") -> str:
    id = await proposed(text)
    assert (await do(by, "publishPolicy", REASON | {"policy": id}))["problems"] == []
    return id


async def versions(login: str = "shunde.policy") -> list[Answer]:
    """By number, the newest first; those without one come last."""
    seen = [edge["node"] for edge in (await ask(login, VERSIONS))["policyVersions"]["edges"]]
    return sorted(seen, key=lambda version: -(version["number"] or 0))


async def test_a_new_database_starts_with_the_packaged_rules(world: World) -> None:
    [first] = await versions()
    assert (first["number"], first["state"], first["text"], first["author"]) == (1, "PUBLISHED", TEXT, None)
    assert first["hash"] == packaged().hash


async def test_one_writes_another_publishes_and_it_counts_at_once(world: World) -> None:
    matter = await Matter.issued(world, "zr")
    await published(WITHOUT)
    assert await matter.why_not("zr.liaison", "acceptTask", "zr") == "NotAllowed NO_RULE"
    assert (await matter.done("zr.head", "acceptTask", "zr"))["event"]["toState"] == "ACCEPTED"
    second, first = await versions()
    assert (second["number"], second["base"], second["state"], first["state"]) == (
        2,
        1,
        "PUBLISHED",
        "RETIRED",
    )
    assert (second["author"]["login"], second["publisher"]["login"]) == ("shunde.policy", "shunde.org")
    assert second["area"]["name"] == "顺德区"


async def test_nobody_publishes_what_they_wrote(world: World, other: str) -> None:
    id = await proposed(WITHOUT)
    assert await why_not("shunde.policy", "publishPolicy", REASON | {"policy": id}) == [
        "NotAllowed OWN_DRAFT"
    ]
    assert (await do(other, "publishPolicy", REASON | {"policy": id}))["problems"] == []


async def test_not_even_when_the_rules_let_them(world: World) -> None:
    id, text = await proposed(WITHOUT), rules().text
    lax = "".join(
        line for line in text.splitlines(keepends=True) if "policy, publish" not in line or "org_dept" in line
    ).replace("policy, publish, subtree, r.obj.author_id != r.sub.id", "policy, publish, subtree, True")
    put_in_force(read_loosely(lax + "p, policy_admin, district, policy, publish, subtree, True, allow\n"))
    await PolicyVersion.filter(number=1).update(hash=rules().hash)
    assert await why_not("shunde.policy", "publishPolicy", REASON | {"policy": id}) == [
        "NotAllowed OWN_DRAFT"
    ]
    await PolicyVersion.filter(number=1).update(hash=packaged().hash)


@pytest.mark.parametrize(
    "login", ["junan.leader", "tianhu.secretary", "zr.head", "shunde.org", "junan.system"]
)
async def test_only_administrators_of_the_rules_write_them(sqlite_world: World, login: str) -> None:
    assert await why_not(login, "draftPolicy", REASON | {"text": "nonsense"}) == ["NotAllowed NO_RULE"]


async def test_every_fault_is_named_with_its_place_and_nothing_is_stored(world: World) -> None:
    before = await everything()
    broken = TEXT + "p, villge_cadre, village, summons, read, own_area, True, allow\nnonsense\n"
    last = len(TEXT.splitlines())
    document = """mutation($input: DraftPolicyInput!) { draftPolicy(input: $input) { policy { id }
        problems { message path ... on RuleFault { line column suggestion } } } }"""
    payload = (await ask("shunde.policy", document, input=REASON | {"text": broken}))["draftPolicy"]
    places = [(fault["line"], fault["column"], fault["suggestion"]) for fault in payload["problems"]]
    assert places == [(last + 1, 4, "village_cadre"), (last + 2, 1, None)]
    assert payload["policy"] is None and await everything() == before


async def test_a_reason_that_would_not_be_kept_is_refused(world: World) -> None:
    await published(WITHOUT)
    for login, mutation, more in (
        ("shunde.policy", "draftPolicy", {"text": TEXT + LOCAL}),
        ("shunde.policy", "requestPolicyRollback", {"number": 1}),
        ("shunde.org", "rollbackPolicy", {"number": 1}),
    ):
        assert await why_not(login, mutation, more | {"reason": "长" * 501}) == [
            "InvalidInput TOO_LONG reason"
        ]
        assert (await do(login, mutation, more | {"reason": "长" * 500}))["problems"] == []


async def test_what_changes_nothing_is_refused(world: World) -> None:
    assert await why_not("shunde.policy", "draftPolicy", REASON | {"text": TEXT}) == [
        "InvalidInput POLICY_UNCHANGED text"
    ]


async def test_a_version_is_published_only_on_top_of_the_one_it_was_written_on(world: World) -> None:
    late = await proposed(TEXT + LOCAL)
    await published(WITHOUT)
    assert await why_not("shunde.org", "publishPolicy", REASON | {"policy": late}) == [
        "Conflict POLICY_OUTDATED"
    ]


async def test_of_two_who_change_the_rules_at_once_one_is_told_so(world: World) -> None:
    await published(WITHOUT)
    actors = [await world.actor("shunde.org") for _ in range(2)]
    going_back = [roll_back(actor, Rollback(1, "…")) for actor in actors]
    first, second = await asyncio.gather(*going_back, return_exceptions=True)
    refusals = [str(one) for one in (first, second) if isinstance(one, Refusal)]
    assert refusals in (["POLICY_OUTDATED"], ["text: POLICY_UNCHANGED"])
    assert await PolicyVersion.filter(state=PolicyState.PUBLISHED).count() == 1


async def test_nobody_writes_rules_by_rules_that_are_in_force_no_more(world: World) -> None:
    late = await world.actor("shunde.policy")
    await published(WITHOUT)
    with pytest.raises(Conflict, match="RIGHTS_CHANGED"):
        await draft_policy(late, NewPolicy(TEXT + LOCAL, "…"))
    assert await PolicyVersion.filter(state=PolicyState.DRAFT).count() == 0


async def test_drafts_are_proposed_before_they_are_published_and_once(world: World) -> None:
    id = await drafted(WITHOUT)
    publish = REASON | {"policy": id}
    assert await why_not("shunde.org", "publishPolicy", publish) == ["WrongState WRONG_STATE"]
    assert (await do("shunde.policy", "proposePolicy", {"policy": id}))["problems"] == []
    assert await why_not("shunde.policy", "proposePolicy", {"policy": id}) == ["WrongState WRONG_STATE"]
    assert (await do("shunde.org", "publishPolicy", publish))["problems"] == []
    assert await why_not("shunde.org", "publishPolicy", publish) == ["WrongState WRONG_STATE"]


async def test_a_proposal_can_be_withdrawn_by_its_author_or_a_publisher(world: World) -> None:
    for login in ("shunde.policy", "shunde.org"):
        id = await proposed(WITHOUT)
        assert (await do(login, "withdrawPolicy", REASON | {"policy": id}))["problems"] == []
        assert await why_not("shunde.org", "publishPolicy", REASON | {"policy": id}) == [
            "WrongState WRONG_STATE"
        ]


async def test_going_back_makes_a_new_version_with_the_old_text(world: World) -> None:
    await published(WITHOUT)
    assert (await do("shunde.org", "rollbackPolicy", REASON | {"number": 1}))["problems"] == []
    third, second, _ = await versions()
    assert (third["number"], third["restores"], third["text"], third["state"]) == (3, 1, TEXT, "PUBLISHED")
    assert second["state"] == "RETIRED" and rules().text == TEXT
    assert await why_not("shunde.org", "rollbackPolicy", REASON | {"number": 9}) == [
        "NotFound NOT_FOUND number"
    ]
    assert await why_not("shunde.policy", "rollbackPolicy", REASON | {"number": 2}) == ["NotAllowed NO_RULE"]


async def test_an_administrator_asks_for_the_way_back_and_another_goes_it(world: World) -> None:
    await published(WITHOUT)
    payload = await do("shunde.policy", "requestPolicyRollback", REASON | {"number": 1})
    assert payload["problems"] == []
    publish = REASON | {"policy": payload["policy"]["id"]}
    assert await why_not("shunde.policy", "publishPolicy", publish) == ["NotAllowed OWN_DRAFT"]
    assert (await do("shunde.org", "publishPolicy", publish))["problems"] == []
    assert rules().text == TEXT


async def test_the_administrator_of_a_town_narrows_the_rules_of_the_town_alone(world: World) -> None:
    await world.enter("junan.policy", "440606106")
    await world.hold("junan.policy", "policy_admin", area="440606106")
    assert await why_not("junan.policy", "draftPolicy", REASON | {"text": WITHOUT}) == [
        "NotAllowed WRONG_PLACE"
    ]
    elsewhere = LOCAL.replace("440606106", "440606104")
    assert await why_not("junan.policy", "draftPolicy", REASON | {"text": TEXT + elsewhere}) == [
        "NotAllowed WRONG_PLACE"
    ]
    id = await proposed(TEXT + LOCAL, "junan.policy")
    matter = await Matter.issued(world, "zr")
    assert (await do("shunde.policy", "publishPolicy", REASON | {"policy": id}))["problems"] == []
    assert await matter.why_not("junan.coordinator", "urgeTask", "zr") == "NotAllowed WRONG_PLACE"
    assert [version["number"] for version in await versions("junan.policy")] == [2, 1]


async def test_a_local_rule_never_gives_a_right(world: World) -> None:
    widening = LOCAL.replace("deny", "allow")
    [fault] = await why_not("shunde.policy", "draftPolicy", REASON | {"text": TEXT + widening})
    assert fault.startswith(f"RuleFault {len(TEXT.splitlines()) + 1}:")


@pytest.mark.parametrize(
    "right", ["policy, draft", "policy, publish", "binding, revoke", "breakglass, review"]
)
async def test_a_town_cannot_rid_itself_of_the_district(world: World, right: str) -> None:
    """By a local rule against a role that it then gives to the district's administrators."""
    row = f"p, observer, town@44.4406.440606.440606106., {right}, subtree, True, deny\n"
    [fault] = await why_not("shunde.policy", "draftPolicy", REASON | {"text": TEXT + row})
    assert fault.startswith(f"RuleFault {len(TEXT.splitlines()) + 1}:")


async def test_a_local_rule_takes_nothing_away_elsewhere(world: World) -> None:
    """Though whom it is against may hold other roles, in other places."""
    wide = LOCAL.replace("subtree", "any")
    [fault] = await why_not("shunde.policy", "draftPolicy", REASON | {"text": TEXT + wide})
    assert fault.startswith(f"RuleFault {len(TEXT.splitlines()) + 1}:")
    await world.hold("longjiang.coordinator", "town_coordinator", area="440606106")
    await published(TEXT + LOCAL)
    here, there = await Matter.issued(world, "zr"), await Matter.issued(world, "jt", by="wanan")
    assert await here.why_not("longjiang.coordinator", "urgeTask", "zr") == "NotAllowed WRONG_PLACE"
    await there.done("longjiang.coordinator", "urgeTask", "jt")


async def test_an_administrator_of_longer_ago_does_not_move_the_seat(world: World, time: Time) -> None:
    """Whoever appoints may say since when: any day."""
    time.pass_to("03-02 09:01")
    late = world.grant("tianhu.cadre", "policy_admin", area="4406")
    late.level, late.path, late.since = "DISTRICT", "44.4406.440605.", MONDAY - timedelta(days=9_999)
    await late.save(force_create=True)
    assert await seat_of_rules() == world.areas["440606"].path


async def test_who_saw_the_former_rules_does_not_bring_them_back(world: World) -> None:
    await published(WITHOUT)
    await keep_up(packaged().hash)
    assert rules().text == WITHOUT


async def test_no_deputy_publishes_what_their_principal_wrote(world: World) -> None:
    lent = await world.hold("shunde.policy", "district_org_dept", area="440606")
    deputy = {"to": global_id(world.members["shunde.leader"]), "until": "2026-03-09T00:00:00Z"}
    payload = await do("shunde.policy", "delegateGrant", REASON | deputy | {"grant": global_id(lent)})
    assert payload["problems"] == []
    id = await proposed(WITHOUT)
    assert await why_not("shunde.leader", "publishPolicy", REASON | {"policy": id}) == [
        "NotAllowed OWN_DRAFT"
    ]


async def test_rules_that_lock_everybody_out_are_not_published(world: World) -> None:
    lines = [line for line in TEXT.splitlines(keepends=True) if "policy, publish, subtree" not in line]
    id = await drafted_loosely(world, "".join(lines))
    assert await why_not("shunde.org", "publishPolicy", REASON | {"policy": id}) == ["RuleFault 0:0"]
    assert rules().text == TEXT


async def drafted_loosely(world: World, text: str) -> str:
    """A proposal that an earlier program let pass."""
    policy = await PolicyVersion.create(
        state=PolicyState.PROPOSED,
        text=text,
        hash=read_loosely(text).hash,
        base=1,
        area_id="440606",
        path=world.areas["440606"].path,
        author_id=world.members["shunde.policy"].id,
        created_at=world.members["shunde.policy"].created_at,
    )
    return global_id(policy)


async def test_the_last_publisher_besides_the_author_cannot_be_lost(world: World) -> None:
    """Without the department's right to publish nobody but the author is left."""
    lines = [
        line for line in TEXT.splitlines(keepends=True) if "org_dept, district, policy, publish" not in line
    ]
    id = await proposed("".join(lines))
    assert await why_not("shunde.org", "publishPolicy", REASON | {"policy": id}) == [
        "InvalidInput NOBODY_COULD_PUBLISH_RULES policy"
    ]


async def test_rules_of_an_earlier_program_stay_in_force_and_what_they_lack_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    lines = [line for line in TEXT.splitlines(keepends=True) if "task, urge, " not in line]
    id = key_of(await drafted_loosely(world, "".join(lines)), PolicyVersion, "id")
    await PolicyVersion.filter(number=1).update(state=PolicyState.RETIRED)
    await PolicyVersion.filter(id=id).update(state=PolicyState.PUBLISHED, number=2)
    await load_rules()
    assert rules().text == "".join(lines)
    assert "urge" in caplog.text
    matter = await Matter.issued(world, "zr")
    assert await matter.why_not("junan.coordinator", "urgeTask", "zr") == "NotAllowed NO_RULE"


async def test_others_neither_see_nor_touch_drafts(world: World) -> None:
    id = await drafted(WITHOUT)
    node = "query($id: ID!) { node(id: $id) { id } }"
    for login in ("tianhu.secretary", "junan.coordinator", "zr.head"):
        assert await versions(login) == []
        assert (await ask(login, node, id=id))["node"] is None
        assert await why_not(login, "proposePolicy", {"policy": id}) == ["NotFound NOT_FOUND policy"]
    assert len(await versions("shunde.org")) == 2


async def test_each_step_is_an_event_and_an_audit_entry(world: World) -> None:
    await published(WITHOUT)
    document = "{ auditEntries { edges { node { event role rule actor { login } policyHash after } } } }"
    told = [edge["node"] for edge in (await ask("shunde.auditor", document))["auditEntries"]["edges"]]
    assert [(one["event"], one["actor"]["login"]) for one in reversed(told)] == [
        ("policy.drafted", "shunde.policy"),
        ("policy.proposed", "shunde.policy"),
        ("policy.published", "shunde.org"),
    ]
    assert told[0]["policyHash"] == packaged().hash and "sha256:" in told[2]["after"]
    assert (await prove_audit()).broken is None
    assert await refused("shunde.auditor", document.replace("auditEntries", "auditEntries(first: 0)")) == [
        "BAD_USER_INPUT FIRST_OUT_OF_RANGE first"
    ]


async def test_the_audit_log_is_for_auditors(world: World) -> None:
    await Matter.issued(world, "zr")
    count = "{ auditEntries { totalCount } }"
    seen = {login: (await ask(login, count))["auditEntries"]["totalCount"] for login in READERS}
    assert {login for login, number in seen.items() if number} == {"shunde.auditor", "shunde.supervision"}


READERS = (
    "shunde.auditor",
    "shunde.supervision",
    "shunde.policy",
    "junan.leader",
    "tianhu.secretary",
    "zr.head",
)
