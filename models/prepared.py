"""Queries that are asked all the time, with their SQL built only once."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.queryset import QuerySet

Row = Mapping[str, object]
Reading = Callable[[object], object]

M = TypeVar("M", bound=Model)


class Prepared(Generic[M]):
    """A query of one text, and nothing else, that varies; Tortoise takes longer to build it than to run it."""

    def __init__(self, query: Callable[[str], QuerySet[M]]) -> None:
        self._query = query
        self._written: dict[str, tuple[type[M], str]] = {}

    async def rows(self, value: str) -> list[M]:
        """In the transaction that is open, if one is."""
        database = get_connection("default")
        dialect = database.capabilities.dialect
        if dialect not in self._written:
            query = self._query(value)
            self._written[dialect] = query.model, query.sql()
        model, sql = self._written[dialect]
        found: list[M] = await database.executor_class(model=model, db=database).execute_select(sql, [value])
        return found


class PreparedColumns(Generic[M]):
    """The same for some columns (or annotations) of a query, as `values` gives them."""

    def __init__(self, query: Callable[[str], QuerySet[M]], *columns: str) -> None:
        self._query, self._columns = query, columns
        self._written: dict[str, tuple[str, dict[str, Reading]]] = {}

    async def rows(self, value: str) -> list[Row]:
        """In the transaction that is open, if one is."""
        database = get_connection("default")
        dialect = database.capabilities.dialect
        if dialect not in self._written:
            self._written[dialect] = self._write(value)
        sql, readings = self._written[dialect]
        rows = await database.execute_query_dict(sql, [value])
        return [{name: read(row[name]) for name, read in readings.items()} for row in rows]

    def _write(self, value: str) -> tuple[str, dict[str, Reading]]:
        query = self._query(value)
        chosen = query.values(*self._columns)
        readings = {name: chosen.resolve_to_python_value(query.model, name) for name in self._columns}
        return chosen.sql(), readings
