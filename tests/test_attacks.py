"""Attacks on the rules and the rights: each has a test that fails without its defence, here or where ATTACKS says."""

import ast
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from api import PROBLEMS, Answer, ask, execute, published, why_not
from graphql import GraphQLEnumType, GraphQLInputObjectType
from matter import Matter
from test_bad_input import ready
from valid_pleas import VALID, pleas
from valid_requests import REQUESTS, matters
from world import World, everything

from actions.grants import NewGrant, grant_role
from models import Area, Grant, InvalidInput, Member, clock
from policies.actor import Actor, LiveGrant
from policies.conditions import Malformed, parse
from policies.facts import Facts
from policies.guard import may
from policies.loading import load_actor
from policies.reading.spelling import known_pairs
from policies.rules import check_text, packaged
from policies.scopes import readable
from policies.vocabulary import TYPES
from resolvers.ids import encoded

pytest_plugins = ["monday"]

ROOT = Path(__file__).parent.parent
GRAPH = published()
HERE = "test_attacks.py"

ATTACKS: dict[str, tuple[str, ...]] = {
    "a place whose code begins like another's (44.1.2 and 44.1.20)": (
        "test_policies_relations.py::test_a_subtree_ends_at_its_dot",
        "test_policies_rules.py::test_a_local_rule_counts_only_inside_its_area",
    ),
    "_ and % in a code": (
        f"{HERE}::test_signs_of_patterns_in_a_code_match_nothing_but_themselves",
        "test_scopes.py::test_subtrees_are_ranges_never_patterns",
    ),
    "a grant's path without its last dot": (
        f"{HERE}::test_no_path_without_its_last_dot_is_stored",
        "test_policies_syntax.py::test_a_fault_is_told_with_its_place",
    ),
    "bringing a foreign village, unit or member under oneself": (
        "test_admin_actions.py::test_a_unit_moves_only_by_who_has_the_right_in_both_places",
        "test_admin_actions.py::test_moving_a_member_needs_the_right_in_both_places",
        "test_import.py::test_an_import_does_not_move_an_area",
    ),
    "nobody in particular equals an empty column": (
        "test_policies_relations.py::test_the_anonymous_equals_no_empty_column",
        "test_policies_rules.py::test_the_anonymous_is_neither_the_author_nor_equal_to_no_author",
        "test_policies_property.py::test_any_policy_means_the_same_on_every_side",
    ),
    "a decision from before a step": (
        "test_races.py::test_of_two_who_do_different_things_with_what_they_saw_one_wins",
    ),
    "a decision from before a revocation": (
        "test_revocation.py::test_who_lost_the_right_after_signing_in_writes_nothing",
        "test_revocation.py::test_what_was_decided_by_former_rules_is_not_written",
        "test_revocation.py::test_no_race_writes_after_an_acknowledged_revocation",
    ),
    "a mistyped ban": (
        "test_policies_syntax.py::test_a_fault_is_told_with_its_place",
        "test_policies_syntax.py::test_a_mistyped_ban_is_told_once",
    ),
    "an action that no rule knows": (
        f"{HERE}::test_every_right_that_the_code_asks_for_is_one_of_the_rules",
        f"{HERE}::test_whoever_only_looks_on_changes_nothing",
        "test_policies_syntax.py::test_each_step_and_the_administration_must_be_allowed_to_somebody",
        "test_bad_input.py::test_every_mutation_has_a_valid_request",
    ),
    "appointing oneself, or somebody above": (
        "test_admin_actions.py::test_roles_are_given_below_oneself_and_never_to_oneself",
        "test_admin_actions.py::test_roles_are_taken_back_only_below_oneself",
        "test_policies_chains.py::test_a_way_up_is_a_severe_fault_of_the_rule_that_makes_the_last_step",
    ),
    "an acting administrator who appoints for ever": (
        "test_admin_actions.py::test_nobody_gives_a_role_for_longer_than_they_hold_their_own",
        "test_delegation.py::test_a_role_is_lent_only_while_it_is_held_and_not_for_longer",
    ),
    "setting what the server decides (mass assignment)": (
        f"{HERE}::test_no_input_takes_what_the_server_decides",
        f"{HERE}::test_what_is_no_part_of_an_input_is_refused",
    ),
    "a role that looks like another": (
        f"{HERE}::test_a_role_that_looks_like_another_is_none",
        "test_policies_syntax.py::test_a_fault_is_told_with_its_place",
    ),
    "a value that writes a rule (line break, comma, bracket)": (
        f"{HERE}::test_a_value_never_becomes_a_rule",
        "test_policies_syntax.py::test_no_text_whatever_breaks_the_check",
    ),
    "True) or (True": (
        "test_policies_rules.py::test_a_broken_row_is_refused_with_its_line",
        "test_policies_rules.py::test_a_model_the_compiler_does_not_know_is_refused",
    ),
    "a condition that calls, searches for ever or fills the memory": (
        f"{HERE}::test_a_condition_runs_nothing",
        "test_policies_rules.py::test_a_condition_means_what_it_says_or_is_refused",
    ),
    "node(id) of what one may not know of": ("test_api_ids.py::test_what_one_may_not_know_of_is_not_there",),
    "tasks that keep the place of a unit that moved": (
        "test_admin_actions.py::test_a_unit_that_moves_takes_units_roles_and_tasks_along",
        "test_import.py::test_a_unit_that_moves_takes_the_roles_held_in_it_along",
    ),
    "learning that something exists": (
        f"{HERE}::test_what_one_may_not_know_of_answers_as_what_is_not_there",
        f"{HERE}::test_questions_about_what_one_may_not_know_of_answer_as_about_nothing",
    ),
    "finding by a hidden field": (f"{HERE}::test_nobody_is_found_by_their_telephone_number",),
    "listening on after a revocation": (
        "test_api_stream.py::test_a_stream_ends_when_nothing_is_left_to_read",
        "test_api_stream.py::test_what_one_may_still_read_goes_on_when_another_right_is_taken_away",
        "test_api_stream.py::test_a_member_who_is_disabled_is_told_so",
    ),
    "counts of what one may not read": (
        f"{HERE}::test_what_one_may_not_read_is_not_counted",
        "test_api_statistics.py::test_an_area_counts_everything_below_it_that_the_caller_may_read",
        "test_tallies.py::test_everybody_is_told_what_counting_their_list_gives",
    ),
    "casbin and pycasbin side by side": (
        "test_policies_rules.py::test_casbin_and_pycasbin_together_are_refused",
    ),
}
"""By attack, the tests that watch its defences: file and name."""


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_has_its_tests(attack: str) -> None:
    places = [place.partition("::") for place in ATTACKS[attack]]
    assert places and [name for file, _, name in places if name not in names_in(file)] == []


