"""The score of a task: every party's part, what is missing, and a total that follows from what is stored."""

import re
from datetime import timedelta
from typing import Any

import pytest
from api import Answer, ask, do, why_not
from asking import statements
from matter import Matter, scores
from world import Time, World, everything

from actions.residents import Rating, rate_by_link
from actions.score_proof import prove_scores
from actions.tick import tick
from models import Event, InvalidInput, TaskScore, clock

pytest_plugins = ["monday"]

SCORE = """query($id: ID!) { task(id: $id) { score { round total missing locked scoredAt
    template { number area { code } } parts { party weight weightUsed score } }
    evaluations { party area { code } scores { dimension score } total } } }"""
ASK = "mutation($input: AskResidentInput!) { askResident(input: $input) { secret problems { message } } }"
TOWN, DISTRICT, SECRETARY = "junan.coordinator", "shunde.org", "tianhu.secretary"


async def seen(matter: Matter, unit: str, login: str = "shunde.supervision") -> Answer:
    found: Answer = (await ask(login, SCORE, id=await matter.task_id(unit)))["task"]
    return found


async def link(matter: Matter) -> str:
    """For a resident to rate the result of zf."""
    payload = (await ask(SECRETARY, ASK, input={"task": await matter.task_id("zf")}))["askResident"]
    assert payload["problems"] == []
    return str(payload["secret"])


async def score_of(matter: Matter, unit: str) -> Answer:
    found: Answer = (await seen(matter, unit))["score"]
    return found


def used(score: Answer) -> dict[str, tuple[int, float | None, float | None]]:
    return {part["party"]: (part["weight"], part["weightUsed"], part["score"]) for part in score["parts"]}


async def test_a_stationed_agency_is_half_scored_by_the_town(world: World) -> None:
    matter = await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")
    score = await score_of(matter, "zr")
    assert (score["total"], score["missing"]) == (94.0, ["TOWN"])
    assert used(score) == {
        "TOWN": (50, None, None),
        "VILLAGE": (30, 60.0, 90.0),
        "OBJECTIVE": (20, 40.0, 100.0),
    }
    payload = await matter.done(TOWN, "evaluateForTown", "zr", scores=scores(70))
    assert payload["evaluation"]["party"] == "TOWN"
    assert payload["evaluation"]["area"] == {"code": "440606106"}
    assert payload["event"]["type"] == "evaluation.submitted"
    score = await score_of(matter, "zr")
    assert (score["total"], score["missing"]) == (82.0, [])
    assert used(score) == {
        "TOWN": (50, 50.0, 70.0),
        "VILLAGE": (30, 30.0, 90.0),
        "OBJECTIVE": (20, 20.0, 100.0),
    }


async def test_another_unit_is_scored_by_the_village_above_all(world: World) -> None:
    matter = await (await Matter.issued(world, "zf")).bring("EVALUATED", "zf")
    score = await score_of(matter, "zf")
    assert score["missing"] == ["RESIDENT", "TOWN"]
    assert used(score) == {
        "VILLAGE": (60, 75.0, 90.0),
        "OBJECTIVE": (20, 25.0, 100.0),
        "RESIDENT": (10, None, None),
        "TOWN": (10, None, None),
    }
    assert score["total"] == 92.5


async def test_before_the_issuers_have_scored_there_are_parts_but_no_total(sqlite_world: World) -> None:
    matter = await (await Matter.issued(sqlite_world, "zr")).bring("RESOLVED", "zr")
    assert await score_of(matter, "zr") is None
    await matter.done(TOWN, "evaluateForTown", "zr", scores=scores(70))
    score = await score_of(matter, "zr")
    assert (score["total"], score["scoredAt"], score["missing"]) == (None, None, ["VILLAGE", "OBJECTIVE"])
    assert used(score)["TOWN"] == (50, None, 70.0)
    assert await matter.state("zr") == "RESOLVED"


async def joint(world: World, issuer_weight: int) -> Matter:
    template = {
        "area": "440606104",
        "validFrom": clock.local_date(clock.now()).isoformat(),
        "dimensions": [{"code": "RESULT", "weight": 75}, {"code": "MANNERS", "weight": 25}],
        "parties": [{"party": "VILLAGE", "weight": 100}],
        "issuerWeight": issuer_weight,
    }
    assert await why_not(DISTRICT, "createEvaluationTemplate", template) == []
    matter = await Matter.drafted(world, "agri", by="wanan", coIssuers=["440606104217"])
    await matter.bring("PENDING_REVIEW")
    await matter.done("wanan.secretary", "requestCosign")
    await matter.done("mailang.secretary", "cosignSummons")
    return await matter.bring("RESOLVED", "agri")


