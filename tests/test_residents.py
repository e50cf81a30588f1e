"""Residents rate a result by a link: once, in time, without an account, and not too often."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api import Answer, ask, do, why_not
from matter import Matter, scores
from test_scores import score_of, used
from world import Time, World, everything

from actions.residents import MOST_LINKS, Rating, hashed, rate_by_link
from actions.tries import Limit, Tries, forget_old_tries
from baodao.asgi import application
from baodao.rates import OF_ADDRESS, OF_TOKEN, Rates, name_of
from models import Event, InvalidInput, RatingTry, ResidentLink, clock

pytest_plugins = ["monday"]

SECRETARY = "tianhu.secretary"
ASK = """mutation($input: AskResidentInput!) { askResident(input: $input) {
    task { version } secret event { type } problems { message } } }"""
RATINGS = "query($id: ID!) { task(id: $id) { score { ratings { score comment ratedAt } } } }"


async def resolved(world: World) -> Matter:
    return await (await Matter.issued(world, "zf")).bring("RESOLVED", "zf")


async def link(matter: Matter, **given: Any) -> str:
    payload = (await ask(SECRETARY, ASK, input={"task": await matter.task_id("zf")} | given))["askResident"]
    assert payload["problems"] == []
    assert payload["event"]["type"] == "task.resident_asked"
    return str(payload["secret"])


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody is signed in. The application is not started: the database is open."""
    transport = httpx.ASGITransport(application(), client=("203.0.113.7", 4_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://baodao") as client:
        yield client


async def rate(client: httpx.AsyncClient, **given: object) -> tuple[int, list[str]]:
    response = await client.post("/ratings", json=given)
    assert response.headers["cache-control"] == "no-store"
    told = response.json()
    assert told["rated"] is (response.status_code == 200)
    return response.status_code, [problem["reasonCode"] for problem in told["problems"]]


async def test_a_resident_rates_once_and_the_score_follows(world: World, client: httpx.AsyncClient) -> None:
    matter = await resolved(world)
    tokens = [await link(matter), await link(matter)]
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(90))
    assert (await score_of(matter, "zf"))["missing"] == ["RESIDENT", "TOWN"]
    assert await rate(client, token=tokens[0], score=60, comment="还可以。") == (200, [])
    score = await score_of(matter, "zf")
    assert (score["missing"], used(score)["RESIDENT"]) == (["TOWN"], (10, 11.11, 60.0))
    assert score["total"] == 88.89
    assert await rate(client, token=tokens[0], score=100) == (410, ["LINK_USED"])
    assert await rate(client, token=tokens[1], score=85) == (200, [])
    assert used(await score_of(matter, "zf"))["RESIDENT"][2] == 72.5
    told = await ask(SECRETARY, RATINGS, id=await matter.task_id("zf"))
    assert [(one["score"], one["comment"]) for one in told["task"]["score"]["ratings"]] == [
        (60, "还可以。"),
        (85, None),
    ]
    event = await Event.filter(type="task.resident_rated").order_by("pos").first()
    assert event is not None and event.actor_id is None and "还可以" not in str(vars(event))


async def test_only_a_hash_of_the_token_is_kept_and_it_is_shown_once(world: World) -> None:
    matter = await resolved(world)
    task = await matter.task_id("zf")
    first = (await ask(SECRETARY, ASK, input={"task": task, "idempotencyKey": "k"}))["askResident"]
    again = (await ask(SECRETARY, ASK, input={"task": task, "idempotencyKey": "k"}))["askResident"]
    assert len(first["secret"]) >= 43 and again["secret"] is None and again["problems"] == []
    assert await ResidentLink.all().count() == 1
    assert (await ResidentLink.get()).hash == hashed(first["secret"])
    assert first["secret"] not in str(await everything())


async def test_a_link_that_was_never_made_and_one_of_another_shape_look_the_same(
    world: World, client: httpx.AsyncClient
) -> None:
    token = await link(await resolved(world))
    before = await everything()
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "", "天湖", "x" * 5_000):
        assert await rate(client, token=wrong, score=60) == (404, ["NOT_FOUND"])
        assert await rate(client, token=wrong, score=101) == (404, ["NOT_FOUND"])
    assert await everything() == before


