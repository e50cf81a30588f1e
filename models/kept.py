"""Rows of tables that hardly change, kept in the process for as long as nothing was committed to their table."""

from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from models.generations import Generations

Found = TypeVar("Found")

MOST = 200_000
"""Of one kind; those that came first go first."""


class Hears(Protocol):
    """Something kept."""

    def hear(self, generations: Generations) -> None: ...

    def forget(self) -> None: ...


class Kept(Generic[Found]):
    """What was found by some key in a table, as it is now for everybody who has heard of the present generation.

    Whoever puts something in says in which `life` the database was asked for it: each change begins another one.
    `counted` is a count of `Generations`.
    """

    def __init__(self, counted: str, most: int = MOST) -> None:
        self._counted, self._most = counted, most
        self._found: dict[Hashable, Found] = {}
        self.find: Callable[[Hashable], Found | None] = self._found.get
        """None when it is not kept: then the database has to be asked."""
        self._heard: int | None = None
        self.life = 0
        KEPT.append(self)

    def put(self, key: Hashable, found: Found, life: int) -> None:
        """Nothing is kept of a life that has passed meanwhile, nor before anything was heard."""
        if life == self.life and self._heard is not None:
            self._found[key] = found
            if len(self._found) > self._most:
                del self._found[next(iter(self._found))]

    def hear(self, generations: Generations) -> None:
        """Any other count is a change, also a smaller one: the database may have been restored from a copy."""
        present: int = getattr(generations, self._counted)
        if present != self._heard:
            self.forget()
            self._heard = present

    def forget(self) -> None:
        self._found.clear()
        self._heard = None
        self.life += 1


KEPT: list[Hears] = []


def hear(generations: Generations) -> None:
    """What was kept of other generations is gone. To be called with counts that were just read, and are committed."""
    if generations not in HEARD:
        for kept in KEPT:
            kept.hear(generations)
        HEARD[:] = [generations]


HEARD: list[Generations] = []
"""The last ones."""


def forget_kept() -> None:
    """For whoever opens another database."""
    HEARD.clear()
    for kept in KEPT:
        kept.forget()
