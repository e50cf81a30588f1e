"""Locked periods: what is final stays final, what waited for it is archived, and every total can be computed again."""

import re
from collections.abc import Set
from typing import Any

import asyncpg
import pytest
from api import Answer, ask, do, why_not
from asking import statements
from matter import Matter, scores
from test_residents import link
from test_scores import joint, judged, score_of
from tortoise import Tortoise
from world import Time, World, everything

from actions import score_proof
from actions.residents import Rating, rate_by_link
from actions.score_proof import prove_scores
from actions.templates_of_area import templates_with
from models import Evaluation, EvaluationState, InvalidInput, Summons, TaskScore, Template

pytest_plugins = ["monday"]

ORG, TOWN, SECRETARY = "shunde.org", "junan.coordinator", "tianhu.secretary"
MARCH = {"area": "440606", "from": "2026-03-01", "to": "2026-03-31"}
LOCKS = """query($area: AreaCode) { scoreLocks(area: $area) { edges { node {
    area { code } from to scores lockedBy { login } } } } }"""
EVALUATIONS = "query($id: ID!) { task(id: $id) { score { locked } evaluations { state } } }"


async def evaluated(world: World, *units: str) -> Matter:
    return await (await Matter.issued(world, *units)).bring("EVALUATED", *units)


async def test_a_locked_period_is_final_and_its_matters_are_archived(world: World, time: Time) -> None:
    matter = await evaluated(world, "zf")
    token = await link(matter, days=30)
    assert await time.tick_at("04-01 10:00") == 1, "the time for reopening is over"
    assert await matter.state() == "CLOSED"
    payload = await do(ORG, "lockScores", MARCH)
    assert payload["problems"] == [] and payload["event"]["type"] == "scores.locked"
    found = await ask("zf.head", EVALUATIONS, id=await matter.task_id("zf"))
    assert found["task"] == {"score": {"locked": True}, "evaluations": [{"state": "LOCKED"}]}
    assert await matter.state() == "CLOSED"
    assert await time.tick_at("04-01 10:01") == 1
    assert await matter.state() == "ARCHIVED"

    before = await everything()
    refused = await matter.why_not(TOWN, "evaluateForTown", "zf", scores=scores(90))
    assert refused == "WrongState SCORES_LOCKED"
    assert (await matter.available(TOWN, "zf"))["submitTown"] == "SCORES_LOCKED"
    assert await matter.why_not(SECRETARY, "askResident", "zf") == "WrongState SCORES_LOCKED"
    with pytest.raises(InvalidInput) as expired:
        await rate_by_link(Rating(token, 90))
    assert expired.value.reason_code == "LINK_EXPIRED"
    assert await everything() == before
    locks = await ask("shunde.supervision", LOCKS, area="440606")
    assert [edge["node"] for edge in locks["scoreLocks"]["edges"]] == [
        {
            "area": {"code": "440606"},
            "from": "2026-03-01",
            "to": "2026-03-31",
            "scores": 1,
            "lockedBy": {"login": ORG},
        }
    ]


async def test_a_lock_reaches_its_area_and_its_days_alone(sqlite_world: World, time: Time) -> None:
    here = await evaluated(sqlite_world, "zr")
    there = await (await Matter.issued(sqlite_world, "agri", by="wanan")).bring("EVALUATED", "agri")
    time.pass_to("04-02 09:00")
    later = await evaluated(sqlite_world, "zr")
    time.pass_to("04-03 09:00")
    await do(ORG, "lockScores", MARCH | {"area": "440606106"})
    locked = set(await TaskScore.filter(lock_id__not_isnull=True).values_list("summons_id", flat=True))
    by_id = {one.id: one.number for one in await Summons.filter(id__in=list(locked))}
    assert len(by_id) == 1
    for matter, unit, is_locked in ((here, "zr", True), (there, "agri", False), (later, "zr", False)):
        found = await ask("shunde.supervision", EVALUATIONS, id=await matter.task_id(unit))
        assert found["task"]["score"]["locked"] is is_locked


