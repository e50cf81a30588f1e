"""Rows read by fixed text: what Tortoise would ask for and make of it, without building either each time."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from itertools import count
from typing import Generic, NamedTuple, TypeVar

import orjson
from tortoise.connection import get_connection
from tortoise.expressions import Q, Subquery
from tortoise.fields import Field
from tortoise.fields.data import CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.models import Model
from tortoise.queryset import AwaitableQuery, QuerySet, ValuesQuery

from models.fields import MomentField

M = TypeVar("M", bound=Model)
Record = Sequence[object]  # by place, as both drivers give them
Dialect = str
Pieces = tuple[str, ...]

MOST_TEXTS = 5_000
PLACEHOLDER = {"postgres": re.compile(r"\$\d+"), "sqlite": re.compile(r"\?")}


class Text(NamedTuple):
    """A part of a statement; its values stand between its pieces, of which there is one more."""

    pieces: Pieces
    values: tuple[object, ...] = ()


class Joined(Exception):
    """A condition that looks at other tables by joining them is no part that could be put together with others."""


@cache
def dialect() -> Dialect:
    """Of the database that is open; whoever opens another one has to `forget_texts`."""
    name: str = get_connection("default").capabilities.dialect
    return name


def forget_texts() -> None:
    dialect.cache_clear()
    _PIECES.clear()


def condition(model: type[Model], q: Q) -> Text | None:
    """What the rows of a query so filtered must meet; None when that is nothing. Raises Joined.

    The text is made once for conditions that differ in their values only.
    """
    values: list[object] = []
    try:
        shape = model, dialect(), _shape(q, values)
    except Odd:
        return _written(model, q)
    if (pieces := _PIECES.get(shape)) is not None:
        return Text(pieces, tuple(values))
    text = _written(model, q)
    # else the values are something else in the database: let Tortoise make it so each time
    if text is not None and list(text.values) == values and len(_PIECES) < MOST_TEXTS:
        _PIECES[shape] = text.pieces
    return text


class Odd(Exception):
    """A condition whose text may depend on more than is looked at here."""


def conditions(rows: QuerySet[M]) -> list[Text]:
    """What the rows of the query must meet. Raises Joined."""
    found = [condition(rows.model, q) for q in rows._q_objects]
    return [one for one in found if one is not None]


_PIECES: dict[Hashable, Pieces] = {}


def _shape(q: Q, values: list[object]) -> Hashable:
    """All that the text depends on; the values, as they are handed to the database, are added to the list."""
    filters = tuple((name, _noted(name, value, values)) for name, value in q.filters.items())
    return q.join_type, q._is_negated, filters, tuple(_shape(one, values) for one in q.children)


def _noted(name: str, value: object, values: list[object]) -> Hashable:
    match value:
        case None | bool() if value is None or name.endswith("__isnull"):
            return value
        case list() | tuple() | set() | frozenset():
            return tuple(_noted(name, one, values) for one in value)
        case Subquery():
            return _shape_of_query(value.query, values)
        case Enum():
            values.append(value.value)
        case datetime() if value.tzinfo is not None:
            values.append(value.astimezone(UTC))
        case str() | int() | float():
            values.append(value)
        case _:
            raise Odd
    return "value"


def _shape_of_query(query: AwaitableQuery[Model], values: list[object]) -> Hashable:
    if not isinstance(query, ValuesQuery) or query._annotations or query._limit is not None:
        raise Odd
    if query._distinct or query._orderings or query._offset or query._group_bys:
        raise Odd
    shown = tuple(query._fields_for_select.items())
    return query.model, shown, tuple(_shape(q, values) for q in query._q_objects)


def _written(model: type[Model], q: Q) -> Text | None:
    rows = model.filter(q)
    rows._choose_db_if_not_chosen()
    rows._make_query()
    if rows._joined_tables:
        raise Joined
    sql, values = rows.query.get_parameterized_sql()
    _, _, where = sql.partition(" WHERE ")
    where = _few_first(where) if dialect() == "postgres" else where
    return Text(tuple(PLACEHOLDER[dialect()].split(f"({where})")), tuple(values)) if where else None


def _few_first(sql: str) -> str:
    """Rows that hang on few others are looked up by those, also beside an OR, where PostgreSQL would scan for them."""
    while (found := FEW.search(sql)) is not None:
        end = _closing(sql, found.end())
        sql = f"{sql[: found.start()]}=ANY(ARRAY(SELECT {sql[found.end() : end]})){sql[end + 1 :]}"
    return sql


FEW = re.compile(r' IN \(SELECT (?="summons_id" "summons_id" FROM "co_issuer")')
"""No village has issued much together with others."""


def _closing(sql: str, start: int) -> int:
    """Where the parenthesis ends that was opened before `start`. No text of ours has one in quotes."""
    depth = 1
    for place in range(start, len(sql)):
        depth += (sql[place] == "(") - (sql[place] == ")")
        if not depth:
            return place
    raise ValueError(sql)


def among(column: str, keys: Iterable[str]) -> Text:
    """The column is one of the keys: always the same text, however many there are."""
    if dialect() == "postgres":
        return Text((f'"{column}"=ANY(', ")"), (list(keys),))
    told = orjson.dumps(list(keys)).decode()
    return Text((f'"{column}" IN (SELECT value FROM json_each(', "))"), (told,))


async def select(
    model: type[M],
    columns: frozenset[str] | None,
    wanted: Sequence[Text],
    order: Sequence[Text] = (),
    limit: int | None = None,
) -> list[M]:
    """The rows that meet all that is wanted, with these columns and the key, or else with all.

    In the transaction that is open, if one is.
    """
    reader = reader_of(model, columns, dialect())
    parts = tuple(part.pieces for part in wanted), tuple(part.pieces for part in order)
    sql = _statement(reader.select, *parts, limit, dialect())
    values = [value for part in (*wanted, *order) for value in part.values]
    database = get_connection("default")
    planned = getattr(database, "execute_planned", None) if limit is not None else None
    _, records = await (planned or database.execute_query)(sql, values)
    return reader.read(records)  # type: ignore[arg-type]  # Tortoise says dicts; both drivers' rows go by place


async def ask(*parts: Text) -> Sequence[Record]:
    """The records of a statement put together from parts. In the transaction that is open, if one is."""
    whole = joined("", parts, "")
    sql = _numbered((whole.pieces,), dialect())[0]
    _, records = await get_connection("default").execute_query(sql, list(whole.values))
    return records  # type: ignore[return-value]  # as above


@lru_cache(MOST_TEXTS)
def _statement(
    select: str, wanted: tuple[Pieces, ...], order: tuple[Pieces, ...], limit: int | None, dialect: Dialect
) -> str:
    told = _numbered((*wanted, *order), dialect)
    where = f" WHERE {' AND '.join(told[: len(wanted)])}" if wanted else ""
    by = f" ORDER BY {', '.join(told[len(wanted) :])}" if order else ""
    return f"{select}{where}{by}" + ("" if limit is None else f" LIMIT {limit}")


def _numbered(parts: Iterable[Pieces], dialect: Dialect) -> list[str]:
    """With the marks where values stand, counted through all parts."""
    numbers = count(1)
    return [
        "".join((first, *(f"{_mark(next(numbers), dialect)}{piece}" for piece in others)))
        for first, *others in parts
    ]


def _mark(number: int, dialect: Dialect) -> str:
    return f"${number}" if dialect == "postgres" else "?"


NO_VALUES: tuple[object, ...] = ()


def joined(before: str, parts: Sequence[Text], between: str) -> Text:
    """One text of several."""
    pieces, values = [""], list(NO_VALUES)
    for number, part in enumerate(parts):
        pieces[-1] += (between if number else before) + part.pieces[0]
        pieces += part.pieces[1:]
        values += part.values
    return Text(tuple(pieces), tuple(values))


class Reader(Generic[M]):
    """Makes rows of some columns of a model; asking such a row for another column is an AttributeError."""

    def __init__(self, model: type[M], columns: frozenset[str] | None, dialect: Dialect) -> None:
        meta = model._meta
        names = [name for name in meta.fields_db_projection if columns is None or name in columns]
        names += [] if meta.pk_attr in names else [meta.pk_attr]
        told = ", ".join(f'"{meta.fields_db_projection[name]}"' for name in names)
        self.select = f'SELECT {told} FROM "{meta.db_table}"'
        self.read: Callable[[Iterable[Record]], list[M]] = _made(model, names, columns is not None, dialect)


@lru_cache(1_000)
def reader_of(model: type[M], columns: frozenset[str] | None, dialect: Dialect) -> Reader[M]:
    """Kept; what has to be made of a column differs with the database."""
    return Reader(model, columns, dialect)


MAKING = """def read(records):
    rows = []
    for r in records:
        row = new(model)
        put(row, "__dict__", {{{entries}}})
        rows.append(row)
    return rows
