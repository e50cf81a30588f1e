"""The rules as written: they say what the specification says, and a fault in them is found, with its line."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from models.reasons import REASONS
from policies import conditions
from policies.actor import Actor, LiveGrant
from policies.compile import compile_scope
from policies.explain import LANGUAGES, policy_rules, sentence
from policies.facts import Facts
from policies.guard import BANNED, BANNED_BY, may
from policies.relations import RELATION
from policies.rules import (
    MODEL,
    POLICY,
    BrokenRules,
    Rule,
    check_text,
    packaged,
    put_in_force,
    read,
    read_loosely,
    read_text,
    rules,
)
from policies.vocabulary import LEVELS, RELATIONS, ROLES
from policies.words import ACTIONS_ZH, CONDITIONS

SPEC = Path(__file__).parent / "spec"

PARTS = {
    "own_area_or_coissuer": [("own_area", "True"), ("co_issuer", "True")],
    "issuer_or_coissuer_not_own_unit": [("issuer", "True"), ("co_issuer", "True")],
    "subtree_not_author": [("subtree", "r.obj.author_id != r.sub.id")],
    "subtree_not_self_not_above": [("subtree_not_above", "r.obj.grantee_id != r.sub.id")],
    "subtree_not_party": [("subtree", "r.obj.town_party != True")],
    "subtree_with_reason": [("subtree", "r.obj.reason == True")],
    "own_area_with_reason": [("own_area", "r.obj.reason == True")],
    "grants_to_self": [("any", "r.obj.grantee_id == r.sub.id")],
    "is_author": [("any", "r.obj.author_id == r.sub.id")],
}
"""The specification's compound relations, as relations and conditions of ours; every other one is its own part."""

OUR_NAME = {"*": "anyone", "public": "anyone"}
ALSO_HELD_BY_HEIRS = {"grid_leader": {"VILLAGE"}, "grid_worker": {"VILLAGE"}}
"""Levels at which a role's rules count because a role that inherits it is held there."""

OURS = {
    ("member", "duty_list", "read", "any", "True", True),
    ("member", "evaluation_template", "read", "any", "True", True),
    ("district_org_dept", "evaluation_template", "manage", "subtree", "True", True),
    ("member", "binding", "read", "self", "True", True),
    ("member", "flag", "read", "self", "True", True),
    ("member", "list_item", "read", "any", "True", True),
    ("member", "request", "read", "reporter", "True", True),
    ("member", "request", "feedback", "reporter", "True", True),
    ("member", "request", "reopen", "reporter", "True", True),
    ("member", "request", "withdraw", "reporter", "True", True),
    ("village_cadre", "flag", "read", "own_area", "True", True),
    ("village_cadre", "publication", "read", "own_area", "True", True),
    ("village_cadre", "notice", "read", "own_area", "True", True),
    ("member", "commitment", "read", "self", "True", True),
    ("village_cadre", "commitment", "read", "own_area", "True", True),
    ("village_cadre", "commitment", "confirm", "own_area", "True", True),
    ("unit_liaison", "notice", "read", "own_unit", "True", True),
    ("unit_liaison", "order", "read", "own_unit", "True", True),
    ("unit_liaison", "order", "claim", "own_unit", "True", True),
    ("unit_liaison", "order", "complete", "own_unit", "True", True),
    ("unit_liaison", "order", "read", "paired", "True", True),
    ("unit_liaison", "order", "claim", "paired", "True", True),
    ("unit_liaison", "list_item", "edit", "own_unit", "True", True),
    ("registered_party_member", "list_item", "offer", "registered", "True", True),
    ("registered_party_member", "list_item", "edit", "self", "True", True),
    ("registered_party_member", "order", "read", "registered", "True", True),
    ("part_time_committee_member", "order", "read", "own_area", "True", True),
    ("part_time_committee_member", "order", "complete", "own_area", "True", True),
    ("unit_liaison", "request", "read", "target_unit", "True", True),
    ("member", "delegation", "read", "self", "True", True),
    ("member", "breakglass", "read", "self", "True", True),
    ("member", "export", "read", "self", "True", True),
    ("discipline_auditor", "breakglass", "read", "subtree", "True", True),
    ("policy_admin", "member", "read", "subtree", "True", True),
    ("policy_admin", "policy", "read", "published", "True", True),
    ("district_org_dept", "policy", "read", "published", "True", True),
    ("unit_head", "member", "read", "own_unit", "True", True),
    ("member", "sla_policy", "read", "any", "True", True),
    ("member", "calendar", "read", "any", "True", True),
    ("town_coordinator", "area", "configure", "own_area", "True", True),
    ("district_org_dept", "area", "configure", "subtree", "True", True),
    ("village_cadre", "followup", "read", "own_area", "True", True),
    ("village_cadre", "followup", "read", "co_issuer", "True", True),
    ("followup_member", "followup", "read", "group_member", "True", True),
    ("unit_liaison", "followup", "read", "target_unit", "True", True),
    ("district_org_dept", "followup", "read", "subtree", "True", True),
    ("town_leader", "summons", "followupConfirmed", "issuer", "True", True),
    ("town_leader", "summons", "followupFailed", "issuer", "True", True),
    ("grid_worker", "inspection", "read", "own_area", "True", True),
    ("observer", "inspection", "read", "subtree", "True", True),
    ("anyone", "followup", "record", "member_of_evaluated_unit", "True", False),
    ("anyone", "summons", "followupConfirmed", "member_of_evaluated_unit", "True", False),
    ("anyone", "summons", "followupFailed", "member_of_evaluated_unit", "True", False),
}
"""Rows the specification does not have."""

