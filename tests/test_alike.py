"""Who counts as alike sees the same: the key of a group never says less than the rules do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import product

import pytest
from asking import Town, open_town

from models import Summons, Task
from policies.actor import Actor, LiveGrant
from policies.alike import IMPERSONAL, alike, mark
from policies.facts import Facts
from policies.holder import Holder
from policies.relations import RELATION
from policies.rules import packaged, put_in_force, read_loosely
from policies.scopes import TYPES, readable

READ = {("summons", "read"), ("task", "read")}
GRANTS = [
    LiveGrant("observer", "TOWN", "44.4406.440606.440606106.", "440606106"),
    LiveGrant("village_secretary", "VILLAGE", "44.4406.440606.440606106.440606106004.", "440606106004"),
    LiveGrant("unit_liaison", "UNIT", "u1.", unit_id="u1"),
]
ONE = Actor("m1", "one", "甲", "u8", "u8.")
OTHER = Actor("m2", "other", "乙", "u9", "u9.")


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


@pytest.mark.parametrize(("relation", "model"), [*product(sorted(IMPERSONAL), TYPES)])
async def test_an_impersonal_relation_looks_at_grants_alone(
    sqlite_db: str, relation: str, model: type
) -> None:
    clauses = [RELATION[relation].clause(Holder(who, tuple(GRANTS)), model) for who in (ONE, OTHER)]
    written = [clause if isinstance(clause, bool) else text(model, clause) for clause in clauses]
    assert written[0] == written[1]


def text(model: type, clause: object) -> str:
    from policies.clauses import rows

    return str(rows(model, clause).sql(params_inline=True))  # type: ignore[arg-type]


def test_every_other_relation_is_personal() -> None:
    assert set(RELATION) - IMPERSONAL == {
        "assigned",
        "group_member",
        "member_of_evaluated_unit",
        "reporter",
        "self",
    }
    mine = Facts(
        responsible_ids=("m1",), member_id="m1", reporter_ids=("m1",), group_ids=("m1",), unit_ids=("u8",)
    )
    for relation in set(RELATION) - IMPERSONAL:
        seen = [RELATION[relation].test(Holder(who, ()))(mine) for who in (ONE, OTHER)]
        assert seen == [True, False], relation


async def test_two_who_are_alike_read_the_same_rows(town: Town) -> None:
    await town.issue("zr", "zf")
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    actors = [await town.world.actor(login) for login in town.world.members]
    seen = [
        (
            (alike(actor, READ), mark(actor, frozenset(READ)).text),
            [await readable(model, actor).order_by("id").values_list("id") for model in (Summons, Task)],
        )
        for actor in actors
    ]
    for one, other in product(seen, seen):
        assert one[0] != other[0] or one[1] == other[1]
        assert (one[0][0] == other[0][0]) is (one[0][1] == other[0][1]), "a mark tells the same"
    assert len({key for key, _ in seen}) < len(seen), "none of them is alike to another"


@pytest.mark.parametrize(
    "change",
    [
        {"grants": (GRANTS[1],)},
        {"grants": (replace(GRANTS[0], path="44.4406.440606.440606104.", area_id="440606104"),)},
        {"grants": (replace(GRANTS[0], level="DISTRICT"),)},
        {"grants": (GRANTS[0], GRANTS[2])},
        {"grants": ()},
        {"policy": "another"},
        {"disabled": True},
    ],
)
def test_whatever_may_change_what_is_seen_makes_another_key(change: dict[str, object]) -> None:
    put_in_force(packaged())
    one = replace(ONE, grants=(GRANTS[0],), scopes={}, made={})
    assert alike(one, READ) == alike(replace(OTHER, grants=(GRANTS[0],), scopes={}), READ)
    another = replace(one, scopes={}, made={}, **change)  # type: ignore[arg-type]
    assert alike(one, READ) != alike(another, READ)
    assert mark(one, frozenset(READ)) != mark(another, frozenset(READ))


def test_the_order_of_grants_does_not_matter() -> None:
    put_in_force(packaged())
    both = [
        replace(ONE, grants=grants, scopes={}, made={}) for grants in (tuple(GRANTS), tuple(reversed(GRANTS)))
    ]
    assert alike(both[0], READ) == alike(both[1], READ)
    assert mark(both[0], frozenset(READ)) == mark(both[1], frozenset(READ))


def test_a_condition_on_the_caller_makes_a_right_personal() -> None:
    text = packaged().text.replace(
        "observer, *, summons, read, subtree, True",
        "observer, *, summons, read, subtree, r.obj.author_id != r.sub.id",
    )
    assert text != packaged().text
    put_in_force(read_loosely(text))
    keys = [alike(replace(who, grants=(GRANTS[0],), scopes={}), READ) for who in (ONE, OTHER)]
    put_in_force(packaged())
    assert keys[0] != keys[1]
