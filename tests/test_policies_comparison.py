"""What an edit of the rules changes is told rule by rule and cell by cell, with what is inherited."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_policies_reference import actors, facts

from policies.actor import ANONYMOUS, Actor, LiveGrant
from policies.compile import compile_scope
from policies.facts import Facts
from policies.reading.comparison import Cell, Comparison, compare, matrix
from policies.reading.cover import PERSONAL, covers
from policies.reading.reach import AREA_RELATIONS, UNIT_RELATIONS
from policies.rules import Rule, RuleBook, packaged, read_loosely
from policies.vocabulary import RELATIONS, ROLES

TEXT = packaged().text
ISSUE = "p, village_secretary, village, summons, issue, issuer, True, allow\n"
READ = "p, village_cadre, village, summons, read, own_area, True, allow\n"
HEIR = "g, town_leader, town_coordinator\n"
BAN = "p, village_cadre, village@{}, summons, create, own_area, True, deny\n"


def edited(old: str, new: str) -> Comparison:
    assert TEXT.count(old) == 1
    return compare(packaged(), read_loosely(TEXT.replace(old, new)))


def test_nothing_changed() -> None:
    same = edited(ISSUE, f"# another comment\n\n{ISSUE.replace(', ', ' ,  ')}")
    assert same == Comparison((), (), (), (), (), "")
    assert same.empty


def test_the_order_of_rules_is_no_change() -> None:
    moved = compare(packaged(), read_loosely(TEXT.replace(ISSUE, "") + ISSUE))
    assert moved.empty and moved.cells == ()


def test_a_removed_rule_empties_its_cell() -> None:
    change = edited(ISSUE, "")
    assert (list(map(str, change.removed)), change.added, change.place) == (
        [ISSUE.removeprefix("p, ").strip()],
        (),
        "",
    )
    assert change.cells == (Cell("village_secretary", "VILLAGE", "summons", "issue", "allow issuer", ""),)
    assert not change.empty


def test_heirs_change_with_the_role_they_inherit() -> None:
    change = edited(READ, READ.replace("own_area, True", "own_area, r.obj.official == True"))
    before = "allow co_issuer; allow own_area"
    after = "allow co_issuer; allow own_area, if r.obj.official == True"
    assert change.cells == (
        Cell("village_secretary", "VILLAGE", "summons", "read", before, after),
        Cell("village_cadre", "VILLAGE", "summons", "read", before, after),
    )
    assert (len(change.added), len(change.removed)) == (1, 1)


def test_inheritance_changes_every_cell_that_came_with_it() -> None:
    change = edited(HEIR, "g, town_leader, observer\n")
    assert change.links_added == (("town_leader", "observer"),)
    assert change.links_removed == (("town_leader", "town_coordinator"),)
    assert change.place == ""
    assert {(cell.role, cell.level) for cell in change.cells} == {("town_leader", "TOWN")}
    lost = {(cell.type, cell.action) for cell in change.cells if not cell.after}
    of_coordinator = {(cell.type, cell.action) for cell in matrix(packaged(), role="town_coordinator")}
    left = {
        (cell.type, cell.action) for cell in matrix(read_loosely(TEXT.replace(HEIR, "")), role="town_leader")
    }
    observed = {(cell.type, cell.action) for cell in matrix(packaged(), role="observer")}
    assert lost == of_coordinator - left - observed


@pytest.mark.parametrize(
    ("paths", "place"),
    [
        (["44.4406."], "44.4406."),
        (["44.4406.1.", "44.4406.2."], "44.4406."),
        (["44.4406.1.", "44.4406.10."], "44.4406."),
        (["44.4406.", "44.4406.1."], "44.4406."),
        (["44.", "45."], ""),
        (["44.4406.1.", "44.4406.2.", "44.5."], "44."),
    ],
)
def test_the_place_of_a_change_is_around_all_its_local_rules(paths: list[str], place: str) -> None:
    local = "".join(map(BAN.format, paths))
    assert edited(ISSUE, ISSUE + local).place == place
    assert compare(read_loosely(TEXT + local), packaged()).place == place
    assert edited(ISSUE, local).place == ""
    assert edited(HEIR, local).place == ""


def test_a_moved_overlay_changes_both_places() -> None:
    before, after = (read_loosely(TEXT + BAN.format(path)) for path in ("44.1.", "44.2."))
    change = compare(before, after)
    assert change.place == "44."
    assert [(cell.role, cell.before, cell.after) for cell in change.cells] == [
        (
            role,
            f"allow own_area; deny own_area, inside 44.{old}.",
            f"allow own_area; deny own_area, inside 44.{new}.",
        )
        for role, old, new in (("village_secretary", 1, 2), ("village_cadre", 1, 2))
    ]


def test_a_comparison_read_backwards_is_the_opposite() -> None:
    other = read_loosely(TEXT.replace(ISSUE, BAN.format("44.")).replace(HEIR, ""))
    there, back = compare(packaged(), other), compare(other, packaged())
    assert (there.added, there.links_added) == (back.removed, back.links_removed)
    assert [cell._replace(before=cell.after, after=cell.before) for cell in there.cells] == list(back.cells)


def test_the_matrix_tells_inherited_rights_where_a_role_is_granted() -> None:
    (cell,) = [
        cell
        for cell in matrix(packaged(), role="village_secretary", type="inspection")
        if cell.action == "plan"
    ]
    assert tuple(cell) == ("village_secretary", "VILLAGE", "inspection", "plan", "allow own_area")
    assert {cell.role for cell in matrix(packaged(), type="system")} == {"platform_admin"}
    assert [tuple(cell) for cell in matrix(packaged(), role="anyone", type="audit")] == [
        ("anyone", "*", "audit", "delete", "deny any"),
        ("anyone", "*", "audit", "update", "deny any"),
    ]
    levels = {cell.level for cell in matrix(packaged(), role="policy_admin")}
    assert levels == {"DISTRICT", "TOWN"}


def test_a_rule_stands_in_the_cells_of_its_levels_alone() -> None:
    row = "p, resident, {}, task, read, any, True, {}\n".format
    book = read_loosely(row("grid", "allow") + row("*", "deny"))
    assert [(cell.level, cell.effect) for cell in matrix(book)] == [
        ("VILLAGE", "deny any"),
        ("GRID", "allow any; deny any"),
    ]


@settings(max_examples=60, deadline=None)
@given(
    actor=actors,
    about=st.lists(facts, min_size=3, max_size=3),
    type=st.sampled_from(["task", "summons", "binding"]),
)
def test_a_cell_that_did_not_change_decides_as_before(actor: Actor, about: list[Facts], type: str) -> None:
    after = read_loosely(TEXT.replace(READ, "").replace(HEIR, "") + BAN.format("1.2."))
    changed = {(cell.role, cell.type, cell.action) for cell in compare(packaged(), after).cells}
    for of, action in packaged().by_action:
        if of != type or any((grant.role, of, action) in changed for grant in actor.roles):
            continue
        old, new = (compile_scope(book, actor, of, action) for book in (packaged(), after))
        assert [old.test(known) for known in about] == [new.test(known) for known in about]


def test_a_relation_looks_at_persons_or_areas_or_units() -> None:
    assert sorted([*PERSONAL, *AREA_RELATIONS, *UNIT_RELATIONS]) == sorted(RELATIONS)


def test_relations_that_look_at_persons_never_look_at_places() -> None:
    assert {relation for relation in PERSONAL if "where the role is held" in RELATIONS[relation][0]} == set()
    asked = {relation for relation, (words, _) in RELATIONS.items() if "area where the role is held" in words}
    assert asked <= AREA_RELATIONS


def row(role: str, at: str, relation: str, condition: str) -> str:
    return f"p, {role}, {at}, task, read, {relation}, {condition}, allow"


ROWS = [
    row(*parts)
    for parts in product(
        ["anyone", "member", "village_cadre", "village_secretary", "observer"],
        ["*", "village", "town|village", "village@1.2.3.", "*@1."],
        ["any", "subtree", "own_area", "registered", "subtree_not_above", "self", "assigned", "own_unit"],
        ["True", "r.obj.official == True", "r.obj.official == True && r.obj.reason == True", "False"],
    )
]
PLACES = [
    ("SYSTEM", ""),
    ("TOWN", "1.2.3.4."),
    ("TOWN", "9."),
    ("VILLAGE", "1.2.3.4.5."),
    ("VILLAGE", "1.9."),
]
HOLDERS = [
    ANONYMOUS,
    Actor("me"),
    Actor("me", grants=(LiveGrant("observer", "UNIT", "u.", unit_id="u"),)),
    *(Actor("me", grants=(LiveGrant("observer", *place),)) for place in PLACES),
    *(Actor("me", grants=(LiveGrant("village_secretary", *place),)) for place in PLACES),
    *(Actor("me", grants=(LiveGrant("village_cadre", *place),)) for place in PLACES),
]
THINGS = [
    Facts(area_path=path, rank=rank, official=official, reason=reason)
    for path, rank in product([None, "1.2.3.4.", "1.2.3.4.5.", "1.2.3.4.5.6.", "9.", "1.9."], [None, 9])
    for official, reason in ((False, False), (True, False), (True, True))
] + [Facts(responsible_ids=("me",), official=True), Facts(member_id="me"), Facts(unit_id="u")]


def test_a_rule_that_covers_another_fits_whatever_that_one_fits() -> None:
    book = read_loosely("\n".join([*ROWS, "g, village_secretary, village_cadre"]))
    fitting = {rule: fits(rule, book) for rule in book.rules}
    pairs = [(wider, rule) for wider, rule in product(book.rules, repeat=2) if covers(wider, rule, book)]
    assert len(pairs) > 10 * len(ROWS)
    assert [(str(wider), str(rule)) for wider, rule in pairs if fitting[rule] - fitting[wider]] == []


def fits(rule: Rule, book: RuleBook) -> set[tuple[int, int]]:
    """Which of HOLDERS on which of THINGS."""
    alone = replace(book, rules=(rule,), by_action={("task", "read"): (rule,)})
    scopes = [compile_scope(alone, actor, "task", "read") for actor in HOLDERS]
    return {
        (who, what)
        for (who, scope), (what, known) in product(enumerate(scopes), enumerate(THINGS))
        if scope.test(known)
    }


@pytest.mark.parametrize(
    ("wider", "rule"),
    [
        (
            "observer, *, task, read, any, True",
            "observer, town, task, read, assigned, r.obj.official == True",
        ),
        ("observer, town|city, task, read, subtree, True", "observer, town, task, read, own_area, True"),
        (
            "observer, town, task, read, subtree, True",
            "observer, town@1., task, read, subtree_not_above, True",
        ),
        ("member, *, task, read, assigned, True", "unit_head, unit, task, read, assigned, True"),
        ("anyone, *, task, read, any, True", "unit_head, unit, task, read, own_unit, True"),
        ("anyone, *, task, read, any, True", "member, *, task, read, self, True"),
    ],
)
def test_which_rule_covers_another(wider: str, rule: str) -> None:
    book = read_loosely(f"p, {wider}, allow\np, {rule}, allow\n")
    outer, inner = book.rules
    assert covers(outer, inner, book) and not covers(inner, outer, book)


def test_every_role_is_in_the_book_even_of_an_empty_text() -> None:
    assert {role: set(roles) for role, roles in read_loosely("").inherited.items()} == {
        role: {role} for role in ROLES
    }
