"""A turn: one step being taken on a case; and the registry of what each step needs, checks and does.

The workflow table says from where to where; the rules registered here say the rest, next to each other in files
named after what they are about. A need looks at the case alone, so that `availableActions` can tell it beforehand;
a check looks at what the caller gave.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, cast

from typing_extensions import TypeVar

from actions.case import Case
from actions.given import Given
from actions.held import Held
from actions.record import Record
from models import Event, InvalidInput, NotFound, Refusal, Several, Summons, Task
from models.steps import Step
from models.workflow import MACHINES, Stepped, steps_of
from policies.actor import Actor

AnyCase = TypeVar("AnyCase", bound=Held, default=Case)
"""Whose case it is; where nothing is said, that of a summons."""


@dataclass(slots=True)
class View(Generic[AnyCase]):
    """Who looks at what, and when. A view of the root of a case itself is about no part of it."""

    case: AnyCase
    actor: Actor
    now: datetime
    step: Step
    about: Stepped | None

    @property
    def summons(self) -> Summons:
        """Only steps of summonses and tasks ask for it."""
        assert isinstance(self.case.root, Summons), f"{self.step.action} is no step of a summons"
        return self.case.root

    @property
    def task(self) -> Task:
        """The task the step is about; only steps of tasks ask for it."""
        assert isinstance(self.about, Task), f"{self.step.action} is no step of a task"
        return self.about

    @property
    def object(self) -> Stepped:
        return self.about or self.case.root


@dataclass(slots=True)
class Turn(View[AnyCase]):
    """A view that changes things: what the caller gave, and the record that tells of it.

    `event` is there once the step is taken.
    """

    given: Given
    record: Record
    event: Event = field(init=False)


class Faults(list[Refusal]):
    """Collects every fault of an input, so that the caller learns them all at once."""

    def add(self, reason_code: str, *path: str) -> None:
        self.append(InvalidInput(reason_code, *path))

    def missing(self, kind: str, *path: str) -> None:
        self.append(NotFound(kind, *path))

    def refuse(self) -> None:
        """Raise what was collected, if anything was."""
        if len(self) == 1:
            raise self[0]
        if self:
            raise Several(self)


@dataclass(frozen=True)  # with slots too, Need[…](…) would not work
class Need(Generic[AnyCase]):
    """Something that must hold for a step; `reason_code` says what is amiss when it does not."""

    reason_code: str
    holds: Callable[[View[AnyCase]], bool]


Check = Callable[[Turn[AnyCase], Faults], Awaitable[None]]
Effect = Callable[[Turn[AnyCase]], Awaitable[None]]


async def _no_check(turn: Turn[AnyCase], faults: Faults) -> None:
    return


@dataclass(frozen=True)
class Rule(Generic[AnyCase]):
    """`when` tells apart steps that share a mutation or a timer; `reads` names what of the case they look at."""

    does: Effect[AnyCase]
    when: tuple[Need[AnyCase], ...] = ()
    needs: tuple[Need[AnyCase], ...] = ()
    check: Check[AnyCase] = _no_check
    reads: frozenset[str] = frozenset()

    def missing(self, view: View[AnyCase]) -> str | None:
        """The reason code of the first need that does not hold."""
        return next((need.reason_code for need in (*self.when, *self.needs) if not need.holds(view)), None)

    def is_meant(self, view: View[AnyCase]) -> bool:
        return all(need.holds(view) for need in self.when)


RULES: dict[str, dict[str, Rule[Held]]] = {machine: {} for machine in MACHINES}
"""By machine and action; files of actions register them when they are imported."""


class Registers(Generic[AnyCase]):
    """Registers the rules of a machine, each by the decorator of what the step does."""

    def __init__(self, machine: str) -> None:
        self._machine = machine

    def __call__(
        self,
        *actions: str,
        when: Iterable[Need[AnyCase]] = (),
        needs: Iterable[Need[AnyCase]] = (),
        check: Check[AnyCase] = _no_check,
        reads: Iterable[str] = (),
    ) -> Callable[[Effect[AnyCase]], Effect[AnyCase]]:
        def register(does: Effect[AnyCase]) -> Effect[AnyCase]:
            for action in actions:
                rule = Rule(does, tuple(when), tuple(needs), check, frozenset(reads))
                RULES[self._machine][action] = cast(Rule[Held], rule)  # asked of cases of its machine alone
            return does

        return register


summons_step = Registers[Case]("summons")
task_step = Registers[Case]("task")
evaluation_step = Registers[Case]("evaluation")


def reads_of(step: Step) -> frozenset[str]:
    """What of the case the step's rule looks at."""
    return RULES[step.machine][step.action].reads


def rule_of(view: View[AnyCase]) -> Rule[AnyCase]:
    return cast(
        Rule[AnyCase], RULES[view.step.machine][view.step.action]
    )  # a step's machine says whose case it is


def fits(view: View[AnyCase]) -> bool:
    """Whether a step of the system can be taken now."""
    return view.object.state in view.step.starts and rule_of(view).missing(view) is None


async def take(turn: Turn[AnyCase]) -> Event:
    """Change the state, tell it, and do what the step does; the caller has checked that it may."""
    turn.event = turn.record.tell(turn.object, _event(turn))
    if turn.step.leads_to is not None:
        turn.object.state = turn.step.leads_to  # type: ignore[assignment]  # a step of the object's own machine
    await rule_of(turn).does(turn)
    turn.event.to_state = str(turn.object.state)
    return turn.event


async def also(turn: Turn[AnyCase], action: str, about: Stepped | None, note: str | None = None) -> None:
    """A step of the system that is part of this turn, on a part of its case, or (None) on the root."""
    step = steps_of(about or turn.case.root)[action]
    await take(Turn(turn.case, turn.actor, turn.now, step, about, Given(note=note), turn.record))


def _event(turn: Turn[AnyCase]) -> Event:
    return Event(
        type=turn.step.event,
        action=turn.step.action,
        aggregate_id=turn.object.id,
        actor_id=turn.actor.id,
        at=turn.now,
        from_state=None if turn.object.version == 0 else str(turn.object.state),
        to_state=str(turn.object.state),
        note=turn.given.note or turn.given.reason,
        payload={},
        **turn.case.columns_of_event(turn.about),
    )
