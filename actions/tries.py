"""Counts of tries that hold for all processes: whoever goes from one to the next gets no more of them."""

import base64
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from hmac import digest
from typing import NamedTuple

from tortoise.connection import get_connection

from models import RatingTry, clock
from models.rows import dialect


class Limit(NamedTuple):
    """So many tries in each window of so many seconds."""

    most: int
    seconds: int


class Tries:
    """`secret`: that of the service, alike on every host. Addresses are personal data: only a hash under it is kept."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    @cached_property
    def _key(self) -> bytes:
        return digest(self._secret().encode(), b"tries of ratings", "sha256")

    async def wait(self, limits: Iterable[Limit], name: str) -> int:
        """Seconds after which another try is welcome; 0 at once. This one counts whether or not it is."""
        now = int(clock.now().timestamp())
        windows = [(limit, now - now % limit.seconds + limit.seconds) for limit in limits]
        tries = await _count([(self._id(name, limit, ends), ends) for limit, ends in windows])
        waits = [
            ends - now for (limit, ends), tried in zip(windows, tries, strict=True) if tried > limit.most
        ]
        return max(waits, default=0)

    def _id(self, name: str, limit: Limit, ends: int) -> str:
        sealed = digest(
            self._key, f"{limit.seconds} {ends} {name}".encode("utf-8", "surrogatepass"), "sha256"
        )
        return base64.urlsafe_b64encode(sealed).decode()


async def _count(windows: Sequence[tuple[str, int]]) -> list[int]:
    """How often it was tried in each, with this once more."""
    database, counted = get_connection("default"), []
    for window in windows:
        [row] = await database.execute_query_dict(ONCE_MORE[dialect()], list(window))
        counted.append(int(row["tries"]))
    return counted


_ONCE_MORE = """INSERT INTO rating_try (id, tries, ends) VALUES ({}, 1, {})
ON CONFLICT (id) DO UPDATE SET tries = rating_try.tries + 1 RETURNING tries"""
ONCE_MORE = {
    "sqlite": _ONCE_MORE.format("?", "?"),
    # of what begins with INSERT, Tortoise gives no rows back
    "postgres": f"WITH counted AS ({_ONCE_MORE.format('$1', '$2')}) SELECT tries FROM counted",
}


async def forget_old_tries() -> int:
    """How many counts, whose window has ended."""
    return await RatingTry.filter(ends__lte=int(clock.now().timestamp())).delete()
