"""Small tables that hardly change, kept in the process and looked at again now and then."""

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from models.replica import from_primary

T = TypeVar("T")
_forget: list[Callable[[], None]] = []

FRESH_FOR = 60.0
"""Seconds after which a process looks again, in case another one made a change."""


class Remembered(Generic[T]):
    """What `load` gave, at most FRESH_FOR seconds ago."""

    def __init__(self, load: Callable[[], Awaitable[T]]) -> None:
        self._load = from_primary(load)
        self._known: tuple[float, T] | None = None
        _forget.append(self.forget)

    async def get(self) -> T:
        if self._known is None or time.monotonic() - self._known[0] > FRESH_FOR:
            self._known = (time.monotonic(), await self._load())
        return self._known[1]

    def forget(self) -> None:
        """Load anew when asked next; to be called after a change."""
        self._known = None


def forget_everything() -> None:
    """For whoever changed the tables behind our back, or opened another database."""
    for forget in _forget:
        forget()
