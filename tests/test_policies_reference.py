"""Casbin itself and the compiled rules give the same answer, whoever asks about whatever."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.actor import ANONYMOUS, Actor, LiveGrant
from policies.facts import Facts
from policies.guard import may
from policies.reference import enforce
from policies.rules import rules
from policies.vocabulary import ROLES

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
    reporter_id=member,
    author_id=member,
    grantee_id=member,
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
        return LiveGrant(role, level, line, unit_id=id)
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


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions(), about=st.lists(facts, min_size=3, max_size=3))
def test_casbin_and_the_compiled_rules_agree(question: tuple[Actor, str, str], about: list[Facts]) -> None:
    actor, type, action = question
    for known in about:
        assert may(actor, type, action, known) is enforce(actor, known, type, action)
