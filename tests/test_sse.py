"""Server-sent events: the same streams as over WebSockets, framed as graphql-sse says, taken up by Last-Event-ID."""

import json
import socket
from asyncio import sleep, timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from asking import Town, open_town
from starlette.requests import Request
from test_endpoint import own_settings  # noqa: F401
from test_fanout import AT_MOST, ISSUED, UPDATES, Serving, serve, until
from websockets.exceptions import ConnectionClosed

from baodao import fanout, sse
from baodao.auth import make_token
from baodao.fanout import Listener, Message
from baodao.settings import settings
from baodao.sockets import SOCKETS
from baodao.sse import prefers_events
from models import Member, clock
from resolvers import stream
from resolvers.cursors import LogCursors

EVENTS = {"accept": "text/event-stream"}
TYPES = "subscription { taskUpdates { event { type } } }"
DRAFT = "mutation($input: DraftSummonsInput!) { draftSummons(input: $input) { event { type } problems { code } } }"


@pytest.fixture
async def town(own_settings: None, db: str) -> AsyncIterator[Town]:  # noqa: F811
    async with open_town() as town:
        yield town


@pytest.fixture
async def small_town(own_settings: None, sqlite_db: str) -> AsyncIterator[Town]:  # noqa: F811
    async with open_town() as town:
        yield town


@dataclass(frozen=True)
class Told:
    """One event of a stream; a comment has no kind."""

    kind: str
    text: str
    id: str | None = None

    @property
    def payload(self) -> dict[str, Any]:
        return json.loads(self.text)

    @property
    def type(self) -> str | None:
        """Of the event in the log, if it tells of one."""
        event = self.payload["data"]["taskUpdates"]["event"]
        return event and event["type"]

    @property
    def code(self) -> str:
        return str(self.payload["errors"][0]["extensions"]["code"])


def told(block: str) -> Told:
    if block.startswith(":"):
        return Told("", block[1:].strip())
    fields = dict(line.split(":", 1) for line in block.split("\n"))
    return Told(
        fields["event"].strip(), fields["data"].strip(), fields["id"].strip() if "id" in fields else None
    )


class Stream:
    """What a response tells; ends with StopAsyncIteration."""

    def __init__(self, response: httpx.Response) -> None:
        self.response, self._texts, self._rest = response, response.aiter_text(), ""

    async def any(self) -> Told:
        """The next event or comment."""
        async with timeout(AT_MOST):
            while "\n\n" not in self._rest:
                self._rest += await anext(self._texts)
        block, _, self._rest = self._rest.partition("\n\n")
        return told(block)

    async def next(self) -> Told:
        while not (one := await self.any()).kind:
            pass
        return one

    async def types(self, number: int) -> list[str | None]:
        """Of the next events, bookmarks passed over."""
        found: list[str | None] = []
        while len(found) < number:
            if (type := (await self.next()).type) is not None:
                found.append(type)
        return found

    async def rest(self) -> list[Told]:
        """Everything up to the end of the response."""
        found = []
        while True:
            try:
                found.append(await self.any())
            except StopAsyncIteration:
                return found


@asynccontextmanager
async def asking(
    login: str, serving: Serving, lasting: timedelta = timedelta(hours=8)
) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {make_token(settings(), login, lasting)}", **EVENTS}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{serving.port}", headers=headers, timeout=AT_MOST
    ) as client:
        yield client


@asynccontextmanager
async def listening(
    login: str, serving: Serving, document: str = UPDATES, seen: str | None = None, **variables: object
) -> AsyncIterator[Stream]:
    headers = {} if seen is None else {"last-event-id": seen}
    asked = {"query": document, "variables": variables}
    async with (
        asking(login, serving) as client,
        client.stream("POST", "/", json=asked, headers=headers) as response,
    ):
        assert response.status_code == 200
        yield Stream(response)


