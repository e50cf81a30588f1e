"""Somebody else's server on 127.0.0.1: keeps what is posted to it, and answers as it is told."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

AT_MOST = 20.0
Answer = int | bytes | None


@dataclass(frozen=True)
class Got:
    """One request."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def type(self) -> str:
        return str(self.json["type"])

    @property
    def summons(self) -> str:
        return str((self.json["data"]["summons"] or {}).get("id"))


@dataclass
class Receiver:
    """`answer` gives the status, or a whole answer, perhaps after a while; it never answers what gets None."""

    port: int = 0
    scheme: str = "http"
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], Answer | Awaitable[Answer]] = lambda got: 204
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook"

    @property
    def types(self) -> list[str]:
        return [got.type for got in self.got]

    async def has(self, number: int) -> None:
        """Wait for so many messages, repeats apart."""
        async with asyncio.timeout(AT_MOST):
            while len({got.headers["webhook-id"] for got in self.got}) < number:
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                got = await _request(reader)
                self.got.append(got)
                self._news.set()
                answer = self.answer(got)
                answer = await answer if isawaitable(answer) else answer
                if answer is None:
                    await reader.read()
                writer.write(answer if isinstance(answer, bytes) else _status(answer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _status(status: int | None) -> bytes:
    return f"HTTP/1.1 {status} Said\r\ncontent-length: 0\r\n\r\n".encode()


async def _request(reader: asyncio.StreamReader) -> Got:
    head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Got(head.split()[1], headers, await reader.readexactly(int(headers["content-length"])))


@asynccontextmanager
async def receiving(certificate: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(scheme="https" if certificate else "http")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=certificate)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
