"""The API as its clients use it, without HTTP: documents go in, data and problems come out."""

from functools import cache
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, GraphQLSchema, build_schema

from models import Member, clock
from models.reasons import REASONS
from policies.loading import load_actor
from resolvers.context import Context
from schema import schema

Answer = dict[str, Any]

SHOWN = {
    "summons": "{ id state version }",
    "task": "{ id state version }",
    "evaluation": "{ id party total area { code } }",
    "template": "{ id number version }",
}
PROBLEMS = (
    "problems { __typename message path ... on NotAllowed { reasonCode } ... on WrongState { reasonCode } "
    "... on InvalidInput { reasonCode } ... on RuleFault { line column } }"
)
CODES = {english: code for code, (english, _) in REASONS.items()}


async def execute(login: str, document: str, **variables: object) -> ExecutionResult:
    """Whatever comes of it. The actor is loaded afresh, as for every request."""
    member = await Member.get(login=login)
    context = Context(await load_actor(member, clock.now()))
    return await schema.execute(document, variable_values=variables, context_value=context)  # type: ignore[return-value]


async def ask(login: str, document: str, **variables: object) -> Answer:
    """The data of an answer without errors."""
    result = await execute(login, document, **variables)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


async def refused(login: str, document: str, **variables: object) -> list[str]:
    """The errors of an answer, each as its code, the reason code if it has one, and the argument at fault."""
    result = await execute(login, document, **variables)
    return [_brief_error(error) for error in result.errors or []]


async def do(login: str, mutation: str, given: Answer) -> Answer:
    """The payload of a mutation."""
    answer: Answer = (await ask(login, _document(mutation), input=given))[mutation]
    return answer


async def why_not(login: str, mutation: str, given: Answer) -> list[str]:
    """The problems of a mutation, such as "InvalidInput EMPTY reason" or "Conflict KEY_REUSED"; else its errors."""
    result = await execute(login, _document(mutation), input=given)
    if result.errors or result.data is None:
        return [_brief_error(error) for error in result.errors or []]
    return [brief(problem) for problem in result.data[mutation]["problems"]]


def _brief_error(error: GraphQLError) -> str:
    told = error.extensions or {}
    argument = "/".join(told.get("argument", []))
    return " ".join([told.get("code", "NO CODE"), told.get("reasonCode", ""), argument]).strip()


def brief(problem: Answer) -> str:
    """Its type, reason code and path (`scores/0/score`). Where the type has no reason code, the words tell it."""
    if problem["__typename"] == "RuleFault":
        return f"RuleFault {problem['line']}:{problem['column']}"
    code = problem.get("reasonCode") or CODES[problem["message"]]
    return " ".join([problem["__typename"], code, "/".join(problem["path"] or [])]).strip()


@cache
def _document(mutation: str) -> str:
    name = mutation[0].upper() + mutation[1:]
    payload = published().type_map[f"{name}Payload"]
    assert isinstance(payload, GraphQLObjectType)
    noun = next(iter(payload.fields))
    shown = f"{noun} {SHOWN.get(noun, '{ id }')} event {{ id type toState }} {PROBLEMS}"
    return f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {shown} }} }}"


@cache
def published() -> GraphQLSchema:
    """The graph as everybody can read it."""
    return build_schema(schema.as_str())
