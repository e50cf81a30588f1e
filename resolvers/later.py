"""Values that are there now or later, and loaders that fetch what several fields wait for together, each only once."""

from asyncio import AbstractEventLoop, Future, Task, create_task, gather, get_running_loop
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from typing import Generic, TypeAlias, TypeVar, cast

from models.kept import Kept
from models.replica import from_primary

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Given = TypeVar("Given")

Later: TypeAlias = Found | Awaitable[Found]
"""A value, or what it has to be awaited from."""


class Promise(Future[Found]):
    """What several fields wait for. When one of them is given up, as a field beside it failed, the others go on."""

    def cancel(self, msg: object = None) -> bool:
        return False

    def fail(self, error: Exception) -> None:
        """It counts as heard, whether or not somebody still waits."""
        self.set_exception(error)
        self.exception()


class DataLoader(Generic[Key, Found]):
    """What is asked for by key in one turn of the event loop is fetched together, and each only once.

    As Strawberry's, but whoever is cancelled while waiting for a key does not cancel it for the others, and what is
    here already needs no waiting.
    """

    def __init__(self, load_fn: Callable[[list[Key]], Awaitable[Sequence[Found]]]) -> None:
        self._load_fn = load_fn
        self._promised: dict[Key, Promise[Found]] = {}
        self._here: dict[Key, Found] = {}
        self._wanted: list[Key] = []
        self._loop: AbstractEventLoop | None = None

    def load(self, key: Key) -> Awaitable[Found]:
        promise = self._promised.get(key)
        if promise is None:
            if not self._wanted:
                self._loop = get_running_loop()
                self._loop.call_soon(self._send)
            promise = self._promised[key] = Promise(loop=self._loop)
            self._wanted.append(key)
        return promise

    def load_many(self, keys: Iterable[Key]) -> Awaitable[list[Found]]:
        return gather(*map(self.load, keys))

    def find(self, key: Key) -> Later[Found]:
        """Without waiting, if it was loaded before."""
        return self._here[key] if key in self._here else self.load(key)

    def ahead(self, keys: Iterable[Key]) -> Awaitable[object] | None:
        """Load what is not here yet, with whatever others ask for meanwhile; None when all is here."""
        missing = [key for key in keys if key not in self._promised]
        if not missing:
            return None
        for key in missing:
            last = self.load(key)
        return arrived(last)  # all come together

    def _send(self) -> None:
        wanted, self._wanted = self._wanted, []
        fetching = create_task(self._fetch(wanted))
        FETCHING.add(fetching)  # or it could be collected as garbage while it runs
        fetching.add_done_callback(FETCHING.discard)

    async def _ask(self, keys: list[Key]) -> Sequence[Found]:
        return await self._load_fn(keys)

    async def _fetch(self, keys: list[Key]) -> None:
        try:
            found = await self._ask(keys)
        except Exception as failed:
            for key in keys:
                self._promised[key].fail(failed)
        except BaseException:  # the process is about to stop: nobody must wait on
            for key in keys:
                Future.cancel(self._promised[key])
            raise
        else:
            for key, one in zip(keys, found, strict=True):
                self._here[key] = one
                self._promised[key].set_result(one)


FETCHING: set[Task[None]] = set()


class KeptLoader(DataLoader[str, Found | None]):
    """Of what is kept in the process: it needs no waiting.

    `sees` takes out of it what the actor may not read; None when that is nothing.
    """

    def __init__(
        self,
        load_fn: Callable[[list[str]], Awaitable[Sequence[Found | None]]],
        kept: Kept[Found],
        sees: Callable[[Found], Found | None] | None,
    ) -> None:
        super().__init__(load_fn)
        self._kept, self._sees = kept, sees

    async def _ask(self, keys: list[str]) -> list[Found | None]:
        life = self._kept.life
        found = await from_primary(self._load_fn)(keys)
        for key, one in zip(keys, found, strict=True):
            if one is not None:
                self._kept.put(key, one, life)
        return [None if one is None else self._seen(one) for one in found]

    def _seen(self, one: Found) -> Found | None:
        return self._sees(one) if self._sees else one

    def find(self, key: str) -> Later[Found | None]:
        kept = self._kept.find(key)
        if kept is None:
            return super().find(key)
        return kept if self._sees is None else self._sees(kept)

    def load(self, key: str) -> Awaitable[Found | None]:
        kept = self._kept.find(key)
        if kept is None or key in self._promised:
            return super().load(key)
        promise = self._promised[key] = Promise()
        promise.set_result(self._seen(kept))
        return promise

    def ahead(self, keys: Iterable[str]) -> Awaitable[object] | None:
        return super().ahead(key for key in keys if self._kept.find(key) is None)


async def arrived(*promised: Awaitable[object]) -> None:
    """What fails is told to whoever asks for it."""
    for one in promised:
        with suppress(Exception):
            await one


def then(found: Later[Given], follow: Callable[[Given], Found]) -> Later[Found]:
    """What follows from it, as soon as it is there."""
    if found.__class__ is not Promise:
        return follow(cast(Given, found))
    assert isinstance(found, Promise), "it was just seen to be one"
    later = Promise[Found](loop=found.get_loop())
    found.add_done_callback(lambda _: _follow(later, found, follow))
    return later


def _follow(later: Promise[Found], found: Promise[Given], follow: Callable[[Given], Found]) -> None:
    try:
        later.set_result(follow(found.result()))
    except Exception as failed:
        later.fail(failed)
