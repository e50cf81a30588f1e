"""Casbin itself and the compiled rules give the same answer, whoever asks about whatever."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_policies import ACTION, Place, RandomPolicy, Words

from policies.actor import ANONYMOUS, Actor, LiveGrant
from policies.compile import compile_scope
from policies.facts import Facts
from policies.guard import may
from policies.reference import enforce, enforce_by
from policies.rules import read_loosely, rules
from policies.scopes import TYPES
from policies.vocabulary import RELATIONS, ROLES

AREAS = [
    ("PROVINCE", "1."),
    ("CITY", "1.2."),
    ("DISTRICT", "1.2.3."),
    ("TOWN", "1.2.3.4."),
    ("TOWN", "1.2.3.40."),
    ("VILLAGE", "1.2.3.4.5."),
    ("VILLAGE", "1.2.3.4.50."),
    ("GRID", "1.2.3.4.5.6."),
]
UNITS = [("u", "u."), ("v", "u.v."), ("w", "uw.")]
MEMBERS = ["a", "b", "c"]

maybe = st.none() | st.sampled_from([path for _, path in AREAS])
paths = st.lists(st.sampled_from([path for _, path in AREAS]), max_size=2).map(tuple)
units = st.lists(st.sampled_from([unit for unit, _ in UNITS]), max_size=2).map(tuple)
members = st.lists(st.sampled_from(MEMBERS), max_size=2).map(tuple)
member = st.none() | st.sampled_from(MEMBERS)
unit = st.none() | st.sampled_from([unit for unit, _ in UNITS])

facts = st.builds(
    Facts,
    area_path=maybe,
    issuer_path=maybe,
    co_issuer_paths=paths,
    unit_ids=units,
    unit_lines=st.lists(st.sampled_from([line for _, line in UNITS]), max_size=2).map(tuple),
    lead_unit_id=unit,
    territory=maybe,
    disputed_path=maybe,
    responsible_ids=members,
    group_ids=members,
    member_id=member,
    unit_id=unit,
    paired_unit_ids=units,
    transferred_to_id=unit,
    reporter_id=member,
    reporter_ids=members,
    author_id=member,
    grantee_id=member,
    principal_id=member,
    rank=st.none() | st.sampled_from([4, 6, 9, 12, 15]),
    official=st.booleans(),
    published=st.booleans(),
    reason=st.booleans(),
    town_party=st.booleans(),
)


@st.composite
def grants(draw: st.DrawFn) -> LiveGrant:
    """Mostly at a level where the role belongs, sometimes not."""
    role = draw(st.sampled_from(sorted(ROLES)))
    level = draw(st.sampled_from(ROLES[role].held_at or ("TOWN",)) | st.sampled_from(["TOWN", "UNIT"]))
    if level == "UNIT":
        id, line = draw(st.sampled_from(UNITS))
        principal = draw(st.none() | st.sampled_from(MEMBERS))
        return LiveGrant(
            role, level, line, unit_id=id, principal_id=principal, principal_line=principal and line
        )
    place = draw(st.sampled_from([path for at, path in AREAS if at == level] or [""]))
    return LiveGrant(role, level, place)


actors = st.just(ANONYMOUS) | st.builds(
    Actor,
    id=st.sampled_from(MEMBERS),
    unit_line=st.none() | st.sampled_from([line for _, line in UNITS]),
    grants=st.lists(grants(), min_size=1, max_size=3).map(tuple),
    disabled=st.just(False),
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Actor, str, str]:
    """An actor, and an action that some rule gives to a role of theirs where there is one."""
    actor = draw(actors)
    mine = {heir for grant in actor.roles for heir in rules().inherited.get(grant.role, ())}
    asked = sorted({(rule.type, rule.action) for rule in rules().rules if rule.role in mine})
    return (actor, *draw(st.sampled_from(asked)))


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions(), about=st.lists(facts, min_size=3, max_size=3))
def test_casbin_and_the_compiled_rules_agree(question: tuple[Actor, str, str], about: list[Facts]) -> None:
    actor, type, action = question
    for known in about:
        assert may(actor, type, action, known) is enforce(actor, known, type, action)


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(actor=actors, about=st.lists(facts, min_size=4, max_size=4), random=st.randoms(use_true_random=True))
def test_they_agree_about_any_rules_too(actor: Actor, about: list[Facts], random: Random) -> None:
    places = [Place(grant.role, grant.level, grant.path) for grant in actor.grants]
    fitting = {model: sorted(RELATIONS) for model in TYPES}
    words = Words(
        {actor.id or "x": places}, [path for _, path in AREAS], [unit for unit, _ in UNITS], fitting
    )
    case = RandomPolicy(random, words).case()
    type = TYPES[case.model]
    scope = compile_scope(read_loosely(case.text), actor, type, ACTION)
    for known in about:
        assert scope.test(known) is enforce_by(case.text, actor, known, type, ACTION), case.text


ALL_THE_WAY = "\n".join(f"g, {heir}, {role}" for heir, role in pairwise(ROLES))


def test_inheritance_has_no_end_of_its_own() -> None:
    """Casbin alone stops after nine links and says nothing."""
    first, *_, last = ROLES
    text = f"p, {last}, *, task, read, any, True, allow\n{ALL_THE_WAY}"
    heir = Actor("a", grants=(LiveGrant(first, "TOWN", "1.2.3.4."),))
    assert compile_scope(read_loosely(text), heir, "task", "read").test(Facts())
    assert enforce_by(text, heir, Facts(), "task", "read")


@pytest.mark.parametrize(("level", "counts"), [("TOWN", True), ("UNIT", False)])
def test_a_local_rule_is_not_for_units_whose_line_looks_like_a_path(level: str, counts: bool) -> None:
    text = "p, observer, *@44., task, read, any, True, deny\np, observer, *, task, read, any, True, allow"
    observer = Actor(
        "a", grants=(LiveGrant("observer", level, "44.", unit_id="44" if level == "UNIT" else None),)
    )
    assert compile_scope(read_loosely(text), observer, "task", "read").test(Facts()) is not counts
    assert enforce_by(text, observer, Facts(), "task", "read") is not counts


def test_casbin_logs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    text = "p, observer, *, task, read, any, True, allow"
    assert not enforce_by(text, Actor("a", name="王小明"), Facts(), "task", "read")
    assert enforce_by(
        text, Actor("a", grants=(LiveGrant("observer", "SYSTEM", ""),)), Facts(), "task", "read"
    )
    assert [record for record in caplog.records if record.name.startswith("casbin")] == []


@pytest.mark.parametrize("start", ["", "\ufeff", "# words\r\n", "\r", " \n \t\n  "])
def test_casbin_reads_a_text_however_it_was_saved(start: str) -> None:
    text = (
        f"{start}p, anyone, *, task, read, any, True, allow\r\np, anyone, *, task, edit, any, True, allow\r"
    )
    assert enforce_by(text, ANONYMOUS, Facts(), "task", "read")
    assert enforce_by(text, ANONYMOUS, Facts(), "task", "edit")


@pytest.mark.parametrize("text", ["", "# nothing", "\n  \n"])
def test_no_rule_allows_nothing(text: str) -> None:
    assert not enforce_by(text, ANONYMOUS, Facts(), "task", "read")
