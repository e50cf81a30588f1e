"""Guards on what other parties score, and on appeals."""

from api import do
from guards import no, situation
from matter import Matter, scores
from verdict import Verdict
from world import Time, World

TOWN, ORG, HEAD = "junan.coordinator", "shunde.org", "zf.head"
TOO_MUCH = [*scores(101)[:1], *scores(90)[1:]]
BEAUTY = [*scores(90)[:3], {"dimension": "BEAUTY", "score": 90}]


UGLY = "InvalidInput SCORE_UNKNOWN scores/3/dimension; InvalidInput SCORE_MISSING scores"


async def scored(world: World, *parties: str) -> Matter:
    """Where these parties count alike, and the village has scored."""
    shares = [{"party": party, "weight": 100 // len(parties)} for party in parties]
    dimensions = [{"code": score["dimension"], "weight": 25} for score in scores(0)]
    template = {"area": "440606106", "validFrom": "2026-03-02", "dimensions": dimensions, "parties": shares}
    assert (await do(ORG, "createEvaluationTemplate", template))["problems"] == []
    return await (await Verdict.issued(world, "zf")).bring("EVALUATED", "zf")


@situation(
    no(TOWN, "evaluateForTown", "WrongState PARTY_NOT_WEIGHED", "zf", scores=scores(90)),
    no(ORG, "evaluateForDistrict", "WrongState PARTY_NOT_WEIGHED", "zf", scores=scores(90)),
)
async def only_the_village_counts(world: World, time: Time) -> Matter:
    return await scored(world, "VILLAGE")


@situation(
    no(TOWN, "evaluateForTown", "InvalidInput SCORE_MISSING scores", "zf", scores=[]),
    no(TOWN, "evaluateForTown", "InvalidInput COMMENT_MISSING comment", "zf", scores=scores(20)),
    no(
        ORG,
        "evaluateForDistrict",
        "InvalidInput SCORE_RANGE scores/0/score",
        "zf",
        scores=scores(101)[:1] + scores(90)[1:],
    ),
)
async def all_count(world: World, time: Time) -> Matter:
    return await scored(world, "VILLAGE", "TOWN", "DISTRICT", "OBJECTIVE")


@situation(
    no(TOWN, "evaluateForTown", "WrongState ALREADY_EVALUATED", "zf", scores=scores(90)),
    no(ORG, "evaluateForDistrict", "WrongState ALREADY_EVALUATED", "zf", scores=scores(90)),
)
async def all_have_scored(world: World, time: Time) -> Matter:
    matter = await scored(world, "VILLAGE", "TOWN", "DISTRICT", "OBJECTIVE")
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(90))
    await matter.done(ORG, "evaluateForDistrict", "zf", scores=scores(90))
    return matter


@situation(
    no(TOWN, "evaluateForTown", "WrongState SCORES_LOCKED", "zf", scores=scores(90)),
    no(ORG, "evaluateForDistrict", "WrongState SCORES_LOCKED", "zf", scores=scores(90)),
    no(HEAD, "appealEvaluation", "WrongState WRONG_STATE", "zf", reason="不公。"),
)
async def the_period_is_locked(world: World, time: Time) -> Matter:
    matter = await scored(world, "VILLAGE", "TOWN", "DISTRICT", "OBJECTIVE")
    time.pass_to("03-20 09:00")
    period = {"area": "440606", "from": "2026-03-01", "to": "2026-03-19"}
    assert (await do(ORG, "lockScores", period))["problems"] == []
    return matter


@situation(no(HEAD, "appealEvaluation", "WrongState APPEAL_WINDOW_OVER", "zf", reason="不公。"))
async def the_time_to_appeal_is_over(world: World, time: Time) -> Matter:
    matter = await scored(world, "VILLAGE")
    time.pass_to("03-05 09:00")
    return matter


@situation(
    no(HEAD, "appealEvaluation", "InvalidInput EMPTY reason", "zf", reason=" "),
    no("zf.liaison", "appealEvaluation", "NotAllowed NO_RULE", "zf", reason="不公。"),
    no("zf.member", "appealEvaluation", "NotFound NOT_FOUND evaluation", "zf", reason="不公。"),
    no(TOWN, "adjudicateEvaluation", "WrongState WRONG_STATE", "zf", ground="属实。"),
)
async def nobody_has_appealed_yet(world: World, time: Time) -> Matter:
    return await scored(world, "VILLAGE")


@situation(
    no(HEAD, "appealEvaluation", "WrongState WRONG_STATE", "zf", reason="不公。"),
    no(HEAD, "adjudicateEvaluation", "NotAllowed OWN_UNIT", "zf", ground="属实。"),
    no(
        "longjiang.coordinator",
        "adjudicateEvaluation",
        "NotFound NOT_FOUND evaluation",
        "zf",
        ground="属实。",
    ),
    no(TOWN, "adjudicateEvaluation", "InvalidInput EMPTY ground", "zf", ground=""),
    no(
        TOWN,
        "adjudicateEvaluation",
        "InvalidInput SCORE_MISSING scores",
        "zf",
        ground="属实。",
        scores=scores(90)[1:],
    ),
    no(
        TOWN,
        "adjudicateEvaluation",
        UGLY,
        "zf",
        ground="属实。",
        scores=BEAUTY,
    ),
    no(TOWN, "adjudicateEvaluation", "Conflict VERSION_CHANGED", "zf", ground="属实。", version=7),
)
async def the_head_has_appealed(world: World, time: Time) -> Matter:
    matter = await scored(world, "VILLAGE")
    await matter.done(HEAD, "appealEvaluation", "zf", reason="不公。")
    return matter
