"""Take one step: lock, permit, check, move, follow through, record; and only then tell.

From top to bottom this is the way of every step, whoever takes it: a member through the API, or a timer.
"""

import actions.acceptance
import actions.appeals
import actions.arbitration
import actions.attendance
import actions.drafts
import actions.evaluations
import actions.feedback
import actions.handling
import actions.merging
import actions.orders
import actions.publications
import actions.requested_summons
import actions.requests
import actions.settlement
import actions.summons
import actions.supervision  # noqa: F401  (the imports above register the rules of the steps)
from actions.cases import LOADERS
from actions.consequences import settle
from actions.given import Given
from actions.held import Held
from actions.once import Done, once
from actions.record import Record
from actions.turn import AnyCase, Faults, Turn, View, reads_of, rule_of, take
from models import Conflict, NotFound, WrongState
from models.steps import Right, Step
from models.workflow import MACHINES, Stepped
from policies.actor import Actor
from policies.scopes import sees_facts

KINDS = {
    "summons": "Summons",
    "task": "Task",
    "evaluation": "Evaluation",
    "request": "Request",
    "order": "WorkOrder",
    "publication": "Publication",
}
"""What a machine's objects are called where there is none."""


async def take_step(actor: Actor, machine: str, actions: tuple[str, ...], id: str, given: Given) -> Done:
    """Take the first of `actions` that fits the object of that machine. Raises every Refusal, changing nothing."""
    steps = [MACHINES[machine][action] for action in actions]

    async def work(record: Record) -> Done:
        case = await LOADERS[machine](id, given)
        about = case.part(id) if case else None
        if case is None or not await _sees(actor, machine, case, about):
            raise NotFound(KINDS[machine], machine)
        return await _take_wanted(record, case, actor, steps, about, given)

    return await once(actor, given.key, (actions, id, given), work)


async def _sees(actor: Actor, machine: str, case: Held, about: Stepped | None) -> bool:
    """As `readable` says. What only a follow-up group may see is looked up when nothing else shows it."""
    if not sees_facts(actor, machine, case.facts(about)):
        await case.read(case.SHOWN_BY)
    return sees_facts(actor, machine, case.facts(about))


async def _take_wanted(
    record: Record, case: Held, actor: Actor, steps: list[Step], about: Stepped | None, given: Given
) -> Done:
    await case.read({name for step in steps for name in reads_of(step)})
    turn = Turn(case, actor, record.now, _meant(case, actor, record, steps, about), about, given, record)
    record.require(actor, *_right(turn.step), case.facts(about))
    _check_state(turn)
    await _check_given(turn)
    event = await take(turn)
    await settle(turn)
    await case.save(record)
    return Done(event.aggregate, event.aggregate_id, event.id)


def _meant(case: Held, actor: Actor, record: Record, steps: list[Step], about: Stepped | None) -> Step:
    """Which of several steps that share a mutation is meant: by state, then by what its `when` says."""
    views = [View(case, actor, record.now, step, about) for step in steps]
    in_state = [view for view in views if view.object.state in view.step.starts]
    return next((view.step for view in in_state if rule_of(view).is_meant(view)), steps[0])


def _right(step: Step) -> Right:
    assert step.right is not None, f"{step.action} is the system's own"
    return step.right


def _check_state(turn: Turn[AnyCase]) -> None:
    state, action = turn.object.state, turn.step.action
    if turn.given.version is not None and turn.given.version != turn.object.version:
        raise Conflict
    if state not in turn.step.starts:
        raise WrongState(action, state)
    if missing := rule_of(turn).missing(turn):
        raise WrongState(action, state, missing)


async def _check_given(turn: Turn[AnyCase]) -> None:
    faults = Faults()
    await rule_of(turn).check(turn, faults)
    faults.refuse()