@pytest.fixture
async def stranger(world: World) -> str:
    """Signed in, and nothing else."""
    await world.enter("stranger", "440606104")
    return "stranger"


async def test_signs_of_patterns_in_a_code_match_nothing_but_themselves(world: World) -> None:
    for code in ("44%", "44_6"):
        await Area.create(code=code, name=code, level="CITY", path=f"{code}.", depth=1)
        await Area.create(code=f"{code}x", name=code, level="TOWN", path=f"{code}.x.", depth=2)
        await Member.create(
            login=code, name=code, area_id=f"{code}x", area_path=f"{code}.x.", created_at=clock.now()
        )
        held = LiveGrant("observer", "CITY", f"{code}.")
        seen = await readable(Member, Actor("somebody", grants=(held,))).filter(official=False)
        assert [member.login for member in seen] == [code]


async def test_no_path_without_its_last_dot_is_stored(world: World) -> None:
    new = world.grant("tianhu.cadre", "observer", area="440606106")
    new.path = new.path.removesuffix(".")
    with pytest.raises(ValueError, match="ends with a dot"):
        await new.save(force_create=True)
    with pytest.raises(ValueError, match="ends with a dot"):
        await Grant.bulk_create([new])
    with pytest.raises(ValueError, match="ends with a dot"):
        await Grant.filter(role="observer").update(path=new.path)
    assert not await Grant.filter(id=new.id).exists()


RIGHTS_TWO_LONG = {("unit", "phone")}
"""Other pairs of words in the code that begin like a right."""


