"""Random documents over the schema: valid ones, which ask for what is there, for what is not, and for nonsense."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

DEEPEST = 4
SLOW = {"policyMatrix", "policyRules", "simulatePolicy", "checkPolicy", "effectiveRights", "policyDiff"}
"""Root fields whose answers are long or dear; asked for seldom."""
SWITCHES = ("yes", "no")

Composite = GraphQLObjectType | GraphQLInterfaceType


@dataclass
class Document:
    """A text with one operation, and values for its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class Writer:
    """Draws one document. `values` are what arguments of a scalar type may be given, by the type's name; ids by the
    object's type too."""

    graph: GraphQLSchema
    random: Random
    values: dict[str, list[Any]]
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def document(self) -> Document:
        assert self.graph.query_type is not None
        roots = [name for name in self.graph.query_type.fields if name not in SLOW or self.chance(0.05)]
        chosen = [self.random.choice(roots) for _ in range(self.random.choice([1, 1, 1, 2, 3]))]
        body = " ".join(self.field(self.graph.query_type, name, 0) for name in chosen)
        switches = {"yes": self.chance(0.8), "no": self.chance(0.2)}
        heads = [f"${name}: Boolean!" for name in SWITCHES] + self.declared
        unused = "__typename @skip(if: $no) @include(if: $yes)"
        text = f"query({', '.join(heads)}) {{ {body} {unused} }} {' '.join(self.fragments)}"
        return Document(text, {**switches, **self.variables})

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def field(self, type: Composite, name: str, depth: int) -> str:
        """The same key always means the same field with the same arguments, so that what meets can be merged."""
        asked = type.fields[name]
        told = self.arguments(asked)
        call = f"{name}({told})" if told else name
        if told or str(asked.type) != usual_types(self.graph)[name] or self.chance(0.15):
            key = self.keys.setdefault((call, str(asked.type)), f"{name}_{len(self.keys)}")
            call = f"{key}: {call}"
        below = "" if is_leaf_type(get_named_type(asked.type)) else self.selection(asked.type, depth + 1)
        return f"{call}{self.switch()}{below}"

    def switch(self) -> str:
        if not self.chance(0.1):
            return ""
        directive = self.random.choice(["skip", "include"])
        value = self.random.choice(["true", "false", *(f"${name}" for name in SWITCHES)])
        return f" @{directive}(if: {value})"

    def selection(self, type: Any, depth: int) -> str:
        kind = get_named_type(type)
        parts = [self.part(kind, depth) for _ in range(self.random.choice([1, 1, 2, 2, 3, 5]))]
        return f" {{ {' '.join(parts)} }}"

    def part(self, type: Composite, depth: int) -> str:
        if self.chance(0.05):
            return "__typename"
        if depth < DEEPEST and self.chance(0.5 if is_abstract_type(type) else 0.1):
            return self.fragment(type, depth)
        names = [
            name
            for name, asked in type.fields.items()
            if depth < DEEPEST or is_leaf_type(get_named_type(asked.type))
        ]
        return self.field(type, self.random.choice(names), depth) if names else "__typename"

    def fragment(self, type: Composite, depth: int) -> str:
        on = self.random.choice(self.fitting(type))
        body = self.selection(on, depth)
        if self.chance(0.6):
            head = f"... on {on.name}" if on is not type or self.chance(0.7) else "..."
            return f"{head}{self.switch()}{body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on.name}{body}")
        again = f" ...{name}" if self.chance(0.2) else ""
        return f"...{name}{self.switch()}{again}"

    def fitting(self, type: Composite) -> list[Composite]:
        """Types that a fragment inside the type may be on."""
        if isinstance(type, GraphQLObjectType):
            return [type, *type.interfaces]
        return [type, *self.graph.get_possible_types(type)]

    def arguments(self, asked: GraphQLField) -> str:
        given = [
            f"{name}: {self.value_or_variable(argument, get_named_type(asked.type).name)}"
            for name, argument in asked.args.items()
            if is_required_argument(argument) or self.chance(0.3)
        ]
        return ", ".join(given)

    def value_or_variable(self, argument: GraphQLArgument, answer: str) -> str:
        """Ids are mostly of the type of the answer."""
        value = self.value(argument.type)
        if str(argument.type) == "ID!" and answer in self.values and self.chance(0.85):
            value = self.random.choice(self.values[answer])
        if self.chance(0.6):
            return literal(argument.type, value)
        name = f"v{len(self.declared)}"
        optional = not isinstance(argument.type, GraphQLNonNull)
        default = f" = {literal(argument.type, self.value(argument.type))}" if self.chance(0.3) else ""
        self.declared.append(f"${name}: {argument.type}{default}")
        if not ((optional or default) and self.chance(0.3)):
            self.variables[name] = value
        return f"${name}"

    def value(self, type: GraphQLInputType) -> Any:
        """As JSON."""
        if isinstance(type, GraphQLNonNull):
            return self.value(type.of_type)
        if isinstance(type, GraphQLList):
            return [self.value(GraphQLNonNull(type.of_type)) for _ in range(self.random.randint(0, 3))]
        if isinstance(type, GraphQLEnumType):
            return self.random.choice(list(type.values))
        if isinstance(type, GraphQLInputObjectType):
            return self.parts(type)
        return self.random.choice(self.values[type.name])

    def parts(self, type: GraphQLInputObjectType) -> dict[str, Any]:
        return {
            name: self.value(part.type)
            for name, part in type.fields.items()
            if isinstance(part.type, GraphQLNonNull) or self.chance(0.25)
        }


@cache
def usual_types(graph: GraphQLSchema) -> dict[str, str]:
    """The type that most fields of a name have; those of another type need another key beside them."""
    types = [type for type in graph.type_map.values() if isinstance(type, Composite)]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for type in types:
        for name, asked in type.fields.items():
            found[name][str(asked.type)] += 1
    return {name: seen.most_common(1)[0][0] for name, seen in found.items()}


def literal(type: GraphQLInputType | GraphQLNamedType, value: Any) -> str:
    """A value as it stands in a document."""
    if isinstance(type, GraphQLNonNull):
        return literal(type.of_type, value)
    if isinstance(type, GraphQLList):
        return f"[{', '.join(literal(type.of_type, one) for one in value)}]"
    if isinstance(type, GraphQLInputObjectType):
        told = [f"{name}: {literal(type.fields[name].type, one)}" for name, one in value.items()]
        return f"{{{', '.join(told)}}}"
    if isinstance(type, GraphQLEnumType):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
