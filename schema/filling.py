"""Fields that are answered later: called, awaited together, with errors where the reference executor has them."""

from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping, Sequence
from typing import TypeAlias, TypeVar

from graphql import GraphQLOutputType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path, gather_with_cancel
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.reading import SEEN

R = TypeVar("R", bound=StrawberryGraphQLCoreExecutionContext)
Step: TypeAlias = Callable[[R, object, Path], object]
"""Gives the answer, or an awaitable of it, for a value."""

MADE = frozenset({dict, list, str, int, float, bool, type(None)})
"""What answers are made of: none of it can be awaited."""


def step_of(
    details: FieldDetailsList, type: GraphQLOutputType, complete: Step[R], call: Step[R] | None = None
) -> Step[R]:
    """Completes what the call gives, or the value itself. Errors end where the reference executor ends them."""

    def step(run: R, value: object, path: Path) -> object:
        try:
            if call is not None:
                value = call(run, value, path)
                if value.__class__ not in SEEN and run.is_awaitable(value):
                    return Waiting(value, lambda own: called(run, own, path))
            completed = complete(run, value, path)
        except Exception as error:
            return failed(run, error, path)
        if completed.__class__ not in MADE and run.is_awaitable(completed):
            return Waiting(completed, lambda own: awaited(run, own, path))
        return completed

    async def called(run: R, value: Awaitable[object], path: Path) -> object:
        try:
            completed = complete(run, await value, path)
            return await completed if run.is_awaitable(completed) else completed
        except Exception as error:
            return failed(run, error, path)

    async def awaited(run: R, completed: Awaitable[object], path: Path) -> object:
        try:
            return await completed
        except Exception as error:
            return failed(run, error, path)

    def failed(run: R, error: Exception, path: Path) -> object:
        run.handle_field_error(error, type, details, path)
        return None

    return step


class Waiting:
    """Goes on with what it waits for. That is closed when nobody comes to await it, as a field beside it failed."""

    def __init__(
        self, own: Awaitable[object], go_on: Callable[[Awaitable[object]], Coroutine[object, None, object]]
    ) -> None:
        self._own, self._go_on = own, go_on

    def __await__(self) -> Generator[object, None, object]:
        return self._go_on(self._own).__await__()

    def __del__(self) -> None:
        if isinstance(self._own, Coroutine):
            self._own.close()


Key = str | int
Slots: TypeAlias = MutableMapping[Key, object]
"""A dict by key or a list by index."""


def together(run: R, slots: Slots, steps: Sequence[tuple[Key, Step[R], object, Path]]) -> object:
    """Fills the slots; what has to be awaited is awaited side by side."""
    waiting: dict[Key, Awaitable[object]] = {}
    try:
        for key, step, value, path in steps:
            slots[key] = done = step(run, value, path)
            if done.__class__ not in MADE and run.is_awaitable(done):
                waiting[key] = done
    except Exception:
        if waiting:
            run.settle_in_background(list(waiting.values()))
        raise
    return _filled(slots, waiting) if waiting else slots


async def _filled(slots: Slots, waiting: dict[Key, Awaitable[object]]) -> Slots:
    if len(waiting) == 1:
        found = [await one for one in waiting.values()]
    else:
        found = await gather_with_cancel(*waiting.values())
    for key, value in zip(waiting, found, strict=True):
        slots[key] = value
    return slots
