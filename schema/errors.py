"""Errors of queries and subscriptions: a refusal leaves with a code and words, a bug only with a number."""

import logging

from graphql import GraphQLError, GraphQLSyntaxError

from models import NotAllowed, NotFound, Refusal
from models.ids import new_id
from resolvers.context import Context
from resolvers.cursors import CursorExpired
from resolvers.noted import refused
from resolvers.words import ENGLISH, words

log = logging.getLogger(__name__)

CODES: dict[type[Refusal], str] = {
    CursorExpired: "CURSOR_EXPIRED",
    NotAllowed: "FORBIDDEN",
    NotFound: "NOT_FOUND",
}
BUG = "INTERNAL_SERVER_ERROR"


def shown(error: GraphQLError, context: object) -> GraphQLError:
    """The error as clients may see it. What the library itself says of a document or a value gets a code."""
    told = _told(error, context.language if isinstance(context, Context) else ENGLISH)
    extensions = told.extensions or {}
    refused(str(extensions.get("code", "")), str(extensions.get("reasonCode", "")))
    return told


def _told(error: GraphQLError, language: str) -> GraphQLError:
    match error.original_error:
        case None | GraphQLError():
            return _with_code(error)
        case Refusal() as refusal:
            return _coded(error, refusal, language)
        case bug:
            return _masked(error, bug, language)


def _with_code(error: GraphQLError) -> GraphQLError:
    return GraphQLError(
        error.message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": _code_of(error)} | dict(error.extensions or {}),
    )


def _code_of(error: GraphQLError) -> str:
    """Without a path an error is about the document, else about a value in it."""
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if error.path else "GRAPHQL_VALIDATION_FAILED"


def _coded(error: GraphQLError, refusal: Refusal, language: str) -> GraphQLError:
    told = {
        "code": CODES.get(type(refusal), "BAD_USER_INPUT"),
        "reasonCode": refusal.reason_code,
        "argument": list(refusal.path),
    }
    message = " ".join(words(part.reason_code, language) for part in refusal.parts)
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=told)


def _masked(error: GraphQLError, bug: Exception, language: str) -> GraphQLError:
    number = new_id()
    log.error("%s at %s", number, error.path, exc_info=bug)
    return GraphQLError(
        words(BUG, language), nodes=error.nodes, path=error.path, extensions={"code": BUG, "id": number}
    )
