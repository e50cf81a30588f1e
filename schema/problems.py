"""Refusals of mutations, as clients see them; those of queries and subscriptions are in `schema.errors`."""

from enum import Enum

import strawberry

import models
from resolvers.noted import refused
from resolvers.words import words
from schema.fields import attribute, publish


class ProblemCode(Enum):
    """The kinds of problems; each has a type of its own."""

    NOT_FOUND = "NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    WRONG_STATE = "WRONG_STATE"
    INVALID_INPUT = "INVALID_INPUT"
    CONFLICT = "CONFLICT"


publish(
    ProblemCode,
    "The kinds of problems; each has a type of its own, which may tell more.",
    NOT_FOUND="There is no such object, or the caller may not know of it.",
    NOT_ALLOWED="The caller sees the object, but no rule gives them this action on it.",
    WRONG_STATE="The action does not start from the object's state, or something it rests on is missing.",
    INVALID_INPUT="A part of the input cannot be right.",
    CONFLICT="Somebody changed the object first, or the idempotency key was used for another request.",
)


@strawberry.interface(
    description="Why a mutation changed nothing. Several come at once where the input has several faults."
)
class Problem:
    code: ProblemCode = attribute("The kind of problem, for programs that do not ask for `__typename`.")
    message: str = attribute("What is wrong, in words of the caller's language (English or Chinese).")
    path: list[str] | None = attribute(
        'Where in the input the fault lies, e.g. ["scores", "0", "score"]; null when it lies in no single part.'
    )


@strawberry.type(
    description="There is no such object, or the caller may not know of it; the two look the same."
)
class NotFound(Problem):
    pass


@strawberry.type(description="The caller sees the object, but no rule gives them this action on it.")
class NotAllowed(Problem):
    action: str = attribute("The action that was refused, named as in the policy, e.g. `issue`.")
    reason_code: str = attribute("Why, as a stable code, e.g. `NO_RULE` or `OWN_UNIT`.")


@strawberry.type(
    description="The action does not start from the object's state, or something it rests on is missing."
)
class WrongState(Problem):
    action: str = attribute("The action that was refused, named as in `availableActions`, e.g. `checkIn`.")
    state: str = attribute("Where the object stands now, as its state's name, e.g. `IN_PROGRESS`.")
    reason_code: str = attribute("Why, as a stable code, one for each condition, e.g. `WRONG_STATE`.")


@strawberry.type(description="A part of the input cannot be right, whoever sends it.")
class InvalidInput(Problem):
    reason_code: str = attribute("Why, as a stable code, e.g. `EMPTY` or `SCORE_RANGE`.")


@strawberry.type(
    description=(
        "Somebody changed it first (`version` differs), or the idempotency key was used for another request."
    )
)
class Conflict(Problem):
    pass


@strawberry.type(description="A fault in a text of rules, with its place; `message` says what it is.")
class RuleFault(Problem):
    line: int = attribute("Line of the text, from 1; 0 for what the text as a whole is or lacks.")
    column: int = attribute("Column in that line, from 1; 0 for the text as a whole.")
    suggestion: str | None = attribute("What was probably meant; null without a good guess.")


def problems_of(refusal: models.Refusal, language: str) -> list[Problem]:
    problems = [_problem(part, language) for part in refusal.parts]
    for part, problem in zip(refusal.parts, problems, strict=True):
        refused(problem.code.value, part.reason_code)
    return problems


def _problem(refusal: models.Refusal, language: str) -> Problem:
    message, path = words(refusal.reason_code, language), list(refusal.path) or None
    match refusal:
        case models.NotFound():
            return NotFound(code=ProblemCode.NOT_FOUND, message=message, path=path)
        case models.NotAllowed(action=action, reason_code=why):
            code = ProblemCode.NOT_ALLOWED
            return NotAllowed(code=code, message=message, path=path, action=action, reason_code=why)
        case models.WrongState(action=action, state=state, reason_code=why):
            code = ProblemCode.WRONG_STATE
            return WrongState(
                code=code, message=message, path=path, action=action, state=state, reason_code=why
            )
        case models.RuleFault(line=line, column=column, suggestion=hint):
            code = ProblemCode.INVALID_INPUT
            return RuleFault(
                code=code, message=str(refusal), path=path, line=line, column=column, suggestion=hint
            )
        case models.Conflict():
            return Conflict(code=ProblemCode.CONFLICT, message=message, path=path)
    return InvalidInput(
        code=ProblemCode.INVALID_INPUT, message=message, path=path, reason_code=refusal.reason_code
    )


PROBLEM_TYPES = (NotFound, NotAllowed, WrongState, InvalidInput, Conflict, RuleFault)
