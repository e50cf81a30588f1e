"""Which columns a document can show: of the rows that are wide enough for that to matter, no others are read."""

from typing import TypeAlias

import graphql
from graphql import DocumentNode, FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor
from tortoise.models import Model

from models import Summons, Task
from resolvers.plan import Columns, read_by
from schema.fields import ATTRIBUTE
from schema.reading import declared

WIDE: dict[str, type[Model]] = {"Summons": Summons, "Task": Task}
"""By the type that shows them."""

Wanted: TypeAlias = dict[type[Model], set[str] | None]


def columns_of(schema: GraphQLSchema, document: DocumentNode) -> Columns:
    """Of each wide model; a model that is not there is read as a whole, since some field may look at all of it."""
    info = TypeInfo(schema)
    looking = _Looking(schema, info)
    graphql.visit(document, TypeInfoVisitor(info, looking))
    return {model: frozenset(columns) for model, columns in looking.wanted.items() if columns is not None}


class _Looking(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self._schema, self._info = schema, info
        self.wanted: Wanted = {model: set() for model in WIDE.values()}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._info.get_parent_type()
        if parent is None or node.name.value.startswith("__"):
            return
        kinds = self._schema.get_possible_types(parent) if graphql.is_abstract_type(parent) else [parent]
        for kind in kinds:
            if isinstance(kind, graphql.GraphQLObjectType) and kind.name in WIDE:
                self._note(WIDE[kind.name], kind.fields[node.name.value])

    def _note(self, model: type[Model], definition: graphql.GraphQLField) -> None:
        columns, known = self.wanted[model], _columns(model, definition)
        if columns is not None and known is not None:
            columns.update(known)
        else:
            self.wanted[model] = None


def _columns(model: type[Model], definition: graphql.GraphQLField) -> tuple[str, ...] | None:
    """What the field looks at; None when that is not known."""
    field = declared(definition)
    if field is None:
        return None
    if field.base_resolver is not None and ATTRIBUTE not in field.metadata:
        return read_by(field.base_resolver.wrapped_func)
    name = str(field.metadata.get(ATTRIBUTE, field.python_name))
    return (name,) if name in model._meta.fields_db_projection else None
