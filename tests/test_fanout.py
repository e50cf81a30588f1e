"""Subscribers who may see the same are read for together, and nobody gets more or less than they would alone."""

import json
from asyncio import create_task, gather, sleep, timeout
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import uvicorn
from asking import Town, open_town, statements
from test_endpoint import own_settings  # noqa: F401
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from actions import feed
from baodao import fanout
from baodao.auth import make_token
from baodao.fanout import Message
from baodao.graphql import Graph
from baodao.settings import settings
from models import Grant, Member, PolicyState, PolicyVersion, clock
from models.ids import new_id
from policies.rules import packaged
from resolvers import stream

UPDATES = """subscription($area: AreaCode, $types: [String!], $after: Cursor) {
    taskUpdates(area: $area, types: $types, after: $after) {
        cursor event { type cursor summons { state } task { state unit { name } } } } }"""
PERSONAL = "subscription { taskUpdates { event { type summons { availableActions { action allowed } } } } }"
ISSUED = ["summons.drafted", "summons.submitted", "summons.issued", "task.created"]
AT_MOST = 20.0
"""Seconds after which something that should happen is given up; on a busy machine everything takes long."""


@pytest.fixture
async def town(own_settings: None, db: str) -> AsyncIterator[Town]:  # noqa: F811
    async with open_town() as town:
        yield town


@pytest.fixture
async def serving(town: Town) -> AsyncIterator["Serving"]:
    async with serve() as serving:
        yield serving


