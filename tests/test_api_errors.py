"""Nothing but refusals and the library's own words reaches clients: a bug leaves a number, and the log the rest."""

from logging import ERROR

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, Source

from models import Conflict, InvalidInput, NotAllowed, NotFound, Several, WrongState
from policies.actor import ANONYMOUS
from resolvers.context import Context
from resolvers.cursors import CursorExpired
from schema.errors import shown

BUG = KeyError("the secret of the house")


def error_of(original: Exception | None) -> GraphQLError:
    return GraphQLError("as it was", path=["summons", "text"], original_error=original)


@pytest.mark.parametrize(
    ("refusal", "code", "message"),
    [
        (InvalidInput("FIRST_OUT_OF_RANGE", "first"), "BAD_USER_INPUT", "Ask for 1 to 100 at a time."),
        (
            Several([InvalidInput("EMPTY", "a"), InvalidInput("EMPTY", "b")]),
            "BAD_USER_INPUT",
            "Say something. Say something.",
        ),
        (NotAllowed("explain", "DISABLED"), "FORBIDDEN", "This member is disabled."),
        (NotFound("Task"), "NOT_FOUND", "There is no such object, or you may not know of it."),
        (
            CursorExpired(),
            "CURSOR_EXPIRED",
            "This cursor is too old, or of a log that is no longer in use; start anew.",
        ),
        (WrongState("accept", "DRAFT"), "BAD_USER_INPUT", "This step does not start from the present state."),
        (Conflict(), "BAD_USER_INPUT", "Somebody changed it first; look again and repeat."),
    ],
)
def test_a_refusal_has_a_code_and_words(refusal: Exception, code: str, message: str) -> None:
    error = shown(error_of(refusal), Context(ANONYMOUS))
    assert (error.message, error.path, (error.extensions or {})["code"]) == (
        message,
        ["summons", "text"],
        code,
    )


def test_a_bug_is_masked_and_logged_under_its_number(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(ERROR):
        error = shown(error_of(BUG), Context(ANONYMOUS, "zh"))
    assert error.message == "系统内部错误,请将错误编号告知运维人员。"
    assert "secret" not in str(error.formatted)
    assert (error.extensions or {})["code"] == "INTERNAL_SERVER_ERROR"
    (record,) = caplog.records
    assert (error.extensions or {})["id"] in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is BUG


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (error_of(None), "BAD_USER_INPUT"),
        (error_of(GraphQLError("already clear")), "BAD_USER_INPUT"),
        (GraphQLError("no such field"), "GRAPHQL_VALIDATION_FAILED"),
        (GraphQLSyntaxError(Source("{"), 1, "no end"), "GRAPHQL_PARSE_FAILED"),
        (GraphQLError("slowly", extensions={"code": "RATE_LIMITED"}), "RATE_LIMITED"),
    ],
)
def test_what_the_library_says_stays_and_gets_a_code(error: GraphQLError, code: str) -> None:
    told = shown(error, None)
    assert (told.message, told.path) == (error.message, error.path)
    assert told.extensions == {"code": code}
