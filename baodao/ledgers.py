"""A ledger read page by page: what the API answers for its list, as the rows of a table."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)

from models import Grant
from policies.actor import Actor
from policies.alike import Right, mark
from policies.scopes import DELEGATION, MANAGED, TYPES
from resolvers.context import Context
from resolvers.exportable import Ledger
from resolvers.ledgers import LEDGERS
from resolvers.pages import MOST_FIRST
from schema import schema

Row = Sequence[object]
Tree: TypeAlias = dict[str, "Tree"]
CHINESE = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)")


class Kind(Enum):
    """What is in a cell; any may be empty, or a list."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"
    MOMENT = "moment"
    DAY = "day"
    WORD = "word"


KINDS = {
    **dict.fromkeys(("Int", "Float"), Kind.NUMBER),
    "Boolean": Kind.YES_NO,
    "DateTime": Kind.MOMENT,
    "Date": Kind.DAY,
}


@dataclass(frozen=True)
class Column:
    """`key` tells the path of the field below a row; `words`: of each value of an enum, in Chinese."""

    key: str
    heading: str
    kind: Kind
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What is known of a ledger before it is read. `document` asks for a page of it."""

    ledger: Ledger
    columns: tuple[Column, ...]
    arguments: frozenset[str]
    document: str


class CannotRead(Exception):
    """The API refuses the list, or fails to show it."""


@cache
def table_of(name: str) -> Table:
    """Raises KeyError for a ledger that there is not."""
    ledger, asked = LEDGERS[name], _query(name)
    node = _fields(_fields(asked.type)["edges"].type)["node"].type
    columns = tuple(_column(node, *told) for told in ledger.columns.items())
    return Table(ledger, columns, frozenset(asked.args), _document(ledger, asked))


def rights_held(actor: Actor, name: str) -> str:
    """Marks what the actor can read of a ledger; another text as soon as a right to it came or went."""
    return mark(actor, _rights(name) if name in LEDGERS else EVERY).text


def _rights(name: str) -> frozenset[Right]:
    """Of the type of its rows; all there are of what holds several, such as events."""
    node = get_named_type(_fields(_fields(_query(name).type)["edges"].type)["node"].type).name
    return OF_TYPE.get(NAMES.get(node, node), EVERY)


NAMES = {"EmergencyAccess": "BreakGlass", "EvaluationTemplate": "Template"}
"""Types of rows that bear another name than their model."""
OF_TYPE: dict[str, frozenset[Right]] = {
    **{model.__name__: frozenset({(type, "read")}) for model, type in TYPES.items()},
    **{model.__name__: frozenset({right}) for model, right in MANAGED.items()},
    "Grant": frozenset({(TYPES[Grant], "read"), (DELEGATION, "read")}),
}
EVERY: frozenset[Right] = frozenset().union(*OF_TYPE.values())


def _query(name: str) -> GraphQLField:
    query = schema._schema.query_type
    assert query is not None, "there is something to ask"
    asked: GraphQLField = query.fields[name]
    return asked


def _fields(type: GraphQLOutputType) -> dict[str, GraphQLField]:
    named = get_named_type(type)
    return named.fields if isinstance(named, GraphQLObjectType | GraphQLInterfaceType) else {}


def _column(node: GraphQLOutputType, key: str, heading: str) -> Column:
    type = node
    for name in key.split("."):
        type = _fields(type)[name].type
    leaf = get_named_type(type)
    if isinstance(leaf, GraphQLEnumType):
        told = {value: CHINESE.findall(known.description or "") for value, known in leaf.values.items()}
        return Column(key, heading, Kind.WORD, {value: found[-1] for value, found in told.items() if found})
    return Column(key, heading, KINDS.get(leaf.name, Kind.TEXT))


def _document(ledger: Ledger, asked: GraphQLField) -> str:
    variables = ", ".join(f"${name}: {argument.type}" for name, argument in asked.args.items())
    arguments = ", ".join(f"{name}: ${name}" for name in asked.args)
    total = "totalCount @include(if: $counted)" if "totalCount" in _fields(asked.type) else ""
    page = f"{total} pageInfo {{ hasNextPage endCursor }} edges {{ node {_selection(_tree(ledger))} }}"
    counted = ", $counted: Boolean!" if total else ""
    return f"query({variables}{counted}) {{ {ledger.name}({arguments}) {{ {page} }} }}"


def _tree(ledger: Ledger) -> Tree:
    tree: Tree = {}
    for key in ledger.columns:
        here = tree
        for name in key.split("."):
            here = here.setdefault(name, {})
    return tree


def _selection(tree: Tree) -> str:
    return (
        "{ " + " ".join(f"{name} {_selection(below) if below else ''}" for name, below in tree.items()) + " }"
    )


@dataclass(frozen=True)
class Stretch:
    """The next rows, at most 100. `total`: how many there were in all at the beginning; None when nobody counted."""

    rows: list[Row]
    total: int | None


async def read(
    table: Table, area: str, asked: Mapping[str, object], who: Callable[[], Awaitable[Actor]]
) -> AsyncIterator[Stretch]:
    """Each page with the rights that the actor has at that moment. Raises CannotRead, and whatever `who` does."""
    given = {**asked, **table.ledger.given, "area": area, "first": MOST_FIRST}
    after, total = None, None
    while True:
        variables = {**given, "after": after, "counted": after is None}
        context = Context(await who())
        answer = await schema.execute(table.document, variable_values=variables, context_value=context)
        if answer.errors or answer.data is None:
            raise CannotRead(f"{table.ledger.name}: {'; '.join(one.message for one in answer.errors or [])}")
        page = answer.data[table.ledger.name]
        total = page.get("totalCount", total)
        yield Stretch([_row(table, edge["node"]) for edge in page["edges"]], total)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _row(table: Table, node: object) -> Row:
    return [_found(node, column.key.split(".")) for column in table.columns]


def _found(value: object, path: Sequence[str]) -> object:
    """What lies at the path; of a list, what lies there in each that has it."""
    if isinstance(value, list):
        found = [_found(one, path) for one in value]
        return [one for one in found if one is not None]
    if not path or value is None:
        return value
    assert isinstance(value, dict), "an object of the API"
    return _found(value[path[0]], path[1:])
