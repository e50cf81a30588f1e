"""How a place relates to an object: the edges of each relation. No database."""

import pytest
from actors import actor_of, path_of

from policies.actor import ANONYMOUS, Actor, LiveGrant
from policies.facts import Facts
from policies.guard import may
from policies.holder import Holder
from policies.relations import RELATION
from policies.rules import rules


def test_the_anonymous_equals_no_empty_column() -> None:
    assert [key for key in rules().by_action if may(ANONYMOUS, *key, Facts())] == []
    nobody = Holder(ANONYMOUS, (LiveGrant("member", "", ""),))
    assert [name for name, relation in RELATION.items() if relation.test(nobody)(Facts())] == ["any"]


@pytest.mark.parametrize(
    ("held", "place", "covered"),
    [
        ("1.2.", "1.2.", True),
        ("1.2.", "1.2.3.", True),
        ("1.2.", "1.20.", False),
        ("1.2.", "1.", False),
        ("1.2.", None, False),
        ("", "1.20.", True),
        ("", None, False),
    ],
)
def test_a_subtree_ends_at_its_dot(held: str, place: str | None, covered: bool) -> None:
    observer = Actor("x", grants=(LiveGrant("observer", "TOWN" if held else "SYSTEM", held),))
    assert may(observer, "task", "read", Facts(area_path=place)) is covered


@pytest.mark.parametrize(
    ("role", "place", "covered"),
    [
        ("grid_worker@440606106004", "440606106004001", True),
        ("grid_worker@440606106004", "440606106004", True),
        ("grid_worker@440606106004001", "440606106004001002", True),
        ("grid_worker@440606106004001", "440606106004", False),
        ("village_secretary@440606106004", "440606106004001", True),
        ("village_secretary@440606106004", "440606106005", False),
    ],
)
def test_a_village_and_a_grid_own_the_grids_below_them(role: str, place: str, covered: bool) -> None:
    assert may(actor_of("x", role), "request", "create", Facts(area_path=path_of(place))) is covered


def test_a_town_owns_only_itself() -> None:
    coordinator = actor_of("x", "town_coordinator@440606106")
    assert may(coordinator, "summons", "create", Facts(area_path=path_of("440606106")))
    assert not may(coordinator, "summons", "create", Facts(area_path=path_of("440606106004")))


def test_an_arbiter_needs_the_issuer_and_the_dispute_in_one_area() -> None:
    two_towns = actor_of("x", "town_coordinator@440606106", "town_coordinator@440606104")
    dispute = {"issuer_path": path_of("440606106004"), "disputed_path": path_of("440606104")}
    assert not may(two_towns, "task", "overrule", Facts(**dispute))
    assert may(two_towns, "task", "overrule", Facts(**dispute | {"disputed_path": path_of("440606106")}))


def test_a_unit_is_no_area_though_its_line_looks_like_a_path() -> None:
    observer = Actor("x", grants=(LiveGrant("observer", "UNIT", "44.", unit_id="44"),))
    assert not may(observer, "task", "read", Facts(area_path="44.4406."))


def test_what_is_held_above_ones_own_rank_is_out_of_reach() -> None:
    admin, place = actor_of("x", "policy_admin@440606106"), path_of("440606106004")
    for rank, covered in ((6, False), (9, True), (12, True), (None, False)):
        assert may(admin, "binding", "grant", Facts(area_path=place, rank=rank, grantee_id="y")) is covered


def test_each_summoned_unit_counts_not_only_the_first() -> None:
    liaison = actor_of("x", "unit_liaison@U-B")
    assert may(liaison, "summons", "read", Facts(unit_ids=("U-A", "U-B")))
    assert not may(liaison, "summons", "read", Facts(unit_ids=("U-A", "U-C")))
