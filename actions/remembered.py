"""Small tables that hardly change, kept in the process until somebody has changed them."""

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from models.generations import Generations
from models.kept import KEPT
from models.replica import from_primary

T = TypeVar("T")
_forget: list[Callable[[], None]] = []

FRESH_FOR = 60.0
"""Seconds after which a process looks again, where changes of the table are not counted."""


class Remembered(Generic[T]):
    """What `load` gave. `counted`: the count of `Generations` that grows with each change of what it loads.

    So whoever has heard of the present generation, as each request and each tick of the timers has, goes by what is so
    now. What was loaded while it changed is not kept.
    """

    def __init__(self, load: Callable[[], Awaitable[T]], counted: str | None = None) -> None:
        self._load, self._counted = from_primary(load), counted
        self._known: tuple[float, T] | None = None
        self._heard: int | None = None
        self._life = 0
        _forget.append(self.forget)
        KEPT.append(self)

    async def get(self) -> T:
        if self._known is not None and not self._is_old(self._known[0]):
            return self._known[1]
        life, since = self._life, time.monotonic()
        loaded = await self._load()
        if life == self._life:
            self._known = since, loaded
        return loaded

    def _is_old(self, since: float) -> bool:
        return self._counted is None and time.monotonic() - since > FRESH_FOR

    def hear(self, generations: Generations) -> None:
        """Any other count is a change."""
        if self._counted is not None and (present := getattr(generations, self._counted)) != self._heard:
            self.forget()
            self._heard = present

    def forget(self) -> None:
        """Load anew when asked next; to be called after a change."""
        self._known = self._heard = None
        self._life += 1


def forget_everything() -> None:
    """For whoever changed the tables behind our back, or opened another database."""
    for forget in _forget:
        forget()
