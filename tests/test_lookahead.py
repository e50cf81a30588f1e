"""Of wide rows only what a document shows is read: whatever it shows is the same as when everything is read."""

from collections.abc import AsyncIterator
from typing import Any

import graphql
import orjson
import pytest
from asking import Town, open_town, statements
from graphql import GraphQLField, GraphQLObjectType, parse

from baodao.known import Documents, payload
from models import Summons, Task
from resolvers.context import Context
from schema import schema
from schema.lookahead import columns_of

ROOTS = {"Summons": "summonses", "Task": "tasks"}
GRAPH = schema._schema


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


def shown(definition: GraphQLField) -> str:
    """A selection of all leaves of the field's type, and of what it holds with `id`s."""
    type = graphql.get_named_type(definition.type)
    if graphql.is_leaf_type(type):
        return ""
    assert isinstance(type, GraphQLObjectType | graphql.GraphQLInterfaceType)
    leaves = [
        name for name, one in type.fields.items() if graphql.is_leaf_type(graphql.get_named_type(one.type))
    ]
    return f"{{ __typename {' '.join(leaves)} }}"


FIELDS = [
    (type, name)
    for type in ROOTS
    for name, field in GRAPH.type_map[type].fields.items()
    if not any(graphql.is_required_argument(argument) for argument in field.args.values())
]


async def by_known(town: Town, login: str, text: str) -> dict[str, Any]:
    """As the second request with the document is answered."""
    documents = Documents(schema)
    documents.learn(text)
    question = documents.read(orjson.dumps({"query": text}))
    assert question is not None
    answer = payload(await documents.execute(question, Context(await town.world.actor(login))))
    return orjson.loads(orjson.dumps(answer))


async def by_whole_rows(town: Town, login: str, text: str) -> dict[str, Any]:
    result = await schema.execute(text, context_value=Context(await town.world.actor(login)))
    return orjson.loads(orjson.dumps(payload(result)))


async def matters(town: Town) -> None:
    _, (task, _) = await town.issue("zr", "zf")
    await town.done(
        "zr.liaison", "acceptTask", task=task, responsible=town.id(town.world.members["zr.member"])
    )
    await town.draft("zr", "zf", leadUnit=town.id(town.world.units["zf"]))


async def test_each_field_alone_is_answered_the_same(town: Town) -> None:
    await matters(town)
    for type, name in FIELDS:
        field = GRAPH.type_map[type].fields[name]
        text = f"query {{ {ROOTS[type]}(first: 5) {{ edges {{ node {{ {name} {shown(field)} }} }} }} }}"
        for login in ("shunde.org", "zr.head", "tianhu.cadre"):
            known, whole = [await answer(town, login, text) for answer in (by_known, by_whole_rows)]
            assert "errors" not in whole, whole
            assert known == whole, name
            assert whole["data"][ROOTS[type]]["edges"], name


async def test_what_a_document_shows_is_all_that_is_read(town: Town, compiled: None) -> None:
    await matters(town)
    text = "query { summonses { edges { node { title issuer { name } tasks { state } } } } }"
    assert columns_of(GRAPH, parse(text)) == {
        Summons: frozenset({"title", "issuer_id", "id"}),
        Task: frozenset({"state"}),
    }
    with statements() as sent:
        await by_known(town, "shunde.org", text)
    asked = [one for one in sent if one.startswith("SELECT") and ('"summons" ' in one or '"task" ' in one)]
    assert len(asked) == 2
    assert not [one for one in asked if '"text"' in one or '"result_text"' in one]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("{ summonses { edges { node { id } } } }", {Summons: frozenset(), Task: frozenset()}),
        ("{ summonses { edges { node { availableActions { action } } } } }", {Task: frozenset()}),
        ("{ node(id: 1) { id } }", {Summons: frozenset(), Task: frozenset()}),
        ("{ node(id: 1) { ... on Task { round } } }", {Summons: frozenset(), Task: frozenset({"round"})}),
        (
            "{ tasks { edges { node { ...T summons { ... { tier } } } } } } fragment T on Task { overdue }",
            {Summons: frozenset({"tier"}), Task: frozenset({"due_at", "summons_id"})},
        ),
    ],
)
def test_what_a_document_looks_at(text: str, columns: dict[Any, Any]) -> None:
    assert columns_of(GRAPH, parse(text)) == columns


async def test_rows_that_are_looked_at_otherwise_are_read_as_a_whole(town: Town) -> None:
    """The rules look at what they like of the object of `explain`, however little of it is shown."""
    summons, (task,) = await town.issue("zr")
    text = f"""query {{ summons(id: "{summons}") {{ title }} node(id: "{task}") {{ id }}
        explain(action: "cancel", object: "{summons}") {{ allowed reasons }}
        other: explain(action: "accept", object: "{task}") {{ allowed }}
        whoCan(action: "accept", object: "{task}") {{ edges {{ node {{ name }} }} }} }}"""
    for login in ("tianhu.secretary", "zr.liaison"):
        known, whole = [await answer(town, login, text) for answer in (by_known, by_whole_rows)]
        assert "errors" not in whole, whole
        assert known == whole