class Ear:
    """A socket with one subscription."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.cursor = socket, ""

    async def next(self) -> dict[str, Any]:
        """The next message of the protocol."""
        async with timeout(AT_MOST):
            message: dict[str, Any] = json.loads(await self.socket.recv())
            return message

    async def update(self) -> dict[str, Any]:
        message = await self.next()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        told: dict[str, Any]
        [told] = message["payload"]["data"].values()
        self.cursor = told.get("cursor", "")
        return told

    async def events(self, number: int) -> list[str]:
        """Types of the next events, bookmarks passed over."""
        types: list[str] = []
        while len(types) < number:
            if (event := (await self.update())["event"]) is not None:
                types.append(event["type"])
        return types

    async def up_to(self, type: str) -> list[str]:
        """Types of the events until the first of this one."""
        types = await self.events(1)
        while types[-1] != type:
            types += await self.events(1)
        return types

    async def is_quiet(self) -> bool:
        with pytest.raises(TimeoutError):
            async with timeout(0.3):
                await self.socket.recv()
        return True

    async def refusal(self) -> str:
        """The code of the error that ended the subscription."""
        while "errors" not in (message := await self.next())["payload"]:
            pass
        assert (await self.next())["type"] == "complete"
        return str(message["payload"]["errors"][0]["extensions"]["code"])


class Serving:
    """The service in this process, on a free port."""

    def __init__(self, graph: Graph, port: int, sockets: AsyncExitStack) -> None:
        self.graph, self.port, self.sockets = graph, port, sockets

    async def listen(
        self, login: str, document: str = UPDATES, language: str = "en", **variables: object
    ) -> Ear:
        """Once the first message has come, and the rest is left to a group if it can be."""
        token = make_token(settings(), login, timedelta(hours=8))
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        url = f"ws://127.0.0.1:{self.port}/"
        socket = await self.sockets.enter_async_context(
            connect(url, subprotocols=["graphql-transport-ws"], additional_headers=headers, max_queue=None)
        )
        await socket.send('{"type": "connection_init"}')
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        payload = {"query": document, "variables": variables}
        await socket.send(json.dumps({"id": 'one"', "type": "subscribe", "payload": payload}))
        ear = Ear(socket)
        await ear.update()
        return ear

    async def several(self, number: int, *logins: str, **variables: object) -> list[Ear]:
        each = (self.listen(logins[index % len(logins)], **variables) for index in range(number))
        ears = await gather(*each)
        await self.settled(number)
        return ears

    async def settled(self, number: int) -> None:
        await until(lambda: sum(self.sizes) >= number)

    @property
    def sizes(self) -> list[int]:
        """How many listen together, group by group."""
        return sorted(len(group.listeners) for group in self.graph.fanout.groups)


async def until(happened: Callable[[], bool]) -> None:
    for _ in range(int(AT_MOST * 100)):
        if happened():
            return
        await sleep(0.01)
    raise TimeoutError


@asynccontextmanager
async def serve() -> AsyncIterator[Serving]:
    graph = Graph(None)
    server = uvicorn.Server(uvicorn.Config(graph, port=0, lifespan="off", log_level="warning"))
    running = create_task(server.serve())
    await until(lambda: server.started)
    async with AsyncExitStack() as sockets:
        yield Serving(graph, server.servers[0].sockets[0].getsockname()[1], sockets)
    server.should_exit = True
    await running


async def test_many_who_are_alike_cost_the_statements_of_one(town: Town, serving: Serving) -> None:
    costs = []
    for number in (1, 9):
        ears = await serving.several(number, "tianhu.secretary")
        await sleep(0.1)
        with statements() as sent:
            await town.draft("zr")
            alone = len(sent)
            for ear in ears:
                assert await ear.events(1) == ["summons.drafted"]
            await sleep(0.2)
        costs.append(len(sent) - alone)
        assert serving.sizes == [number + (1 if number > 1 else 0)]
    assert max(costs) - min(costs) <= 4, costs


async def test_the_log_is_read_once_for_all_who_listen_however_different(
    town: Town, serving: Serving
) -> None:
    logins = ["junan.observer", "junan.leader", "shunde.org", "tianhu.secretary", "zr.head"]
    ears = [await serving.listen(login) for login in logins]
    await serving.settled(len(logins))
    assert serving.sizes == [1] * len(logins)
    with statements() as sent:
        await town.draft("zr")
        for ear in ears[:-1]:
            assert await ear.events(1) == ["summons.drafted"]
        assert await ears[-1].is_quiet()
    assert sum('FROM "event" WHERE "pos"' in one for one in sent) <= 2


async def test_those_who_hold_the_same_role_at_the_same_place_are_alike(town: Town, serving: Serving) -> None:
    await town.world.hold("tianhu.delegate", "observer", area="440606106")
    ears = await serving.several(2, "junan.observer")
    ears.append(await serving.listen("junan.observer", language="zh"))
    ears.append(await serving.listen("junan.observer", types=["task.created"]))
    await serving.settled(4)
    assert serving.sizes == [1, 1, 2]
    await Grant.filter(role="followup_member").delete()
    ears.append(await serving.listen("tianhu.delegate"))
    await serving.settled(5)
    assert serving.sizes == [1, 1, 3]
    await town.issue("zr")
    told = [await ear.events(1 if ear is ears[3] else 4) for ear in ears]
    assert told == [ISSUED, ISSUED, ISSUED, ["task.created"], ISSUED]


async def test_those_who_are_not_alike_never_get_what_is_the_others(town: Town, serving: Serving) -> None:
    tianhu, wanan, zf = [
        await serving.listen(login) for login in ("tianhu.secretary", "wanan.secretary", "zf.liaison")
    ]
    await serving.settled(3)
    assert serving.sizes == [1, 1, 1]
    await town.draft("zr")
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    await town.issue("zf")
    assert await tianhu.events(5) == ["summons.drafted", *ISSUED]
    assert await wanan.events(1) == ["summons.drafted"]
    assert (await zf.up_to("task.created"))[-2:] == ISSUED[-2:]
    for ear in (tianhu, wanan, zf):
        assert await ear.is_quiet()


async def test_who_sees_by_a_personal_relation_is_alike_only_to_themselves(
    town: Town, serving: Serving
) -> None:
    for login in ("tianhu.delegate", "tianhu.resident"):
        await town.world.hold(login, "followup_member", area="440606106004")
        await town.world.hold(login, "observer", area="440606106")
    await serving.several(4, "tianhu.delegate", "tianhu.resident")
    assert serving.sizes == [2, 2]


async def test_a_document_that_looks_at_who_asks_is_answered_alone(town: Town, serving: Serving) -> None:
    ears = [await serving.listen(login, PERSONAL) for login in ("tianhu.secretary", "tianhu.cadre")]
    await sleep(0.2)
    assert serving.sizes == []
    await town.draft("zr")
    for ear, submits in zip(ears, (False, True), strict=True):
        actions = {
            one["action"]: one["allowed"]
            for one in (await ear.update())["event"]["summons"]["availableActions"]
        }
        assert actions.get("submitForReview", actions.get("submit")) is submits or actions, actions


async def test_who_loses_the_right_stops_while_the_others_go_on(town: Town, serving: Serving) -> None:
    await town.world.hold("tianhu.resident", "observer", area="440606106")
    await Grant.filter(role="resident").delete()
    lost, *others = await serving.several(
        4, "tianhu.resident", "junan.observer", "junan.observer", "junan.observer"
    )
    assert serving.sizes == [4]
    await town.draft("zr")
    assert await lost.events(1) == ["summons.drafted"]
    await Grant.filter(member__login="tianhu.resident").update(revoked_at=clock.now())
    await town.issue("zr")
    assert await lost.refusal() == "FORBIDDEN"
    for ear in others:
        assert await ear.events(5) == ["summons.drafted", *ISSUED]
    assert serving.sizes == [3]


async def test_who_is_disabled_is_told_so_and_the_others_hear_nothing_of_it(
    town: Town, serving: Serving
) -> None:
    await town.world.hold("tianhu.resident", "observer", area="440606106")
    await Grant.filter(role="resident").delete()
    gone, other = await serving.several(2, "tianhu.resident", "junan.observer")
    await Member.filter(login="tianhu.resident").update(disabled_at=clock.now())
    feed.ring()
    assert await gone.refusal() == "FORBIDDEN"
    assert await other.is_quiet()


async def test_who_keeps_another_right_reads_on_without_a_gap(town: Town, serving: Serving) -> None:
    await town.world.hold("tianhu.secretary", "observer", area="440606106")
    ears = await serving.several(2, "tianhu.secretary", "junan.observer")
    assert serving.sizes == [1, 1]
    await town.draft("zr")
    await Grant.filter(member__login="tianhu.secretary", role="village_secretary").update(
        revoked_at=clock.now()
    )
    await town.draft("zf")
    for ear in ears:
        assert await ear.events(2) == ["summons.drafted"] * 2
    await until(lambda: serving.sizes == [2])
    await town.draft("cj")
    for ear in ears:
        assert await ear.events(1) == ["summons.drafted"]
        assert await ear.is_quiet()


async def publish(text: str) -> None:
    """As another process would see it."""
    former = await PolicyVersion.get(state=PolicyState.PUBLISHED)
    new = former.clone(pk=new_id())
    new.number, new.text, new.hash = 2, text, sha256(text.encode()).hexdigest()
    await PolicyVersion.filter(id=former.id).update(state=PolicyState.RETIRED)
    await new.save(force_create=True)


async def test_new_rules_hold_for_a_group_from_the_next_event_on(town: Town, serving: Serving) -> None:
    await town.world.hold("tianhu.resident", "observer", area="440606106")
    observers = await serving.several(2, "junan.observer", "tianhu.resident")
    system = await serving.listen("junan.system")
    await town.draft("zr")
    for ear in observers:
        assert await ear.events(1) == ["summons.drafted"]
    rows = ("p, observer, *, summons, read", "p, observer, *, task, read")
    text = "\n".join(line for line in packaged().text.splitlines() if not line.startswith(rows))
    await publish(text)
    await town.issue("zf")
    for ear in observers:
        assert await ear.refusal() == "FORBIDDEN"
    assert await system.events(5) == ["summons.drafted", *ISSUED]


async def test_two_hundred_get_every_event_once_and_in_order(town: Town, serving: Serving) -> None:
    first, *_ = await serving.several(1, "junan.observer")
    start = first.cursor
    ears = [first, *await serving.several(199, "junan.observer", after=start)]
    await until(lambda: serving.sizes == [200])
    for _ in range(5):
        await town.issue("zr")
    cursors = []
    for ear in ears:
        heard = []
        while len(heard) < 20:
            heard.append((await ear.update())["event"])
        assert [event["type"] for event in heard] == ISSUED * 5
        cursors.append([event["cursor"] for event in heard])
    assert len({tuple(one) for one in cursors}) == 1
    assert len(set(cursors[0])) == 20


async def test_who_comes_back_reads_alone_until_they_have_caught_up(town: Town, serving: Serving) -> None:
    other = await serving.listen("junan.observer")
    start = other.cursor
    await town.issue("zr")
    back = await serving.listen("junan.observer", after=start)
    assert await back.events(4) == await other.events(4) == ISSUED
    await serving.settled(2)
    assert serving.sizes == [2]
    await town.draft("zf")
    assert await gather(back.events(1), other.events(1)) == [["summons.drafted"]] * 2


async def test_who_comes_while_events_are_told_misses_none(town: Town, serving: Serving) -> None:
    """They come with the cursors of different moments, in the middle of a busy log."""
    first = await serving.listen("junan.observer")
    start = first.cursor

    async def work() -> None:
        for _ in range(6):
            await town.issue("zr")

    working, late = create_task(work()), []
    while not working.done() and len(late) < 10:
        late.append(await serving.listen("junan.observer", after=start))
    await working
    for ear in [first, *late]:
        assert await ear.events(24) == ISSUED * 6
    assert all(await gather(*(ear.is_quiet() for ear in [first, *late])))
    await serving.settled(1 + len(late))
    assert len(serving.sizes) == 1


async def test_a_quiet_group_sends_bookmarks_to_go_on_from(
    town: Town, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BOOKMARK_EVERY", 0.2)
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 0.05)
    ears = await serving.several(2, "wanan.secretary")
    start = ears[0].cursor
    await town.draft("zr")
    for ear in ears:
        told = [await ear.update() for _ in range(3)]
        assert [one["event"] for one in told] == [None] * 3
        assert told[-1]["cursor"] != start
    back = await serving.listen("wanan.secretary", after=ears[0].cursor)
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    assert await back.events(1) == ["summons.drafted"]


async def test_who_reads_too_slowly_is_turned_out_and_loses_nothing(
    town: Town, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "MOST_WAITING", 3)
    monkeypatch.setattr(stream, "ROUND", 50)
    slow, quick = await serving.several(2, "junan.observer")
    (group,) = serving.graph.fanout.groups
    start = slow.cursor
    listener, *_ = group.listeners
    for _ in range(5):
        listener.give(Message("{}", "x"))
    closed = None
    for ear in (slow, quick):
        try:
            while True:
                async with timeout(1):
                    await ear.socket.recv()
        except ConnectionClosed as end:
            closed = end.rcvd
        except TimeoutError:
            continue
    assert closed is not None and closed.code == 1013 and "last cursor" in closed.reason
    await town.issue("zr")
    back = await serving.listen("junan.observer", after=start)
    assert await back.events(4) == ISSUED


async def test_an_empty_group_is_given_up(town: Town, serving: Serving) -> None:
    ears = await serving.several(2, "junan.observer")
    (group,) = serving.graph.fanout.groups
    await ears[0].socket.send('{"id": "one\\"", "type": "complete"}')
    await until(lambda: serving.sizes == [1])
    await ears[1].socket.close()
    await until(group.reading.done)
    assert serving.sizes == []