@pytest.mark.parametrize(
    ("accept", "events"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream ; q=0.2", True),
        ("text/event-stream, */*", True),
        ("text/event-stream, application/json", True),
        ("application/json, text/event-stream", False),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("application/graphql-response+json;q=0.9, application/json;q=0.8, text/event-stream", True),
        ("application/json;q=0.5, text/event-stream;q=0.4", False),
        ("*/*;q=0.9, text/event-stream;q=0.5", False),
        ("application/*, text/event-stream;q=0.9", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream;q=high", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
    ],
)
def test_events_are_sent_only_to_clients_who_like_them_best(accept: str, events: bool) -> None:
    scope = {"type": "http", "method": "POST", "headers": [(b"accept", accept.encode())]}
    assert prefers_events(Request(scope)) is events


async def test_what_is_asked_once_is_told_once(small_town: Town) -> None:
    query = {
        "query": "query A { viewer { member { login } } } query B { areas { totalCount } }",
        "operationName": "A",
    }
    data = '{"data":{"viewer":{"member":{"login":"tianhu.cadre"}}}}'
    expected = f":\n\nevent: next\ndata: {data}\n\nevent: complete\ndata:\n\n"
    async with serve() as serving, asking("tianhu.cadre", serving) as client:
        for response in (await client.post("/", json=query), await client.get("/", params=query)):
            assert (response.status_code, response.text) == (200, expected)
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert response.headers["cache-control"] == "no-store"
        unit = small_town.id(small_town.world.units["zr"])
        drafted = {"issuer": "440606106004", "units": [unit], "title": "公园照明", "text": "照明不足。"}
        mutation = {"query": DRAFT, "variables": {"input": drafted | {"category": "LIVING_ENVIRONMENT"}}}
        assert '"problems":[]' in (await client.post("/", json=mutation)).text
        refused = await client.get("/", params={"query": DRAFT})
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert refused.json()["errors"][0]["extensions"]["reasonCode"] == "POST_NEEDED"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { member { login } } } query B { areas { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_what_is_wrong_with_a_document_is_told_in_the_stream(
    small_town: Town, query: str, code: str
) -> None:
    async with serve() as serving, listening("tianhu.cadre", serving, query) as stream:
        assert (await stream.next()).code == code
        assert await stream.rest() == [Told("complete", "")]


async def test_what_is_no_request_is_refused_before_there_is_a_stream(small_town: Town) -> None:
    async with serve() as serving, asking("tianhu.cadre", serving) as client:
        plain = {"accept": "application/json"}
        for wrong in ({"content": b"{"}, {"json": {}}, {"json": {"query": 1}}, {"json": [{"query": TYPES}]}):
            kind = {"content-type": "application/json"}
            refused, expected = [
                await client.post("/", headers=kind | more, **wrong) for more in (EVENTS, plain)
            ]
            assert (refused.status_code, refused.content) == (expected.status_code, expected.content)
            assert refused.status_code == 400
        stranger = await client.post("/", json={"query": TYPES}, headers={"authorization": "Bearer forged"})
        assert (stranger.status_code, stranger.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_subscription_has_no_single_answer(small_town: Town) -> None:
    async with serve() as serving, asking("tianhu.cadre", serving) as client:
        plain = {"accept": "application/json"}
        for refused in (
            await client.post("/", json={"query": TYPES}, headers=plain),
            await client.get("/", params={"query": TYPES}, headers=plain),
        ):
            (error,) = refused.json()["errors"]
            assert error["extensions"]["code"] == "BAD_USER_INPUT"
            assert error["extensions"]["reasonCode"] == "STREAM_NEEDED"
            assert "text/event-stream" in error["message"]


async def test_a_stream_is_taken_up_where_the_last_event_left_it(town: Town) -> None:
    async with serve() as serving:
        async with listening("tianhu.secretary", serving, TYPES) as stream:
            first = await stream.next()
            assert first.type is None
            await town.issue("zr")
            seen = [await stream.next() for _ in range(2)]
            assert [one.type for one in seen] == ISSUED[:2]
        await town.draft("zf")
        async with listening("tianhu.secretary", serving, TYPES, seen=seen[-1].id) as back:
            assert (await back.next()).id == seen[-1].id
            assert await back.types(3) == [*ISSUED[2:], "summons.drafted"]
        async with listening("tianhu.secretary", serving, seen=seen[0].id, after=seen[1].id) as back:
            assert (await back.next()).id == seen[0].id
            told = await back.next()
            assert (told.type, told.id) == (ISSUED[1], told.payload["data"]["taskUpdates"]["cursor"])


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ("rubbish", "BAD_USER_INPUT"),
        ("é", "BAD_USER_INPUT"),
        (LogCursors("another").cursor(0), "CURSOR_EXPIRED"),
    ],
)
async def test_a_place_that_is_none_is_an_error_and_no_later_start(
    small_town: Town, seen: str, code: str
) -> None:
    async with serve() as serving, asking("tianhu.secretary", serving) as client:
        headers = {b"last-event-id": seen.encode()}
        answered = await client.post("/", json={"query": TYPES}, headers=headers)
        _, error, complete = [told(block) for block in answered.text.split("\n\n") if block]
        assert (error.code, complete.kind) == (code, "complete")


async def test_streams_of_both_kinds_are_read_for_together(small_town: Town) -> None:
    async with serve() as serving, listening("junan.observer", serving) as one:
        await one.next()
        ears = await serving.several(2, "junan.observer")
        await serving.settled(3)
        assert serving.sizes == [3]
        await small_town.issue("zr")
        assert await one.types(4) == await ears[0].events(4) == ISSUED


async def test_a_client_that_leaves_is_forgotten_at_once(small_town: Town) -> None:
    async with serve() as serving:
        for document in (UPDATES, TYPES.replace("type", "type summons { availableActions { action } }")):
            async with listening("junan.observer", serving, document) as stream:
                await stream.next()
                assert len(SOCKETS.seats) == 1
            await until(lambda: not SOCKETS.seats and not serving.sizes)


async def test_a_stream_ends_with_its_member_and_with_its_token(small_town: Town) -> None:
    async with (
        serve() as serving,
        listening("zr.head", serving) as disabled,
        listening("junan.observer", serving) as late,
    ):
        await disabled.next()
        await late.next()
        await Member.filter(login="zr.head").update(disabled_at=clock.now())
        await SOCKETS.look()
        refused, complete = await disabled.rest()
        assert (refused.code, complete.kind) == ("FORBIDDEN", "complete")
        await small_town.draft("zr")
        assert await late.types(1) == ["summons.drafted"]
        with clock.at(clock.now() + timedelta(hours=9)):
            await SOCKETS.look()
        refused, complete = await late.rest()
        assert (refused.code, complete.kind) == ("UNAUTHENTICATED", "complete")
        assert not SOCKETS.seats


async def test_a_quiet_stream_is_kept_alive_and_its_place_moves_on(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "KEEP_ALIVE_EVERY", 0.05)
    monkeypatch.setattr(stream, "BOOKMARK_EVERY", 0.3)
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 0.05)
    async with serve() as serving, listening("wanan.secretary", serving) as quiet:
        first = await quiet.next()
        await small_town.draft("zr")
        between = []
        while not (one := await quiet.any()).kind:
            between.append(one)
        assert between and set(between) == {Told("", "")}
        assert (one.type, one.id != first.id) == (None, True)
        assert one.id == one.payload["data"]["taskUpdates"]["cursor"]


