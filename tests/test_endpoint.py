"""The short cut for known documents cannot be told from the long way, but for its speed."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from asking import Town, open_town, statements

from baodao.answers import MEMORY
from baodao.auth import Verified, auth, make_token
from baodao.graphql import Graph
from baodao.settings import settings
from models import Grant, Member, clock

ASK = "query Units($first: Int) { units(first: $first) { edges { node { name } } } }"
ACCEPT = "mutation($input: AcceptTaskInput!) { acceptTask(input: $input) { problems { __typename code message } } }"
TWO = "query A { viewer { member { login } } } query B { areas { edges { node { name } } } }"
LISTEN = "subscription { taskUpdates { cursor } }"
BROKEN = "query($id: ID!) { task(id: $id) { state } }"
JSON = "application/json"

Request = dict[str, object]


def asked(query: object, **more: object) -> Request:
    return {"json": {"query": query, **more}}


def raw(content: str | bytes, kind: str | None = JSON) -> Request:
    return {"content": content, "headers": {"content-type": kind} if kind else {}}


def get(**parameters: str) -> Request:
    return {"method": "GET", "params": parameters}


REQUESTS: dict[str, Request] = {
    "a query": asked("{ viewer { member { login } grants { role } } }"),
    "with variables": asked(ASK, variables={"first": 2}),
    "its own name": asked(ASK, variables={"first": 2}, operationName="Units"),
    "no variables": asked(ASK, variables=None, operationName=None),
    "another name": asked(ASK, operationName="Others"),
    "an empty name": asked(ASK, operationName=""),
    "a name that is no text": asked(ASK, operationName=7),
    "a name for one without": asked("{ areas { totalCount } }", operationName="Areas"),
    "two operations": asked(TWO, operationName="B"),
    "two operations and no name": asked(TWO),
    "a mutation": asked(ACCEPT, variables={"input": {"task": "rubbish"}}),
    "a missing variable": asked(ACCEPT),
    "a variable of the wrong type": asked(ASK, variables={"first": "two"}),
    "a variable nobody asked for": asked(ASK, variables={"last": 2}),
    "a refusal": asked(BROKEN, variables={"id": "rubbish"}),
    "a refusal in Chinese": asked(BROKEN, variables={"id": "rubbish"}) | {"headers": {"accept-language": "zh"}},
    "another refusal": asked(ASK, variables={"first": 0}),
    "variables not an object": asked(ASK, variables=[1]),
    "extensions": asked(ASK, extensions={"a": 1}),
    "extensions not an object": asked(ASK, extensions=[1]),
    "more than is known": asked(ASK, documentId="x"),
    "a subscription": asked(LISTEN),
    "a syntax error": asked("{ viewer"),
    "a field that is not there": asked("{ nonsense }"),
    "no query": {"json": {}},
    "query null": asked(None),
    "query empty": asked(""),
    "query not a text": asked(["{ viewer }"]),
    "introspection": asked("{ __schema { queryType { name } } }"),
    "a batch": {"json": [{"query": ASK}, {"query": ASK}]},
    "not JSON": raw("{"),
    "no body": raw(b""),
    "not UTF-8": raw(b'{"query": "\xff"}'),
    "JSON in another type": raw(f'{{"query": "{ASK}"}}', "text/plain"),
    "without a type": raw(f'{{"query": "{ASK}"}}', None),
    "a form": raw("query=1", "application/x-www-form-urlencoded"),
    "a type with a parameter": raw(f'{{"query": "{ASK}"}}', "Application/JSON; charset=utf-8"),
    "a type with another parameter": raw(f'{{"query": "{ASK}"}}', "application/json;charset=utf-8"),
    "a response type": raw(f'{{"query": "{ASK}"}}', "application/graphql-response+json"),
    "GET": {"method": "GET", "params": {"query": ASK}},
    "GET with variables": get(query=ASK, variables='{"first": 2}', operationName="Units"),
    "GET with variables null": get(query=ASK, variables="null"),
    "GET with variables empty": get(query=ASK, variables=""),
    "GET with variables no object": get(query=ASK, variables="[1]"),
    "GET with variables no JSON": get(query=ASK, variables="{"),
    "GET with an empty name": get(query=ASK, operationName=""),
    "GET with another name": get(query=ASK, operationName="Others"),
    "GET with extensions": get(query=ASK, extensions='{"a": 1}'),
    "GET with extensions empty": get(query=ASK, extensions=""),
    "GET of a refusal": get(query=ASK, variables='{"first": 0}'),
    "GET of a subscription": get(query=LISTEN),
    "GET as events": get(query=ASK) | {"headers": {"accept": "text/event-stream"}},
    "GET in parts": get(query=ASK) | {"headers": {"accept": "multipart/mixed"}},
    "GET as a response": get(query=ASK) | {"headers": {"accept": "application/graphql-response+json"}},
    "HEAD": {"method": "HEAD", "params": {"query": ASK}},
    "GET of a mutation": {"method": "GET", "params": {"query": ACCEPT}},
    "GET without anything": {"method": "GET"},
    "PUT": {"method": "PUT", **asked(ASK)},
    "OPTIONS": {"method": "OPTIONS"},
    "nobody": asked(ASK) | {"headers": {"authorization": ""}},
    "a forger": asked(ASK) | {"headers": {"authorization": "Bearer forged"}},
}  # fmt: skip
TOLD = ("content-type", "content-length", "www-authenticate", "allow")


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of this test alone, for the whole process."""
    monkeypatch.setenv("BAODAO_DATA", str(tmp_path))
    for remembered in (settings, auth):
        remembered.cache_clear()
    yield
    for remembered in (settings, auth):
        remembered.cache_clear()