Row = tuple[str, str, str, str, str, bool]


def specified() -> list[list[str]]:
    with (SPEC / "policy-rows.csv").open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, skipinitialspace=True) if not row[0].startswith("#")]


def parts_of(row: list[str]) -> list[Row]:
    _, role, type, action, relation, effect = row
    ours = PARTS.get(relation, [(relation, "True")])
    return [(OUR_NAME.get(role, role), type, action, basic, when, effect == "allow") for basic, when in ours]


def key(rule: Rule) -> Row:
    return (rule.role, rule.type, rule.action, rule.relation, rule.when, rule.allows)


WRITTEN = {key(rule): rule for rule in rules().rules}


def test_each_row_of_the_specification_is_a_rule() -> None:
    missing = [row for row in specified() if not WRITTEN.keys() >= set(parts_of(row))]
    assert missing == []


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_rule_counts_where_the_role_or_its_heirs_are_held(role: str) -> None:
    expected = set(ROLES[role].held_at) | ALSO_HELD_BY_HEIRS.get(role, set())
    written = {rule.levels for rule in rules().rules if rule.role == role}
    assert written == {frozenset() if expected in (set(), set(LEVELS)) else frozenset(expected)}


def test_no_rule_goes_beyond_the_specification_but_ours() -> None:
    assert WRITTEN.keys() - {part for row in specified() for part in parts_of(row)} == OURS


def test_not_own_unit_is_a_ban_on_every_way_to_score_or_judge() -> None:
    scoring = {rule.action for rule in rules().rules if rule.type == "evaluation" and rule.allows}
    banned = {rule.action for rule in rules().rules if rule.relation == "member_of_evaluated_unit"}
    assert scoring - banned == {"read", "appeal"}


def test_every_action_of_the_api_has_a_rule() -> None:
    with (SPEC / "actions.csv").open(encoding="utf-8") as file:
        asked = {(row["policy_type"], row["policy_action"]) for row in csv.DictReader(file)}
    allowed = {(rule.type, rule.action) for rule in rules().rules if rule.allows}
    assert asked - allowed == set()


def test_inheritance_is_that_of_the_role_catalogue() -> None:
    inherited = {role: heirs - {role} for role, heirs in rules().inherited.items() if heirs != {role}}
    assert inherited == {
        "grid_leader": {"grid_worker"},
        "village_cadre": {"grid_leader", "grid_worker"},
        "village_secretary": {"village_cadre", "grid_leader", "grid_worker"},
        "unit_liaison": {"responsible_member"},
        "unit_head": {"unit_liaison", "responsible_member"},
        "town_coordinator": {"observer"},
        "town_leader": {"town_coordinator", "observer"},
        "district_supervision": {"observer"},
        "district_leader": {"observer"},
        "discipline_auditor": {"observer"},
    }


