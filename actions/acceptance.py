"""The steps by which a unit takes up its task: created, accepted, given to a responsible member."""

from actions import limits
from actions.checks import check_appointment, check_words, find_responsible
from actions.given import Appointment
from actions.proposals import propose
from actions.turn import Faults, Need, Turn, task_step
from models import ClockKind as C
from models import ProposalKind


async def _check_acceptance(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    check_appointment(faults, turn.given.appointment, turn.now)


async def _check_acceptance_and_member(turn: Turn, faults: Faults) -> None:
    await _check_acceptance(turn, faults)
    await find_responsible(faults, turn.given.member, turn.task, turn.summons.tier, turn.now, "responsible")


async def _check_member(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    await find_responsible(faults, turn.given.member, turn.task, turn.summons.tier, turn.now, "member")


@task_step("spawn")
async def spawn(turn: Turn) -> None:
    """`units_of_case.open_task` does the rest."""


@task_step("accept", check=_check_acceptance)
async def accept(turn: Turn) -> None:
    await take_up(turn)
    await _settle_appointment(turn)


@task_step("acceptAndAssign", check=_check_acceptance_and_member)
async def accept_and_assign(turn: Turn) -> None:
    await take_up(turn)
    await _settle_appointment(turn)
    await _make_responsible(turn, turn.given.member)


@task_step("deemAccepted")
async def deem_accepted(turn: Turn) -> None:
    turn.task.accepted_late = True
    await take_up(turn)


@task_step("assign", "changeMember", check=_check_member)
async def assign(turn: Turn) -> None:
    await _make_responsible(turn, turn.given.member)


HAS_HEAD = Need("NO_HEAD", lambda view: view.task.unit_id in view.case.heads)


@task_step("assignOverdue", needs=[HAS_HEAD], reads=["heads"])
async def assign_overdue(turn: Turn) -> None:
    """The head of the unit becomes responsible."""
    await _make_responsible(turn, turn.case.heads[turn.task.unit_id])


@task_step("memberLost")
async def member_lost(turn: Turn) -> None:
    turn.event.payload["member"] = turn.task.responsible_id
    turn.task.responsible_id = None
    await limits.start(turn, C.ASSIGN, turn.task)


async def take_up(turn: Turn) -> None:
    """The unit has the task now: it must name somebody, and come."""
    task = turn.task
    task.accepted_at, task.escalation_level = turn.now, 0
    await limits.stop(turn, C.ACCEPT, C.ARBITRATE, about=task)
    await limits.start(turn, C.ASSIGN, task)
    await run_to_appointment(turn)


async def run_to_appointment(turn: Turn) -> None:
    """Start the arrive clock: to the appointment's end and a little grace, else as long as the policy says."""
    end = turn.task.appointment_to
    agreed = limits.At(end + limits.GRACE) if end and end > turn.now else None
    await limits.start(turn, C.ARRIVE, turn.task, agreed)


async def _settle_appointment(turn: Turn) -> None:
    """Where the village named no time, the unit's is the appointment; else another time is a proposal."""
    wanted, task = turn.given.appointment, turn.task
    if wanted is None or (wanted.start, wanted.end) == (task.appointment_from, task.appointment_to):
        return
    if task.appointment_to is None or task.appointment_to <= turn.now:
        keep_appointment(turn, wanted)
        await run_to_appointment(turn)
    else:
        task.reschedules += 1
        await propose(turn, ProposalKind.RESCHEDULE, turn.given.note or "", appointment=wanted)


def keep_appointment(turn: Turn, agreed: Appointment) -> None:
    task = turn.task
    task.appointment_from, task.appointment_to = agreed.start, agreed.end
    task.appointment_place = agreed.place or task.appointment_place


async def _make_responsible(turn: Turn, member_id: str | None) -> None:
    turn.event.payload["member"] = member_id
    turn.task.responsible_id = member_id
    await limits.stop(turn, C.ASSIGN, about=turn.task)
