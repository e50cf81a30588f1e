"""The steps of the work itself: progress, hold, extension, another unit's help, the result and its return."""

from datetime import timedelta

from actions import limits
from actions.authority import acts_above_village
from actions.checks import TEXT_LENGTH, check_text, find_unit
from actions.evaluations import void_scores
from actions.proposals import answer, end_proposals, is_asked, is_not_asked, open_proposal, propose
from actions.summons import may_have_note, needs_reason
from actions.turn import Faults, Need, Turn, View, task_step
from models import ClockKind as C
from models import ProposalKind, ProposalState, Span, TimeUnit
from models import TaskState as T

LONGEST_HOLD = timedelta(days=90)
LONGEST_EXTENSION = 30
REWORKS_BY_VILLAGE, REWORKS = 2, 3


async def _check_note(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.note, "note")


@task_step("addProgress", check=_check_note)
async def add_progress(turn: Turn) -> None:
    """The note is all; it moves no clock."""


async def _check_hold(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.reason, "reason")
    check_text(faults, turn.given.text, "plan")
    resume_at = turn.given.resume_at
    if resume_at is None:
        faults.add("RESUME_MISSING", "resumeAt")
    elif resume_at <= turn.now:
        faults.add("RESUME_IN_PAST", "resumeAt")
    elif resume_at > turn.now + LONGEST_HOLD:
        faults.add("HOLD_TOO_LONG", "resumeAt")


@task_step("requestHold", needs=[is_not_asked(ProposalKind.HOLD)], check=_check_hold, reads=["proposals"])
async def request_hold(turn: Turn) -> None:
    await propose(turn, ProposalKind.HOLD, turn.given.text or "", resume_at=turn.given.resume_at)


@task_step("approveHold", needs=[is_asked(ProposalKind.HOLD)], check=may_have_note, reads=["proposals"])
async def approve_hold(turn: Turn) -> None:
    task = turn.task
    hold = await answer(turn, ProposalKind.HOLD, ProposalState.AGREED)
    assert hold.resume_at is not None, "checked when proposed"
    await limits.pause(turn, C.RESOLVE, task)
    until = max(hold.resume_at, turn.now)
    await limits.start(turn, C.HOLD, task, limits.At(until))
    task.limit_at = await limits.limit_after_pause(turn, C.RESOLVE, task, until)


@task_step("refuseHold", needs=[is_asked(ProposalKind.HOLD)], check=needs_reason, reads=["proposals"])
async def refuse_hold(turn: Turn) -> None:
    await answer(turn, ProposalKind.HOLD, ProposalState.REFUSED)


@task_step("holdTimeout", needs=[is_asked(ProposalKind.HOLD)], reads=["proposals"])
async def hold_timeout(turn: Turn) -> None:
    await _ask_town_then_lapse(turn, ProposalKind.HOLD)


async def _ask_town_then_lapse(turn: Turn, kind: ProposalKind) -> None:
    """The village's silence asks the town; the town's silence is a no."""
    proposal = open_proposal(turn, kind)
    assert proposal is not None, "needed"
    if proposal.with_town:
        await end_proposals(turn, turn.task, ProposalState.LAPSED, kind)
    else:
        proposal.with_town = True
        await proposal.save(update_fields=["with_town"])


@task_step("resume", check=may_have_note)
@task_step("resumeDue")
async def resume(turn: Turn) -> None:
    """The resolve clock goes on with what was left of it; who hears when it is overdue begins anew with it."""
    turn.task.escalation_level = 0
    await limits.stop(turn, C.HOLD, about=turn.task)
    turn.task.limit_at = await limits.go_on(turn, C.RESOLVE, turn.task) or turn.task.limit_at


async def _check_extension(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.reason, "reason")
    if not 1 <= (turn.given.days or 0) <= LONGEST_EXTENSION:
        faults.add("DAYS_OUT_OF_RANGE", "days")


@task_step(
    "requestExtension",
    needs=[is_not_asked(ProposalKind.EXTENSION)],
    check=_check_extension,
    reads=["proposals"],
)
async def request_extension(turn: Turn) -> None:
    await propose(turn, ProposalKind.EXTENSION, turn.given.reason or "", days=turn.given.days)


def _may_extend(view: View) -> bool:
    return view.task.extensions == 0 or (view.task.extensions == 1 and acts_above_village(view))


@task_step(
    "extend",
    needs=[is_asked(ProposalKind.EXTENSION), Need("EXTENSION_LIMIT", _may_extend)],
    check=may_have_note,
    reads=["proposals"],
)
async def extend(turn: Turn) -> None:
    asked = await answer(turn, ProposalKind.EXTENSION, ProposalState.AGREED)
    turn.task.extensions += 1
    turn.task.escalation_level = 0
    turn.event.payload["days"] = asked.days
    by = Span(asked.days or 0, TimeUnit.WORKDAY)
    turn.task.limit_at = await limits.lengthen(turn, C.RESOLVE, turn.task, by) or turn.task.limit_at


async def _check_call(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.note, "note")
    unit = await find_unit(turn.actor, faults, turn.given.unit)
    if unit and turn.case.live_task_of(unit.id):
        faults.add("UNIT_HAS_TASK", "unit")


@task_step("callCoUnit", needs=[is_not_asked(ProposalKind.CO_UNIT)], check=_check_call, reads=["proposals"])
async def call_co_unit(turn: Turn) -> None:
    await propose(turn, ProposalKind.CO_UNIT, turn.given.note or "", unit_id=turn.given.unit)


@task_step("coUnitTimeout", needs=[is_asked(ProposalKind.CO_UNIT)], reads=["proposals"])
async def co_unit_timeout(turn: Turn) -> None:
    await _ask_town_then_lapse(turn, ProposalKind.CO_UNIT)


def _others_are_done(view: View) -> bool:
    others = [task for task in view.case.live_tasks if task.id != view.task.id]
    return not view.task.lead or all(task.state == T.RESOLVED for task in others)


async def _check_result(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "text", TEXT_LENGTH)
    if turn.given.outcome is None:
        faults.add("OUTCOME_MISSING", "outcome")


@task_step(
    "submitResult",
    needs=[Need("CO_UNITS_NOT_DONE", _others_are_done)],
    check=_check_result,
    reads=["proposals"],
)
async def submit_result(turn: Turn) -> None:
    task = turn.task
    assert turn.given.outcome and turn.given.text, "checked"
    task.result_outcome, task.result_text, task.result_at = turn.given.outcome, turn.given.text, turn.now
    task.escalation_level = 0
    await end_proposals(turn, task, ProposalState.LAPSED)
    await limits.stop(turn, about=task)
    await limits.start(turn, C.EVALUATE, task)


def _may_return(view: View) -> bool:
    by_village = view.task.reworks < REWORKS_BY_VILLAGE
    return by_village or (view.task.reworks < REWORKS and acts_above_village(view))


@task_step(
    "returnForRework",
    needs=[Need("REWORK_LIMIT", _may_return)],
    check=needs_reason,
    reads=["evaluations", "scores"],
)
async def return_for_rework(turn: Turn) -> None:
    """What was said of the result goes with it."""
    turn.task.reworks += 1
    await void_scores(turn)
    await limits.stop(turn, C.EVALUATE, about=turn.task)
    rework = await limits.limit_for(turn.case.limited, C.REWORK)
    turn.task.limit_at = (await limits.start(turn, C.RESOLVE, turn.task, rework)).due_at
