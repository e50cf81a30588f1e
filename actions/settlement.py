"""The steps of an issued summons: units added and released, what follows from its tasks, its ends, reopening."""

from actions import limits
from actions.checks import TEXT_LENGTH, check_text, check_words, find_unit, find_units
from actions.followups import miss_followup, plan_followup, record_followup, why_followed_up
from actions.requests_of_summons import tell_requests
from actions.summons import needs_reason
from actions.turn import Faults, Need, Turn, View, also, summons_step
from actions.units_of_case import open_task, withdraw_live_tasks
from models import ClockKind as C
from models import FollowUpOutcome, Outcome, ProposalKind, ProposalState, Task, Unit
from models import TaskState as T
from models.summons import ROUNDS
from policies.scopes import whole

UNDER_WAY = frozenset({T.ARRIVED, T.ON_HOLD, T.RESOLVED})
TAKEN_UP = UNDER_WAY | {T.ACCEPTED, T.ASSIGNED}

TWO_LIVE_TASKS = Need("LAST_TASK", lambda view: len(view.case.live_tasks) >= 2)
SOMETHING_ACCEPTED = Need("NOTHING_ACCEPTED", lambda view: _some(view, TAKEN_UP))
SOMETHING_EVALUATED = Need("NOTHING_TO_REOPEN", lambda view: _some(view, {T.EVALUATED}))
NOTHING_LEFT = Need("TASKS_REMAIN", lambda view: not view.case.live_tasks and not _some(view, {T.EVALUATED}))
RESOLVED_ALL = Need(
    "NOT_ALL_RESOLVED", lambda view: _all_resolved(view) and _some(view, {T.RESOLVED, T.EVALUATED})
)
NOT_RESOLVED_ALL = Need("ALL_RESOLVED", lambda view: not _all_resolved(view))
EVALUATED_ALL = Need(
    "NOT_ALL_EVALUATED", lambda view: not view.case.live_tasks and _some(view, {T.EVALUATED})
)
FOLLOWUP = Need("FOLLOWUP_NOT_NEEDED", lambda view: bool(why_followed_up(view)))
NO_FOLLOWUP = Need("FOLLOWUP_NEEDED", lambda view: not why_followed_up(view))
NOBODY_ARRIVED = Need("TASK_ARRIVED", lambda view: not _some(view, UNDER_WAY))
WINDOW_OPEN = Need("REOPEN_WINDOW_OVER", lambda view: _window_is_open(view))
ROUNDS_LEFT = Need("ROUND_LIMIT", lambda view: view.summons.round < ROUNDS)


def _some(view: View, states: frozenset[T] | set[T]) -> bool:
    return any(task.state in states for task in view.case.tasks)


def _all_resolved(view: View) -> bool:
    return all(task.state == T.RESOLVED for task in view.case.live_tasks)


def _window_is_open(view: View) -> bool:
    return any(clock.kind == C.REOPEN_WINDOW and view.now < clock.due_at for clock in view.case.clocks)


