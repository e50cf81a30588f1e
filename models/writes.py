"""Rows written with few statements: what belongs together is sent at once, and each text is made only once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count, islice, repeat
from operator import attrgetter
from typing import NamedTuple

from tortoise.connection import get_connection
from tortoise.models import Model

from models.prepared import Row
from models.sqlite import ImmediateTransaction

Values = Mapping[str, object]

MOST_TEXTS = 2_000


class Shape(NamedTuple):
    """What the text of one write follows from: it inserts so many `rows`, or updates (0) where the keys are alike.

    `absent`: columns that must be null for an update.
    """

    model: type[Model]
    columns: tuple[str, ...]
    rows: int = 0
    keys: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Writes:
    """Inserts and updates that wait to be sent together, in the transaction that is open.

    On PostgreSQL they become one statement, so none of them sees what another does: no row may be in two of them.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Shape, list[object]]] = []

    def insert(self, rows: Sequence[Model]) -> None:
        """Rows of one model; columns that the database numbers are left to it."""
        if rows:
            self.insert_values(rows[0].__class__, [vars(row) for row in rows])
            for row in rows:
                row._saved_in_db = True

    def insert_values(self, model: type[Model], rows: Sequence[Values]) -> None:
        """The same for rows that are no objects; every column must be there, none has its default."""
        columns = _inserted(model)
        values = [value for row in rows for value in _stored(model, row, columns)]
        self._waiting.append((Shape(model, columns, len(rows)), values))

    def update(self, row: Model, columns: Sequence[str]) -> None:
        """These columns of a row, as it is now."""
        if columns:
            self.update_values(
                row.__class__, {name: getattr(row, name) for name in columns}, {row._meta.pk_attr: row.pk}
            )

    def update_values(self, model: type[Model], new: Values, like: Values) -> None:
        """Every row whose columns are as in `like`, None being null."""
        keys = tuple(name for name, value in like.items() if value is not None)
        absent = tuple(name for name, value in like.items() if value is None)
        values = [*_stored(model, new, new), *_stored(model, like, keys)]
        self._waiting.append((Shape(model, tuple(new), keys=keys, absent=absent), values))

    async def send(self) -> list[Row]:
        """What the last one inserted was numbered with, in the order of the rows. IntegrityError as the tables say."""
        waiting, self._waiting = self._waiting, []
        rows: list[Row] = []
        if waiting:
            database = get_connection("default")
            if isinstance(database, ImmediateTransaction):
                rows += await database.execute_together([(_alone(shape), some) for shape, some in waiting])
            else:
                text = _together(tuple(shape for shape, _ in waiting))
                rows += await database.execute_query_dict(text, [one for _, some in waiting for one in some])
        return rows


@cache
def columns_of(model: type[Model]) -> tuple[str, ...]:
    return tuple(model._meta.fields_db_projection)


@cache
def _inserted(model: type[Model]) -> tuple[str, ...]:
    return tuple(name for name in columns_of(model) if name not in model._meta.generated_db_fields)


def values_in(row: Model) -> tuple[object, ...]:
    """The values of all its columns, in the order of `columns_of`."""
    values: tuple[object, ...] = _reader(row.__class__)(row)
    return values


@cache
def _reader(model: type[Model]) -> "attrgetter[tuple[object, ...]]":
    return attrgetter(*columns_of(model))


def changed(row: Model, before: Sequence[object]) -> list[str]:
    """The columns whose values are others than those `values_in` gave before.

    Lists and dicts count as others: who changed one in place changed the former value too.
    """
    return [
        name
        for name, old, new in zip(columns_of(row.__class__), before, values_in(row), strict=True)
        if old != new or isinstance(new, list | dict)
    ]


def _stored(model: type[Model], values: Values, columns: Iterable[str]) -> list[object]:
    """As the database wants them. ValidationError for what does not fit its column."""
    fields = model._meta.fields_map
    return [fields[name].to_db_value(values[name], None) for name in columns]  # type: ignore[arg-type]  # no field of ours looks at the row


@lru_cache(MOST_TEXTS)
def _together(shapes: tuple[Shape, ...]) -> str:
    marks = (f"${number}" for number in count(1))
    *others, last = (_text(shape, marks) for shape in shapes)
    named = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(others))
    return f"WITH {named} {last}" if others else last


@lru_cache(MOST_TEXTS)
def _alone(shape: Shape) -> str:
    return _text(shape, repeat("?"))


def _text(shape: Shape, marks: Iterator[str]) -> str:
    table = f'"{shape.model._meta.db_table}"'
    if shape.rows:
        columns = ", ".join(_named(shape.model, name) for name in shape.columns)
        rows = ", ".join(f"({', '.join(islice(marks, len(shape.columns)))})" for _ in range(shape.rows))
        return f"INSERT INTO {table} ({columns}) VALUES {rows}{_returning(shape.model)}"
    new = ", ".join(f"{_named(shape.model, name)} = {next(marks)}" for name in shape.columns)
    alike = [f"{_named(shape.model, name)} = {next(marks)}" for name in shape.keys]
    absent = [f"{_named(shape.model, name)} IS NULL" for name in shape.absent]
    return f"UPDATE {table} SET {new} WHERE {' AND '.join(alike + absent)}"


def _returning(model: type[Model]) -> str:
    numbered = ", ".join(f'"{column}"' for column in sorted(model._meta.generated_db_fields))
    return f" RETURNING {numbered}" if numbered else ""


def _named(model: type[Model], name: str) -> str:
    return f'"{model._meta.fields_db_projection[name]}"'
