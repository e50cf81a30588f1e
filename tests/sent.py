"""What is sent to the database, noted round by round, alike in every run."""

from asyncio import Future, Task, create_task, get_running_loop, sleep
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partialmethod
from logging import DEBUG, Handler, LogRecord, getLogger
from typing import Any

import pytest

from models.postgres import SparingClient
from models.sqlite import ImmediateSqliteClient, ImmediateTransaction

Rounds = list[list[str]]
QUIET = 60
"""After so many turns of the event loop in which nobody asked, whoever could ask has asked."""


class Sent(Handler):
    """Notes statements in rounds, so that it does not matter which answer the database happens to give first.

    What is read outside a transaction waits until all who can go on without an answer have asked. That is one round,
    and all of it is answered before anybody goes on.
    """

    def __init__(self) -> None:
        super().__init__(DEBUG)
        self.rounds: Rounds = []
        self._waiting: list[tuple[Callable[[], Awaitable[Any]], Future[Any]]] = []
        self._together = False
        self._running: Task[None] | None = None

    def emit(self, record: LogRecord) -> None:
        text = str(record.args[0]) if isinstance(record.args, tuple) and record.args else record.getMessage()
        if self._together:
            self.rounds[-1].append(text)
        else:
            self.rounds.append([text])

    @contextmanager
    def one_round(self) -> Iterator[None]:
        self.rounds.append([])
        self._together = True
        try:
            yield
        finally:
            self._together = False

    async def read(self, statement: Callable[[], Awaitable[Any]]) -> Any:
        answer = get_running_loop().create_future()
        self._waiting.append((statement, answer))
        if self._running is None:
            self._running = create_task(self._run())
        return await answer

    async def idle(self) -> None:
        """Until nobody asks for anything any more."""
        await self._all_have_asked()
        while self._running is not None:
            await self._running
            await self._all_have_asked()

    async def _run(self) -> None:
        await self._all_have_asked()
        waiting, self._waiting = self._waiting, []
        with self.one_round():
            found = [(answer, await _kept(statement)) for statement, answer in waiting]
        self._running = create_task(self._run()) if self._waiting else None
        for answer, (row, error) in found:
            if not answer.done():
                answer.set_exception(error) if error else answer.set_result(row)

    async def _all_have_asked(self) -> None:
        asked, turns = len(self._waiting), 0
        while turns < QUIET:
            await sleep(0)
            turns = turns + 1 if len(self._waiting) == asked else 0
            asked = len(self._waiting)


async def _kept(statement: Callable[[], Awaitable[Any]]) -> tuple[Any, Exception | None]:
    try:
        return await statement(), None
    except Exception as failed:
        return None, failed


@contextmanager
def sent() -> Iterator[Sent]:
    """What the block sends to the database."""
    noted, logger = Sent(), getLogger("tortoise.db_client")
    before = logger.level, logger.propagate
    logger.addHandler(noted)
    logger.setLevel(DEBUG)
    logger.propagate = False
    with pytest.MonkeyPatch.context() as patch:
        for client, name in (
            (SparingClient, "_read"),
            (SparingClient, "_read_planned"),
            (ImmediateSqliteClient, "_read"),
        ):
            patch.setattr(client, name, partialmethod(_in_rounds, getattr(client, name), noted))
        patch.setattr(
            ImmediateTransaction,
            "execute_together",
            partialmethod(_together, ImmediateTransaction.execute_together, noted),
        )
        try:
            yield noted
        finally:
            logger.removeHandler(noted)
            logger.setLevel(before[0])
            logger.propagate = before[1]


async def _in_rounds(client: Any, read: Callable[..., Awaitable[Any]], noted: Sent, *asked: Any) -> Any:
    return await noted.read(lambda: read(client, *asked))


async def _together(client: Any, run: Callable[..., Awaitable[Any]], noted: Sent, *asked: Any) -> Any:
    with noted.one_round():
        return await run(client, *asked)