def rights_in_the_code() -> Iterator[tuple[str, str]]:
    """Every pair of type and action, and every such pair of arguments next to each other."""
    for folder in ("models", "policies", "actions", "resolvers", "schema", "baodao"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                match node:
                    case ast.Tuple([ast.Constant(str(type)), ast.Constant(str(action))]):
                        yield type, action
                    case (
                        ast.Call(args=[*_, ast.Constant(str(type)), ast.Constant(str(action))])
                        | ast.Call(args=[*_, ast.Constant(str(type)), ast.Constant(str(action)), _])
                    ):
                        yield type, action


def test_every_right_that_the_code_asks_for_is_one_of_the_rules() -> None:
    words = {
        (type, action) for type, action in rights_in_the_code() if type in TYPES and action != TYPES[type][1]
    }
    asked = words - RIGHTS_TWO_LONG
    assert asked - known_pairs() == set()
    assert {("binding", "grant"), ("summons", "create"), ("member", "manage"), ("pii", "reveal")} <= asked


async def test_whoever_only_looks_on_changes_nothing(world: World) -> None:
    known = {**await matters(world), **await pleas(world)}
    await world.enter("eye", "44")
    await world.hold("eye", "observer", area="44")
    before, answers = await everything(), {}
    for request in [*REQUESTS, *VALID]:
        told = await why_not("eye", request.mutation, await ready(request, known, world))
        answers[request.mutation] = told[0].split()[:2] if told else ["done"]
    assert {kind for kind, _ in answers.values()} == {"NotAllowed", "NotFound"}
    steps = {request.mutation for request in REQUESTS if request.matter}
    steps |= {one.mutation for one in VALID if one.plea}
    steps -= {"confirmCommitment"}  # observers know of no commitments
    own = {"giveFeedback", "reopenRequest", "withdrawRequest"}  # every member may, of what they reported
    assert {tuple(answers[step]) for step in steps - own} == {("NotAllowed", "NO_RULE")}
    assert {tuple(answers[step]) for step in own} == {("NotAllowed", "WRONG_PLACE")}
    assert await everything() == before


DECIDED_HERE = {
    *("path", "areaPath", "issuerPath", "line", "territory", "disputedPath", "depth", "rank"),
    *("author", "publisher", "createdBy", "grantedBy", "principal", "onBehalfOf"),
    *("createdAt", "issuedAt", "listedAt", "publishedAt", "revokedAt", "disabledAt", "closedAt", "now"),
    *("official", "published", "resolved", "round", "hash", "base", "restores", "serviceSince", "id"),
}
"""No input has a field of such a name."""

WHERE_ALLOWED = {
    "source": {"SetLimitInput"},  # the paper that a limit is taken from
    "state": {
        "ClaimsLedgerFilter",
        *("FollowUpsLedgerFilter", "InspectionFilter", "InspectionPlansLedgerFilter", "OrderFilter"),
        *("RequestFilter", "SummonsFilter", "TaskFilter"),
    },
    "issuer": {"DraftSummonsInput", "SummonsFilter"},
    "homeArea": {"CreateUnitInput"},
    "level": {"AreasLedgerFilter", "CreateUnitInput", "UnitsLedgerFilter"},
    "holder": {"GrantRoleInput"},
    "role": {"GrantRoleInput", "GrantsLedgerFilter"},
    "login": {"CreateMemberInput", "CreateServiceAccountInput"},
    "number": {"RollbackPolicyInput", "RequestPolicyRollbackInput"},
    "actor": {"AuditEntriesLedgerFilter"},
}
"""What is decided once, when something is made, or only looked for."""


def inputs() -> dict[str, set[str]]:
    """By input type, its fields."""
    kinds = GRAPH.type_map.items()
    return {name: set(kind.fields) for name, kind in kinds if isinstance(kind, GraphQLInputObjectType)}


def test_no_input_takes_what_the_server_decides() -> None:
    taken = {name: fields & DECIDED_HERE for name, fields in inputs().items()}
    assert {name: fields for name, fields in taken.items() if fields} == {}
    for field, allowed in WHERE_ALLOWED.items():
        assert {name for name, fields in inputs().items() if field in fields} == allowed, field


async def test_what_is_no_part_of_an_input_is_refused(world: World) -> None:
    before = await everything()
    given = {"name": "新人", "login": "new.one", "official": True, "areaPath": "44."}
    assert await why_not("shunde.org", "createMember", given) == ["GRAPHQL_VALIDATION_FAILED"] * 2
    assert await everything() == before


LOOK_ALIKES = [
    "observer ",
    " observer",
    "Observer",
    "оbserver",
    "ｏbserver",
    "observer\u200b",
    "observer\n",
    "",
]


@pytest.mark.parametrize("role", LOOK_ALIKES)
async def test_a_role_that_looks_like_another_is_none(sqlite_world: World, role: str) -> None:
    world, cadre = sqlite_world, sqlite_world.members["tianhu.cadre"]
    with pytest.raises(InvalidInput, match="ROLE_UNKNOWN"):
        await grant_role(await world.actor("shunde.policy"), NewGrant(cadre.id, role, area="440606104"))
    await world.hold("tianhu.cadre", role, area="440606104")
    there = Facts(area_path=world.areas["440606104219"].path)
    assert not may(await load_actor(cadre, clock.now()), "task", "read", there)


SMUGGLED = [
    "\np, anyone, *, binding, grant, any, True, allow",
    "\rp, anyone, *, binding, grant, any, True, allow",
    "\u2028p, anyone, *, binding, grant, any, True, allow",
    "', allow\np, anyone, *, binding, grant, any, True, allow #",
    ", any, True, allow",
    "' || r.obj.unit_id != '",
    "')",
    '"',
    "[",
    "\\'",
]


@pytest.mark.parametrize("value", SMUGGLED)
def test_a_value_never_becomes_a_rule(value: str) -> None:
    row = f"p, observer, *, task, read, any, r.obj.unit_id in ('x{value}'), deny\n"
    assert any(fault.severe for fault in check_text(packaged().text + row))


RUNNING = [
    "r.obj.unit_id.startswith('x')",
    "r.obj.__class__",
    "r.sub.grants",
    "__import__('os').system('true')",
    "regexMatch(r.obj.unit_id, '^(a+)+$')",
    "keyMatch(r.obj.unit_id, '*')",
    "'a' * 999999999 == r.obj.unit_id",
    "9 ** 9 ** 9 ** 9",
    "r.obj.unit_id in [x for x in r.obj]",
    "(lambda: True)()",
    "r.obj.unit_id == f'{r.sub.id}'",
    "True if True else True",
    "True; True",
    "eval('True')",
    "(" * 100_000 + "True" + ")" * 100_000,
    "!" * 1_000_000 + "True",
    "r.obj.unit_id in (" + "'a'," * 100_000 + "'a')",
    "r.obj.unit_id == '" + "a" * 1_000_000 + "'",
    "True && " * 100_000 + "True",
]


@pytest.mark.parametrize("condition", RUNNING, ids=range(len(RUNNING)))
def test_a_condition_runs_nothing(condition: str) -> None:
    with pytest.raises(Malformed):
        parse(condition)


HIDDEN = {
    *("Summons", "Task", "Grant", "Credential", "EmergencyAccess", "PolicyVersion"),
    *("Webhook", "WebhookDelivery"),
}
NOWHERE = "01JD3Y0V0ZK5Q4T7W2X8N6M1PB"


def type_of(id: str) -> str:
    """Of a global id; "" for other words."""
    try:
        return urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().partition(":")[0]
    except ValueError:
        return ""


async def answer(login: str, mutation: str, given: Answer) -> object:
    """The whole payload, words included."""
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ event {{ id }} {PROBLEMS} }} }}"
    )
    result = await execute(login, document, input=given)
    return result.data, [str(error) for error in result.errors or []]