async def _check_new_unit(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    unit = await find_unit(turn.actor, faults, turn.given.unit)
    if unit and turn.case.live_task_of(unit.id):
        faults.add("UNIT_HAS_TASK", "unit")


@summons_step("addUnit", check=_check_new_unit, reads=["proposals"])
async def add_unit(turn: Turn) -> None:
    unit = await whole(Unit).get(id=turn.given.unit)
    turn.event.payload["unit"] = unit.id
    await open_task(turn, unit)
    await _answer_calls(turn, unit)


async def _answer_calls(turn: Turn, unit: Unit) -> None:
    """The unit that a lead asked for is here: its call is answered."""
    for call in turn.case.proposals:
        if call.kind == ProposalKind.CO_UNIT and call.unit_id == unit.id:
            call.state, call.answered_at = ProposalState.AGREED, turn.now
            await call.save()
            await limits.stop(turn, C.CO_UNIT_ANSWER, about=turn.case.task(call.task_id))


async def _check_release(turn: Turn, faults: Faults) -> None:
    await needs_reason(turn, faults)
    if not turn.case.live_task_of(turn.given.unit or ""):
        faults.add("UNIT_HAS_NO_TASK", "unit")


@summons_step("releaseUnit", needs=[TWO_LIVE_TASKS], check=_check_release)
async def release_unit(turn: Turn) -> None:
    task = turn.case.live_task_of(turn.given.unit or "")
    assert task is not None, "checked"
    turn.event.payload["unit"] = task.unit_id
    await also(turn, "withdraw", task, turn.given.reason)


@summons_step("firstAcceptance", needs=[SOMETHING_ACCEPTED])
@summons_step("reworkStarted", needs=[NOT_RESOLVED_ALL])
async def move_on(turn: Turn) -> None:
    """The change of state is all."""


@summons_step("allResolved", needs=[RESOLVED_ALL])
async def await_evaluation(turn: Turn) -> None:
    for task in turn.case.live_tasks:
        await limits.start(turn, C.EVALUATE, task)


@summons_step("retarget", needs=[NOTHING_LEFT])
async def retarget(turn: Turn) -> None:
    """Back to the draft with its history; the village names other units or drops the matter."""
    turn.summons.target_ids = []
    turn.summons.lead_unit_id = None
    await limits.start(turn, C.RETARGET)
    await limits.start(turn, C.DRAFT_IDLE)


@summons_step("evaluatedNeedFollowup", needs=[EVALUATED_ALL, FOLLOWUP], reads=["evaluations", "scores"])
async def await_followup(turn: Turn) -> None:
    clock = await limits.start(turn, C.FOLLOWUP)
    await plan_followup(turn, clock.due_at)


@summons_step("evaluatedClose", needs=[EVALUATED_ALL, NO_FOLLOWUP], reads=["evaluations", "scores"])
async def close(turn: Turn) -> None:
    await _close(turn, _outcome_of_tasks(turn))


def _outcome_of_tasks(turn: Turn) -> Outcome:
    """RESOLVED when every unit says so, the common outcome when they agree, else PARTIAL."""
    outcomes = {task.result_outcome for task in turn.case.tasks if task.state == T.EVALUATED}
    only = next(iter(outcomes)) if len(outcomes) == 1 else None
    return only or Outcome.PARTIAL


async def _close(turn: Turn, outcome: Outcome) -> None:
    turn.summons.outcome, turn.summons.closed_at = outcome, turn.now
    await limits.stop(turn)
    await limits.start(turn, C.REOPEN_WINDOW)
    await tell_requests(turn, "summonsClosed")


ASKED_ABOUT = ("group_ids", "lines", "followup")
"""What recording a follow-up looks at: who may ask, whose work it was, and what was planned."""


async def _check_confirmation(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    if turn.given.outcome not in (None, Outcome.RESOLVED, Outcome.PARTIAL):
        faults.add("OUTCOME_NOT_CONFIRMED", "outcome")


@summons_step("followupConfirmed", check=_check_confirmation, reads=ASKED_ABOUT)
async def confirm_followup(turn: Turn) -> None:
    outcome = turn.given.outcome or _outcome_of_tasks(turn)
    in_part = outcome == Outcome.PARTIAL
    await record_followup(turn, FollowUpOutcome.PARTIAL if in_part else FollowUpOutcome.CONFIRMED)
    await _close(turn, outcome)


async def _check_failure(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.note, "note")


@summons_step("followupFailed", check=_check_failure, reads=ASKED_ABOUT)
async def fail_followup(turn: Turn) -> None:
    """Every unit goes on; one that was called more than once, with its last task."""
    await record_followup(turn, FollowUpOutcome.NOT_RESOLVED)
    await limits.stop(turn)
    await _open_again(turn, _last_of_each_unit(turn))


def _last_of_each_unit(turn: Turn) -> list[Task]:
    evaluated = [task for task in turn.case.tasks if task.state == T.EVALUATED]
    return list({task.unit_id: task for task in evaluated}.values())


@summons_step("residentReopen", needs=[WINDOW_OPEN, ROUNDS_LEFT, SOMETHING_EVALUATED])
async def resident_reopen(turn: Turn) -> None:
    """Those whose request it was are dissatisfied: every unit goes on."""
    await limits.stop(turn)
    await _open_again(turn, _last_of_each_unit(turn))


@summons_step("followupTimeout", reads=["followup"])
async def followup_timeout(turn: Turn) -> None:
    turn.summons.followup_skipped = True
    await miss_followup(turn)
    await _close(turn, _outcome_of_tasks(turn))


async def _check_reopening(turn: Turn, faults: Faults) -> None:
    await needs_reason(turn, faults)
    chosen, units = turn.given.tasks or (), turn.given.units or ()
    if not chosen and not units:
        faults.add("NOTHING_TO_REOPEN", "tasks")
    busy = set[str]()
    for index, id in enumerate(chosen):
        task = turn.case.task(id)
        if task is None:
            faults.missing("Task", "tasks", str(index))
        elif task.state != T.EVALUATED:
            faults.add("TASK_NOT_EVALUATED", "tasks", str(index))
        elif task.unit_id in busy:
            faults.add("UNIT_TWICE", "tasks", str(index))
        else:
            busy.add(task.unit_id)
    for unit in await find_units(turn.actor, faults, units):
        if unit.id in busy:
            faults.add("UNIT_HAS_TASK", "units", str(units.index(unit.id)))


@summons_step("reopen", needs=[WINDOW_OPEN, ROUNDS_LEFT], check=_check_reopening)
async def reopen(turn: Turn) -> None:
    await limits.stop(turn)
    chosen = [task for task in turn.case.tasks if task.id in (turn.given.tasks or ())]
    await _open_again(turn, chosen)
    for unit in await whole(Unit).filter(id__in=list(turn.given.units or ())):
        await open_task(turn, unit)


async def _open_again(turn: Turn, tasks: list[Task]) -> None:
    turn.summons.round += 1
    turn.summons.update_from_dict({"outcome": None, "closed_at": None, "closed_unresolved": False})
    for task in tasks:
        await also(turn, "reopen", task)


@summons_step("cancel", check=needs_reason)
async def cancel(turn: Turn) -> None:
    await _cancel(turn)


@summons_step("cancelWithConsent", needs=[NOBODY_ARRIVED], check=needs_reason)
async def cancel_with_consent(turn: Turn) -> None:
    await _cancel(turn)


@summons_step("expireDraft")
async def expire_draft(turn: Turn) -> None:
    await _cancel(turn)


async def _cancel(turn: Turn) -> None:
    await withdraw_live_tasks(turn)
    await limits.stop(turn)
    turn.summons.closed_at = turn.now
    await tell_requests(turn, "summonsCancelled")


async def _check_closing(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "explanation", TEXT_LENGTH)
    if turn.given.outcome not in (Outcome.PARTIAL, Outcome.UNRESOLVED, Outcome.TRANSFERRED):
        faults.add("OUTCOME_NOT_UNRESOLVED", "outcome")


@summons_step("closeUnresolved", check=_check_closing)
async def close_unresolved(turn: Turn) -> None:
    """The limit that ran stays in the figures (now, if none did): closing early makes no matter disappear."""
    turn.summons.due_at = turn.summons.due_at or turn.now
    turn.summons.closed_unresolved = True
    turn.event.payload["explanation"] = turn.given.text
    await withdraw_live_tasks(turn)
    await _close(turn, turn.given.outcome or Outcome.UNRESOLVED)


def _all_locked(view: View) -> bool:
    """Of every round; what nobody scored needs no lock."""
    return all(score.lock_id for score in view.case.scores if score.scored_at)


@summons_step("archive", needs=[Need("SCORES_NOT_LOCKED", _all_locked)], reads=["scores"])
async def archive(turn: Turn) -> None:
    await limits.stop(turn)
