"""Queries that are asked all the time, with their SQL built only once."""

from collections.abc import Callable
from typing import Generic, TypeVar

from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.queryset import QuerySet

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