def judged(result: int, manners: int) -> list[Answer]:
    return [{"dimension": "RESULT", "score": result}, {"dimension": "MANNERS", "score": manners}]


@pytest.mark.parametrize(("issuer_weight", "total"), [(1, 76.88), (3, 82.19)])
async def test_villages_that_issue_together_score_together(
    sqlite_world: World, issuer_weight: int, total: float
) -> None:
    matter = await joint(sqlite_world, issuer_weight)
    await matter.done("wanan.secretary", "evaluateTask", "agri", scores=judged(90, 80))
    assert (await score_of(matter, "agri"))["total"] is None
    await matter.done("mailang.secretary", "evaluateTask", "agri", scores=judged(65, 70))
    found = await seen(matter, "agri")
    assert [one["total"] for one in found["evaluations"]] == [87.5, 66.25]
    assert found["score"]["total"] == total
    assert found["score"]["template"] == {"number": 1, "area": {"code": "440606104"}}
    assert found["evaluations"][0]["scores"] == judged(90, 80)


async def test_silence_gives_no_marks(sqlite_world: World, time: Time) -> None:
    matter = await (await Matter.issued(sqlite_world, "zr")).bring("RESOLVED", "zr")
    await time.tick_at("03-20 09:00")
    score = await score_of(matter, "zr")
    assert await matter.state("zr") == "EVALUATED"
    assert (score["total"], score["missing"]) == (None, ["TOWN", "VILLAGE"])
    assert used(score)["OBJECTIVE"] == (20, None, 100.0)
    await matter.done(TOWN, "evaluateForTown", "zr", scores=scores(80))
    score = await score_of(matter, "zr")
    assert (score["total"], score["missing"]) == (85.71, ["VILLAGE"])
    assert used(score) == {
        "TOWN": (50, 71.43, 80.0),
        "VILLAGE": (30, None, None),
        "OBJECTIVE": (20, 28.57, 100.0),
    }


async def test_the_template_of_the_day_of_the_result_stays(sqlite_world: World, time: Time) -> None:
    world = sqlite_world
    matter = await (await Matter.issued(world, "zf")).bring("RESOLVED", "zf")
    time.pass_to("03-05 09:00")
    new = {
        "area": "440606",
        "dimensions": [{"code": "RESULT", "weight": 100}],
        "parties": [{"party": "TOWN", "weight": 100}],
    }
    assert await why_not(DISTRICT, "createEvaluationTemplate", new | {"validFrom": "2026-03-05"}) == []
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(90))
    assert (await score_of(matter, "zf"))["template"]["area"] is None
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(90))
    new = await (await Matter.issued(world, "zf")).bring("RESOLVED", "zf")
    assert await new.why_not(SECRETARY, "evaluateTask", "zf", scores=scores(90)) == (
        "InvalidInput SCORE_UNKNOWN scores/0/dimension; InvalidInput SCORE_UNKNOWN scores/1/dimension; "
        "InvalidInput SCORE_UNKNOWN scores/3/dimension"
    )


async def test_whoever_names_the_member_at_once_loses_no_points_by_it(
    sqlite_world: World, time: Time
) -> None:
    """Both accepted late and named somebody in time."""
    quick, slow = [await Matter.issued(sqlite_world, "zr") for _ in range(2)]
    time.pass_to("03-04 09:00")
    await quick.done("zr.liaison", "acceptTask", "zr", responsible="zr.member")
    await slow.done("zr.liaison", "acceptTask", "zr")
    await slow.done("zr.liaison", "assignTask", "zr", member="zr.member")
    parts = [
        used(await score_of(await matter.bring("EVALUATED", "zr"), "zr"))["OBJECTIVE"][2]
        for matter in (quick, slow)
    ]
    assert parts == [85.0, 85.0]


