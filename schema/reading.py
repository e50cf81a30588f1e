"""Functions that read what is asked of an object off its attributes, generated as text: one for each selection set.

They answer only what is as its type promises, and raise Odd (or anything else) for the rest.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType, GeneratorType
from typing import cast

import graphql
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, GraphQLOutputType, Undefined
from strawberry.execution import optimized_is_awaitable
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from schema.fields import ATTRIBUTE

Write = Callable[[object], object]
"""Gives the answer for a value, or raises whatever it likes when the value is odd."""


class Odd(Exception):
    """What is not compiled, or a value that is not what it should be."""


SEEN: set[type] = {bool, dict, float, int, list, str, tuple}
"""Classes whose objects are values: no errors, and nothing to be awaited. Others are added as they turn up."""


def present(value: object) -> object:
    """The value, when it is one."""
    kind = type(value)
    if kind not in SEEN:
        if value is None or value is Undefined or isinstance(value, Exception | GeneratorType):
            raise Odd
        if optimized_is_awaitable(value) and getattr(kind, "__await__", None) is not Model.__await__:
            raise Odd  # rows can be awaited too, but only give themselves
        SEEN.add(kind)
    return value


def settled(value: object) -> object:
    """The value, or None."""
    return None if value is None else present(value)


def listed(value: object) -> Sequence[object]:
    if type(value) is list or type(value) is tuple:
        return cast(Sequence[object], value)
    raise Odd


def leaf_writer(type: graphql.GraphQLLeafType) -> Write:
    coerce, kind = type.coerce_output_value, getattr(type, "wrapped_cls", None)
    names = {member: coerce(member) for member in kind or ()}

    def write(value: object) -> object:
        if value.__class__ is kind:
            return names[value]
        coerced = coerce(present(value))
        if coerced is None or coerced is Undefined:
            raise Odd
        return coerced

    return write


NATIVE: dict[object, str] = {
    graphql.GraphQLString: "str",
    graphql.GraphQLID: "str",
    graphql.GraphQLBoolean: "bool",
    graphql.GraphQLInt: f"int and {graphql.GRAPHQL_MIN_INT} <= t <= {graphql.GRAPHQL_MAX_INT}",
}
"""Scalars whose values are mostly answered as they are, and the test for those."""


def declared(definition: GraphQLField) -> StrawberryField | None:
    """How the field was declared, if nothing is wrapped around its resolver."""
    field = definition.extensions.get("strawberry-definition")
    return field if type(field) is StrawberryField and not field.extensions else None


class Reader:
    """Takes the entries of an answer one by one, and makes the function that reads them into a dict."""

    def __init__(self, type: GraphQLObjectType) -> None:
        self._type = type
        self._entries: list[str] = []
        self._names: dict[str, object] = {"SEEN": SEEN, "present": present, "settled": settled}

    def constant(self, key: str, value: str | None) -> None:
        self._entries.append(f"{key!r}: {value!r}")

    def value(self, key: str, reading: str) -> None:
        """As it is read, to be completed later."""
        self._entries.append(f"{key!r}: settled({reading})")

    def answer(self, key: str, reading: str, type: GraphQLOutputType, write: Write) -> None:
        named, kind = self._named(write), type.of_type if isinstance(type, GraphQLNonNull) else type
        if kind in NATIVE:
            self._entries.append(
                f"{key!r}: (t if (t := {reading}).__class__ is {NATIVE[kind]} else {named}(t))"
            )
        else:
            self._entries.append(f"{key!r}: {named}({reading})")

    def reading(self, definition: GraphQLField) -> str | None:
        """The expression that reads the field off the object `v`; None when a resolver has to be asked."""
        field = declared(definition)
        if field is None:
            return None
        if (resolver := field.base_resolver) is None:
            return f"v.{field.python_name}" if field.default_resolver is getattr else None
        if ATTRIBUTE in field.metadata:
            return f"v.{field.metadata[ATTRIBUTE]}"
        alone = resolver.root_parameter and len(resolver.signature.parameters) == 1
        return f"{self._named(resolver.wrapped_func)}(v)" if alone and not resolver.is_async else None

    def made(self) -> Write:
        test = self._type.is_type_of
        sure = f"{self._named(test)}(v, None) is True" if test else "True"
        exec(_code(READ.format(sure=sure, entries=", ".join(self._entries))), self._names)
        return cast(Write, self._names["read"])

    def _named(self, function: object) -> str:
        name = f"f{len(self._names)}"
        self._names[name] = function
        return name


READ = """def read(v):
    if v.__class__ not in SEEN: present(v)
    if not {sure}: present(None)
    return {{{entries}}}
"""


@lru_cache(2048)
def _code(text: str) -> CodeType:
    """Many selections read the same."""
    return compile(text, "<selection>", "exec")
