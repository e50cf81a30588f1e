"""Every reason the system says no. Raised anywhere below; shown to clients by `schema/problems.py`.

`reason_code` is stable and one of `models.reasons.REASONS`, which holds the words. `path` leads to the faulty part
of the input, e.g. ("scores", "0", "score").
"""

from collections.abc import Sequence


class Refusal(Exception):
    """An expected "no": the transaction rolls back and the client gets a typed problem."""

    reason_code: str
    path: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple["Refusal", ...]:
        """The single refusals this one is made of."""
        return (self,)


class NotFound(Refusal):
    """No such object, or the actor may not know that it exists."""

    reason_code = "NOT_FOUND"

    def __init__(self, kind: str, *path: str) -> None:
        self.kind, self.path = kind, path
        super().__init__(f"{kind} not found")


class NotAllowed(Refusal):
    """The actor sees the object but no rule gives them the action on it."""

    def __init__(self, action: str, reason_code: str = "NO_RULE") -> None:
        self.action, self.reason_code = action, reason_code
        super().__init__(f"{action}: {reason_code}")


class WrongState(Refusal):
    """The action does not start from the object's state, or something it rests on is missing."""

    def __init__(self, action: str, state: str, reason_code: str = "WRONG_STATE") -> None:
        self.action, self.state, self.reason_code = action, state, reason_code
        super().__init__(f"{action} while {state}: {reason_code}")


class InvalidInput(Refusal):
    """Something the caller sent cannot be right."""

    def __init__(self, reason_code: str, *path: str) -> None:
        self.reason_code, self.path = reason_code, path
        super().__init__(f"{'.'.join(path)}: {reason_code}")


class RuleFault(Refusal):
    """A fault in a text of rules, at `line` and `column` (from 1; 0: in the text as a whole)."""

    reason_code = "RULE_FAULT"
    path = ("text",)

    def __init__(self, line: int, column: int, message: str, suggestion: str | None = None) -> None:
        self.line, self.column, self.suggestion = line, column, suggestion
        super().__init__(message)


class Conflict(Refusal):
    """Somebody changed the object first, or the idempotency key was used for another request."""

    def __init__(self, reason_code: str = "VERSION_CHANGED") -> None:
        self.reason_code = reason_code
        super().__init__(reason_code)


class Several(Refusal):
    """More than one fault at once."""

    reason_code = "SEVERAL"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self._parts = tuple(refusals)
        super().__init__("; ".join(str(refusal) for refusal in refusals))

    @property
    def parts(self) -> tuple[Refusal, ...]:
        return self._parts
