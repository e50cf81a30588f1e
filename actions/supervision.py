"""The steps of those who watch over a task: escalation, urging, instructions, force, withdrawal."""

from actions import limits
from actions.arbitration import check_successor, hand_over
from actions.authority import acts_above_village
from actions.checks import check_text
from actions.proposals import end_proposals
from actions.summons import may_have_note, needs_reason
from actions.turn import Faults, Need, Turn, View, task_step
from models import ClockKind as C
from models import ProposalState, clock

TOP = 3


@task_step("escalate")
async def escalate(turn: Turn) -> None:
    """One level higher hears of it: unit head, town, district. Whose task it is does not change."""
    turn.task.escalation_level = min(turn.task.escalation_level + 1, TOP)
    turn.event.payload["level"] = turn.task.escalation_level


def _may_urge(view: View) -> bool:
    last = view.task.urged_at
    urged_today = last is not None and clock.local_date(last) == clock.local_date(view.now)
    return not urged_today or acts_above_village(view)


@task_step("urge", needs=[Need("URGED_TODAY", _may_urge)], check=may_have_note)
async def urge(turn: Turn) -> None:
    if not acts_above_village(turn):
        turn.task.urged_at = turn.now


async def _check_instruction(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.note, "note")


@task_step("instruct", check=_check_instruction)
async def instruct(turn: Turn) -> None:
    """The written instruction is all."""


async def _check_force(turn: Turn, faults: Faults) -> None:
    await needs_reason(turn, faults)
    await check_successor(turn, faults)


@task_step("forceReassign", check=_check_force, reads=["declines", "proposals"])
async def force_reassign(turn: Turn) -> None:
    await end_proposals(turn, turn.task, ProposalState.LAPSED)
    await hand_over(turn)


@task_step("withdraw")
async def withdraw(turn: Turn) -> None:
    await turn.case.read(["proposals"])
    await end_proposals(turn, turn.task, ProposalState.LAPSED)
    await limits.stop(turn, about=turn.task)


@task_step("reopen")
async def reopen(turn: Turn) -> None:
    """In the round that the summons has begun: half the time, and the scores are asked for again."""
    task = turn.task
    task.round = turn.summons.round
    task.reworks = task.extensions = task.escalation_level = 0
    task.evaluation_defaulted = False
    half = (await limits.limit_for(turn.case.limited, C.RESOLVE)).halved()
    task.limit_at = (await limits.start(turn, C.RESOLVE, task, half)).due_at
