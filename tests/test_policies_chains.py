"""No chain of appointments leads up: whoever may appoint is never, through others, able to appoint above themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Grant, Unit
from policies.actor import Actor, LiveGrant
from policies.facts import grant_facts
from policies.holder import Holder
from policies.reading.chains import appointments, escalations, in_words, reach
from policies.relations import RELATION
from policies.rules import check_text, packaged, read_loosely
from policies.vocabulary import DIGITS, LEVELS, RELATIONS, ROLES

TEXT = packaged().text
DELEGATING = "p, town_coordinator, town, binding, grant, subtree, True, allow\n"
LOOSE = "p, village_cadre, village, binding, grant, any, True, allow\n"


def ways_up(text: str) -> list[str]:
    return [in_words(path) for path in escalations(read_loosely(text))]


def told(text: str) -> list[str]:
    return [fault.message for fault in check_text(text) if "a way up" in fault.message]


def test_the_packaged_rules_lead_nowhere_up() -> None:
    assert escalations(packaged()) == []
    assert set(appointments(packaged())) == {("policy_admin", "DISTRICT"), ("policy_admin", "TOWN")}


def test_a_chain_is_told_step_by_step() -> None:
    up = ways_up(TEXT + DELEGATING + LOOSE)
    assert (
        "town_coordinator at town may appoint village_secretary at village, "
        "who may appoint policy_admin at district" in up
    )
    assert "village_cadre at village may appoint town_leader at town" in up
    assert "village_cadre at village may appoint resident at grid" not in up


def test_each_chain_is_a_shortest_one_and_ends_at_the_first_step_above_its_start() -> None:
    paths = escalations(read_loosely(TEXT + DELEGATING + LOOSE))
    assert len({(path[0], path[-1]) for path in paths}) == len(paths) > 50
    for path in paths:
        assert DIGITS[path[-1][1]] < DIGITS[path[0][1]]
        assert all(level == "UNIT" or DIGITS[level] >= DIGITS[path[0][1]] for _, level in path[:-1])
    assert {len(path) for path in paths} == {2, 3}


def test_a_way_up_is_a_severe_fault_of_the_rule_that_makes_the_last_step() -> None:
    line = TEXT.count("\n") + 2
    faults = [fault for fault in check_text(TEXT + DELEGATING + LOOSE) if "a way up" in fault.message]
    assert {(fault.line, fault.column, fault.severe) for fault in faults} == {(line, 44, True)}
    (of_town,) = [
        fault.message for fault in faults if fault.message.startswith("a way up: town_coordinator ")
    ]
    assert of_town.startswith(
        "a way up: town_coordinator at town may appoint village_secretary at village, "
        "who may appoint policy_admin at district (and "
    )


def test_every_rule_that_leads_up_is_told() -> None:
    other = "p, village_cadre, *, binding, grant, any, r.obj.unit_id == 'x', allow\n"
    lines = {fault.line for fault in check_text(TEXT + LOOSE + other) if "a way up" in fault.message}
    assert lines == {TEXT.count("\n") + 1, TEXT.count("\n") + 2}


@pytest.mark.parametrize(
    "row",
    [
        "p, village_cadre, village, binding, grant, subtree, True, allow",
        "p, village_cadre, village, binding, grant, own_area, True, allow",
        "p, village_cadre, village, binding, grant, subtree_not_above, True, allow",
        "p, village_cadre, village, binding, grant, any, False, allow",
        "p, village_cadre, village, binding, grant, any, True, deny",
        "p, village_cadre, village, binding, grant, any, r.obj.unit_id == 'x', deny",
        "p, member, village, binding, grant, any, True, allow",
        "p, village_cadre, village, binding, grant, issuer, True, allow",
        "p, village_cadre, town, binding, grant, any, True, allow",
        "p, village_cadre, village, binding, revoke, any, True, allow",
        "p, resident, *, binding, grant, self, True, allow",
        "p, resident, *, binding, grant, any, r.obj.grantee_id == r.sub.id, allow",
        "p, unit_head, unit, binding, grant, own_unit, True, allow",
        "p, observer, system, binding, grant, any, True, allow",
        "p, resident, *, binding, grant, any, True, allow\np, resident, *, binding, grant, any, True, deny",
        "p, resident, *, binding, grant, any, True, allow\np, anyone, *, binding, grant, any, True, deny",
    ],
)
def test_no_way_up(row: str) -> None:
    assert ways_up(f"{TEXT}{row}\n") == []
    assert told(f"{TEXT}{row}\n") == []


@pytest.mark.parametrize(
    ("row", "way"),
    [
        ("p, village_cadre, *, binding, grant, any, True, allow", "village_secretary at village may appoint"),
        ("p, policy_admin, town, binding, grant, any, True, allow", "policy_admin at town may appoint"),
        ("p, grid_worker, *, binding, grant, any, True, allow", "village_secretary at village may appoint"),
        ("p, unit_head, unit, binding, grant, any, True, allow", "unit_head at unit may appoint"),
        ("p, member, *, binding, grant, any, True, allow", "member may appoint"),
        (
            "p, resident, grid, binding, grant, any, r.obj.unit_id == 'x', allow",
            "resident at grid may appoint",
        ),
        (
            "g, resident, policy_admin\np, policy_admin, *, binding, grant, any, True, allow",
            "resident at grid may",
        ),
        (
            "p, resident, grid, binding, grant, any, True, allow\n"
            "p, resident, grid, binding, grant, own_area, True, deny",
            "resident at grid may appoint",
        ),
    ],
)
def test_a_way_up_is_found(row: str, way: str) -> None:
    assert any(path.startswith(way) for path in ways_up(f"{TEXT}{row}\n"))
    assert any(fault.startswith(f"a way up: {way}") for fault in told(f"{TEXT}{row}\n"))


AREAS = {
    "SYSTEM": "",
    "PROVINCE": "1.",
    "CITY": "1.2.",
    "DISTRICT": "1.2.3.",
    "TOWN": "1.2.3.4.",
    "VILLAGE": "1.2.3.4.5.",
    "GRID": "1.2.3.4.5.6.",
}
HOLDER = LiveGrant("x", "UNIT", "u.", unit_id="u")
UNITS = [
    Unit(id=id, level=level, territory=path)
    for id in "uv"
    for level in ("CITY", "DISTRICT", "TOWN", "VILLAGE")
    for path in AREAS.values()
    if path
]


def grant_to_you(level: str, path: str = "", unit_id: str | None = None) -> Grant:
    grant = Grant(level=level, path=path)
    grant.member_id, grant.unit_id, grant.principal_id = "you", unit_id, None
    return grant


def fitting(relation: str, level: str) -> set[str]:
    """Levels of the grants to somebody else that the relation's own test lets through."""
    held = HOLDER if level == "UNIT" else LiveGrant("x", level, AREAS[level])
    test = RELATION[relation].test(Holder(Actor("me", grants=(held,)), (held,)))
    at_areas = {at for at, path in AREAS.items() if test(grant_facts(grant_to_you(at, path), None))}
    in_units = any(test(grant_facts(grant_to_you("UNIT", unit_id=unit.id), unit)) for unit in UNITS)
    return at_areas | ({"UNIT"} if in_units else set())


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_reach_of_a_relation_is_what_its_test_lets_through(relation: str) -> None:
    assert {level: set(reach(relation, level)) for level in LEVELS} == {
        level: fitting(relation, level) for level in LEVELS
    }


rows = st.builds(
    "p, {}, *, binding, grant, {}, True, {}".format,
    st.sampled_from(["resident", "village_cadre", "town_leader", "policy_admin", "member", "unit_head"]),
    st.sampled_from(["any", "subtree", "own_area", "own_unit", "issuer"]),
    st.sampled_from(["allow", "allow", "deny"]),
)


@given(st.lists(rows, max_size=5).map("\n".join))
def test_there_is_a_way_up_exactly_when_somebody_reaches_somebody_above(text: str) -> None:
    edges = appointments(read_loosely(text))
    reached = {start: set(targets) for start, targets in edges.items()}
    for _ in ROLES:
        for targets in reached.values():
            targets |= {further for target in list(targets) for further in reached.get(target, ())}
    rank = {level: DIGITS.get(level, 100) for level in (*LEVELS, "")}
    above = {start: {end for end in ends if rank[end[1]] < rank[start[1]]} for start, ends in reached.items()}
    assert {start for start, ends in above.items() if ends} == {
        path[0] for path in escalations(read_loosely(text))
    }
