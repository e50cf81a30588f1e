"""The end of a process: whoever listens is sent elsewhere before the server closes what is open."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from baodao.sockets import SOCKETS

REQUESTS_WITHIN = 8
"""Seconds that the server waits for requests in flight, before it breaks them off; see `baodao.cli.serve`."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def draining() -> Iterator[None]:
    """A signal to end empties the seats first, and then does what it did before: the server stops accepting, waits
    for the requests in flight and ends. It would close WebSockets without a word, and wait for streams in vain.
    """
    SOCKETS.draining = False
    if threading.current_thread() is not threading.main_thread():
        yield  # nor can a server that runs here hear signals
        return
    former = {number: handler for number in SIGNALS if callable(handler := signal.getsignal(number))}
    loop, waiting = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def hear(number: int, frame: FrameType | None) -> None:
        go_on = former[signal.Signals(number)]
        if SOCKETS.draining:
            go_on(number, frame)
            return
        SOCKETS.draining = True
        loop.call_soon_threadsafe(lambda: waiting.add(loop.create_task(_drain(lambda: go_on(number, frame)))))

    for number in former:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


async def _drain(go_on: Callable[[], object]) -> None:
    try:
        await SOCKETS.drain()
    finally:
        go_on()
