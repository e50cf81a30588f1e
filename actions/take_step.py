"""Take one step: lock, permit, check, move, follow through, record; and only then tell.

From top to bottom this is the way of every step, whoever takes it: a member through the API, or a timer.
"""

import actions.acceptance
import actions.arbitration
import actions.attendance
import actions.drafts
import actions.evaluations
import actions.handling
import actions.settlement
import actions.summons
import actions.supervision  # noqa: F401  (the imports above register the rules of the steps)
from actions.case import Case
from actions.cases import load_case, load_case_of
from actions.given import Given
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults, Turn, View, also_on_summons, fits, rule_of, take
from models import Conflict, NotFound, Task, WrongState
from models.workflow import AUTOMATIC, SUMMONS_STEPS, TASK_STEPS, Step
from policies.actor import SYSTEM, Actor
from policies.scopes import sees_facts


async def take_summons_step(actor: Actor, actions: tuple[str, ...], summons_id: str, given: Given) -> Done:
    """Take the first of `actions` that fits the summons. Raises every Refusal, changing nothing."""
    steps = [SUMMONS_STEPS[action] for action in actions]

    async def work(record: Record) -> Done:
        case = await load_case(summons_id)
        if case is None or not await _sees(actor, case, None):
            raise NotFound("Summons", "summons")
        return await _take_wanted(record, case, actor, steps, None, given)

    return await once(actor, given.key, (actions, summons_id, given), work)


async def take_task_step(actor: Actor, actions: tuple[str, ...], task_id: str, given: Given) -> Done:
    """Take the first of `actions` that fits the task. Raises every Refusal, changing nothing."""
    steps = [TASK_STEPS[action] for action in actions]

    async def work(record: Record) -> Done:
        case = await load_case_of(task_id)
        about = case.task(task_id) if case else None
        if case is None or about is None or not await _sees(actor, case, about):
            raise NotFound("Task", "task")
        return await _take_wanted(record, case, actor, steps, about, given)

    return await once(actor, given.key, (actions, task_id, given), work)


async def _sees(actor: Actor, case: Case, about: Task | None) -> bool:
    """As `readable` says. What only a follow-up group may see is looked up when nothing else shows it."""
    type = "task" if about else "summons"
    if not sees_facts(actor, type, case.facts(about)):
        await case.read(["group_ids"])
    return sees_facts(actor, type, case.facts(about))


async def _take_wanted(
    record: Record, case: Case, actor: Actor, steps: list[Step], about: Task | None, given: Given
) -> Done:
    await case.read({name for step in steps for name in rule_of(step).reads})
    turn = Turn(case, actor, record.now, _meant(case, actor, record, steps, about), about, given, record)
    record.require(actor, *_right(turn.step), case.facts(about))
    _check_state(turn)
    await _check_given(turn)
    event = await take(turn)
    await settle(turn)
    await case.save(record)
    return Done(event.aggregate, event.aggregate_id, event.id)


def _meant(case: Case, actor: Actor, record: Record, steps: list[Step], about: Task | None) -> Step:
    """Which of several steps that share a mutation is meant: by state, then by what its `when` says."""
    views = [View(case, actor, record.now, step, about) for step in steps]
    in_state = [view for view in views if view.object.state in view.step.starts]
    return next((view.step for view in in_state if rule_of(view.step).is_meant(view)), steps[0])


def _right(step: Step) -> tuple[str, str]:
    assert step.right is not None, f"{step.action} is the system's own"
    return step.right


def _check_state(turn: Turn) -> None:
    state, action = turn.object.state, turn.step.action
    if turn.given.version is not None and turn.given.version != turn.object.version:
        raise Conflict
    if state not in turn.step.starts:
        raise WrongState(action, state)
    if missing := rule_of(turn.step).missing(turn):
        raise WrongState(action, state, missing)


async def _check_given(turn: Turn) -> None:
    faults = Faults()
    await rule_of(turn.step).check(turn, faults)
    faults.refuse()


async def take_system_step(record: Record, case: Case, actions: tuple[str, ...], about: Task | None) -> bool:
    """Take the first of `actions` that can be taken now; False when none can. The caller saves the case."""
    for action in actions:
        step = SUMMONS_STEPS[action] if about is None else TASK_STEPS[action]
        await case.read(rule_of(step).reads)
        turn = Turn(case, SYSTEM, record.now, step, about, Given(), record)
        if fits(turn):
            await take(turn)
            await settle(turn)
            return True
    return False


async def settle(turn: Turn) -> None:
    """Let the summons follow from what its tasks became."""
    while step := await _next_consequence(turn):
        await also_on_summons(turn, step.action)


async def _next_consequence(turn: Turn) -> Step | None:
    for action in AUTOMATIC:
        step = SUMMONS_STEPS[action]
        if turn.summons.state in step.starts:
            await turn.case.read(rule_of(step).reads)
            if fits(View(turn.case, turn.actor, turn.now, step, None)):
                return step
    return None
