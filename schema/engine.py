"""Compiled selections: what is asked below a root field is answered by functions that were made for it.

A selection set becomes one generated function that reads the attributes of an object into a dict, with gaps for the
fields that resolvers answer. Those are called then and awaited together, as graphql-core's executor (the reference)
does, so that loaders see them together. The functions are kept for the next request with the same document.

What is not known here is left to the reference executor, which says what is wrong as the specification wants it: a root
field with an unknown construct as a whole, and an odd value (not what its type promises) from that value on. Nothing
that could change anything is asked twice: a value turns out odd before any resolver is called on it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, cast

import graphql
from graphql import GraphQLNonNull, GraphQLObjectType, GraphQLOutputType
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet, collect_subfields
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path, gather_with_cancel
from strawberry.schema.schema import Schema, StrawberryGraphQLCoreExecutionContext

from resolvers.context import Context
from resolvers.loaders import Loaders
from schema.calling import Ahead, Asked, Asking, aheads_of, call_of, called_by
from schema.filling import Slots, Step, step_of, together
from schema.reading import (
    Odd,
    Quick,
    Reader,
    Write,
    kind_of,
    leaf_writer,
    listed,
    present,
    quick_list,
    settled,
)

MOST_PLANS = 256
MOST_SELECTIONS = 200
"""Of one operation; larger ones are left to the reference executor."""

Info: TypeAlias = graphql.GraphQLResolveInfo[object]
Complete: TypeAlias = Step["Compiled"]
"""Of a value; raises what the reference executor would raise."""
Fill = Callable[["Compiled", object, object, Path], object]
"""Fills the gaps in what was read of a value."""


Answer: TypeAlias = dict[str, object] | Awaitable[dict[str, object]]

COUNTS: Counter[str] = Counter()
"""`compiled` and `left`: values of root fields; `odd`: values that were given back to the reference executor."""


@dataclass(frozen=True)
class Way:
    """How values of one type are answered; with `write` when no resolver is asked below.

    `quick` gives the whole answer for a value that is not null, if nothing below has to be awaited and nothing is odd;
    else it raises anything. `nullable`: null is answered with null.
    """

    complete: Complete
    write: Write | None = None
    quick: Quick | None = None
    ahead: Ahead | None = None
    nullable: bool = False


class Compiled(StrawberryGraphQLCoreExecutionContext):
    """The reference executor, save that values of root fields are completed by compiled selections.

    Those of a query are also called as compiled selections call: they are taken side by side, in any order.
    """

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: object,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: object,
    ) -> Answer:
        if path is None and parent_type is self.schema.query_type and not self._is_special:
            roots = self._plan.roots(self, parent_type, grouped_field_set)
            steps = [(key, step, source_value, Path(None, key, parent_type.name)) for key, step in roots]
            slots: dict[str, object] = dict.fromkeys(grouped_field_set)
            return cast(Answer, together(self, cast(Slots, slots), steps))
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, None)

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: Info,
        path: Path,
        result: object,
        position_context: object,
    ) -> object:
        if path.prev is None and (complete := self._compiled(return_type, field_details_list, info)):
            return complete(self, result, path)
        return super().complete_value(return_type, field_details_list, info, path, result, None)

    def _compiled(self, type: GraphQLOutputType, details: FieldDetailsList, info: Info) -> Complete | None:
        definition = info.parent_type.fields.get(info.field_name)
        asked = definition and Asked(str(info.path.key), info.parent_type, definition, details)
        complete = self._plan.root(self, asked, type) if asked and not self._is_special else None
        if definition is not None:  # else of `__typename` and the like
            COUNTS["compiled" if complete else "left"] += 1
        return complete

    def left(self, asked: Asked, type: GraphQLOutputType, value: object, path: Path) -> object:
        """The value, completed by the reference executor from here on."""
        COUNTS["odd"] += 1
        return super().complete_value(type, asked.details, self.info(asked, path), path, value, None)

    def info(self, asked: Asked, path: Path) -> Info:
        """Of the field, for a path to it or to something in its lists."""
        while isinstance(path.key, int) and path.prev is not None:
            path = path.prev
        return self.build_resolve_info(asked.definition, asked.nodes, asked.parent, path)

    def given(self, asked: Asked) -> dict[str, object]:
        """The arguments as they stand in the document, with the values of its variables."""
        node, values = asked.nodes[0], self.variable_values
        return get_argument_values(asked.definition, node, values, None, self.hide_suggestions)

    @cached_property
    def given_to(self) -> dict[Asked, dict[str, object] | None]:
        """Arguments as resolvers take them, kept for the operation; None where Strawberry has to refuse them."""
        return {}

    @cached_property
    def asking(self) -> Asking:
        """For resolvers that look at nothing but the context."""
        return Asking(self.context_value)

    @property
    def loaders(self) -> Loaders:
        return cast(Context, self.context_value).loaders

    @cached_property
    def strawberry(self) -> Schema:
        return cast(Schema, self.schema._strawberry_schema)  # type: ignore[attr-defined]

    @cached_property
    def _is_special(self) -> bool:
        around = self.middleware_manager and self.middleware_manager.middlewares
        return bool(self.abort_signal or around or self.strawberry.exception_handlers)

    @cached_property
    def _plan(self) -> Plan:
        """Of the operation, for these values of what can switch its parts: all Booleans among its variables."""
        key = id(self.schema), id(self.operation), *self._switches()
        plan = PLANS[key] = PLANS.pop(key) if key in PLANS else Plan(self.schema, self.operation)
        if len(PLANS) > MOST_PLANS:
            PLANS.popitem(last=False)
        return plan

    def _switches(self) -> Iterator[object]:
        for variable in self.operation.variable_definitions or ():
            type = getattr(variable.type, "type", variable.type)
            if isinstance(type, graphql.NamedTypeNode) and type.name.value == "Boolean":
                yield self.variable_values.coerced.get(variable.variable.name.value)


class Plan:
    """What was made for one operation. It keeps nothing of the request it was first made for."""

    def __init__(self, schema: graphql.GraphQLSchema, operation: graphql.OperationDefinitionNode) -> None:
        self.made_for = schema, operation  # kept, so that no others can have their ids
        self._roots: list[tuple[str, Complete]] | None = None
        self._ways: dict[tuple[str, GraphQLOutputType], Way | None] = {}
        self._selections: dict[tuple[object, ...], Selection] = {}

    def roots(
        self, run: Compiled, type: GraphQLObjectType, fields: GroupedFieldSet
    ) -> list[tuple[str, Complete]]:
        """How each root field is answered."""
        if self._roots is None:
            self._roots = [(key, self._root(run, type, key, details)) for key, details in fields.items()]
        return self._roots

    def _root(self, run: Compiled, type: GraphQLObjectType, key: str, details: FieldDetailsList) -> Complete:
        definition = type.fields.get(details[0].node.name.value)
        asked = definition and Asked(key, type, definition, details)
        complete = self.root(run, asked, definition.type) if asked and definition else None
        if asked is None or complete is None:
            return lambda run, source, path: run.execute_field(type, source, details, path, None)
        return _counted(step_of(details, asked.definition.type, complete, call_of(asked)))

    def root(self, run: Compiled, asked: Asked, type: GraphQLOutputType) -> Complete | None:
        """How values of a root field are completed; None for what is left to the reference executor."""
        key = asked.key, type
        if key not in self._ways:
            self._ways[key] = self._made(run, asked, type)
        way = self._ways[key]
        return way.complete if way else None

    def _made(self, run: Compiled, asked: Asked, type: GraphQLOutputType) -> Way | None:
        try:
            return self.way(run, asked, type)
        except Exception:  # whatever hinders: the reference executor can do without
            return None

    def way(self, run: Compiled, asked: Asked, type: GraphQLOutputType) -> Way:
        if isinstance(type, GraphQLNonNull):
            return _required(asked, self._present(run, asked, type.of_type))
        return _optional(self._present(run, asked, type))

    def _present(self, run: Compiled, asked: Asked, type: GraphQLOutputType) -> Way:
        """How values are answered that are not null."""
        match type:
            case graphql.GraphQLList():
                return _list(asked, type, self.way(run, asked, type.of_type))
            case graphql.GraphQLScalarType() | graphql.GraphQLEnumType():
                return _way(asked, type, leaf_writer(type))
            case GraphQLObjectType() if not graphql.is_introspection_type(type):
                return self._object(run, asked, type)
            case graphql.GraphQLInterfaceType() | graphql.GraphQLUnionType():
                return self._abstract(asked, type)
        raise Odd

    def _object(self, run: Compiled, asked: Asked, type: GraphQLObjectType) -> Way:
        key = type, *(id(node) for node in asked.nodes)
        if key not in self._selections:
            if len(self._selections) >= MOST_SELECTIONS:
                raise Odd
            self._selections[key] = Selection(self, run, type, asked.details)
        selection = self._selections[key]
        if not selection.later:
            return _way(asked, type, selection.read)
        way = _way(asked, type, selection.read, selection.fill, selection.quick)
        return replace(way, ahead=selection.ahead)

    def _abstract(self, asked: Asked, type: graphql.GraphQLAbstractType) -> Way:
        """Selections are made as objects of one type or another turn up."""
        known: dict[object, Way | None] = {}
        resolve = kind_of(type)

        def complete(run: Compiled, value: object, path: Path) -> object:
            try:
                name = (type.resolve_type or run.type_resolver)(present(value), None, type)  # type: ignore[arg-type]
            except Exception:
                name = None
            if isinstance(name, str) and name not in known:
                kinds = [one for one in run.schema.get_possible_types(type) if one.name == name]
                known[name] = self._made(run, asked, kinds[0]) if kinds else None
            inner = known.get(name) if isinstance(name, str) else None
            return inner.complete(run, value, path) if inner else run.left(asked, type, value, path)

        def quick(value: object, asking: object) -> object:
            inner = known.get(resolve(value)) if resolve else None
            if inner is None or inner.quick is None:
                raise Odd
            return inner.quick(value, asking)

        return Way(complete, quick=quick)


ODD = object()
PLANS: OrderedDict[tuple[object, ...], Plan] = OrderedDict()


def _way(
    asked: Asked, type: GraphQLOutputType, read: Write, fill: Fill | None = None, quick: Quick | None = None
) -> Way:
    """Reads the value, and fills what was read when there are gaps in it."""

    def complete(run: Compiled, value: object, path: Path) -> object:
        found = ODD
        if quick:
            with suppress(Exception):
                return quick(value, run.asking)
        try:
            found = read(value)
        except Exception:
            found = ODD
        if found is ODD:  # not above: errors that follow have nothing to do with the one before
            return run.left(asked, type, value, path)
        return fill(run, value, found, path) if fill else found

    if fill:
        return Way(complete, None, quick)
    return Way(complete, read, lambda value, asking: read(value))


def _optional(inner: Way) -> Way:
    below, write = inner.complete, inner.write

    def complete(run: Compiled, value: object, path: Path) -> object:
        return None if value is None else below(run, value, path)

    return Way(
        complete,
        write and (lambda value: None if value is None else write(value)),
        inner.quick,
        inner.ahead,
        True,
    )


def _required(asked: Asked, inner: Way) -> Way:
    """Nothing can be written for null: it is odd."""
    below, name = inner.complete, f"{asked.parent}.{asked.nodes[0].name.value}"

    def complete(run: Compiled, value: object, path: Path) -> object:
        completed = None if value is None else below(run, value, path)
        if completed is None:
            raise TypeError(f"Cannot return null for non-nullable field {name}.")
        return completed

    return replace(inner, complete=complete)


def _list(asked: Asked, type: graphql.GraphQLList[GraphQLOutputType], item: Way) -> Way:
    if (write := item.write) is not None:
        return _way(asked, type, lambda value: [write(one) for one in listed(value)])
    step, ahead, inner = step_of(asked.details, type.of_type, item.complete), item.ahead, item.quick

    def fill(run: Compiled, value: object, items: object, path: Path) -> object:
        slots = cast(list[object], items)
        waiting = [*ahead(run, [one for one in slots if one is not None])] if ahead and len(slots) > 1 else []
        return after(run, waiting, slots, path) if waiting else now(run, slots, path)

    async def after(
        run: Compiled, waiting: list[Awaitable[object]], slots: list[object], path: Path
    ) -> object:
        await gather_with_cancel(*waiting)
        filled = now(run, slots, path)
        return await filled if run.is_awaitable(filled) else filled

    def now(run: Compiled, slots: list[object], path: Path) -> object:
        steps = [(index, step, one, Path(path, index, None)) for index, one in enumerate(slots)]
        return together(run, cast(Slots, slots), steps)

    quick = inner and quick_list(inner, nullable=item.nullable)
    return _way(asked, type, lambda value: [settled(one) for one in listed(value)], fill, quick)


class Selection:
    """The fields asked of one type of object: `read` reads them into a dict, with gaps that are filled `later`.

    `quick`: see Way.
    """

    def __init__(self, plan: Plan, run: Compiled, type: GraphQLObjectType, details: FieldDetailsList) -> None:
        self.type = type
        self.later: list[tuple[str, Complete, bool]] = []
        self._aheads: list[Ahead] = []
        reader = Reader(type)
        fields = collect_subfields(
            run.schema, run.fragments, run.variable_values, run.operation, type, details
        ).grouped_field_set
        for key, merged in fields.items():
            self._add(plan, run, reader, key, merged)
        self.read, self.quick = reader.made(), reader.made_quick()

    def _add(self, plan: Plan, run: Compiled, reader: Reader, key: str, details: FieldDetailsList) -> None:
        name = details[0].node.name.value
        if any(part[1:] != (None, None) for part in details):
            raise Odd
        if name == "__typename":
            return reader.constant(key, self.type.name)
        asked = Asked(key, self.type, self.type.fields[name], details)
        type = asked.definition.type
        way, reading = plan.way(run, asked, type), reader.reading(asked.definition)
        if reading is not None and way.write is not None:
            return reader.answer(key, reading, type, way.write)
        reader.later(key, reading, called_by(asked.definition), way.quick, way.nullable)
        call = call_of(asked) if reading is None else None
        self.later.append((key, step_of(details, type, way.complete, call), reading is None))
        self._aheads += aheads_of(asked, way.ahead)

    def ahead(self, run: Compiled, values: Sequence[object]) -> Iterator[Awaitable[object]]:
        for ahead in self._aheads:
            yield from ahead(run, values)

    def fill(self, run: Compiled, source: object, answer: object, path: Path) -> object:
        slots, name = cast(Slots, answer), self.type.name
        steps = [
            (key, step, source if of_source else slots[key], Path(path, key, name))
            for key, step, of_source in self.later
        ]
        return together(run, slots, steps)


def _counted(step: Complete) -> Complete:
    def counted(run: Compiled, source: object, path: Path) -> object:
        COUNTS["compiled"] += 1
        return step(run, source, path)

    return counted
