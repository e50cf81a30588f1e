"""Functions that read what is asked of an object off its attributes, generated as text: one for each selection set.

They answer only what is as its type promises, and raise Odd (or anything else) for the rest.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from types import CodeType, GeneratorType
from typing import NamedTuple, cast

import graphql
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, GraphQLOutputType, Undefined
from strawberry.execution import optimized_is_awaitable
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from models import Area, AreaLevel
from resolvers.ids import TYPES, global_id, key_column, packed, type_name
from schema.fields import ATTRIBUTE
from schema.nodes import Node
from schema.scalars import write_moment

Write = Callable[[object], object]
"""Gives the answer for a value, or raises whatever it likes when the value is odd."""


Quick = Callable[[object, object], object]
"""The same, given also what resolvers are asked with."""


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


def quick_list(item: Quick, *, nullable: bool) -> Quick:
    if nullable:
        return lambda value, asking: [one if one is None else item(one, asking) for one in listed(value)]
    return lambda value, asking: [item(one, asking) for one in listed(value)]


def kind_of(type: graphql.GraphQLAbstractType) -> Callable[[object], str] | None:
    """Names the type of a row; None where more than the row would have to be looked at."""
    resolve: object = getattr(type.resolve_type, "__func__", None)
    return type_name if resolve is Node.resolve_type.__func__ else None  # type: ignore[attr-defined]


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


class Usual(NamedTuple):
    """The class that values of a scalar or enum mostly have, and how those are written."""

    kind: type
    write: Callable[[object], object]


def usual(type: GraphQLOutputType) -> Usual | None:
    if isinstance(type, graphql.GraphQLEnumType) and (kind := getattr(type, "wrapped_cls", None)):
        return Usual(kind, {member: type.coerce_output_value(member) for member in kind}.__getitem__)
    if isinstance(type, graphql.GraphQLScalarType) and type.name == "DateTime":
        return Usual(datetime, cast(Write, write_moment))
    return None


def declared(definition: GraphQLField) -> StrawberryField | None:
    """How the field was declared, if nothing is wrapped around its resolver."""
    field = definition.extensions.get("strawberry-definition")
    return field if type(field) is StrawberryField and not field.extensions else None


class QuickCall(NamedTuple):
    """A resolver that may be called, and called again, by the names of its parameters."""

    function: Callable[..., object]
    root: str | None
    info: str | None


class Reader:
    """Takes the entries of an answer one by one, and makes the function that reads them into a dict."""

    def __init__(self, type: GraphQLObjectType) -> None:
        self._type = type
        self._entries: list[str] = []
        self._quick_entries: list[str] | None = []
        self._names: dict[str, object] = {"SEEN": SEEN, "present": present, "settled": settled}

    def constant(self, key: str, value: str) -> None:
        self._enter(f"{key!r}: {value!r}")

    def answer(self, key: str, reading: str, type: GraphQLOutputType, write: Write) -> None:
        named, kind = self._named(write), type.of_type if isinstance(type, GraphQLNonNull) else type
        if kind in NATIVE:
            self._enter(f"{key!r}: (t if (t := {reading}).__class__ is {NATIVE[kind]} else {named}(t))")
        elif (most := usual(kind)) is not None:
            usually, is_usual = f"{self._named(most.write)}(t)", f"__class__ is {self._named(most.kind)}"
            self._enter(f"{key!r}: ({usually} if (t := {reading}).{is_usual} else {named}(t))")
        else:
            self._enter(f"{key!r}: {named}({reading})")

    def _enter(self, entry: str) -> None:
        self._entries.append(entry)
        if self._quick_entries is not None:
            self._quick_entries.append(entry)

    def later(
        self, key: str, reading: str | None, call: QuickCall | None, quick: Quick | None, nullable: bool
    ) -> None:
        """As it is read, or a gap, to be completed later; quickly if it is read, or called without arguments."""
        self._entries.append(f"{key!r}: {f'settled({reading})' if reading else None}")
        if quick is None or self._quick_entries is None or (reading is None and call is None):
            self._quick_entries = None
            return
        value = reading or self._called(cast(QuickCall, call))
        entry = f"{self._named(quick)}({value}, a)"
        if nullable:
            entry = f"(None if (t := {value}) is None else {self._named(quick)}(t, a))"
        self._quick_entries.append(f"{key!r}: {entry}")

    def _called(self, call: QuickCall) -> str:
        given = [f"{name}={value}" for name, value in ((call.root, "v"), (call.info, "a")) if name]
        return f"{self._named(call.function)}({', '.join(given)})"

    def reading(self, definition: GraphQLField) -> str | None:
        """The expression that reads the field off the object `v`; None when a resolver has to be asked."""
        field = declared(definition)
        if field is None:
            return None
        if (resolver := field.base_resolver) is None:
            return f"v.{field.python_name}" if field.default_resolver is getattr else None
        if ATTRIBUTE in field.metadata:
            return f"v.{field.metadata[ATTRIBUTE]}"
        if resolver.wrapped_func is global_id and (model := TYPES.get(self._type.name)):
            return (
                f"{self._named(packed)}({f'{self._type.name}:'.encode()!r} + v.{key_column(model)}.encode())"
            )
        alone = resolver.root_parameter and len(resolver.signature.parameters) == 1
        return f"{self._named(resolver.wrapped_func)}(v)" if alone and not resolver.is_async else None

    def made(self) -> Write:
        return cast(Write, self._function("v", self._entries))

    def made_quick(self) -> Quick | None:
        """None when something has to be asked that may not be asked twice."""
        return (
            None if self._quick_entries is None else cast(Quick, self._function("v, a", self._quick_entries))
        )

    def _function(self, given: str, entries: Sequence[str]) -> object:
        text = READ.format(given=given, sure=self._sure, entries=", ".join(entries))
        exec(_code(text), self._names)
        return self._names["read"]

    @cached_property
    def _sure(self) -> str:
        """The expression that tells whether `v` is of the type."""
        if (model := TYPES.get(self._type.name)) is not None:
            of_level = (
                f" and v.level is {self._named(AreaLevel[self._type.name.upper()])}" if model is Area else ""
            )
            return f"v.__class__ is {self._named(model)}{of_level}"
        test = self._type.is_type_of
        return f"{self._named(test)}(v, None) is True" if test else "True"

    def _named(self, function: object) -> str:
        name = f"f{len(self._names)}"
        self._names[name] = function
        return name


READ = """def read({given}):
    if v.__class__ not in SEEN: present(v)
    if not {sure}: present(None)
    return {{{entries}}}
"""


@lru_cache(2048)
def _code(text: str) -> CodeType:
    """Many selections read the same."""
    return compile(text, "<selection>", "exec")
