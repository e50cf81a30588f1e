"""Who reported a request is told to nobody: by its history, by what follows from it, by the summons it led to."""

import pytest
from api import ask, why_not
from matter import EYE
from plea import (
    CADRE,
    GRID,
    NEIGHBOUR,
    NEW,
    RESIDENT,
    SECRETARY,
    TIANHU,
    VOLUNTEER,
    WORKER,
    Plea,
    neighbours,
)
from world import Time, World, everything

from models import Event, Grant, Member, clock

pytest_plugins = ["monday"]

THIRD = "tianhu.third"
TOLD = "history(first: 100) { edges { node { type actor { login } } } }"
ACTORS = f"query($id: ID!) {{ request(id: $id) {{ {TOLD} summons {{ {TOLD} }} }} }}"
EVENTS = "{ events(first: 100) { edges { node { type actor { login } } } } }"
STATE = "query($id: ID!) { request(id: $id) { state result } }"
LISTED = "{ requests { edges { node { id } } } }"
BAD = {"feedback": "DISSATISFIED", "comment": "又坏了。"}


async def actors(login: str, plea: Plea) -> list[tuple[str, str | None]]:
    """Of the request's events, then of its summons's, as they are shown."""
    seen = (await ask(login, ACTORS, id=plea.id))["request"]
    edges = [*seen["history"]["edges"], *((seen["summons"] or {}).get("history", {"edges": []})["edges"])]
    return [(edge["node"]["type"], (edge["node"]["actor"] or {}).get("login")) for edge in edges]


async def three_residents(world: World) -> list[str]:
    await neighbours(world)
    await world.enter(THIRD, TIANHU)
    await world.hold(THIRD, "resident", area=TIANHU)
    return [RESIDENT, NEIGHBOUR, THIRD]


@pytest.mark.parametrize(
    ("given", "follows"), [({"feedback": "SATISFIED"}, "request.closed"), (BAD, "request.reopened")]
)
async def test_what_follows_from_a_reporters_word_names_nobody(
    world: World, given: dict[str, str], follows: str
) -> None:
    plea = await Plea.settled(world)
    await plea.done(RESIDENT, "giveFeedback", **given)
    for login in (SECRETARY, "junan.observer", EYE):
        told = await actors(login, plea)
        assert told[-2:] == [("request.feedback_given", None), (follows, None)]
        assert RESIDENT not in dict(told).values() and ("request.answered", CADRE) in told
    assert dict(await actors(RESIDENT, plea))["request.feedback_given"] == RESIDENT


async def test_residents_who_have_a_summons_taken_up_again_are_named_nowhere(world: World) -> None:
    logins = await three_residents(world)
    pleas = [await Plea.triaged(world, "PUBLIC", login) for login in logins]
    await pleas[0].summoned(*pleas[1:])
    for plea, login in zip(pleas, logins, strict=True):
        await plea.done(login, "giveFeedback", **BAD)
    for plea in pleas:
        told = await actors(SECRETARY, plea)
        assert ("summons.reopened", None) in told
        assert not {login for _, login in told} & set(logins)
    listed = [edge["node"] for edge in (await ask(EYE, EVENTS))["events"]["edges"]]
    assert not {(one["actor"] or {}).get("login") for one in listed} & set(logins)
    members = await Member.filter(login__in=logins).values_list("id", flat=True)
    of_residents = Event.filter(actor_id__in=list(members)).values_list("type", flat=True)
    assert set(await of_residents) == {"request.created", "request.feedback_given"}


async def test_what_a_cadre_hears_from_a_reporter_is_done_by_the_cadre(world: World) -> None:
    plea = await Plea.settled(world, CADRE, channel="WALK_IN", reporter={"name": "陈阿姨"})
    await plea.done(CADRE, "informReporter", reporterNumber=1, feedback="SATISFIED")
    assert dict(await actors(SECRETARY, plea))["request.closed"] == CADRE


async def test_who_reports_without_a_name_is_hidden_like_who_reports_with_one(world: World) -> None:
    await neighbours(world)
    for by in (RESIDENT, VOLUNTEER, CADRE):
        plea = await Plea.made(world, by, anonymous=True)
        for login in (SECRETARY, EYE):
            assert await actors(login, plea) == [("request.created", None)]


@pytest.mark.parametrize("by", [VOLUNTEER, WORKER, CADRE])
async def test_whoever_reports_hears_of_it_and_judges_it_whatever_role_they_have(
    world: World, by: str
) -> None:
    await neighbours(world)
    plea = await Plea.made(world, by, area=GRID if by == WORKER else TIANHU)
    await plea.done(SECRETARY, "answerRequest", text="已修好。")
    assert (await ask(by, STATE, id=plea.id))["request"] == {"state": "DONE", "result": "已修好。"}
    assert plea.id in str(await ask(by, LISTED))
    await plea.done(by, "giveFeedback", **BAD)
    assert await plea.state() == "REOPENED"
    await plea.done(by, "withdrawRequest")
    await plea.done(by, "reopenRequest", reason="又坏了。")


async def test_who_is_no_resident_any_more_still_hears_of_what_they_reported(world: World) -> None:
    plea = await Plea.settled(world)
    await Grant.filter(member__login=RESIDENT).update(revoked_at=clock.now())
    assert (await ask(RESIDENT, STATE, id=plea.id))["request"]["state"] == "DONE"
    await plea.done(RESIDENT, "giveFeedback", feedback="SATISFIED")
    assert await why_not(RESIDENT, "createRequest", NEW) == ["NotAllowed NO_RULE"]


async def test_nobody_judges_what_others_reported(world: World) -> None:
    await neighbours(world)
    plea = await Plea.settled(world)
    for login, problem in ((NEIGHBOUR, "NotFound NOT_FOUND request"), (CADRE, "NotAllowed WRONG_PLACE")):
        assert await plea.why_not(login, "giveFeedback", **BAD) == problem


async def test_what_a_reporter_without_an_account_thinks_counts_as_long_as_what_others_think(
    world: World, time: Time
) -> None:
    plea = await Plea.settled(world, CADRE, channel="WALK_IN", reporter={"name": "陈阿姨"})
    await time.tick_at("03-09 09:00")
    assert await plea.state() == "CLOSED"
    time.pass_to("04-08 09:00")
    given, before = {"reporterNumber": 1} | BAD, await everything()
    late = "InvalidInput REOPEN_WINDOW_OVER feedback"
    assert (await plea.why_not(CADRE, "informReporter", **given), await everything()) == (late, before)
    await plea.done(CADRE, "informReporter", reporterNumber=1, note="又来问过。")
    assert await plea.state() == "CLOSED"


async def test_within_a_month_the_village_hears_that_they_are_dissatisfied(world: World, time: Time) -> None:
    plea = await Plea.settled(world, CADRE, channel="WALK_IN", reporter={"name": "陈阿姨"})
    await time.tick_at("03-09 09:00")
    time.pass_to("04-08 08:59")
    await plea.done(CADRE, "informReporter", reporterNumber=1, **BAD)
    assert await plea.state() == "REOPENED"


async def test_what_was_not_taken_up_has_no_outcome_to_judge(world: World) -> None:
    plea = await Plea.made(world, CADRE, channel="WALK_IN", reporter={"name": "陈阿姨"})
    await plea.done(CADRE, "rejectRequest", reason="不属于本村。")
    before = await everything()
    told = await plea.why_not(CADRE, "informReporter", reporterNumber=1, feedback="SATISFIED")
    assert (told, await everything()) == ("InvalidInput NOTHING_TO_JUDGE feedback", before)
    await plea.done(CADRE, "informReporter", reporterNumber=1)