async def test_a_period_is_locked_before_its_matters_may_be_reopened_no_more(
    sqlite_world: World, time: Time
) -> None:
    matter = await evaluated(sqlite_world, "zr")
    time.pass_to("03-20 09:00")
    assert await why_not(ORG, "lockScores", MARCH | {"to": "2026-03-19"}) == []
    await matter.done(SECRETARY, "reopenSummons", tasks=[await matter.task_id("zr")], reason="又坏了。")
    await matter.bring("EVALUATED", "zr")
    score = await score_of(matter, "zr")
    assert (score["round"], score["locked"]) == (2, False)
    await time.tick_at("04-20 09:00")
    assert await matter.state() == "CLOSED", "its second round is not locked"
    await do(ORG, "lockScores", MARCH)
    await time.tick_at("04-20 09:01")
    assert await matter.state() == "ARCHIVED"


@pytest.mark.parametrize(
    ("login", "given", "problems"),
    [
        (ORG, {"to": "2026-02-28"}, ["InvalidInput PERIOD_UPSIDE_DOWN to"]),
        (ORG, {"to": "2026-04-02"}, ["InvalidInput PERIOD_NOT_OVER to"]),
        (ORG, {"area": "999999"}, ["NotFound NOT_FOUND area"]),
        (ORG, {"area": "4406"}, ["NotAllowed WRONG_PLACE"]),
        (TOWN, {"area": "440606106"}, ["NotAllowed NO_RULE"]),
        ("shunde.supervision", {}, ["NotAllowed NO_RULE"]),
    ],
)
async def test_what_cannot_be_locked_stays_open(
    sqlite_world: World, time: Time, login: str, given: dict[str, Any], problems: list[str]
) -> None:
    await evaluated(sqlite_world, "zr")
    time.pass_to("04-02 09:00")
    before = await everything()
    assert await why_not(login, "lockScores", MARCH | given) == problems
    assert await everything() == before


async def test_what_is_locked_is_not_locked_again(sqlite_world: World, time: Time) -> None:
    await evaluated(sqlite_world, "zr")
    time.pass_to("04-02 09:00")
    assert await why_not(ORG, "lockScores", MARCH) == []
    again = MARCH | {"area": "440606106", "to": "2026-03-15"}
    assert await why_not(ORG, "lockScores", again) == ["InvalidInput ALREADY_LOCKED from"]


def template(area: str, since: str) -> Answer:
    dimensions, parties = [{"code": "RESULT", "weight": 100}], [{"party": "VILLAGE", "weight": 100}]
    return {"area": area, "validFrom": since, "dimensions": dimensions, "parties": parties}


async def test_no_template_is_for_what_was_done_already(sqlite_world: World, time: Time) -> None:
    """So none begins within a locked period, or before one."""
    await evaluated(sqlite_world, "zr")
    time.pass_to("04-10 09:00")
    await do(ORG, "lockScores", MARCH | {"area": "440606106"})
    before = await everything()
    for area in ("440606", "440606104"):
        for day in ("2026-04-09", "2026-03-31", "2026-01-01"):
            refused = await why_not(ORG, "createEvaluationTemplate", template(area, day))
            assert refused == ["InvalidInput TEMPLATE_IN_PAST validFrom"]
    assert await everything() == before
    assert await why_not(ORG, "createEvaluationTemplate", template("440606106004", "2026-04-10")) == []


async def test_a_later_round_that_may_be_appealed_does_not_hold_up_an_earlier_one(
    world: World, time: Time
) -> None:
    """Nor is more written than one statement for all evaluations, and each keeps to its own round."""
    both, matter = await evaluated(world, "zr", "zf"), await evaluated(world, "zf")
    time.pass_to("03-30 09:00")
    await matter.done(SECRETARY, "reopenSummons", tasks=[await matter.task_id("zf")], reason="又坏了。")
    time.pass_to("04-01 09:00")
    await matter.bring("EVALUATED", "zf")
    time.pass_to("04-02 09:00")
    with statements() as told:
        assert (await do(ORG, "lockScores", MARCH))["problems"] == []
    assert len([one for one in told if re.search(r'UPDATE "?evaluation"? ', one)]) == 1
    states = Evaluation.filter(path__startswith="44.4406.440606.").order_by("round", "id")
    assert [(one.round, one.state) for one in await states] == [
        *[(1, EvaluationState.LOCKED)] * 3,
        (2, EvaluationState.SUBMITTED),
    ]
    assert await both.state() == "CLOSED"


