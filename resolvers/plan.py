"""Queries read as plain rows: the very conditions and order of a query of Tortoise's, without what that costs to build.

Where Tortoise makes the text of a statement from objects each time, here it is put together from parts whose text is
known, and of the two tables that are long and wide only those columns are read that the document can show.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast

from pypika_tortoise.enums import Order as Direction
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.rows import Joined, Text, among, conditions, dialect, joined, select
from policies.actor import Actor

Row = TypeVar("Row", bound=Model)
Function = TypeVar("Function", bound=Callable[..., object])

Columns = Mapping[type[Model], frozenset[str]]
"""Of the models whose rows are read in part; what a field looks at is told by `reads`."""
NO_COLUMNS: Columns = {}

READS, AHEAD = "reads", "ahead"


def reads(*columns: str) -> Callable[[Function], Function]:
    """Marks a resolver that looks at no other columns of its root than these, and of `Info` only at the context.

    Any other may look at all there is.
    """

    def mark(resolver: Function) -> Function:
        setattr(resolver, READS, columns)
        return resolver

    return mark


def loads(loader: str, column: str) -> Callable[[Function], Function]:
    """Marks a resolver that asks just this loader, by its root's column, and looks at nothing else of the root.

    So what it asks can be loaded for many roots at once, before it is called on each.
    """

    def mark(resolver: Function) -> Function:
        setattr(resolver, AHEAD, (loader, column))
        return reads(column)(resolver)

    return mark


def ahead_of(resolver: object) -> tuple[str, str] | None:
    """The loader and the column that `loads` told."""
    told: tuple[str, str] | None = getattr(resolver, AHEAD, None)
    return told


def read_by(resolver: object) -> tuple[str, ...] | None:
    """The columns that `reads` told; None for a resolver that may look at all."""
    told: tuple[str, ...] | None = getattr(resolver, READS, None)
    return told


def use(engine: str) -> None:
    """`reference` leaves every query to Tortoise."""
    global _in_use
    _in_use = engine != "reference"


def in_use() -> bool:
    return _in_use


_in_use = True


class Lookup(Generic[Row]):
    """Rows by one of their columns, of a query that may differ with the actor; what to ask is made once for each."""

    def __init__(self, column: str, rows: Callable[[Actor], QuerySet[Row]]) -> None:
        self.column, self._rows = column, rows

    async def fetch(self, actor: Actor, keys: Sequence[str], columns: Columns = NO_COLUMNS) -> list[Row]:
        """Those whose column is one of the keys, in the order of the query."""
        if (plan := self._plan(actor)) is None:
            return await self._rows(actor).filter(**{f"{self.column}__in": keys})
        read = _read(plan.model, columns, self.column)
        return await select(plan.model, read, [among(self.column, keys), *plan.conditions], plan.order)

    def _plan(self, actor: Actor) -> "_Plan[Row] | None":
        if not _in_use:
            return None
        if self not in actor.made:
            actor.made[self] = _plan_of(self._rows(actor))
        return cast("_Plan[Row] | None", actor.made[self])


@dataclass(frozen=True, slots=True)
class _Plan(Generic[Row]):
    """A query, taken to pieces."""

    model: type[Row]
    conditions: list[Text]
    order: list[Text]


def _plan_of(rows: QuerySet[Row]) -> _Plan[Row] | None:
    if (wanted := _conditions(rows)) is None:
        return None
    order = [_sorted(Text((f'"{name}"',)), way is Direction.desc) for name, way in rows._orderings]
    return _Plan(rows.model, wanted, order)


class Key(Protocol):
    """One key of an order."""

    @property
    def column(self) -> str: ...

    @property
    def descending(self) -> bool: ...

    @property
    def or_else(self) -> object:
        """What stands in where the column is null: a value, or the column so named; None where it never is."""


async def listed(
    rows: QuerySet[Row],
    keys: Sequence[Key],
    beyond: Sequence[object],
    most: int,
    columns: Columns = NO_COLUMNS,
) -> list[Row] | None:
    """The first of the rows in that order, which come after the values if there are any.

    None when it has to be asked otherwise.
    """
    wanted = _conditions(rows)
    if wanted is None or len({key.descending for key in keys}) > 1:
        return None
    told = [_told(key) for key in keys]
    if dialect() == "sqlite" and _is_indexed(rows.model, keys[0]):
        wanted = _by_order(wanted)
    if beyond:
        wanted.append(_beyond(told, beyond, keys[0].descending))
    order = [_sorted(text, key.descending) for text, key in zip(told, keys, strict=True)]
    names = [name for key in keys for name in (key.column, key.or_else) if isinstance(name, str)]
    return await select(rows.model, _read(rows.model, columns, *names), wanted, order, most)


def _is_indexed(model: type[Model], key: Key) -> bool:
    """Whether an index has the rows in the order that begins with the key."""
    columns = (fields for fields in model._meta.indexes if isinstance(fields, tuple))
    return key.or_else is None and any(first == key.column for first, *_ in columns)


def _by_order(wanted: list[Text]) -> list[Text]:
    """SQLite looks up by path whatever it can and sorts what it found, a whole town to show a page of it.

    So the paths of wide places are kept from its planner, which then goes by the order of the list.
    """
    ranges = [part for part in wanted if part.pieces == RANGE]
    if any(str(part.values[0]).count(".") >= VILLAGE_DEPTH for part in ranges):
        return wanted
    return [Text(CHECKED, part.values) if part in ranges else part for part in wanted]


RANGE = '("path">=', ' AND "path"<', ")"
CHECKED = '(+"path">=', ' AND +"path"<', ")"
VILLAGE_DEPTH = 5


def _told(key: Key) -> Text:
    if key.or_else is None:
        return Text((f'"{key.column}"',))
    if isinstance(key.or_else, str):
        return Text((f'COALESCE("{key.column}", "{key.or_else}")',))
    return Text((f'COALESCE("{key.column}", ', ")"), (key.or_else,))


def _beyond(keys: Sequence[Text], values: Sequence[object], descending: bool) -> Text:
    """Rows are compared key by key."""
    given = joined(") < (" if descending else ") > (", [Text(("", ""), (value,)) for value in values], ", ")
    return joined("(", [joined("", keys, ", "), given, Text((")",))], "")


def _sorted(key: Text, descending: bool) -> Text:
    return joined("", [key, Text((" DESC",))], "") if descending else key


def _read(model: type[Model], columns: Columns, *names: str) -> frozenset[str] | None:
    own = columns.get(model)
    return None if own is None else own.union(names)


def _conditions(rows: QuerySet[Row]) -> list[Text] | None:
    """None for a query that has more to it than conditions and an order."""
    if not _in_use or rows._annotations or rows._limit is not None or rows._select_for_update:
        return None
    try:
        return conditions(rows)
    except Joined:
        return None