@pytest.fixture
async def town(own_settings: None, db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


def client(graph: Graph, login: str = "zr.liaison") -> httpx.AsyncClient:
    token = make_token(settings(), login, timedelta(hours=1))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(graph, raise_app_exceptions=False),
        base_url="http://baodao",
        headers={"authorization": f"Bearer {token}"},
    )


async def answer(client: httpx.AsyncClient, request: Request) -> tuple[object, ...]:
    """Status, headers that say something, and the body."""
    response = await client.request(**({"method": "POST", "url": "/"} | request))
    return response.status_code, [response.headers.get(name) for name in TOLD], response.content


@pytest.mark.parametrize("room", [0, 1 << 20])
async def test_every_request_is_answered_alike_by_both_ways(
    town: Town, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not answers are kept."""
    monkeypatch.setattr(MEMORY, "most_bytes", room)
    async with client(Graph(None)) as short, client(Graph(None, most_known=0)) as long:
        for what, request in REQUESTS.items():
            expected = await answer(long, request)
            for time in ("first", "second", "third"):
                assert await answer(short, request) == expected, (what, time)
        statuses = {(await answer(long, request))[0] for request in REQUESTS.values()}
    assert {200, 400, 401, 404, 405} <= statuses


async def test_what_was_answered_once_takes_the_short_cut(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph, long = Graph(None), []
    monkeypatch.setattr(graph, "execute_single", noting(graph.execute_single, long))
    async with client(graph) as asking:
        for _ in range(3):
            await answer(asking, REQUESTS["with variables"])
            await answer(asking, REQUESTS["a field that is not there"])
    assert long == [ASK, *["{ nonsense }"] * 3]


def noting(work: Callable, texts: list[object]) -> Callable:
    async def noted(**given):
        texts.append(given["request_data"].query)
        return await work(**given)

    return noted


async def test_only_the_documents_met_last_are_remembered(town: Town) -> None:
    graph = Graph(None, most_known=2)
    async with client(graph) as asking:
        for name in ("a", "b", "c"):
            await answer(asking, asked(f"{{ {name}: viewer {{ member {{ login }} }} }}"))
    known = [graph.documents.find(f"{{ {name}: viewer {{ member {{ login }} }} }}") for name in "abc"]
    assert [one is not None for one in known] == [False, True, True]


async def test_to_sign_in_and_find_out_what_one_may_costs_one_statement(town: Town) -> None:
    """Whether anything about rights has changed; and the first time, what they are."""
    async with client(Graph(None)) as asking:
        for number in (2, 1, 1):
            with statements() as sent:
                await answer(asking, asked("{ __typename }"))
            assert len(sent) == number, sent


async def test_a_remembered_token_lets_nobody_in_who_was_shut_out_or_came_too_late(town: Town) -> None:
    async with client(Graph(None)) as asking:
        assert (await answer(asking, asked(ASK)))[0] == 200
        with clock.at(clock.now() + timedelta(minutes=59)):
            assert (await answer(asking, asked(ASK)))[0] == 200
        with clock.at(clock.now() + timedelta(minutes=61)):
            assert (await answer(asking, asked(ASK)))[0] == 401
        await Member.filter(login="zr.liaison").update(disabled_at=clock.now())
        assert (await answer(asking, asked(ASK)))[0] == 401


async def test_a_right_that_was_taken_away_is_gone_with_the_next_request(town: Town) -> None:
    mine = asked("{ viewer { grants { role revokedAt } } tasks { totalCount } }")
    await town.issue("zr")
    async with client(Graph(None)) as asking:
        assert b'"totalCount":1' in (await answer(asking, mine))[2]
        await Grant.filter(member__login="zr.liaison").update(revoked_at=clock.now())
        assert b'"totalCount":0' in (await answer(asking, mine))[2]


async def test_no_more_tokens_are_remembered_than_there_is_room_for(
    own_settings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baodao.auth.MOST_VERIFIED", 2)
    tokens = [make_token(settings(), login, timedelta(hours=1)) for login in ("a", "b", "c")]
    for token in tokens:
        await auth().read(token)
    verified: Verified = auth().verified
    remembered = [await verified.find(token, auth().keys) for token in tokens]
    assert [proof and proof.login for proof in remembered] == [None, "b", "c"]
