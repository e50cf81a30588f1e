"""What can narrow each ledger beside its area: the arguments of the list it is of."""

from collections.abc import Mapping
from inspect import signature
from typing import get_args

import strawberry
from strawberry.utils.str_converters import to_snake_case

from resolvers.exportable import Ledger
from resolvers.ledgers import LEDGERS
from schema import query  # noqa: F401  (it puts the words to the lists' arguments)
from schema.fields import given

NOT_CONDITIONS = {"info", "area", "first", "after", "order_by"}


def _conditions_of(ledger: Ledger) -> object:
    """The list's own filter, or an input of its other arguments; None when it has none."""
    parameters = signature(ledger.list).parameters.items()
    wanted = {name: part.annotation for name, part in parameters if name not in NOT_CONDITIONS}
    if not wanted:
        return None
    return _type(wanted["filter"]) if wanted.keys() == {"filter"} else _input(ledger, wanted)


def _input(ledger: Ledger, wanted: Mapping[str, object]) -> object:
    body = {
        "__annotations__": {name: _type(told) for name, told in wanted.items()},
        "__module__": __name__,
        **{name: given(_words(told)) for name, told in wanted.items()},
    }
    name = f"{ledger.name[0].upper()}{ledger.name[1:]}LedgerFilter"
    description = f"What narrows the ledger `{ledger.name}`; every condition that is given must hold."
    return strawberry.input(type(name, (), body), description=description) | None


def _type(annotation: object) -> object:
    """As it is without the words that `schema.fields.field` put to it."""
    return get_args(annotation)[0]


def _words(annotation: object) -> str:
    return str(get_args(annotation)[1].description)


def _filter() -> type:
    kinds = {to_snake_case(name): _conditions_of(ledger) for name, ledger in LEDGERS.items()}
    known = {name: kind for name, kind in kinds.items() if kind is not None}
    body = {"__annotations__": known, "__module__": __name__, **{name: _part(name) for name in known}}
    words = "What narrows a ledger beside its area: the conditions of its list, under the ledger's name."
    return strawberry.input(type("LedgerFilter", (), body), description=words, one_of=True)


def _part(name: str) -> object:
    words = f"Conditions for the ledger `{name.upper()}`, as its list takes them."
    return given(words, default=strawberry.UNSET)


LedgerFilter = _filter()