async def test_what_one_may_not_know_of_answers_as_what_is_not_there(world: World, stranger: str) -> None:
    known, asked = await matters(world), set()
    for request in REQUESTS:
        given = await ready(request, known, world)
        for name, id in given.items():
            if isinstance(id, str) and type_of(id) in HIDDEN:
                absent = given | {name: encoded(type_of(id), NOWHERE)}
                assert await answer(stranger, request.mutation, given) == await answer(
                    stranger, request.mutation, absent
                ), request.mutation
                asked.add(type_of(id))
    assert asked == HIDDEN


ABOUT_ONE = [
    "query($id: ID!) { node(id: $id) { __typename id } }",
    "query($id: ID!) { nodes(ids: [$id]) { id } }",
    "query($id: ID!) { task(id: $id) { id } }",
    "query($id: ID!) { summons(id: $id) { id } }",
    'query($id: ID!) { explain(action: "read", object: $id) { allowed } }',
    'query($id: ID!) { whoCan(action: "read", object: $id) { totalCount } }',
]


async def test_questions_about_what_one_may_not_know_of_answer_as_about_nothing(
    world: World, stranger: str
) -> None:
    matter = await Matter.issued(world, "zr")
    grant, credential = world.grants["zr.head"], world.credentials["junan.system"]
    there = [
        matter.id,
        await matter.task_id("zr"),
        encoded("Grant", grant.id),
        encoded("Credential", credential.id),
    ]
    for document in ABOUT_ONE:
        for id in there:
            found = await execute(stranger, document, id=id)
            absent = await execute(stranger, document, id=encoded(type_of(id), NOWHERE))
            assert (found.data, told(found.errors)) == (absent.data, told(absent.errors)), document


