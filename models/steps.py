"""What a workflow is made of: steps, and the rungs of ladders that timers climb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.working_time import Span

State = StrEnum
NEW: frozenset[State] = frozenset()
SAME = None
USER, SYSTEM = True, False

Right = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A move from one of `starts` to `leads_to` (None: the state stays), told to the world as `event`.

    No `starts`: the step makes the object. `right` is the policy's (type, action) that a member needs; steps of the
    system, taken by a timer or as the consequence of another step, have none. `machine`: whose step it is.
    """

    id: str
    machine: str
    action: str
    starts: frozenset[State]
    leads_to: State | None
    event: str
    right: Right | None

    @property
    def by_system(self) -> bool:
        return self.right is None


Row = tuple[str, str, bool, Iterable[State], State | None, str]


def row(id: str, action: str, by: bool, starts: Iterable[State], leads_to: State | None, event: str) -> Row:
    return id, action, by, starts, leads_to, event


def table(machine: str, rights: Mapping[str, Right], *rows: Row) -> dict[str, Step]:
    """By action. `rights`: of the actions whose right is not their own name, asked of the machine."""
    return {row[1]: _step(machine, rights, *row) for row in rows}


def _step(
    machine: str,
    rights: Mapping[str, Right],
    id: str,
    action: str,
    by: bool,
    starts: Iterable[State],
    leads_to: State | None,
    event: str,
) -> Step:
    right = rights.get(action, (machine, action)) if by is USER else None
    return Step(id, machine, action, frozenset(starts), leads_to, event, right)


@dataclass(frozen=True, slots=True)
class Rung:
    """What a timer does `after` a clock was due: the first of `actions` that can be taken then, if any."""

    after: Span
    actions: tuple[str, ...]
