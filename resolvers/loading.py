"""How rows are loaded, for whoever names what: only what the actor may read, fetched together, kept where it may be."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TypeAlias, TypeVar, cast

from tortoise.models import Model

from models.kept import Kept
from policies.actor import Actor
from policies.scopes import readable, seeing, whole
from resolvers import plan
from resolvers.ids import key_column
from resolvers.later import DataLoader, KeptLoader
from resolvers.plan import NO_COLUMNS, Columns, Lookup

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")
Load: TypeAlias = Callable[[list[str]], Awaitable[list[Found]]]


class Loading:
    """Only what the actor may read: an unreadable row is None, or missing from its list.

    `columns`: what is looked at of the rows that are read in part. `trusting`: what is kept in the process holds, as
    nothing was changed since the actor was loaded.
    """

    def __init__(self, actor: Actor, columns: Columns = NO_COLUMNS, *, trusting: bool = False) -> None:
        self.actor, self._columns = actor, columns
        self._trusting = trusting and actor.generations is not None and plan.in_use()
        self._rows: dict[type[Model], DataLoader[str, Model | None]] = {}
        self._groups: dict[object, object] = {}

    def rows_of(self, model: type[Model]) -> DataLoader[str, Model | None]:
        if model not in self._rows:
            self._rows[model] = self._by_key(model)
        return self._rows[model]

    def grouped(self, lookup: Lookup[Row]) -> DataLoader[str, list[Row]]:
        """By the lookup's column."""
        if lookup not in self._groups:
            self._groups[lookup] = self._grouped(lookup)
        return cast(DataLoader[str, list[Row]], self._groups[lookup])

    def _whole_by_key(self, model: type[Row]) -> DataLoader[str, Row | None]:
        """Whatever the actor may read: for what is part of something that they read already."""
        return DataLoader(_singles(self.actor, _any_by_key(model)))

    def _by_key(self, model: type[Row], *, partly: bool = False) -> DataLoader[str, Row | None]:
        """Whoever takes the rows of a model in part looks at nothing that the document does not show."""
        columns = self._columns if partly else NO_COLUMNS
        return DataLoader(_singles(self.actor, _readable_by_key(model), columns))

    def _kept_or_by_key(self, model: type[Row], kept: Kept[Row]) -> DataLoader[str, Row | None]:
        if not self._trusting:
            return self._by_key(model)
        sees = seeing(self.actor, model)
        each = None if sees is None else lambda row: row if sees(row) else None
        return KeptLoader(_singles(self.actor, _any_by_key(model)), kept, each)

    def _grouped(self, lookup: Lookup[Row]) -> DataLoader[str, list[Row]]:
        return DataLoader(groups_of(self.actor, lookup, self._columns))


# These know nothing of the loaders they are made for: what nothing leads back to is gone without the garbage collector.


def _singles(actor: Actor, lookup: Lookup[Row], columns: Columns = NO_COLUMNS) -> Load[Row | None]:
    async def load(keys: list[str]) -> list[Row | None]:
        found = {getattr(row, lookup.column): row for row in await lookup.fetch(actor, keys, columns)}
        return [found.get(key) for key in keys]

    return load


def groups_of(actor: Actor, lookup: Lookup[Row], columns: Columns = NO_COLUMNS) -> Load[list[Row]]:
    async def load(keys: list[str]) -> list[list[Row]]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in await lookup.fetch(actor, keys, columns):
            groups[getattr(row, lookup.column)].append(row)
        return [groups[key] for key in keys]

    return load


@cache
def _readable_by_key(model: type[Row]) -> Lookup[Row]:
    return Lookup(key_column(model), lambda actor: readable(model, actor))


@cache
def _any_by_key(model: type[Row]) -> Lookup[Row]:
    return Lookup(key_column(model), lambda actor: whole(model))
