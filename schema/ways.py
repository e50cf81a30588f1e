"""How values of one type are answered: objects by their selection, lists item by item, null where it may stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

import graphql
from graphql import GraphQLOutputType
from graphql.pyutils import Path, gather_with_cancel

from schema.calling import Ahead, Asked
from schema.filling import Slots, Step, step_of, together
from schema.reading import Quick, Write, listed, quick_list, settled

if TYPE_CHECKING:
    from schema.engine import Compiled

Complete: TypeAlias = "Step[Compiled]"
"""Of a value; raises what the reference executor would raise."""
Fill: TypeAlias = "Callable[[Compiled, object, object, Path], object]"
"""Fills the gaps in what was read of a value."""


ODD = object()


@dataclass(frozen=True)
class Way:
    """How values of one type are answered; with `write` when no resolver is asked below.

    `quick` gives the whole answer for a value that is not null, if nothing below has to be awaited and nothing is odd;
    else it raises anything. `nullable`: null is answered with null.
    """

    complete: Complete
    write: Write | None = None
    quick: Quick | None = None
    ahead: Ahead | None = None
    nullable: bool = False


def way_of(
    asked: Asked, type: GraphQLOutputType, read: Write, fill: Fill | None = None, quick: Quick | None = None
) -> Way:
    """Reads the value, and fills what was read when there are gaps in it."""

    def complete(run: Compiled, value: object, path: Path) -> object:
        found = ODD
        if quick:
            with suppress(Exception):
                return quick(value, run.asking)
        try:
            found = read(value)
        except Exception:
            found = ODD
        if found is ODD:  # not above: errors that follow have nothing to do with the one before
            return run.left(asked, type, value, path)
        return fill(run, value, found, path) if fill else found

    if fill:
        return Way(complete, None, quick)
    return Way(complete, read, lambda value, asking: read(value))


def optional(inner: Way) -> Way:
    below, write = inner.complete, inner.write

    def complete(run: Compiled, value: object, path: Path) -> object:
        return None if value is None else below(run, value, path)

    return Way(
        complete,
        write and (lambda value: None if value is None else write(value)),
        inner.quick,
        inner.ahead,
        True,
    )


def required(asked: Asked, inner: Way) -> Way:
    """Nothing can be written for null: it is odd."""
    below, name = inner.complete, f"{asked.parent}.{asked.nodes[0].name.value}"

    def complete(run: Compiled, value: object, path: Path) -> object:
        completed = None if value is None else below(run, value, path)
        if completed is None:
            raise TypeError(f"Cannot return null for non-nullable field {name}.")
        return completed

    return replace(inner, complete=complete)


def list_of(asked: Asked, type: graphql.GraphQLList[GraphQLOutputType], item: Way) -> Way:
    if (write := item.write) is not None:
        return way_of(asked, type, lambda value: [write(one) for one in listed(value)])
    step, ahead, inner = step_of(asked.details, type.of_type, item.complete), item.ahead, item.quick

    def fill(run: Compiled, value: object, items: object, path: Path) -> object:
        slots = cast(list[object], items)
        waiting = [*ahead(run, [one for one in slots if one is not None])] if ahead and len(slots) > 1 else []
        return after(run, waiting, slots, path) if waiting else now(run, slots, path)

    async def after(
        run: Compiled, waiting: list[Awaitable[object]], slots: list[object], path: Path
    ) -> object:
        await gather_with_cancel(*waiting)
        filled = now(run, slots, path)
        return await filled if run.is_awaitable(filled) else filled

    def now(run: Compiled, slots: list[object], path: Path) -> object:
        steps = [(index, step, one, Path(path, index, None)) for index, one in enumerate(slots)]
        return together(run, cast(Slots, slots), steps)

    quick = inner and quick_list(inner, nullable=item.nullable)
    return way_of(asked, type, lambda value: [settled(one) for one in listed(value)], fill, quick)