def test_everything_written_has_words_in_both_languages() -> None:
    assert RELATION.keys() == RELATIONS.keys()
    assert {rule.action for rule in rules().rules} <= ACTIONS_ZH.keys()
    assert {rule.when for rule in rules().rules} - {"True"} == CONDITIONS.keys()
    denied = [rule for rule in rules().rules if not rule.allows]
    assert {rule.type for rule in denied if rule.relation not in BANNED_BY} == BANNED.keys()
    assert {*BANNED.values(), *BANNED_BY.values()} <= REASONS.keys()
    assert all(sentence(rule, language) for rule in rules().rules for language in LANGUAGES)


@pytest.mark.parametrize(
    ("row", "en", "zh"),
    [
        (
            ("village_secretary", "summons", "issue", "issuer", "True", True),
            "Village secretary may issue: summons issued by the area where the role is held.",
            "村(社区)党组织书记可以对任职区域发出的约请执行“发出”。",
        ),
        (
            ("policy_admin", "policy", "publish", "subtree", "r.obj.author_id != r.sub.id", True),
            "Policy administrator may publish: draft of the rules at or below the area where the role is held, "
            "written by somebody else.",
            "权限策略管理员可以对任职区域及其下级的权限策略执行“公开”(非本人起草)。",
        ),
        (
            ("anyone", "evaluation", "submit", "member_of_evaluated_unit", "True", False),
            "Nobody may submit: evaluation of a task of one's own unit or a unit below it.",
            "任何人不得对本人所在单位及其下级单位的任务的评价执行“评价”。",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(row: Row, en: str, zh: str) -> None:
    assert (sentence(WRITTEN[row], "en"), sentence(WRITTEN[row], "zh")) == (en, zh)


def test_the_matrix_has_a_row_for_each_level() -> None:
    rows = policy_rules(role="policy_admin", type="binding", action="grant")
    condition = "r.obj.grantee_id != r.sub.id"
    assert [(row.held_at, row.relation, row.condition, row.effect) for row in rows] == [
        ("DISTRICT", "subtree_not_above", condition, "ALLOW"),
        ("TOWN", "subtree_not_above", condition, "ALLOW"),
    ]
    assert policy_rules(role="platform_admin", type="system")[0].held_at == "ANY"
    assert [row.effect for row in policy_rules(type="audit", action="delete")] == ["DENY"]


GOOD = "p, observer, *, task, read, subtree, True, allow\n"


def written(tmp_path: Path, policy: str, model: str = "") -> tuple[Rule, ...]:
    (tmp_path / "policy.csv").write_text(policy, encoding="utf-8")
    (tmp_path / "model.conf").write_text(model or MODEL.read_text("utf-8"), encoding="utf-8")
    return read(tmp_path / "model.conf", tmp_path / "policy.csv").rules


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("p, observer, *, task, read, subtree, True", "p has 7 values"),
        ("q, observer, *, task, read, subtree, True, allow", "unknown kind of row 'q'"),
        ("p, observr, *, task, read, subtree, True, allow", "unknown role 'observr'"),
        ("p, Observer, *, task, read, subtree, True, allow", "unknown role 'Observer'"),
        ("p, observer, hamlet, task, read, subtree, True, allow", "unknown level 'hamlet'"),
        ("p, observer, town|hamlet, task, read, subtree, True, allow", "unknown level 'hamlet'"),
        ("p, observer, town@44.4406, task, read, subtree, True, allow", "malformed path '44.4406'"),
        ("p, observer, *, tusk, read, subtree, True, allow", "unknown type 'tusk'"),
        ("p, observer, *, task, re ad, subtree, True, allow", "unknown action 're ad'"),
        ("p, observer, *, task, read, nearby, True, allow", "unknown relation 'nearby'"),
        ("p, observer, *, task, read, subtree, True, permit", "unknown effect 'permit'"),
        ("p, observer, *, task, read, any, True) or (True, allow", "unbalanced )"),
        ("p, observer, *, task, read, any, True or True, allow", "not allowed here: 'or True'"),
        ("p, observer, *, task, read, any, r.obj.titel == 'x', allow", "unknown attribute 'titel'"),
        ("p, observer, *, task, read, any, (True, allow", "unbalanced ("),
        ("g, observer, watcher", "unknown role 'watcher'"),
        ("g, observer", "g has 2 values"),
    ],
)
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(BrokenRules) as broken:
        written(tmp_path, f"{GOOD}{row}\n")
    assert [one.line for one in broken.value.faults] == [2]
    assert fault in str(broken.value)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BrokenRules) as broken:
        written(tmp_path, "p, x, *, y, read, z, True, allow\n# a comment\ng, x, observer\n")
    assert str(broken.value).splitlines() == [
        "line 1, column 4: unknown role 'x'",
        "line 1, column 10: unknown type 'y'",
        "line 1, column 19: unknown relation 'z'",
        "line 3, column 4: unknown role 'x'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "section"),
    [
        ("&& cond(p.when, r.sub, r.obj)", "", "m"),
        ("cond(p.when, r.sub, r.obj)", "eval(p.when)", "m"),
        ("&& !some(where (p.eft == deny))", "", "e"),
        ("r = sub, obj, type, act", "r = sub, obj, type, act, at", "r"),
        ("g = _, _", "g = _, _, _", "g"),
    ],
)
def test_a_model_the_compiler_does_not_know_is_refused(
    tmp_path: Path, old: str, new: str, section: str
) -> None:
    model = MODEL.read_text("utf-8")
    assert old in model
    with pytest.raises(BrokenRules, match=rf"model.conf: \[{section}\]"):
        written(tmp_path, GOOD, model.replace(old, new))


