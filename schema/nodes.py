"""What all objects and all lists have in common: ids, pages, cursors."""

from typing import Generic, TypeVar

import strawberry

from resolvers.cursors import Cursor
from resolvers.ids import global_id, type_name
from resolvers.pages import total_count
from schema.fields import attribute, field

Item = TypeVar("Item")

MINE = "null when there is none or the caller may not know of it."
NO_OTHER = "an id of another type is refused."
PAGED = {
    "first": "How many to answer with, 1 to 100; 20 when left out.",
    "after": "Go on after this cursor of the same list in the same order; from the start when left out.",
}
AFTER_EVENT = PAGED | {
    "after": "Go on after this place in the log: `CURSOR_EXPIRED` when what comes next is older than "
    "`eventLog.retentionDays`. When left out, from the oldest event within them."
}
AFTER_OWN_EVENT = PAGED | {"after": "Go on after this event, however old; from the first when left out."}


@strawberry.interface(description="Anything with an id of its own; `node(id)` finds it again by that id.")
class Node:
    id: strawberry.ID = field(
        global_id, "Opaque id, unique over all types and stable for ever; hand it back as it was given."
    )

    @classmethod
    def is_type_of(cls, row: object, info: object) -> bool:
        return type_name(row) == cls.__name__

    @classmethod
    def resolve_type(cls, row: object, info: object, abstract: object) -> str:
        return type_name(row)


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = attribute("Whether the list goes on after this page.")
    has_previous_page: bool = attribute("Whether something lies before this page: true after a cursor.")
    start_cursor: Cursor | None = attribute("Cursor of the page's first row; null on an empty page.")
    end_cursor: Cursor | None = attribute(
        "Cursor of the page's last row: the `after` of the next page; null on an empty page."
    )


@strawberry.type(description="One row of a page and its place in the list.")
class Edge(Generic[Item]):
    cursor: Cursor = attribute("Place of the row in the list, for `after`.")
    node: Item = attribute("The row itself, as an object of the list.")


@strawberry.type(
    description="A page of a list that may be long; rows which come or go do not shift the others."
)
class Connection(Generic[Item]):
    edges: list[Edge[Item]] = attribute("The rows of this page, in the order of the list.")
    page_info: PageInfo = attribute("Whether there is more, and where to go on.")
    total_count: int = field(
        total_count,
        "Length of the whole list, counting what the caller may read; costs a count, so ask seldom.",
    )
