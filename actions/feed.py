"""The bell that rings after a commit. Missing a ring loses nothing: listeners read the event log anyway."""

import asyncio

_waiting: set[asyncio.Event] = set()


def ring() -> None:
    """Wake everybody in this process who waits for new events."""
    for bell in _waiting:
        bell.set()


async def wait_for_ring(at_most: float) -> None:
    """Return after the next ring, or after `at_most` seconds."""
    bell = asyncio.Event()
    _waiting.add(bell)
    try:
        async with asyncio.timeout(at_most):
            await bell.wait()
    except TimeoutError:
        pass
    finally:
        _waiting.discard(bell)