def test_casbin_and_pycasbin_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_name = tmp_path / "casbin-1.43.0.dist-info"
    old_name.mkdir()
    (old_name / "METADATA").write_text("Metadata-Version: 2.1\nName: casbin\nVersion: 1.43.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BrokenRules, match="casbin and pycasbin are both installed"):
        read(MODEL, POLICY)


def test_rules_are_read_to_the_letter() -> None:
    text = "\ufeff# 规则\r\n" + POLICY.read_text("utf-8").replace("\n", "\r\n")
    book = read_text(text)
    assert book.text == text
    assert book.hash == sha256(text.encode()).hexdigest()
    assert {rule.meaning for rule in book.rules} == {rule.meaning for rule in packaged().rules}
    assert read_text(text) is book


def test_old_macintosh_line_ends_are_line_ends() -> None:
    book = read_loosely("# a\rp, observer, *, task, read, subtree, True, allow\r\rg, town_leader, observer")
    assert [rule.line for rule in book.rules] == [2]
    assert book.links == (("town_leader", "observer"),)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "   \n"])
def test_a_text_without_rules_is_read_but_never_put_in_force(text: str) -> None:
    assert read_loosely(text).rules == ()
    with pytest.raises(BrokenRules):
        read_text(text)


def test_unsafe_rules_can_be_looked_at_but_not_put_in_force() -> None:
    text = packaged().text.replace("p, anyone, *, audit, delete, any, True, deny\n", "")
    assert len(read_loosely(text).rules) == len(packaged().rules) - 1
    with pytest.raises(BrokenRules) as broken:
        read_text(text)
    assert broken.value.faults == tuple(fault for fault in check_text(text) if fault.severe)


def test_an_action_that_is_gone_can_still_be_looked_at() -> None:
    text = "p, observer, *, task, juggle, subtree, True, allow\ng, observer, observer\n"
    assert [rule.action for rule in read_loosely(text).rules] == ["juggle"]


def test_a_circle_ends_where_it_began() -> None:
    book = read_loosely("g, grid_worker, grid_leader\ng, grid_leader, resident\ng, resident, grid_worker\n")
    assert book.inherited["resident"] == {"resident", "grid_worker", "grid_leader"}


@pytest.fixture
def in_force() -> Iterator[None]:
    before = rules()
    yield
    put_in_force(before)