async def test_the_clocks_of_a_task_are_looked_up_by_its_summons(world: World) -> None:
    """There is no index by task, and the clocks of a province are many."""
    matter = await (await Matter.issued(world, "zr")).bring("RESOLVED", "zr")
    with statements() as told:
        await matter.done(SECRETARY, "evaluateTask", "zr", scores=scores(90))
    reading = [one for one in told if re.search(r'^SELECT.* FROM "?sla_clock"?', one)]
    assert reading and all("summons_id" in one.partition("WHERE")[2] for one in reading), reading


ONE = "query($id: ID!) { node(id: $id) { ... on Evaluation { total voidedAt availableActions { action } } } }"


async def test_a_result_that_is_returned_takes_its_scores_with_it(world: World) -> None:
    """Each party judges the result that there is, and whoever has not done so is not heard."""
    matter = await (await Matter.issued(world, "zf")).bring("RESOLVED", "zf")
    first = await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(20), comment="未完成。")
    used_link, open_link = await link(matter), await link(matter)
    await rate_by_link(Rating(used_link, 10))
    await matter.done(SECRETARY, "returnForRework", "zf", reason="未完成。")
    told = await Event.get(type="task.returned")
    assert told.payload == {"voided": ["440606106"]}
    found = await seen(matter, "zf")
    assert (found["score"], found["evaluations"]) == (None, [])
    voided = (await ask(TOWN, ONE, id=first["evaluation"]["id"]))["node"]
    assert (voided["voidedAt"] is None, voided["total"], voided["availableActions"]) == (False, 20, [])
    assert (await prove_scores()).broken == []
    await matter.bring("RESOLVED", "zf")
    with pytest.raises(InvalidInput):
        await rate_by_link(Rating(open_link, 10))
    assert (await matter.available(TOWN, "zf"))["submitTown"] is None
    again = await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(80))
    assert again["evaluation"]["id"] == first["evaluation"]["id"]
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(90))
    score = await score_of(matter, "zf")
    assert score["missing"] == ["RESIDENT"]
    assert (used(score)["TOWN"][2], used(score)["VILLAGE"][2]) == (80, 90)
    assert await matter.state() == "CLOSED", "the low score of the first result plans no follow-up"
    versions = await Event.filter(aggregate="Evaluation").order_by("pos").values_list("version", flat=True)
    assert list(versions) == [1, 2]
    assert (await prove_scores()).broken == []


async def test_of_areas_that_score_together_each_scores_the_new_result(
    sqlite_world: World, time: Time
) -> None:
    matter = await joint(sqlite_world, 1)
    await matter.done("wanan.secretary", "evaluateTask", "agri", scores=judged(90, 80))
    await matter.done("wanan.secretary", "returnForRework", "agri", reason="未完成。")
    await matter.bring("RESOLVED", "agri")
    inbox = "{ viewer { tasks { totalCount } } }"
    for login in ("wanan.secretary", "mailang.secretary"):
        assert (await ask(login, inbox))["viewer"]["tasks"]["totalCount"] == 1, login
    await matter.done("mailang.secretary", "evaluateTask", "agri", scores=judged(80, 80))
    assert await matter.state("agri") == "RESOLVED"
    time.wait(timedelta(days=30))
    await tick()
    score = await score_of(matter, "agri")
    assert (await matter.state("agri"), score["total"]) == ("EVALUATED", 80), "nobody hears the first score"
    assert (await prove_scores()).broken == []


async def test_each_round_is_scored_for_itself(sqlite_world: World, time: Time) -> None:
    matter = await (await Matter.issued(sqlite_world, "zr")).bring("EVALUATED", "zr")
    await matter.done(SECRETARY, "reopenSummons", tasks=[await matter.task_id("zr")], reason="又坏了。")
    assert await score_of(matter, "zr") is None
    time.pass_to("03-30 09:00")
    await matter.bring("RESOLVED", "zr")
    await matter.done(SECRETARY, "evaluateTask", "zr", scores=scores(60))
    score = await score_of(matter, "zr")
    assert (score["round"], used(score)["VILLAGE"][2]) == (2, 60.0)
    assert used(score)["OBJECTIVE"][2] < 50, "the clock of the second round alone, which ran over"
    assert {row.round: row.parts["VILLAGE"] for row in await TaskScore.all()} == {1: 9_000, 2: 6_000}


