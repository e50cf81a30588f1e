"""What a unit asks of the village, and what became of it."""

from datetime import datetime

from actions import limits
from actions.given import Appointment
from actions.turn import Need, Turn, View
from models import ClockKind as C
from models import Proposal, ProposalKind, ProposalState, SlaClock, Task

ANSWER_CLOCKS = {
    ProposalKind.RESCHEDULE: C.RESCHEDULE_ANSWER,
    ProposalKind.REMOTE: C.REMOTE_ANSWER,
    ProposalKind.HOLD: C.HOLD_ANSWER,
    ProposalKind.EXTENSION: C.EXTENSION_ANSWER,
    ProposalKind.CO_UNIT: C.CO_UNIT_ANSWER,
}
LAPSE_SILENTLY = frozenset({C.REMOTE_ANSWER, C.EXTENSION_ANSWER})
"""Nobody takes a step when these run out: the proposal is simply no longer open."""


async def lapse_silently(answer_clock: SlaClock, now: datetime) -> None:
    """Close the proposal whose answer did not come, if it is one of those that no step tells of."""
    if answer_clock.kind in LAPSE_SILENTLY:
        kind = next(kind for kind, clock in ANSWER_CLOCKS.items() if clock == answer_clock.kind)
        waiting = Proposal.filter(task_id=answer_clock.task_id, kind=kind, state=ProposalState.OPEN)
        await waiting.update(state=ProposalState.LAPSED, answered_at=now)


def open_proposal(view: View, kind: ProposalKind) -> Proposal | None:
    """The proposal that may still be answered."""
    proposal = view.case.proposal(view.task, kind)
    return proposal if proposal and not _lapsed(view, kind) else None


def _lapsed(view: View, kind: ProposalKind) -> bool:
    answer_clock = ANSWER_CLOCKS[kind]
    return answer_clock in LAPSE_SILENTLY and not any(
        clock.kind == answer_clock and clock.task_id == view.task.id and view.now < clock.due_at
        for clock in view.case.clocks
    )


def is_asked(kind: ProposalKind) -> Need:
    return Need("NO_OPEN_PROPOSAL", lambda view: open_proposal(view, kind) is not None)


def is_not_asked(kind: ProposalKind) -> Need:
    return Need("PROPOSAL_OPEN", lambda view: open_proposal(view, kind) is None)


async def propose(
    turn: Turn,
    kind: ProposalKind,
    text: str,
    *,
    appointment: Appointment | None = None,
    days: int | None = None,
    resume_at: datetime | None = None,
    unit_id: str | None = None,
) -> None:
    """Open a proposal, in place of one that lapsed, and start the clock for its answer."""
    await end_proposals(turn, turn.task, ProposalState.LAPSED, kind)
    proposal = await Proposal.create(
        task_id=turn.task.id,
        kind=kind,
        text=text,
        appointment_from=appointment.start if appointment else None,
        appointment_to=appointment.end if appointment else None,
        appointment_place=appointment.place if appointment else None,
        days=days,
        resume_at=resume_at,
        unit_id=unit_id,
        proposed_at=turn.now,
    )
    turn.case.proposals.append(proposal)
    await limits.start(turn, ANSWER_CLOCKS[kind], turn.task)


async def answer(turn: Turn, kind: ProposalKind, state: ProposalState) -> Proposal:
    """Close the open proposal of this kind with the answer; the step's needs make sure that there is one."""
    proposal = turn.case.proposal(turn.task, kind)
    assert proposal is not None, "needed"
    await end_proposals(turn, turn.task, state, kind)
    return proposal


async def end_proposals(turn: Turn, task: Task, state: ProposalState, *kinds: ProposalKind) -> None:
    """Close the task's open proposals of these kinds (none named: all) and stop their clocks."""
    for proposal in [one for one in turn.case.proposals if one.task_id == task.id]:
        if not kinds or proposal.kind in kinds:
            proposal.state, proposal.answered_at = state, turn.now
            await proposal.save(update_fields=["state", "answered_at"])
            turn.case.proposals.remove(proposal)
            await limits.stop(turn, ANSWER_CLOCKS[proposal.kind], about=task)
