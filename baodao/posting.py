"""Posting to addresses that strangers chose: only where that is allowed, without redirects, proxies or long waits."""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address

import httpcore
from httpcore import SOCKET_OPTION

from actions.addresses import Address, host_of, may_connect, read_url

ANSWER_WITHIN = 10.0
"""Seconds from looking up the name to the end of the answer's head."""
NEXT_ADDRESS_AFTER = 2.0
"""Seconds for each address of a name but the last."""
NAMES = ThreadPoolExecutor(32, "names")
"""Looks names up: a name server that does not answer holds up a thread until it is given up, and nobody else's work."""
MOST_READ, READ_WITHIN = 16_384, 1.0
"""Bytes of an answer's body, and seconds: it is read for the connection to serve again, what it says is ignored."""


class NotThere(Exception):
    """The address cannot, or must not, be reached; says why."""


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Looks a name up and connects to the very address it has checked, so a name that changes in between gains nothing.

    TLS still asks for a certificate of the name.
    """

    def __init__(self, *, tls: bool) -> None:
        self._tls, self._plain = tls, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (as httpcore calls it)
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = [one for one in await addresses(host, port) if may_connect(host, one, tls=self._tls)]
        if not found:
            raise NotThere("this address is not public, and the operator does not allow it")
        for address in found[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._plain.connect_tcp(
                    str(address), port, NEXT_ADDRESS_AFTER, local_address, socket_options
                )
        return await self._plain.connect_tcp(str(found[-1]), port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise NotThere("only hosts")

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)


async def addresses(host: str, port: int) -> list[Address]:
    """What the name stands for now. Raises NotThere."""
    try:
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(NAMES, look_up)
    except (OSError, UnicodeError) as unknown:
        raise NotThere(f"cannot look up {host}") from unknown
    return [ip_address(str(place[0])) for *_, place in found]


@dataclass(frozen=True, slots=True)
class Posted:
    """The status of the answer, or why there was none."""

    status: int | None = None
    error: str | None = None


class Post:
    """Keeps connections; `async with` closes them in the end."""

    def __init__(self, trusted: ssl.SSLContext | None = None) -> None:
        self._pools = {
            "https": _pool(CheckedBackend(tls=True), trusted or httpcore.default_ssl_context()),
            "http": _pool(CheckedBackend(tls=False)),
        }

    async def __aenter__(self) -> "Post":
        return self

    async def __aexit__(self, *_: object) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def send(self, address: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Never raises for what the other side does."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return Posted(await self._status(address, headers, body))
        except TimeoutError:
            return Posted(error=f"no answer within {ANSWER_WITHIN:g} s")
        except NotThere as fault:
            return Posted(error=str(fault))
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as fault:
            return Posted(error=f"{fault.__class__.__name__}: {fault}".rstrip(": "))

    async def _status(self, address: str, headers: Mapping[str, str], body: bytes) -> int:
        url = read_url(address)
        if url is None:
            raise NotThere("this is no address")
        target = httpcore.URL(scheme=url.scheme, host=host_of(url), port=url.port, target=url.raw_path)
        pool = self._pools[url.scheme]
        async with pool.stream("POST", target, headers=list(headers.items()), content=body) as answer:
            with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
                async with asyncio.timeout(READ_WITHIN):
                    await _read_a_little(answer)
            return answer.status


async def _read_a_little(answer: httpcore.Response) -> None:
    read = 0
    async for part in answer.aiter_stream():
        read += len(part)
        if read > MOST_READ:
            return


def _pool(backend: CheckedBackend, trusted: ssl.SSLContext | None = None) -> httpcore.AsyncConnectionPool:
    """As many connections as are in use: waiting for another webhook's would look like a slow receiver."""
    return httpcore.AsyncConnectionPool(
        ssl_context=trusted,
        max_connections=None,
        max_keepalive_connections=50,
        keepalive_expiry=30.0,
        network_backend=backend,
    )
