"""The bell that rings after a commit. Missing a ring loses nothing: listeners read the event log anyway."""

import asyncio
from contextlib import suppress

_waiting: set[asyncio.Event] = set()
_sequencers: set[asyncio.Event] = set()


def ring() -> None:
    """Wake everybody in this process who waits for new events."""
    for bell in _waiting:
        bell.set()


def ring_sequencer() -> None:
    """Wake whoever gives out positions, if that is this process."""
    for bell in _sequencers:
        bell.set()


class Bell:
    """Hears every ring from when it is hung up, also those while nobody waits for it.

    with Bell() as bell:
        ...look...; await bell.wait(2.0)
    """

    def __init__(self, *, sequencer: bool = False) -> None:
        self._rung = asyncio.Event()
        self._row = _sequencers if sequencer else _waiting

    def __enter__(self) -> "Bell":
        self._row.add(self._rung)
        return self

    def __exit__(self, *_: object) -> None:
        self._row.discard(self._rung)

    def ring(self) -> None:
        """For this one alone."""
        self._rung.set()

    async def wait(self, at_most: float) -> None:
        """Return when it has rung since the last time, or after `at_most` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._rung.wait()
        self._rung.clear()
