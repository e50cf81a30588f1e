"""A turn: one step being taken on a case; and the registry of what each step needs, checks and does.

The workflow table says from where to where; the rules registered here say the rest, next to each other in files
named after what they are about. A need looks at the case alone, so that `availableActions` can tell it beforehand;
a check looks at what the caller gave.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from actions.case import Case
from actions.given import Given
from actions.record import Record
from models import Event, InvalidInput, NotFound, Refusal, Several, Summons, Task
from models.workflow import SUMMONS_STEPS, TASK_STEPS, Step
from policies.actor import Actor


@dataclass(slots=True)
class View:
    """Who looks at what, and when. A view of a summons itself has no task."""

    case: Case
    actor: Actor
    now: datetime
    step: Step
    about: Task | None

    @property
    def summons(self) -> Summons:
        return self.case.summons

    @property
    def task(self) -> Task:
        """The task the step is about; only steps of tasks ask for it."""
        assert self.about is not None, f"{self.step.action} is no step of a task"
        return self.about

    @property
    def object(self) -> Summons | Task:
        return self.about or self.case.summons


@dataclass(slots=True)
class Turn(View):
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


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must hold for a step; `reason_code` says what is amiss when it does not."""

    reason_code: str
    holds: Callable[[View], bool]


Check = Callable[[Turn, Faults], Awaitable[None]]
Effect = Callable[[Turn], Awaitable[None]]


async def _no_check(turn: Turn, faults: Faults) -> None:
    return


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` tells apart steps that share a mutation or a timer; `reads` names what of the case they look at."""

    does: Effect
    when: tuple[Need, ...] = ()
    needs: tuple[Need, ...] = ()
    check: Check = _no_check
    reads: frozenset[str] = frozenset()

    def missing(self, view: View) -> str | None:
        """The reason code of the first need that does not hold."""
        return next((need.reason_code for need in (*self.when, *self.needs) if not need.holds(view)), None)

    def is_meant(self, view: View) -> bool:
        return all(need.holds(view) for need in self.when)


SUMMONS_RULES: dict[str, Rule] = {}
TASK_RULES: dict[str, Rule] = {}


def _registers(rules: dict[str, Rule]) -> Callable[..., Callable[[Effect], Effect]]:
    def step(
        *actions: str,
        when: Iterable[Need] = (),
        needs: Iterable[Need] = (),
        check: Check = _no_check,
        reads: Iterable[str] = (),
    ) -> Callable[[Effect], Effect]:
        def register(does: Effect) -> Effect:
            for action in actions:
                rules[action] = Rule(does, tuple(when), tuple(needs), check, frozenset(reads))
            return does

        return register

    return step


summons_step = _registers(SUMMONS_RULES)
task_step = _registers(TASK_RULES)


def rule_of(step: Step) -> Rule:
    is_of_summons = SUMMONS_STEPS.get(step.action) is step
    return (SUMMONS_RULES if is_of_summons else TASK_RULES)[step.action]


def fits(view: View) -> bool:
    """Whether a step of the system can be taken now."""
    rule = rule_of(view.step)
    return view.object.state in view.step.starts and rule.missing(view) is None


async def take(turn: Turn) -> Event:
    """Change the state, tell it, and do what the step does; the caller has checked that it may."""
    turn.event = turn.record.tell(turn.object, _event(turn))
    if turn.step.leads_to is not None:
        turn.object.state = turn.step.leads_to
    await rule_of(turn.step).does(turn)
    turn.event.to_state = str(turn.object.state)
    return turn.event


async def also_on_task(turn: Turn, action: str, task: Task, note: str | None = None) -> None:
    """A step of the system on a task that is part of this turn."""
    step = TASK_STEPS[action]
    await take(Turn(turn.case, turn.actor, turn.now, step, task, Given(note=note), turn.record))


async def also_on_summons(turn: Turn, action: str) -> None:
    """A step of the system on the summons that is part of this turn."""
    step = SUMMONS_STEPS[action]
    await take(Turn(turn.case, turn.actor, turn.now, step, None, Given(), turn.record))


def _event(turn: Turn) -> Event:
    summons, task = turn.summons, turn.about
    return Event(
        type=turn.step.event,
        action=turn.step.action,
        aggregate="Task" if task else "Summons",
        aggregate_id=turn.object.id,
        area_id=summons.issuer_id,
        path=summons.path,
        summons_id=summons.id,
        task_id=task.id if task else None,
        unit_id=task.unit_id if task else None,
        actor_id=turn.actor.id,
        at=turn.now,
        from_state=None if turn.object.version == 0 else str(turn.object.state),
        to_state=str(turn.object.state),
        note=turn.given.note or turn.given.reason,
        payload={},
    )