"""


def _made(
    model: type[M], names: Sequence[str], partial: bool, dialect: Dialect
) -> Callable[[Iterable[Record]], list[M]]:
    """A function that does what `Model._init_from_db` does, for these columns in this order."""
    known: dict[str, object] = {"model": model, "new": model.__new__, "put": object.__setattr__}
    own_key = model._meta.db_pk_column not in model._meta.generated_db_fields
    entries = [
        f"'_partial': {partial}, '_saved_in_db': True, '_custom_generated_pk': {own_key}, '_await_when_save': {{}}"
    ]
    for place, name in enumerate(names):
        entries.append(f"{name!r}: {_reading(model, name, f'r[{place}]', known, dialect)}")
    exec(MAKING.format(entries=", ".join(entries)), known)
    return known["read"]  # type: ignore[return-value]


def _reading(model: type[Model], name: str, value: str, known: dict[str, object], dialect: Dialect) -> str:
    """The expression that makes the attribute out of what the database gave."""
    meta, field = model._meta, model._meta.fields_map[name]
    is_moment = isinstance(field, MomentField) and dialect == "postgres"
    if is_moment or any(name == native for _, native, _ in meta.db_native_fields):
        return value
    known[f"_{name}"] = _reader(field, any(name == plain for _, plain, _ in meta.db_default_fields))
    if isinstance(known[f"_{name}"], dict):
        return f"_{name}[{value}]"
    return f"_{name}({value})"


def _reader(field: Field[object], plain: bool) -> Callable[[object], object] | dict[object, object]:
    if isinstance(field, CharEnumFieldInstance | IntEnumFieldInstance):
        kind: type[Enum] = field.enum_type
        return {None: None} | {member.value: member for member in kind}
    if plain:
        return lambda value: None if value is None else field.field_type(value)
    return field.to_python_value
