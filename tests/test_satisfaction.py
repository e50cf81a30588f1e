"""Satisfaction: whose scores count, as of when, and who may read what they come to."""

from api import Answer, ask, do
from matter import EYE, Matter, scores
from tortoise import Tortoise
from unsealed import unsealed
from verdict import Verdict
from world import Time, World

pytest_plugins = ["monday"]

TOWN, ORG, SECRETARY, HEAD = "junan.coordinator", "shunde.org", "tianhu.secretary", "zf.head"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
SHARE = """query($from: Date!, $to: Date!) { metrics(from: $from, to: $to, ids: [SATISFACTION]) {
    numerator denominator } }"""
MEAN = """query($from: Date!, $to: Date!) { area(code: "440606") { statistics(from: $from, to: $to) {
    averageSatisfaction followUpsDone followUpsSkipped } } }"""
CHECK = "query($id: ID!) { checkMetricSnapshot(id: $id) { holds fault } }"


async def share(login: str = EYE, **period: str) -> tuple[int, int]:
    [told] = (await ask(login, SHARE, **MARCH | period))["metrics"]
    return told["numerator"], told["denominator"]


async def figures(login: str = EYE, **period: str) -> Answer:
    told: Answer = (await ask(login, MEAN, **MARCH | period))["area"]["statistics"]
    return told


async def checked(snapshot: Answer) -> tuple[bool, str | None]:
    told = (await ask(ORG, CHECK, id=snapshot["id"]))["checkMetricSnapshot"]
    return told["holds"], told["fault"]


async def test_what_an_appeal_changes_later_changes_no_earlier_figure(world: World, time: Time) -> None:
    time.pass_to("03-31 09:00")
    matter = await (await Verdict.issued(world, "zf")).bring("RESOLVED", "zf")
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(70))
    time.pass_to("04-01 09:00")
    await matter.done(HEAD, "appealEvaluation", "zf", reason="路段不属我办管理。")
    new = {"metric": "SATISFACTION", "area": "440606"} | MARCH
    snapshot = (await do(ORG, "takeMetricSnapshot", new))["snapshot"]
    before = await share(), (await figures())["averageSatisfaction"]
    assert before == ((1, 1), 70)
    time.pass_to("04-02 09:00")
    await matter.done(TOWN, "adjudicateEvaluation", "zf", ground="重新核定。", scores=scores(30))
    assert (await share(), (await figures())["averageSatisfaction"]) == before
    assert await checked(snapshot) == (True, None)
    later = {"to": "2026-04-30"}
    assert (await share(**later), (await figures(**later))["averageSatisfaction"]) == ((0, 1), 30)


async def test_what_a_former_revision_counted_is_not_called_changed(sqlite_world: World, time: Time) -> None:
    time.pass_to("04-01 09:00")
    new = {"metric": "SATISFACTION", "area": "440606"} | MARCH
    snapshot = (await do(ORG, "takeMetricSnapshot", new))["snapshot"]
    async with unsealed("snapshot"):
        await Tortoise.get_connection("default").execute_query(
            "UPDATE metric_snapshot SET definition = json_set(definition, '$.revision', 1)"
        )
    assert await checked(snapshot) == (False, "DEFINITION_REVISED")


async def test_the_share_is_of_the_areas_that_issued_the_summons(world: World) -> None:
    """Not of the town's and the district's parts, which say how the work looks from above."""
    matter = await (await Matter.issued(world, "zf")).bring("EVALUATED", "zf")
    await matter.done(TOWN, "evaluateForTown", "zf", scores=scores(20), comment="仍有积水。")
    assert await share() == (1, 1)
    assert (await figures())["averageSatisfaction"] == 55


SATISFIED = [{"dimension": "SATISFACTION", "score": 90}]
"""All that the template below asks for."""


async def test_whoever_signed_too_is_one_more_once_all_have_scored(sqlite_world: World) -> None:
    template = {
        "area": "440606104",
        "validFrom": "2026-03-02",
        "dimensions": [{"code": "SATISFACTION", "weight": 100}],
        "parties": [{"party": "VILLAGE", "weight": 100}],
    }
    assert (await do(ORG, "createEvaluationTemplate", template))["problems"] == []
    matter = await Matter.drafted(sqlite_world, "agri", by="wanan", coIssuers=["440606104217"])
    await matter.bring("PENDING_REVIEW")
    await matter.done("wanan.secretary", "requestCosign")
    await matter.done("mailang.secretary", "cosignSummons")
    await matter.bring("RESOLVED", "agri")
    await matter.done("wanan.secretary", "evaluateTask", "agri", scores=SATISFIED)
    assert await share() == (0, 0)
    await matter.done("mailang.secretary", "evaluateTask", "agri", scores=SATISFIED)
    assert await share() == (2, 2)


async def test_figures_count_only_what_the_reader_may_read(world: World, time: Time) -> None:
    """Whoever reads a summons does not for that reason read how a unit was scored, or what a follow-up found."""
    await world.decide("440606", followup_share=1.0)
    matter = await (await Matter.issued(world, "zr", "zf")).bring("RESOLVED", "zr", "zf")
    await matter.done(SECRETARY, "evaluateTask", "zr", scores=scores(80))
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(60))
    await matter.done("tianhu.delegate", "confirmFollowUp")
    skipped = await (await Matter.issued(world, "zr")).bring("EVALUATED", "zr")
    await time.tick_at("03-23 09:00")
    assert await skipped.state() == "CLOSED"
    for login, satisfaction, done, missed in (
        (EYE, 76.66666666666667, 1, 1),
        (SECRETARY, 76.66666666666667, 1, 1),
        ("zr.liaison", 85, 1, 1),
        ("zf.liaison", 60, 1, 0),
        ("jt.liaison", None, 0, 0),
        ("junan.system", None, 0, 0),
    ):
        told = await figures(login)
        found = told["averageSatisfaction"], told["followUpsDone"], told["followUpsSkipped"]
        assert found == (satisfaction, done, missed), login