async def judge_some(world: World, time: Time) -> None:
    """Two rounds, two villages, a silent one, a resident, a town."""
    matter = await evaluated(world, "zr", "zf")
    await matter.done(TOWN, "evaluateForTown", "zr", scores=scores(71))
    await rate_by_link(Rating(await link(matter), 77))
    await matter.done(SECRETARY, "reopenSummons", tasks=[await matter.task_id("zr")], reason="又坏了。")
    time.pass_to("03-30 09:00")
    await matter.bring("EVALUATED", "zr")
    villages = await joint(world, 2)
    await villages.done("wanan.secretary", "evaluateTask", "agri", scores=judged(91, 83))
    await villages.done("mailang.secretary", "evaluateTask", "agri", scores=judged(64, 71))
    await (await Matter.issued(world, "cj")).bring("RESOLVED", "cj")
    await time.tick_at("04-20 09:00")
    await do(ORG, "lockScores", MARCH)


async def test_every_total_can_be_computed_again(world: World, time: Time) -> None:
    """However many there are, in as many statements."""
    await judge_some(world, time)
    with statements() as told:
        proof = await prove_scores()
    assert (proof.scores, proof.locked, proof.broken) == (5, 4, [])
    assert len([one for one in told if one.startswith("SELECT")]) <= 9


MANY = """{ tasks { edges { node { score { ratings { score } } evaluations { appeal { reason } } } } }
    scoreLocks { edges { node { scores } } } }"""


@pytest.mark.usefixtures("compiled")
async def test_what_belongs_to_many_scores_is_looked_up_together(sqlite_world: World, time: Time) -> None:
    await judge_some(sqlite_world, time)
    assert (await do(ORG, "lockScores", MARCH | {"to": "2026-04-19"}))["problems"] == []
    with statements() as told:
        found = await ask("shunde.supervision", MANY)
    assert [edge["node"]["scores"] for edge in found["scoreLocks"]["edges"]] == [0, 4]
    scored = [edge["node"]["score"] for edge in found["tasks"]["edges"]]
    assert [one["ratings"] for one in scored if one and one["ratings"]] == [[{"score": 77}]]
    for table, most in (("appeal", 1), ("resident_link", 1), ("task_score", 2)):
        asked = [one for one in told if re.search(rf'FROM "?{table}"?\b', one)]
        assert len(asked) <= most, asked


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_changes_while_the_scores_are_proved_is_no_fault(
    db: str, world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction of SQLite's sees no change of others anyway."""
    await judge_some(world, time)
    other = await asyncpg.connect(db)

    async def meanwhile(used: Set[str]) -> list[Template]:
        await other.execute("UPDATE resident_link SET score = 1 WHERE score IS NOT NULL")
        return await templates_with(used)

    monkeypatch.setattr(score_proof, "templates_with", meanwhile)
    proof = await prove_scores()
    await other.close()
    assert (proof.scores, proof.broken) == (5, [])


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE task_score SET total = total + 1 WHERE total IS NOT NULL", "its total is kept"),
        ("UPDATE evaluation SET scores = '{\"RESULT\": 1}'", "the evaluation by"),
        ("UPDATE evaluation SET total = 99", "the evaluation by"),
        ("UPDATE resident_link SET score = 78", "its parts are kept"),
        ("UPDATE sla_clock SET kind = 'HOLD' WHERE kind = 'RESOLVE'", "its parts are kept"),
        ("DELETE FROM evaluation WHERE area_id = '440606106'", "its parts are kept"),
    ],
)
async def test_whatever_was_changed_behind_our_back_is_noticed(
    sqlite_world: World, time: Time, tampering: str, told: str
) -> None:
    await judge_some(sqlite_world, time)
    await Tortoise.get_connection("default").execute_query(tampering)
    assert any(told in line for line in (await prove_scores()).broken)
