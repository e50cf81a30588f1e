"""The table of guards: situations of the small world, and what is refused in each of them, and why."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from matter import Matter
from month import Month
from plea import Plea
from world import Time, World

Arrange = Callable[[World, Time], Awaitable[Matter | Plea | Month]]


@dataclass(frozen=True)
class No:
    """A mutation that is refused. `of` is the unit whose task it is about, "" stands for the summons.

    In what is given, "@" stands for the summons's id and "@zr" for the task of that unit. Of requests, `of` is the
    number of an order, and "@other" another request of the situation.
    """

    login: str
    mutation: str
    of: str | int
    answer: str
    given: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class NotYet:
    """An action that `availableActions` shows as not allowed, while its mutation means another step."""

    login: str
    action: str
    of: str | int
    reason_code: str


Row = No | NotYet


@dataclass(frozen=True)
class Situation:
    """Nothing changes in it, as all that is tried is refused."""

    name: str
    arrange: Arrange
    rows: tuple[Row, ...]


_SITUATIONS: list[Situation] = []


def situations_in(file: ModuleType) -> list[Situation]:
    """The situations that a file of the table arranges."""
    return [one for one in _SITUATIONS if one.arrange.__module__ == file.__name__]


def no(login: str, mutation: str, answer: str, of: str | int = "", /, **given: Any) -> No:
    return No(login, mutation, of, answer, given)


def not_yet(login: str, action: str, reason_code: str, of: str | int = "") -> NotYet:
    return NotYet(login, action, of, reason_code)


def situation(*rows: Row) -> Callable[[Arrange], Arrange]:
    def register(arrange: Arrange) -> Arrange:
        _SITUATIONS.append(Situation(arrange.__name__, arrange, rows))
        return arrange

    return register


def at(moment: str) -> str:
    """Shanghai's "03-04 09:00" as the API reads it."""
    return f"2026-{moment.replace(' ', 'T')}:00+08:00"


def visit(start: str, end: str, **more: str) -> dict[str, str]:
    return {"from": at(start), "to": at(end), **more}
