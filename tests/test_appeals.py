"""Appeals against scores: who appeals, who rules, what silence brings, and what becomes of the total."""

import pytest
from api import ask, do, why_not
from matter import scores
from verdict import Verdict
from world import Time, World

from actions.score_proof import prove_scores
from models import Event

pytest_plugins = ["monday"]

TOWN, ORG, SECRETARY, HEAD = "junan.coordinator", "shunde.org", "tianhu.secretary", "zf.head"
UNFAIR, GROUND = {"reason": "路段不属我办管理。"}, {"ground": "情况属实。"}


async def scored(world: World, score: int = 70) -> Verdict:
    matter = await (await Verdict.issued(world, "zf")).bring("RESOLVED", "zf")
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(score))
    return matter


async def test_the_town_puts_other_scores_in_place_of_the_villages(world: World, time: Time) -> None:
    matter = await scored(world)
    assert (await matter.judged("zf"))["score"]["total"] == 77.5
    assert (await matter.available(HEAD, "zf"))["appeal"] is None
    payload = await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    assert payload["event"]["type"] == "evaluation.appealed"
    assert (await matter.available(TOWN, "zf"))["adjust"] is None
    time.pass_to("03-04 09:00")
    await matter.done(TOWN, "adjudicateEvaluation", "zf", scores=scores(90), **GROUND)
    found = await matter.judged("zf")
    assert found["score"]["total"] == 92.5
    (evaluation,) = found["evaluations"]
    assert (evaluation["state"], evaluation["total"]) == ("ADJUSTED", 90.0)
    assert evaluation["appeal"] == {
        "upheld": False,
        "ground": "情况属实。",
        "reason": "路段不属我办管理。",
        "ruledBy": {"login": TOWN},
    }
    states = (
        await Event.filter(aggregate="Evaluation")
        .order_by("pos")
        .values_list("from_state", "to_state", "version")
    )
    assert list(states) == [("SUBMITTED", "APPEALED", 1), ("APPEALED", "ADJUSTED", 2)]
    assert (await prove_scores()).broken == []


HISTORY = """query($id: ID!) { task(id: $id) { evaluations { comment appeal { reason } }
    history(first: 100) { edges { node { type note } } } } }"""


async def test_the_words_are_for_those_who_read_evaluations(world: World) -> None:
    """The member who did the work learns that the scores were disputed, but neither what was said nor why."""
    matter = await scored(world)
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(40), comment="路面又破损。")
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    for login, words in (("zf.member", 0), ("junan.system", 0), (HEAD, 2), (TOWN, 2)):
        told = (await ask(login, HISTORY, id=await matter.task_id("zf")))["task"]
        notes = {edge["node"]["type"]: edge["node"]["note"] for edge in told["history"]["edges"]}
        assert (notes["evaluation.submitted"], notes["evaluation.appealed"]) == (None, None), login
        known = [one["comment"] for one in told["evaluations"]]
        known += [one["appeal"]["reason"] for one in told["evaluations"] if one["appeal"]]
        assert len([one for one in known if one]) == words, login
    stored = await Event.filter(aggregate="Evaluation").order_by("pos").values_list("note", flat=True)
    assert list(stored) == ["路面又破损。", UNFAIR["reason"]], "the audit log tells them by these"


async def test_an_appeal_that_fails_changes_no_score(world: World) -> None:
    matter = await scored(world)
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    await matter.done("junan.leader", "adjudicateEvaluation", "zf", **GROUND)
    found = await matter.judged("zf")
    assert (found["score"]["total"], found["evaluations"][0]["state"]) == (77.5, "UPHELD")
    again = await matter.why_not(HEAD, "appealEvaluation", "zf", **UNFAIR)
    assert again == "WrongState WRONG_STATE"


async def test_where_the_town_scored_too_the_district_rules(sqlite_world: World) -> None:
    matter = await scored(sqlite_world)
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    assert (await matter.available(TOWN, "zf"))["uphold"] is None
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(80))
    refused = await matter.why_not(TOWN, "adjudicateEvaluation", "zf", **GROUND)
    assert refused == "NotAllowed WRONG_PLACE"
    assert (await matter.available(TOWN, "zf"))["uphold"] == "WRONG_PLACE"
    await matter.done(ORG, "adjudicateEvaluation", "zf", area="440606106004", **GROUND)
    await matter.done(HEAD, "appealEvaluation", "zf", area="440606106", **UNFAIR)
    of_town = await matter.why_not(TOWN, "adjudicateEvaluation", "zf", area="440606106", **GROUND)
    assert of_town == "NotAllowed WRONG_PLACE"
    await matter.done(ORG, "adjudicateEvaluation", "zf", area="440606106", scores=scores(100), **GROUND)
    assert (await matter.evaluation("zf", "440606106"))["total"] == 100.0
    assert (await prove_scores()).broken == []


async def test_silence_climbs_once_and_then_the_scores_stand(world: World, time: Time) -> None:
    matter = await scored(world)
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    assert await time.tick_at("03-09 08:59") == 0
    assert await time.tick_at("03-09 09:00") == 1
    assert (await matter.evaluation("zf"))["state"] == "APPEALED"
    assert await matter.why_not(TOWN, "adjudicateEvaluation", "zf", **GROUND) == "NotAllowed WRONG_PLACE"
    assert (await matter.available(ORG, "zf"))["uphold"] is None
    assert await time.tick_at("03-16 09:00") == 1
    evaluation = await matter.evaluation("zf")
    assert evaluation["state"] == "UPHELD"
    assert evaluation["appeal"]["ruledBy"] is None and evaluation["appeal"]["upheld"] is True
    assert (await matter.history("zf"))[-3:] == [
        "evaluation.appealed",
        "evaluation.escalated",
        "evaluation.upheld",
    ]


@pytest.mark.parametrize(
    ("moment", "answer"), [("03-05 08:59", ""), ("03-05 09:00", "WrongState APPEAL_WINDOW_OVER")]
)
async def test_the_unit_has_three_working_days(
    sqlite_world: World, time: Time, moment: str, answer: str
) -> None:
    matter = await scored(sqlite_world)
    time.pass_to(moment)
    assert await matter.why_not(HEAD, "appealEvaluation", "zf", **UNFAIR) == answer


async def test_a_round_that_is_over_can_still_be_adjusted(sqlite_world: World) -> None:
    matter = await scored(sqlite_world)
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    await matter.done(SECRETARY, "reopenSummons", tasks=[await matter.task_id("zf")], reason="又坏了。")
    await matter.done(TOWN, "adjudicateEvaluation", "zf", scores=scores(100), **GROUND)
    await matter.bring("EVALUATED", "zf")
    proof = await prove_scores()
    assert (proof.scores, proof.broken) == (2, [])


async def test_no_period_is_locked_over_an_appeal(sqlite_world: World, time: Time) -> None:
    matter = await scored(sqlite_world)
    period = {"area": "440606", "from": "2026-03-01", "to": "2026-03-02"}
    time.pass_to("03-03 09:00")
    still = ["InvalidInput APPEALS_OPEN to"]
    assert await why_not(ORG, "lockScores", period) == still, "somebody may still appeal"
    await matter.done(HEAD, "appealEvaluation", "zf", **UNFAIR)
    time.pass_to("03-06 09:00")
    assert await why_not(ORG, "lockScores", period) == still
    await matter.done(TOWN, "adjudicateEvaluation", "zf", **GROUND)
    assert (await do(ORG, "lockScores", period))["problems"] == []
    assert (await matter.evaluation("zf"))["state"] == "LOCKED"
