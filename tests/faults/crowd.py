"""People who write and systems that listen, and who go on whatever happens to the service."""

import asyncio
import itertools
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from faults.hosts import SECRET, Host

UPDATES = "subscription($after: Cursor) { taskUpdates(after: $after) { cursor event { id type } } }"
AFTER_FAULT = 0.1
MOST_TRIES = 150
WITHOUT_A_WORD = 1006
Ids = Mapping[str, str]
log = logging.getLogger(__name__)


def token(login: str) -> str:
    ends = datetime.now(UTC) + timedelta(hours=2)
    return jwt.encode(
        {"alg": "HS256"}, {"sub": login, "exp": int(ends.timestamp())}, OctKey.import_key(SECRET)
    )


def _open() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Writer:
    """Plays one matter after the other. A request without an answer is repeated with its key, at another host."""

    name: str
    hosts: list[Host]
    ids: Ids
    unit: str = "zr"
    twice: bool = False
    """Whether each request is sent at two hosts at the same time."""
    done: list[str] = field(default_factory=list)
    """Ids of the events that were answered, in order."""
    faults: Counter[str] = field(default_factory=Counter)
    refused: list[object] = field(default_factory=list)
    drafts: int = 0
    text: str = "公园年久失修。"
    ended: bool = False
    may_go_on: asyncio.Event = field(default_factory=_open)

    async def run(self) -> None:
        async with self.at_work():
            try:
                while not self.ended:
                    await self.matter()
                    await self.may_go_on.wait()
            except (LookupError, TypeError, TimeoutError) as stuck:  # nothing to go on with
                self.refused.append(repr(stuck))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Writer"]:
        self._turns, self._numbers = itertools.cycle(self.hosts), itertools.count()
        async with httpx.AsyncClient(timeout=10, trust_env=False) as self._client:
            yield self

    async def matter(self) -> None:
        await self.do(f"{self.unit}.liaison", "acceptTask", await self.issued())

    async def issued(self) -> dict[str, object]:
        """Names the task of a new matter."""
        issued = await self.do("tianhu.secretary", "issueSummons", await self.reviewed())
        return {"task": issued["summons"]["tasks"][0]["id"]}

    async def reviewed(self) -> dict[str, object]:
        """Names a new matter that waits to be issued."""
        draft = {
            "issuer": "440606106004",
            "title": self.name,
            "text": self.text,
            "units": [self.ids[self.unit]],
        }
        made = await self.do("tianhu.cadre", "draftSummons", draft | {"category": "LIVING_ENVIRONMENT"})
        self.drafts += 1
        summons = {"summons": made["summons"]["id"]}
        minutes = {"meetingAt": "2026-03-02T09:00:00+08:00", "present": 5, "minutes": "一致同意。"}
        await self.do("tianhu.cadre", "submitSummonsForReview", summons | {"resolution": minutes})
        return summons

    async def attempt(
        self, login: str, host: Host, mutation: str, input: Mapping[str, object]
    ) -> dict[str, Any] | None:
        """Its payload at this host, where it may be refused; None without an answer."""
        answer = await self._post(login, request(mutation, input, f"{login}-{next(self._numbers)}"), host)
        if answer is None:
            return None
        payload: dict[str, Any] = answer["data"][mutation]
        self.done += [payload["event"]["id"]] if payload["event"] else []
        return payload

    async def do(self, login: str, mutation: str, input: Mapping[str, object]) -> dict[str, Any]:
        """Its payload, once there is one."""
        body = request(mutation, input, key := f"{self.name}-{next(self._numbers)}")
        for _ in range(MOST_TRIES):
            answers = await asyncio.gather(*(self._post(login, body) for _ in range(1 + self.twice)))
            found = [answer for answer in answers if answer is not None]
            if found:
                break
            await asyncio.sleep(AFTER_FAULT)
        else:
            raise TimeoutError(f"{mutation} is not answered: {self.faults}")
        payload: dict[str, Any] = found[0]["data"][mutation]
        for answer in found:
            self.refused += answer["data"][mutation]["problems"]
        told = {
            answer["data"][mutation]["event"]["id"] for answer in found if answer["data"][mutation]["event"]
        }
        if len(told) > 1:
            self.refused.append(f"{key} was answered by {len(told)} events")
        self.done += told
        return payload

    async def _post(self, login: str, body: object, host: Host | None = None) -> dict[str, Any] | None:
        host = host or next(self._turns)
        headers = {"authorization": f"Bearer {token(login)}"}
        try:
            answer = await self._client.post(f"{host.address}/graphql", json=body, headers=headers)
            found: dict[str, Any] = answer.json()
        except (httpx.TransportError, json.JSONDecodeError) as fault:
            self.faults[type(fault).__name__] += 1
            return None
        if "errors" in found:
            self.faults[str(found["errors"][0].get("extensions", found["errors"][0]))] += 1
            return None
        return found


def request(
    mutation: str, input: Mapping[str, object], key: str, shown: str | None = None
) -> dict[str, object]:
    name = mutation[0].upper() + mutation[1:]
    shown = shown or ("task { id }" if "Task" in mutation else "summons { id tasks { id } }")
    document = (
        f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {shown} event {{ id }} "
        "problems { __typename code message } } }"
    )
    return {"query": document, "variables": {"input": {**input, "idempotencyKey": key}}}


@dataclass
class Listener:
    """Comes back after the last cursor whenever the connection ends. `heard`: event ids, `closed`: codes of each."""

    login: str
    hosts: list[Host]
    heard: list[list[str]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    cursor: str | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        for host in itertools.cycle(self.hosts):
            try:
                await self._listen(host)
            except ConnectionClosed as ended:
                self.closed.append(ended.rcvd.code if ended.rcvd else WITHOUT_A_WORD)
            except (OSError, WebSocketException, TimeoutError) as refused:
                log.info("%s: %r", self.login, refused)
            await asyncio.sleep(AFTER_FAULT)

    async def _listen(self, host: Host) -> None:
        url = f"ws://127.0.0.1:{host.port}/graphql"
        headers = {"authorization": f"Bearer {token(self.login)}"}
        protocol: Any = ["graphql-transport-ws"]
        async with connect(url, subprotocols=protocol, additional_headers=headers, proxy=None) as socket:
            await socket.send('{"type": "connection_init"}')
            await socket.recv()
            payload = {"query": UPDATES, "variables": {"after": self.cursor}}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            self.heard.append(heard := [])
            async for text in socket:
                message = json.loads(text)
                if message["type"] != "next":
                    if message["type"] in ("complete", "error"):
                        return
                    continue
                if "errors" in message["payload"]:
                    return  # while the database is away
                told = message["payload"]["data"]["taskUpdates"]
                self.cursor = told["cursor"]
                self.ready.set()
                if told["event"] is not None:
                    heard.append(told["event"]["id"])
