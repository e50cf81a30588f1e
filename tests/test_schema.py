"""The graph is a promise: what was agreed is there, every name is explained, nothing that is in use goes away."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from api import published
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

import schema as package
from models.workflow import MACHINES
from resolvers.ids import TYPES
from schema import schema

SPEC = Path(__file__).parent / "spec"
COMMITTED = Path(package.__file__).with_name("schema.graphql")

OURS = published()
CORE = build_schema((SPEC / "core.graphql").read_text("utf-8"), assume_valid=True)
ROOTS = {"Query", "Mutation", "Subscription"}

Element = GraphQLField | GraphQLArgument | GraphQLInputField


def own_types(graph: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: type
        for name, type in graph.type_map.items()
        if not is_introspection_type(type) and not is_specified_scalar_type(type)
    }


def parts(type: GraphQLNamedType) -> dict[str, Element]:
    """Everything below a type that has a type itself, by its dotted name."""
    found: dict[str, Element] = {}
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in type.fields.items():
            found[f"{type.name}.{name}"] = field
            found |= {f"{type.name}.{name}.{argument}": told for argument, told in field.args.items()}
    if isinstance(type, GraphQLInputObjectType):
        found |= {f"{type.name}.{name}": field for name, field in type.fields.items()}
    return found


def values(type: GraphQLNamedType) -> set[str]:
    return {f"{type.name}.{name}" for name in type.values} if isinstance(type, GraphQLEnumType) else set()


def everything(graph: GraphQLSchema) -> dict[str, Element]:
    return {name: part for type in own_types(graph).values() for name, part in parts(type).items()}


def test_the_committed_sdl_is_current() -> None:
    assert COMMITTED.read_text("utf-8") == f"{schema.as_str()}\n", "run: make schema"


def test_nothing_that_was_committed_is_broken() -> None:
    changes = find_breaking_changes(build_schema(COMMITTED.read_text("utf-8")), build_schema(schema.as_str()))
    assert [change.description for change in changes] == []


def test_every_type_and_enum_value_of_the_contract_is_there() -> None:
    theirs, ours = own_types(CORE), own_types(OURS)
    missing = {name for name, type in theirs.items() if not isinstance(ours.get(name), type.__class__)}
    assert missing == set()
    assert {v for t in theirs.values() for v in values(t)} <= {v for t in ours.values() for v in values(t)}


@pytest.mark.parametrize("type", list(own_types(CORE)))
def test_the_contract_holds_for(type: str) -> None:
    ours = parts(OURS.type_map[type])
    for name, agreed in parts(CORE.type_map[type]).items():
        assert name in ours
        keeps(name, ours[name], agreed)


def keeps(name: str, ours: Element, agreed: Element) -> None:
    """Types are as agreed, but an answer may promise more; only what can be asked first must stay nullable."""
    wanted, given = str(agreed.type), str(ours.type)
    if isinstance(agreed, GraphQLField) and name.partition(".")[0] not in ROOTS:
        at_least = re.escape(wanted).replace(r"\]", r"!?\]") + "!?"
        assert re.fullmatch(at_least, given), name
    else:
        assert given == wanted, name
    if isinstance(agreed, GraphQLArgument | GraphQLInputField):
        assert isinstance(ours, GraphQLArgument | GraphQLInputField)
        assert ours.default_value == agreed.default_value, name


def test_the_contract_holds_for_interfaces_and_one_of() -> None:
    for name, type in own_types(CORE).items():
        ours = OURS.type_map[name]
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            assert {i.name for i in type.interfaces} <= {i.name for i in ours.interfaces}  # type: ignore[attr-defined]
        if isinstance(type, GraphQLInputObjectType):
            assert ours.is_one_of == type.is_one_of  # type: ignore[attr-defined]


def words_of(graph: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    for name, type in own_types(graph).items():
        yield name, type.description
        if isinstance(type, GraphQLEnumType):
            yield from ((f"{name}.{value}", told.description) for value, told in type.values.items())
    yield from ((name, part.description) for name, part in everything(graph).items())


def test_everything_is_explained_in_more_words_than_its_name() -> None:
    bare = [name for name, told in words_of(OURS) if not told or len(words(told)) <= len(name_words(name))]
    assert bare == []


def name_words(name: str) -> list[str]:
    return re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name.rpartition(".")[2])


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_the_words_are_not_only_the_name_again() -> None:
    def said(name: str, told: str) -> set[str]:
        return {word.lower() for word in words(told)} - {word.lower() for word in name_words(name)} - FILLING

    assert [name for name, told in words_of(OURS) if told and len(said(name, told)) < 2] == []


FILLING = {"the", "a", "an", "of", "is", "this"}


SHOWN_BESIDE = {
    mutation: [("secret", "String")]
    for mutation in (
        "issueCredential",
        "rotateCredential",
        "registerWebhook",
        "rotateWebhookSecret",
        "askResident",
    )
}
"""What these mutations tell beside the object."""

MUTATIONS = OURS.mutation_type.fields if OURS.mutation_type else {}


def rows_of_actions() -> list[tuple[str, str, str]]:
    found = []
    for name in ("actions.csv", "request-actions.csv", "publication-actions.csv"):
        with (SPEC / name).open(encoding="utf-8") as file:
            found += [
                (row["machine"], row["workflow_action"], row["mutation"]) for row in csv.DictReader(file)
            ]
    return found


@pytest.mark.parametrize(("machine", "action", "mutation"), rows_of_actions())
def test_every_action_has_its_mutation(machine: str, action: str, mutation: str) -> None:
    assert action in MACHINES[machine]
    assert machine in MUTATIONS[mutation].type.fields  # type: ignore[union-attr]


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_takes_one_input_and_answers_with_its_own_payload(name: str) -> None:
    mutation, own = MUTATIONS[name], name[0].upper() + name[1:]
    assert [(argument, str(told.type)) for argument, told in mutation.args.items()] == [
        ("input", f"{own}Input!")
    ]
    payload = OURS.type_map[f"{own}Payload"]
    assert mutation.type is payload
    assert isinstance(payload, GraphQLObjectType)
    noun, *rest = ((field, str(told.type)) for field, told in payload.fields.items())
    assert noun[0].lower() in noun[1].lower()
    assert rest == [*SHOWN_BESIDE.get(name, []), ("event", "Event"), ("problems", "[Problem!]!")]
    assert "idempotencyKey" in OURS.type_map[f"{own}Input"].fields  # type: ignore[attr-defined]


def test_every_type_with_an_id_can_be_found_again_by_it() -> None:
    node = OURS.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {type.name for type in OURS.get_possible_types(node)} == set(TYPES)


def test_lists_are_connections_or_say_how_long_they_get() -> None:
    """Inputs apart, every list outside a page either says a number or is bound by something it names."""
    unpaged = [
        (name, part.description or "")
        for name, part in everything(OURS).items()
        if isinstance(part, GraphQLField)
        and "[" in str(part.type)
        and isinstance(get_named_type(part.type), GraphQLObjectType | GraphQLInterfaceType)
        and not name.endswith((".edges", ".problems"))
    ]
    bound = {"coIssuers", "signedBy", "availableActions", "scores", "evaluations", "nodes", "policyRules"}
    assert [
        n for n, told in unpaged if "at most" not in told.lower() and n.rpartition(".")[2] not in bound
    ] == []


def test_every_object_that_is_not_an_input_is_not_null_only_where_it_must_be() -> None:
    roots = [root for root in (OURS.query_type, OURS.mutation_type, OURS.subscription_type) if root]
    strict = [
        f"{r.name}.{n}" for r in roots for n, f in r.fields.items() if isinstance(f.type, GraphQLNonNull)
    ]
    assert strict == []