def told(errors: object) -> list[object]:
    return [(error.message, error.path, error.extensions) for error in errors or ()]  # type: ignore[attr-defined]


BY_WORDS = [
    '{ areas(name: "%s") { totalCount } }',
    '{ units(name: "%s") { totalCount } }',
    '{ dutyItems(text: "%s") { totalCount } }',
    '{ summonses(filter: {text: "%s"}) { totalCount } }',
]


async def test_nobody_is_found_by_their_telephone_number(world: World) -> None:
    await Matter.issued(world, "zr")
    await Member.all().update(phone="13800138000")
    for document in BY_WORDS:
        found = await ask("shunde.supervision", document % "13800138000")
        assert [one["totalCount"] for one in found.values()] == [0], document
    orders = [kind for name, kind in GRAPH.type_map.items() if name.endswith("Order")]
    words = {word for kind in orders if isinstance(kind, GraphQLEnumType) for word in kind.values}
    arguments = {argument for field in GRAPH.query_type.fields.values() for argument in field.args}  # type: ignore[union-attr]
    filters = {field for name, fields in inputs().items() if name.endswith("Filter") for field in fields}
    assert words and not any("phone" in word.lower() for word in words | arguments | filters)


COUNTED = {
    "summonses": "shunde.auditor",
    "tasks": "shunde.auditor",
    "auditEntries": "shunde.auditor",
    "emergencyAccesses": "shunde.auditor",
    "policyVersions": "shunde.policy",
    "webhooks": "junan.coordinator",
    'summonses(filter: {unit: "%(unit)s"})': "shunde.auditor",
    'tasks(filter: {responsible: "%(member)s"})': "shunde.auditor",
}
"""Lists, and who reads some of it."""
NO_FIGURES = {"issued": 0, "due": 0, "averageSatisfaction": None}


async def test_what_one_may_not_read_is_not_counted(world: World, stranger: str) -> None:
    await matters(world)
    ids = {
        "unit": encoded("Unit", world.units["zr"].id),
        "member": encoded("Member", world.members["zr.member"].id),
    }
    for field, reader in COUNTED.items():
        document = f"{{ list: {field % ids} {{ totalCount }} }}"
        assert (await ask(stranger, document))["list"] == {"totalCount": 0}, field
        assert (await ask(reader, document))["list"]["totalCount"] > 0, field
    period = 'from: "2026-01-01", to: "2026-12-31"'
    figures = f'{{ area(code: "44") {{ statistics({period}) {{ {" ".join(NO_FIGURES)} }} }} }}'
    assert (await ask(stranger, figures))["area"]["statistics"] == NO_FIGURES
    told = (await ask(stranger, "{ events(first: 100) { edges { node { type } } } }"))["events"]["edges"]
    assert {edge["node"]["type"] for edge in told} <= {"template.created"}, "every member may read templates"
    assert (await ask(stranger, "{ viewer { tasks { totalCount } } }"))["viewer"]["tasks"]["totalCount"] == 0
