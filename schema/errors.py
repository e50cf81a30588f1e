"""Errors of queries and subscriptions: a refusal leaves with a code and words, a bug only with a number."""

import logging

from graphql import GraphQLError

from models import NotAllowed, NotFound, Refusal
from models.ids import new_id
from resolvers.context import Context
from resolvers.cursors import CursorExpired
from resolvers.words import ENGLISH, words

log = logging.getLogger(__name__)

CODES: dict[type[Refusal], str] = {
    CursorExpired: "CURSOR_EXPIRED",
    NotAllowed: "FORBIDDEN",
    NotFound: "NOT_FOUND",
}
BUG = "INTERNAL_SERVER_ERROR"


def shown(error: GraphQLError, context: object) -> GraphQLError:
    """The error as clients may see it. What the library itself says of a document or a variable stays as it is."""
    language = context.language if isinstance(context, Context) else ENGLISH
    match error.original_error:
        case None | GraphQLError():
            return error
        case Refusal() as refusal:
            return _coded(error, refusal, language)
        case bug:
            return _masked(error, bug, language)


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
