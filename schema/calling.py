"""How a resolver is called on the objects of a compiled selection, and what it will ask for begun before that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from resolvers.plan import ahead_of, read_by
from schema.filling import Step
from schema.reading import QuickCall, declared

if TYPE_CHECKING:
    from schema.engine import Compiled

Call: TypeAlias = "Step[Compiled]"
Ahead: TypeAlias = "Callable[[Compiled, Sequence[object]], Iterator[Awaitable[object]]]"
"""Begins to load what resolvers will ask for on all these values, so that they need not wait one by one."""


class Asking(NamedTuple):
    """What is left of `Info` for resolvers that tell what they look at."""

    context: object


@dataclass(frozen=True, eq=False)
class Asked:
    """A field as a document asks for it, with everything that was merged into it."""

    key: str
    parent: GraphQLObjectType
    definition: GraphQLField
    details: FieldDetailsList

    @cached_property
    def nodes(self) -> list[FieldNode]:
        return [part.node for part in self.details]


def call_of(asked: Asked) -> Call:
    """Calls the resolver on an object, as Strawberry does: directly where nothing is wrapped around it."""

    def wrapped(run: Compiled, source: object, path: Path) -> object:
        resolve = asked.definition.resolve or run.field_resolver
        return resolve(source, run.info(asked, path), **run.given(asked))

    field = declared(asked.definition)
    resolver = field.base_resolver if field else None
    if field is None or resolver is None or resolver.self_parameter or resolver.parent_parameter:
        return wrapped
    function = cast(Callable[..., object], resolver.wrapped_func)
    told = read_by(function) is not None
    root = resolver.root_parameter.name if resolver.root_parameter else None
    info = resolver.info_parameter.name if resolver.info_parameter else None

    def direct(run: Compiled, source: object, path: Path) -> object:
        if asked not in run.given_to:
            run.given_to[asked] = _given(run, asked, field)
        if (arguments := run.given_to[asked]) is None:
            return wrapped(run, source, path)
        given = {**arguments}
        if info:
            given[info] = (
                run.asking if told else run.strawberry.config.info_class(run.info(asked, path), field)
            )
        if root:
            given[root] = source
        return function(**given)

    return direct


def called_by(definition: GraphQLField) -> QuickCall | None:
    """For fields without arguments whose resolver only looks things up: calling it twice does nothing twice."""
    field = declared(definition)
    resolver = field.base_resolver if field else None
    if resolver is None or resolver.is_async or resolver.arguments or read_by(resolver.wrapped_func) is None:
        return None
    root, info = resolver.root_parameter, resolver.info_parameter
    function = cast("Callable[..., object]", resolver.wrapped_func)
    return QuickCall(function, root.name if root else None, info.name if info else None)


def _given(run: Compiled, asked: Asked, field: StrawberryField) -> dict[str, object] | None:
    """The arguments, for all calls of the field; None where Strawberry has to refuse them."""
    if not field.arguments:
        return {}
    scalars, config = run.strawberry.schema_converter.scalar_registry, run.strawberry.config
    try:
        return convert_arguments(run.given(asked), field.arguments, scalars, config)
    except Exception:
        return None


def aheads_of(asked: Asked, below: Ahead | None) -> Iterator[Ahead]:
    """What can be begun for a field on many values: its own loading; if it reads an attribute, what is below that."""
    field = declared(asked.definition)
    resolver = field.base_resolver if field else None
    if resolver is not None and (told := ahead_of(resolver.wrapped_func)):
        loader, column = told
        yield lambda run, values: _begun(getattr(run.loaders, loader).ahead(_keys(values, column)))
    elif field is not None and resolver is None and below is not None:
        inner, name = below, field.python_name
        yield lambda run, values: inner(run, _keys(values, name))


def _begun(loading: Awaitable[object] | None) -> Iterator[Awaitable[object]]:
    if loading is not None:
        yield loading


def _keys(values: Sequence[object], name: str) -> list[object]:
    """Of the values that have one; what is wrong with others is told when they are answered."""
    return [one for value in values if (one := getattr(value, name, None)) is not None]