async def test_a_link_ends(world: World, client: httpx.AsyncClient, time: Time) -> None:
    matter = await resolved(world)
    short, reworked = await link(matter, days=1), await link(matter, days=30)
    time.wait(timedelta(days=1))
    assert await rate(client, token=short, score=60) == (410, ["LINK_EXPIRED"])
    await matter.done(SECRETARY, "returnForRework", "zf", reason="重做。")
    before = await everything()
    assert await rate(client, token=reworked, score=60) == (410, ["LINK_EXPIRED"])
    assert await everything() == before
    await matter.bring("RESOLVED", "zf")
    assert await rate(client, token=reworked, score=60) == (410, ["LINK_EXPIRED"]), "it was of another result"
    assert await rate(client, token=await link(matter), score=60) == (200, [])


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"[]", (400, ["BODY_MALFORMED"])),
        (b"{", (400, ["BODY_MALFORMED"])),
        (b'{"token": 1, "score": 60}', (400, ["BODY_MALFORMED"])),
        (b'{"token": "x", "score": true}', (400, ["BODY_MALFORMED"])),
        (b'{"token": "x", "score": 6.5}', (400, ["BODY_MALFORMED"])),
        (b'{"token": "x", "score": 60, "round": 1}', (400, ["BODY_MALFORMED"])),
        (b'{"token": "x", "score": 60, "comment": 1}', (400, ["BODY_MALFORMED"])),
        (b" " * 20_000, (413, ["BODY_TOO_LARGE"])),
    ],
)
async def test_what_is_no_rating_is_refused(
    world: World, client: httpx.AsyncClient, body: bytes, answer: tuple[int, list[str]]
) -> None:
    response = await client.post("/ratings", content=body)
    assert (response.status_code, [one["reasonCode"] for one in response.json()["problems"]]) == answer
    assert (await client.get("/ratings")).status_code == 405


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"score": 101}, "SCORE_RANGE"),
        ({"score": -1}, "SCORE_RANGE"),
        ({"score": 60, "comment": "长" * 2_001}, "TOO_LONG"),
        ({"score": 60, "comment": "a\x00"}, "NUL_CHARACTER"),
    ],
)
async def test_a_wrong_rating_leaves_the_link_as_it_is(
    world: World, client: httpx.AsyncClient, given: Answer, problem: str
) -> None:
    token = await link(await resolved(world))
    before = await everything()
    assert await rate(client, token=token, **given) == (422, [problem])
    assert await everything() == before
    assert await rate(client, token=token, score=60) == (200, [])


async def test_words_come_in_the_language_that_is_asked_for(world: World, client: httpx.AsyncClient) -> None:
    answer = await client.post("/ratings", json={"token": "x", "score": 1}, headers={"accept-language": "zh"})
    assert answer.json()["problems"][0]["message"] == "对象不存在,或您无权知晓。"


async def test_who_tries_too_often_has_to_wait(world: World, client: httpx.AsyncClient) -> None:
    tries = [await rate(client, token=f"x{index}", score=60) for index in range(11)]
    assert tries == [(404, ["NOT_FOUND"])] * 10 + [(429, ["TOO_OFTEN"])]
    response = await client.post("/ratings", json={"token": "x", "score": 60})
    assert 1 <= int(response.headers["retry-after"]) <= 60


async def test_who_goes_from_one_service_to_the_next_has_no_more_tries(
    world: World, client: httpx.AsyncClient
) -> None:
    other = httpx.ASGITransport(application(), client=("203.0.113.7", 4_000))
    async with httpx.AsyncClient(transport=other, base_url="http://baodao") as second:
        both = [client, second] * 6
        tries = [await rate(one, token=f"x{index}", score=60) for index, one in enumerate(both)]
    assert tries == [(404, ["NOT_FOUND"])] * 10 + [(429, ["TOO_OFTEN"])] * 2
    stranger = httpx.ASGITransport(application(), client=("203.0.113.8", 4_000))
    async with httpx.AsyncClient(transport=stranger, base_url="http://baodao") as third:
        assert (await rate(third, token="x", score=60))[0] == 404


async def test_a_token_has_its_tries_wherever_they_come_from(world: World) -> None:
    answers = []
    for last in range(7):
        service = httpx.ASGITransport(application(), client=(f"198.51.100.{last}", 4_000))
        async with httpx.AsyncClient(transport=service, base_url="http://baodao") as client:
            answers.append((await rate(client, token="the same", score=60))[0])
    assert answers == [404] * 5 + [429] * 2


async def test_of_many_at_once_no_try_is_forgotten(world: World) -> None:
    tries, limit = Tries(lambda: "secret"), [Limit(10, 3_600)]
    waits = await asyncio.gather(*(tries.wait(limit, "203.0.113.7") for _ in range(25)))
    assert sorted(bool(wait) for wait in waits) == [False] * 10 + [True] * 15
    assert await RatingTry.all().values_list("tries", flat=True) == [25]


