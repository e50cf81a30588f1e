"""Whatever the rules, whoever asks: Casbin, the compiled test, the SQL and a naive reading give one answer.

BAODAO_PROVE=10000 asks about that many random policies on each kind of database, BAODAO_PROVE_SEED about others.
"""

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from four_sides import Compiler, Counterexample, Exam, simplest
from random_policies import Asked, Case, RandomPolicy
from random_world import RandomWorld
from tortoise.models import Model

from models import Area, Member
from policies.facts import Facts
from policies.scopes import TYPES
from policies.vocabulary import RELATIONS

ENOUGH = 300
POLICIES = int(os.environ.get("BAODAO_PROVE", ENOUGH))
SEED = int(os.environ.get("BAODAO_PROVE_SEED", 2026))
WORLD_LASTS = 500


async def test_any_policy_means_the_same_on_every_side(db: str) -> None:
    seen: Counter[str] = Counter()
    for start in range(0, POLICIES, WORLD_LASTS):
        exam = await furnished(SEED + start)
        for number in range(start, min(start + WORLD_LASTS, POLICIES)):
            await ask(exam, RandomPolicy(Random(f"{SEED}/{number}"), exam.words).case())
        await exam.world.clear()
        seen += exam.seen
    decisions, allowed, cut = seen["decisions"], seen["allowed"], seen["cut by a deny rule"]
    print(
        f"{db.partition(':')[0]}, seed {SEED}: {POLICIES:,} random policies, {decisions:,} decisions on four sides, "
        f"{allowed / decisions:.0%} allowed, {cut:,} of {seen['lists']:,} lists cut by a deny rule, 0 counterexamples"
    )
    assert 0.2 < allowed / decisions < 0.8
    assert cut > POLICIES / 20
    assert seen["whole subtrees"] > POLICIES / 20
    assert POLICIES < 1000 or RELATIONS.keys() == seen.keys() & RELATIONS.keys()


async def furnished(number: int) -> Exam:
    world = RandomWorld(seed=number)
    await world.build()
    exam = Exam(world, Compiler())
    await exam.prepare()
    return exam


async def ask(exam: Exam, case: Case) -> None:
    try:
        await exam.check(case)
    except Counterexample:
        await exam.check(await simplest(exam, case))
        raise


async def test_a_counterexample_is_shown_at_its_simplest(sqlite_db: str) -> None:
    exam = await furnished(SEED)
    exam.facts[Area]["44"] = Facts()  # as if they had been forgotten
    telling = "p, anyone, *, area, read, any, r.obj.area_level == 'PROVINCE', allow"
    beside = ["p, anyone, *, unit, read, any, True, allow", "p, member, *, area, edit, any, True, deny"]
    text = "\n".join([*beside, telling, "g, unit_head, observer"])
    with pytest.raises(Counterexample) as found:
        await ask(exam, Case(text, Area, [Asked(None, timedelta()), Asked("member-0", timedelta())]))
    assert str(found.value).splitlines() == [
        telling,
        "Area by None at 0:00:00",
        "test: ['440', '51']",
        "list: ['44', '440', '51']",
        "plain: ['44', '440', '51']",
        "casbin: ['440', '51']",
    ]


@pytest.mark.parametrize(
    ("model", "when"),
    [
        (Area, "r.obj.area_level == 'HAMLET'"),
        (Area, "r.obj.area_level != 'town'"),
        (Area, "r.obj.area_level == r.sub.id"),
        (Area, "r.obj.area_level not in ('TOWN', 'HAMLET')"),
        (Member, f"r.obj.member_id == '{'x' * 27}'"),
        (Member, f"!(r.obj.unit_id == '{'x' * 27}')"),
    ],
)
async def test_what_no_row_can_be_is_found_in_no_row(db: str, model: type[Model], when: str) -> None:
    """Tortoise raises when a column is asked for what does not fit into it."""
    exam = await furnished(SEED)
    rule = f"p, anyone, *, {TYPES[model]}, read, any, {when}, allow"
    await exam.check(Case(rule, model, [Asked("member-0", timedelta()), Asked(None, timedelta())]))
