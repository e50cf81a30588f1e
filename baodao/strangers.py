"""What is told to whoever has not signed in: the board, asked in one small document, and not too often."""

from collections.abc import Mapping
from typing import cast

import orjson
from graphql import GraphQLError, validate
from limits import parse_many
from starlette.requests import Request

from baodao.auth import Unauthenticated
from baodao.bodies import read_body
from baodao.known import Documents, Question
from baodao.rates import Rates, name_of
from baodao.small import small_document
from models import InvalidInput
from schema import Graph

OF_ADDRESS = tuple(parse_many("120/minute; 3000/hour"))
MOST_KNOWN = 100
LONGEST_BODY = 32_768


class Malformed(Exception):
    """A small document about the board that the schema does not know; `errors` say why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        self.errors = errors
        super().__init__("not valid")


class Strangers:
    """Their documents are remembered apart, so that they push out nobody else's, and never come to Strawberry."""

    def __init__(self, schema: Graph) -> None:
        self._schema = schema._schema
        self.documents = Documents(schema, MOST_KNOWN)
        self._rates = Rates()

    async def wait(self, request: Request) -> int:
        """Seconds until their address may ask again; 0: now, and this one counts."""
        return await self._rates.wait(OF_ADDRESS, name_of(request.client.host if request.client else None))

    async def question(self, request: Request) -> Question:
        """Raises Unauthenticated for all but the board, InvalidInput for too much of it, and Malformed."""
        asked = await _asked(request)
        text = asked.get("query")
        if self.documents.find(text) is None:
            document = small_document(text)
            if document is None:
                raise Unauthenticated("a bearer token is missing")
            if errors := validate(self._schema, document):
                raise Malformed(errors)
            self.documents.keep(cast(str, text), document)
        question = self.documents.question(asked)
        if question is None:
            raise InvalidInput("ASKED_ODDLY")
        return question


async def _asked(request: Request) -> Mapping[str, object]:
    """Empty for what nobody could read."""
    if request.method == "GET":
        return _of_address(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if request.method != "POST" or kind.strip() != "application/json":
        return {}
    return _read(await read_body(request, LONGEST_BODY) or b"")


def _of_address(parameters: Mapping[str, str]) -> Mapping[str, object]:
    variables = parameters.get("variables")
    return {**parameters, "variables": None if variables is None else _read(variables.encode())}


def _read(body: bytes) -> dict[str, object]:
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}
