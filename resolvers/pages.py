"""Pages of a list: keyset, never offset, so that rows which come or go do not shift the rest."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Generic, TypeVar

from tortoise.expressions import F, Q
from tortoise.functions import Coalesce
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import InvalidInput
from resolvers.context import Info
from resolvers.cursors import Cursor, Value, list_cursor, read_list_cursor
from resolvers.plan import listed

DEFAULT_FIRST, MOST_FIRST = 20, 100
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Edge(Generic[Item]):
    """One row of a page; `place` tells where such a row stands in the list."""

    node: Item
    place: Callable[[Item], Cursor]

    @property
    def cursor(self) -> Cursor:
        return self.place(self.node)


@dataclass(frozen=True, slots=True)
class PageInfo(Generic[Item]):
    """Whether there is more, and where to go on. Cursors are None on an empty page."""

    has_next_page: bool
    has_previous_page: bool
    first: Edge[Item] | None
    last: Edge[Item] | None

    @property
    def start_cursor(self) -> Cursor | None:
        return self.first.cursor if self.first else None

    @property
    def end_cursor(self) -> Cursor | None:
        return self.last.cursor if self.last else None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A stretch of a list; `count` tells the length of the whole list when somebody asks."""

    edges: list[Edge[Item]]
    page_info: PageInfo[Item]
    count: Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class By:
    """One key of an order: a column, and what stands in where it is null: a time, or the column so named."""

    column: str
    kind: type[Value] = str
    descending: bool = False
    or_else: datetime | str | None = None

    @property
    def name(self) -> str:
        return self.column if self.or_else is None else f"{self.column}_or_else"

    @property
    def further(self) -> str:
        return f"{self.name}__lt" if self.descending else f"{self.name}__gt"

    @property
    def not_before(self) -> str:
        return f"{self.further}e"

    @property
    def sign(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def expression(self) -> Coalesce:
        return Coalesce(self.column, F(self.or_else) if isinstance(self.or_else, str) else self.or_else)

    def value(self, row: Model) -> Value:
        value: Value | None = getattr(row, self.column)
        if value is None:
            value = getattr(row, self.or_else) if isinstance(self.or_else, str) else self.or_else
        assert value is not None, f"{self.column} needs a stand-in"
        return value


class Order:
    """How a list is sorted. The last key is unique, so that every row has its own place."""

    def __init__(self, name: str, *keys: By) -> None:
        self.name, self.keys = name, keys
        plain = all(key.or_else is None for key in keys) and len(keys) > 1  # attrgetter of one gives no tuple
        self._values = attrgetter(*(key.column for key in keys)) if plain else self._stand_ins

    def sorted(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        computed = {key.name: key.expression() for key in self.keys if key.or_else is not None}
        return rows.annotate(**computed).order_by(*(key.sign for key in self.keys))

    def cursor(self, row: Model) -> Cursor:
        return list_cursor(self.name, self._values(row))

    def _stand_ins(self, row: Model) -> list[Value]:
        return [key.value(row) for key in self.keys]

    def values(self, cursor: Cursor) -> list[Value]:
        """Of the row that the cursor stands on. InvalidInput for a cursor that is not of this order."""
        return read_list_cursor(cursor, self.name, [key.kind for key in self.keys])

    def beyond(self, values: Sequence[Value]) -> Q:
        """What comes after the values."""
        *pairs, (last, last_value) = zip(self.keys, values, strict=True)
        rest = _is(last.further, last_value)
        for key, value in reversed(pairs):
            rest = _is(key.further, value) | (_is(key.name, value) & rest)
        return _is(self.keys[0].not_before, values[0]) & rest  # implied, but only this lets an index serve


async def page(
    info: Info, rows: QuerySet[Row], order: Order, first: int | None, after: Cursor | None
) -> Page[Row]:
    """The `first` rows of that order after the cursor. InvalidInput for a bad cursor or a `first` not in 1–100."""
    size, beyond = page_size(first), order.values(after) if after is not None else []
    found = await listed(rows, order.keys, beyond, size + 1, info.context.columns)
    if found is None:
        in_order = order.sorted(rows)
        found = await (in_order.filter(order.beyond(beyond)) if beyond else in_order).limit(size + 1)
    edges = [Edge(row, order.cursor) for row in found[:size]]
    return Page(edges, page_info(edges, len(found) > size, after), rows.count)


def _is(condition: str, value: Value) -> Q:
    return Q(join_type=Q.AND, **{condition: value})


def page_size(first: int | None) -> int:
    if first is None:
        return DEFAULT_FIRST
    if not 1 <= first <= MOST_FIRST:
        raise InvalidInput("FIRST_OUT_OF_RANGE", "first")
    return first


def page_info(edges: list[Edge[Item]], has_next: bool, after: Cursor | None) -> PageInfo[Item]:
    """A page after a cursor has something before it: the row the cursor stands on."""
    first, last = (edges[0], edges[-1]) if edges else (None, None)
    return PageInfo(has_next, after is not None, first, last)


async def total_count(root: Page[Row]) -> int:
    return await root.count()