async def test_what_is_kept_tells_nobody_who_tried_and_is_kept_for_its_window(
    world: World, time: Time
) -> None:
    limits = [Limit(10, 60), Limit(60, 3_600)]
    await Tries(lambda: "secret").wait(limits, "203.0.113.7")
    kept = await RatingTry.all().values()
    assert "203.0.113.7" not in str(kept) and len(kept) == 2
    await Tries(lambda: "another secret").wait(limits, "203.0.113.7")
    assert await RatingTry.all().count() == 4
    time.wait(timedelta(seconds=60))
    assert await forget_old_tries() == 2
    assert await Tries(lambda: "secret").wait(limits, "203.0.113.7") == 0
    time.wait(timedelta(hours=1))
    assert await forget_old_tries() == 3
    assert await RatingTry.all().count() == 0


async def test_after_the_window_there_are_tries_again(world: World, time: Time) -> None:
    tries, limit = Tries(lambda: "secret"), [Limit(1, 60)]
    assert [await tries.wait(limit, "a") for _ in range(2)] == [0, 60]
    assert await tries.wait(limit, "b") == 0
    time.wait(timedelta(seconds=60))
    assert await tries.wait(limit, "a") == 0


async def test_a_token_is_tried_a_few_times_whoever_tries() -> None:
    rates = Rates()
    waits = [await rates.wait(OF_TOKEN, "a token") for _ in range(6)]
    assert waits[:5] == [0] * 5 and 0 < waits[5] <= 60
    assert await rates.wait(OF_TOKEN, "another") == 0
    assert await rates.wait(OF_ADDRESS, name_of("203.0.113.7")) == 0


def test_neighbours_in_a_small_network_count_as_one() -> None:
    assert name_of("2001:db8:1:2::1") == name_of("2001:db8:1:2:ffff::9") != name_of("2001:db8:1:3::1")
    assert name_of("203.0.113.7") != name_of("203.0.113.8")
    assert name_of(None) == name_of("a socket") == "unknown"


@pytest.mark.parametrize(
    ("login", "unit", "given", "problem"),
    [
        ("tianhu.cadre", "zf", {}, "NotAllowed NO_RULE"),
        ("zf.head", "zf", {}, "NotAllowed OWN_UNIT"),
        ("wanan.secretary", "zf", {}, "NotFound NOT_FOUND task"),
        (SECRETARY, "zf", {"days": 0}, "InvalidInput LINK_DAYS days"),
        (SECRETARY, "zf", {"days": 31}, "InvalidInput LINK_DAYS days"),
        (SECRETARY, "zr", {}, "WrongState PARTY_NOT_WEIGHED"),
        (SECRETARY, "cj", {}, "WrongState WRONG_STATE"),
    ],
)
async def test_who_may_not_ask_residents_makes_no_link(
    sqlite_world: World, login: str, unit: str, given: Answer, problem: str
) -> None:
    matter = await Matter.issued(sqlite_world, "zr", "zf", "cj")
    await matter.bring("RESOLVED", "zr", "zf")
    before = await everything()
    asked = {"task": await matter.task_id(unit)} | given
    assert await why_not(login, "askResident", asked) == [problem]
    assert await everything() == before


async def test_so_many_links_are_enough(sqlite_world: World) -> None:
    matter = await resolved(sqlite_world)
    task = {"task": await matter.task_id("zf")}
    for _ in range(MOST_LINKS):
        assert (await do(SECRETARY, "askResident", task))["problems"] == []
    assert await why_not(SECRETARY, "askResident", task) == ["WrongState LINKS_LIMIT"]


async def test_unhappy_residents_lead_to_a_follow_up(sqlite_world: World) -> None:
    matter = await resolved(sqlite_world)
    await rate_by_link(Rating(await link(matter), 20, "没修好。"))
    await matter.done(SECRETARY, "evaluateTask", "zf", scores=scores(90))
    assert await matter.state() == "AWAITING_FOLLOWUP"


async def test_of_two_at_once_one_is_told_that_the_link_was_used(world: World) -> None:
    token = await link(await resolved(world))
    answers = await asyncio.gather(
        *(rate_by_link(Rating(token, score)) for score in (60, 70)), return_exceptions=True
    )
    refusals = [one for one in answers if one is not None]
    assert [str(one) for one in refusals] == [str(InvalidInput("LINK_USED", "token"))]
    assert await Event.filter(type="task.resident_rated").count() == 1
    assert (await ResidentLink.get()).rated_at == clock.now()