async def test_whoever_is_told_again_keeps_no_bookmark_from_the_others(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BOOKMARK_EVERY", 0.6)
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 0.05)
    async with serve() as serving, listening("junan.observer", serving) as quiet:
        await quiet.next()
        await small_town.draft("zr")
        assert await quiet.types(1) == ["summons.drafted"]
        (group,) = serving.graph.fanout.groups
        (listener,) = group.listeners
        for _ in range(12):
            group.take(late := Listener(listener.actor, listener.position - 1))
            assert (message := await late.next()) is not None and "summons.drafted" in message.text
            group.let_go(late)
            await sleep(0.1)
        async with timeout(0.3):  # it has come long since
            assert (await quiet.next()).type is None


async def test_who_reads_too_slowly_is_turned_out_and_loses_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "MOST_WAITING", 3)
    async with serve() as serving:
        async with listening("junan.observer", serving) as slow:
            start = (await slow.next()).id
            await serving.settled(1)
            (group,) = serving.graph.fanout.groups
            (listener,) = group.listeners
            for _ in range(5):
                listener.give(Message("{}", "x"))
            ended = (await slow.rest())[-1]
            assert (ended.kind, "last id" in ended.text) == ("", True)
        await town.issue("zr")
        async with listening("junan.observer", serving, seen=start) as back:
            assert await back.types(4) == ISSUED


@pytest.mark.parametrize("transport", ["events", "socket"])
async def test_who_is_seconds_behind_is_turned_out_however_few_messages_wait(
    small_town: Town, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "LONGEST_WAIT", 0.0)
    async with serve() as serving, listening("junan.observer", serving) as events:
        await events.next()
        if transport == "socket":
            await serving.listen("junan.observer", language="zh")
        await serving.settled(2 if transport == "socket" else 1)
        group = serving.graph.fanout.groups[-1]
        (listener,) = group.listeners
        listener.give(Message("{}", "x"))
        listener._waiting[0] = (listener._given_at - 1, Message("{}", "x"))
        listener.give(Message("{}", "x"))
        if transport == "events":
            assert "last id" in (await events.rest())[-1].text
        else:
            await until(lambda: serving.sizes == [1])


async def test_a_client_that_reads_nothing_is_given_up(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "LONGEST_SEND", 0.3)
    async with serve() as serving:
        token = make_token(settings(), "junan.observer", timedelta(hours=1))
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", serving.port))
            deaf.sendall(
                f"GET /?query={TYPES.replace(' ', '%20')} HTTP/1.1\r\nhost: baodao\r\nauthorization: Bearer {token}\r\n"
                "accept: text/event-stream\r\n\r\n".encode()
            )
            await serving.settled(1)
            (group,) = serving.graph.fanout.groups
            (listener,) = group.listeners
            for _ in range(20):
                listener.give(Message("x" * 1_000_000, "x"))
            await until(lambda: not serving.sizes and not SOCKETS.seats)


async def test_when_the_process_ends_listeners_are_sent_elsewhere(small_town: Town) -> None:
    async with serve() as serving, listening("junan.observer", serving) as events:
        start = (await events.next()).id
        ear = await serving.listen("junan.observer")
        try:
            await SOCKETS.drain()
            (last,) = [one for one in await events.rest() if one.text]
            assert (last.kind, "restarts" in last.text) == ("", True)
            with pytest.raises(ConnectionClosed) as closed:
                await ear.next()
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, "restarts" in closed.value.rcvd.reason) == (1012, True)
            async with listening("junan.observer", serving, seen=start) as refused:
                assert "restarts" in (await refused.rest())[-1].text
        finally:
            SOCKETS.draining = False
