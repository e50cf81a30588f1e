"""What a mutation shows of what it changed is what anybody finds who asks afterwards."""

from api import Answer, ask, published
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_leaf_type
from matter import EYE
from test_bad_input import ready
from tortoise.transactions import in_transaction
from valid_pleas import VALID, Valid, pleas
from valid_requests import REQUESTS, Request, matters
from world import World

pytest_plugins = ["monday"]

GRAPH = published()
Shown = GraphQLObjectType | GraphQLInterfaceType


def shown_as(payload: str, field: str) -> Shown:
    type = GRAPH.type_map[payload]
    assert isinstance(type, GraphQLObjectType)
    kind = get_named_type(type.fields[field].type)
    assert isinstance(kind, Shown)
    return kind


def plain_fields(kind: Shown) -> str:
    """Every field with a value of its own that takes no argument."""
    return " ".join(
        name
        for name, field in kind.fields.items()
        if is_leaf_type(get_named_type(field.type)) and not field.args
    )


async def shown_and_kept(request: Request | Valid, given: Answer) -> tuple[Answer, Answer]:
    """The object and the event as the mutation shows them, and as they are read from the database after it."""
    name = request.mutation[0].upper() + request.mutation[1:]
    noun = next(iter(GRAPH.type_map[f"{name}Payload"].to_kwargs()["fields"]))
    kind = shown_as(f"{name}Payload", noun)
    event = plain_fields(shown_as(f"{name}Payload", "event"))
    mutation = f"""mutation($input: {name}Input!) {{ {request.mutation}(input: $input) {{
        problems {{ message }} {noun} {{ {plain_fields(kind)} }} event {{ {event} }} }} }}"""
    shown = (await ask(request.login, mutation, input=given))[request.mutation]
    assert shown.pop("problems") == [], request.mutation
    query = f"""query($object: ID!, $event: ID!) {{
        {noun}: node(id: $object) {{ ... on {kind.name} {{ {plain_fields(kind)} }} }}
        event: node(id: $event) {{ ... on Event {{ {event} }} }} }}"""
    ids = {"object": shown[noun]["id"], "event": shown["event"]["id"]}
    kept = await ask(request.login, query, **ids)
    return shown, kept if kept["event"] else await ask(EYE, query, **ids)


class Undone(Exception):
    """Takes a change back."""


async def test_every_mutation_shows_what_is_kept(world: World) -> None:
    known = {**await matters(world), **await pleas(world)}
    for request in [*REQUESTS, *VALID]:
        given = await ready(request, known, world)
        try:
            async with in_transaction():
                shown, kept = await shown_and_kept(request, given)
                assert shown == kept, request.mutation
                raise Undone
        except Undone:
            continue