@pytest.mark.parametrize(
    ("login", "mutation", "unit", "given", "problem"),
    [
        (TOWN, "evaluateForTown", "zr", {}, "WrongState ALREADY_EVALUATED"),
        (DISTRICT, "evaluateForDistrict", "zr", {}, "WrongState PARTY_NOT_WEIGHED"),
        (SECRETARY, "evaluateForTown", "zr", {}, "NotAllowed NO_RULE"),
        ("zf.head", "evaluateForTown", "zr", {}, "NotFound NOT_FOUND task"),
        ("longjiang.coordinator", "evaluateForTown", "zr", {}, "NotFound NOT_FOUND task"),
        (TOWN, "evaluateForTown", "zf", {"scores": scores(90)[1:]}, "InvalidInput SCORE_MISSING scores"),
        (TOWN, "evaluateForTown", "zf", {"scores": scores(50)}, "InvalidInput COMMENT_MISSING comment"),
        (TOWN, "evaluateForTown", "zf", {"version": 1}, "Conflict VERSION_CHANGED"),
        (TOWN, "evaluateForTown", "cj", {}, "WrongState WRONG_STATE"),
    ],
)
async def test_what_the_other_parties_are_refused_leaves_nothing_behind(
    sqlite_world: World, login: str, mutation: str, unit: str, given: dict[str, Any], problem: str
) -> None:
    matter = await Matter.issued(sqlite_world, "zr", "zf", "cj")
    await matter.bring("RESOLVED", "zr", "zf")
    await matter.done(TOWN, "evaluateForTown", "zr", scores=scores(80))
    before = await everything()
    assert await matter.why_not(login, mutation, unit, **{"scores": scores(90)} | given) == problem
    assert await everything() == before
    if problem.startswith(("WrongState A", "WrongState P", "NotAllowed")):
        action = {"evaluateForTown": "submitTown", "evaluateForDistrict": "submitDistrict"}[mutation]
        assert (await matter.available(login, unit))[action] == problem.split()[1]


async def test_nobody_of_the_town_scores_their_own_office(sqlite_world: World) -> None:
    matter = await (await Matter.issued(sqlite_world, "zf")).bring("RESOLVED", "zf")
    await sqlite_world.hold("zf.head", "town_coordinator", area="440606106")
    assert (
        await matter.why_not("zf.head", "evaluateForTown", "zf", scores=scores(90)) == "NotAllowed OWN_UNIT"
    )
    assert (await matter.available("zf.head", "zf"))["submitTown"] == "OWN_UNIT"
    assert (await matter.available(TOWN, "zf"))["submitTown"] is None


async def test_a_town_that_issued_the_summons_scores_as_the_town(sqlite_world: World) -> None:
    given = {
        "issuer": "440606106",
        "units": ["zr"],
        "title": "集镇排水",
        "text": "内涝。",
        "category": "ECONOMY",
    }
    drafted = await do(TOWN, "draftSummons", sqlite_world.ids(given))
    matter = Matter(sqlite_world, drafted["summons"]["id"], "junan")
    resolution = {"meetingAt": "2026-02-26T15:00:00+08:00", "present": 5, "minutes": "同意。"}
    await matter.done(TOWN, "submitSummonsForReview", resolution=resolution)
    await matter.done("junan.leader", "issueSummons")
    await matter.done("zr.liaison", "acceptTask", "zr", responsible="zr.member")
    await matter.done("junan.leader", "confirmArrival", "zr")
    await matter.done("zr.liaison", "submitResult", "zr", outcome="RESOLVED", text="完成。")
    assert (await matter.available("junan.leader", "zr"))["submitTown"] == "ALREADY_EVALUATED"
    await matter.done("junan.leader", "evaluateTask", "zr", scores=scores(80))
    score = await score_of(matter, "zr")
    assert score["missing"] == ["VILLAGE"]
    assert used(score)["TOWN"] == (50, 71.43, 80.0)
    assert await matter.why_not("junan.leader", "evaluateForTown", "zr", scores=scores(90)) == (
        "WrongState ALREADY_EVALUATED"
    )


async def test_who_may_not_read_evaluations_sees_no_score(sqlite_world: World) -> None:
    matter = await (await Matter.issued(sqlite_world, "zr")).bring("EVALUATED", "zr")
    assert (await seen(matter, "zr", "zr.liaison"))["score"]["total"] == 94.0
    assert (await seen(matter, "zr", "zr.member"))["score"] is None