def test_other_rules_are_in_force_at_once(in_force: None) -> None:
    other = read_text(f"{packaged().text}# another\n")
    put_in_force(other)
    assert rules() is other


def test_what_nobody_may_ever_do_stays_denied_whatever_is_put_in_force(in_force: None) -> None:
    put_in_force(read_loosely("p, policy_admin, town, binding, grant, subtree, True, allow\n"))
    mine = Facts(area_path="44.1.", grantee_id="me")
    admin = Actor("me", grants=(LiveGrant("policy_admin", "TOWN", "44."),))
    assert not may(admin, "binding", "grant", mine)
    assert may(replace(admin, id="you", scopes={}), "binding", "grant", mine)


def test_a_local_rule_counts_only_inside_its_area(tmp_path: Path) -> None:
    written(tmp_path, "p, village_cadre, village@44.1., summons, issue, issuer, True, allow\n")
    book = read(tmp_path / "model.conf", tmp_path / "policy.csv")

    def may_issue(path: str) -> bool:
        cadre = Actor("x", grants=(LiveGrant("village_cadre", "VILLAGE", path),))
        return compile_scope(book, cadre, "summons", "issue").test(Facts(issuer_path=path))

    assert may_issue("44.1.2.")
    assert not may_issue("44.10.2.")


ME = "me"


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        ("True", {}, True),
        ("!True", {}, False),
        ("r.obj.official == True", {"official": True}, True),
        ("r.obj.official != True", {}, True),
        ("r.obj.author_id == r.sub.id", {"author_id": ME}, True),
        ("r.obj.author_id == r.sub.id", {}, False),
        ("r.obj.author_id != r.sub.id", {"author_id": ME}, False),
        ("r.obj.author_id != r.sub.id", {}, True),
        ("r.obj.area_level in ('TOWN', 'VILLAGE')", {"area_level": "TOWN"}, True),
        ("r.obj.area_level  not  in ('TOWN')", {"area_level": "TOWN"}, False),
        ("r.obj.area_level == '村 a && b'", {"area_level": "村 a && b"}, None),
        ("r.obj.official == True && r.obj.published == True", {"official": True}, False),
        ("r.obj.official == True || r.obj.published == True", {"official": True}, True),
        ("!(r.obj.official == True && r.obj.published == True)", {"official": True}, True),
        ("!(r.obj.official == True || r.obj.published == True)", {"official": True}, False),
        ("r.obj.official == True || True && !True", {}, False),
        ("", {}, None),
        ("True) or (True", {}, None),
        ("True or True", {}, None),
        ("r.obj.official", {}, None),
        ("r.obj.official == 'yes'", {}, None),
        ("r.obj.official == r.sub.id", {}, None),
        ("r.obj.area_path == '44.'", {}, None),
        ("r.obj.author_id.startswith('x')", {}, None),
        ("r.sub.id == r.obj.author_id", {}, None),
        ("r.obj.author_id == r.obj.grantee_id", {}, None),
        ("r.obj.author_id == None", {}, None),
        ("r.obj.author_id in ()", {}, None),
        ("__import__('os')", {}, None),
        ("9**9**9", {}, None),
        ("!" * 299 + "True", {}, None),
        ("!" * 290 + "True", {}, True),
        ("(" * 20 + "True" + ")" * 20, {}, True),
        ("(" * 21 + "True" + ")" * 21, {}, None),
        ("(True) && " * 25 + "True", {}, True),
        ("(" * 300, {}, None),
    ],
)
def test_a_condition_means_what_it_says_or_is_refused(
    text: str, facts: dict[str, object], holds: bool | None
) -> None:
    if holds is None:
        with pytest.raises(conditions.Malformed):
            conditions.parse(text)
    else:
        assert conditions.holds(conditions.parse(text), ME, Facts(**facts)) is holds


def test_the_anonymous_is_neither_the_author_nor_equal_to_no_author() -> None:
    same, other = (conditions.parse(f"r.obj.author_id {sign} r.sub.id") for sign in ("==", "!="))
    for facts in (Facts(), Facts(author_id="x")):
        assert not conditions.holds(same, None, facts)
        assert conditions.holds(other, None, facts)
