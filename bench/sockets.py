"""W6: how long after an acceptance the last of many subscribers hears of it.

The subscribers are as light as can be: they look for the event's name in what comes, and note the time. What they heard
is looked at afterwards: all of them the same, and of the summons whose task was accepted.
"""

import asyncio
import os
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

import httpx
import orjson

from baodao.demo.places import SHUNDE
from bench.cases import fresh_cases, issuer_of
from bench.contenders import OTHER_CORE, Contender, Server, running
from bench.district import CADRES, COORDINATORS, OBSERVERS, OFFICERS, login, villages
from bench.store import Fresh
from bench.words import UPDATES
from bench.workloads import ACCEPT, Draw, acceptances

SUBSCRIBERS, EVENTS, AT_ONCE = 1_000, 5, 100
PATIENCE = 60.0
VILLAGE = villages()[0]
HANDSHAKE = (
    "GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
ACCEPTED = "task.accepted"
HEARD = ACCEPTED.encode()


class Subscriber(asyncio.Protocol):
    """One socket of graphql-transport-ws; `subscribed` and `heard` are given out of the loop's clock.

    `told`: the frames that came with the last event.
    """

    def __init__(self, authorization: str, area_type: str, loop: asyncio.AbstractEventLoop) -> None:
        self._init: dict[str, object] = {
            "type": "connection_init",
            "payload": {"authorization": authorization},
        }
        asked = {"query": UPDATES % area_type, "variables": {"area": VILLAGE}}
        self._subscribe: dict[str, object] = {"id": "1", "type": "subscribe", "payload": asked}
        self._loop, self._buffer, self.told = loop, b"", b""
        self.subscribed: asyncio.Future[float] = loop.create_future()
        self.first: asyncio.Future[float] = loop.create_future()
        self.heard: asyncio.Future[float] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(HANDSHAKE.encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if b"\r\n\r\n" in self._buffer:
            self._take()
            self.transport.write(frame(self._init))
        elif b"connection_ack" in self._buffer:
            self._take()
            self.transport.write(frame(self._subscribe))
            self.subscribed.set_result(self._loop.time())
        elif HEARD in self._buffer and self._buffer.endswith(b"}"):
            if not self.heard.done():
                self.heard.set_result(self._loop.time())
            self.told = self._take()
        elif self.subscribed.done() and not self.first.done():
            self.first.set_result(self._loop.time())

    def _take(self) -> bytes:
        taken, self._buffer = self._buffer, b""
        return taken


def frame(message: dict[str, object]) -> bytes:
    """A masked text frame below 64 KiB; its mask is zero, so that the text stands in it as it is."""
    text = orjson.dumps(message)
    length = bytes([128 + len(text)]) if len(text) < 126 else bytes([254]) + len(text).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + text


def texts(frames: bytes) -> Iterator[bytes]:
    """Of frames as a server sends them: whole and without a mask."""
    while frames:
        start = {126: 4, 127: 10}.get(frames[1], 2)
        length = int.from_bytes(frames[2:start], "big") if start > 2 else frames[1]
        yield frames[start : start + length]
        frames = frames[start + length :]


async def fan_out(contender: Contender, url: str, folder: Path, fresh: Fresh) -> list[float]:
    """Milliseconds from each of some mutations until the last has heard of it.

    None at all when that many subscribers could not be served within a minute. AssertionError when somebody heard
    something else.
    """
    handed = await fresh.tasks(EVENTS * len(villages()))
    here = [index for index in handed if issuer_of(index) == VILLAGE]
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {OTHER_CORE})
    try:
        with running(contender, url, folder) as server:
            return await asyncio.wait_for(_told(server, here), PATIENCE)
    except TimeoutError:
        return []
    finally:
        os.sched_setaffinity(0, before)
        await fresh.used(handed)


async def _told(server: Server, cases: list[int]) -> list[float]:
    subscribers = await _subscribed(server)
    found = []
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for index in cases:
            [draw] = acceptances(range(index, index + 1), Random(index))
            found.append(await _heard_by_all(client, server, draw, subscribers))
            _check(index, subscribers)
            await asyncio.sleep(0.5)
    for one in subscribers:
        one.transport.abort()
    return found


async def _subscribed(server: Server) -> list[Subscriber]:
    """baodao says at once where the stream stands; the others say nothing, so they are given a second."""
    contender, loop = server.contender, asyncio.get_running_loop()
    logins = islice(cycle(readers()), SUBSCRIBERS)
    subscribers = [Subscriber(contender.header(login), contender.area_type, loop) for login in logins]
    for start in range(0, SUBSCRIBERS, AT_ONCE):
        some = subscribers[start : start + AT_ONCE]
        await asyncio.gather(*(connect(one, server.port) for one in some))
        ready = (one.first if contender.signs else one.subscribed for one in some)
        await asyncio.gather(*ready)
    await asyncio.sleep(1)
    return subscribers


async def connect(subscriber: Subscriber, port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: subscriber, "127.0.0.1", port)


def readers() -> Iterator[str]:
    """Who may read what happens in the village: its people, its town's, the district's."""
    town = VILLAGE[:9]
    for role, place, many in (
        ("village_cadre", VILLAGE, CADRES),
        ("town_coordinator", town, COORDINATORS),
        ("observer", town, OBSERVERS),
        ("district_org_dept", SHUNDE, OFFICERS),
    ):
        yield from (login(role, place, number) for number in range(many))


async def _heard_by_all(
    client: httpx.AsyncClient, server: Server, draw: Draw, subscribers: list[Subscriber]
) -> float:
    loop = asyncio.get_running_loop()
    for one in subscribers:
        one.heard = loop.create_future()
    contender, began = server.contender, loop.time()
    headers = {"content-type": "application/json", "authorization": contender.header(draw.login)}
    body = contender.body("W6" if "W6" in contender.documents else ACCEPT.name, draw)
    answer = await client.post(f"http://127.0.0.1:{server.port}/graphql", content=body, headers=headers)
    if "errors" in answer.json():
        raise RuntimeError(f"{contender.name}: {answer.text}")
    heard = await asyncio.gather(*(one.heard for one in subscribers))
    return (max(heard) - began) * 1e3


def _check(index: int, subscribers: list[Subscriber]) -> None:
    [text] = {text for one in subscribers for text in texts(one.told) if HEARD in text}
    event = orjson.loads(text)["payload"]["data"]["taskUpdates"]["event"]
    [case] = fresh_cases(index, 1)
    about = {"number": case.summons.number, "title": case.summons.title}
    told = event["type"], event["summons"]
    assert told == (ACCEPTED, about), f"{told} != {about}"
