"""A ledger (台账): a list of the API as a table that can be exported; `resolvers.ledgers` has them all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from resolvers.pages import Page

Listing = Callable[..., Awaitable[Page]]  # type: ignore[type-arg]  # of rows of any model


@dataclass(frozen=True)
class Ledger:
    """A list that can be exported. `list` answers the field `name` of Query, and takes an area.

    `columns`: fields of a row, dots leading into objects and lists, with their headings. `given`: what the list is
    always asked with.
    """

    name: str
    title: str
    words: str
    list: Listing
    columns: Mapping[str, str]
    given: Mapping[str, str] = field(default_factory=dict)
