"""The steps around the visit: another time, no visit at all, arriving (报到), not arriving."""

from datetime import datetime

from actions import limits
from actions.acceptance import keep_appointment, run_to_appointment
from actions.arrival_code import is_current
from actions.checks import check_appointment, check_text, check_words, rank_of
from actions.given import Appointment
from actions.proposals import answer, end_proposals, is_asked, is_not_asked, propose
from actions.summons import may_have_note, needs_reason
from actions.turn import Faults, Need, Turn, task_step
from models import ArrivalMethod, Attendance, Member, ProposalKind, ProposalState, Rank
from models import ClockKind as C
from policies.scopes import whole

RESCHEDULES = 2
MAY_RESCHEDULE = Need("RESCHEDULE_LIMIT", lambda view: view.task.reschedules < RESCHEDULES)
NOT_MARKED = Need("MARKED_BEFORE", lambda view: view.task.no_shows == 0)


async def _check_new_time(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    check_appointment(faults, turn.given.appointment, turn.now)
    if turn.given.appointment is None:
        faults.add("APPOINTMENT_MISSING", "appointment")


@task_step(
    "proposeReschedule",
    needs=[is_not_asked(ProposalKind.RESCHEDULE), MAY_RESCHEDULE],
    check=_check_new_time,
    reads=["proposals"],
)
async def propose_reschedule(turn: Turn) -> None:
    turn.task.reschedules += 1
    await propose(turn, ProposalKind.RESCHEDULE, turn.given.note or "", appointment=turn.given.appointment)


@task_step(
    "agreeReschedule", needs=[is_asked(ProposalKind.RESCHEDULE)], check=may_have_note, reads=["proposals"]
)
@task_step("rescheduleTimeout", needs=[is_asked(ProposalKind.RESCHEDULE)], reads=["proposals"])
async def agree_reschedule(turn: Turn) -> None:
    """The arrive clock moves only now. Silence is consent."""
    agreed = await answer(turn, ProposalKind.RESCHEDULE, ProposalState.AGREED)
    assert agreed.appointment_from and agreed.appointment_to, "checked when proposed"
    keep_appointment(
        turn, Appointment(agreed.appointment_from, agreed.appointment_to, agreed.appointment_place)
    )
    await run_to_appointment(turn)


@task_step(
    "refuseReschedule", needs=[is_asked(ProposalKind.RESCHEDULE)], check=needs_reason, reads=["proposals"]
)
async def refuse_reschedule(turn: Turn) -> None:
    await answer(turn, ProposalKind.RESCHEDULE, ProposalState.REFUSED)


async def _check_offer(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "how")


@task_step(
    "proposeRemote", needs=[is_not_asked(ProposalKind.REMOTE)], check=_check_offer, reads=["proposals"]
)
async def propose_remote(turn: Turn) -> None:
    await propose(turn, ProposalKind.REMOTE, turn.given.text or "")


@task_step("agreeRemote", needs=[is_asked(ProposalKind.REMOTE)], check=may_have_note, reads=["proposals"])
async def agree_remote(turn: Turn) -> None:
    await answer(turn, ProposalKind.REMOTE, ProposalState.AGREED)
    await _arrive(turn, turn.task.responsible_id, turn.now, ArrivalMethod.REMOTE)


async def _check_code(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    code = turn.given.village_code
    if code is not None and not await is_current(turn.summons.issuer_id, code):
        faults.add("VILLAGE_CODE_WRONG", "villageCode")


@task_step("checkIn", check=_check_code, reads=["proposals"])
async def check_in(turn: Turn) -> None:
    """The village's code proves it from both sides; without it the arrival counts, but shows as one-sided."""
    method = ArrivalMethod.VILLAGE_CODE if turn.given.village_code else ArrivalMethod.ONE_SIDED
    await _arrive(turn, turn.task.responsible_id, turn.now, method)


async def _check_arrival(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    if (
        turn.given.member
        and not await whole(Member).filter(id=turn.given.member, unit_id=turn.task.unit_id).exists()
    ):
        faults.add("MEMBER_NOT_OF_UNIT", "member")
    at = turn.given.arrived_at or turn.now
    if at > turn.now:
        faults.add("ARRIVAL_IN_FUTURE", "arrivedAt")
    if at < turn.task.created_at:
        faults.add("ARRIVAL_TOO_EARLY", "arrivedAt")


@task_step("confirmArrival", check=_check_arrival, reads=["proposals"])
async def confirm_arrival(turn: Turn) -> None:
    came = turn.given.member or turn.task.responsible_id
    await _arrive(turn, came, turn.given.arrived_at or turn.now, ArrivalMethod.VILLAGE_CONFIRM)


async def _arrive(turn: Turn, member_id: str | None, at: datetime, method: ArrivalMethod) -> None:
    task = turn.task
    arrive_by = limits.running(turn, C.ARRIVE, task)
    await Attendance.create(
        task_id=task.id,
        round=task.round,
        member_id=member_id,
        rank=await _rank(member_id, turn.now),
        planned_at=task.appointment_from,
        arrived_at=at,
        method=method,
        late=bool(task.no_shows) or (arrive_by is not None and at > arrive_by.due_at),
    )
    turn.event.payload |= {"member": member_id, "method": method.value}
    task.escalation_level = 0
    await end_proposals(turn, task, ProposalState.LAPSED)
    await limits.stop(turn, about=task)
    task.limit_at = (await limits.start(turn, C.RESOLVE, task)).due_at


async def _rank(member_id: str | None, now: datetime) -> Rank | None:
    rank = await rank_of(member_id, now) if member_id else 0
    return Rank(rank) if rank else None


@task_step("markNoShow", when=[NOT_MARKED])
async def mark_no_show(turn: Turn) -> None:
    """The appointment passed; a new one is due within a working day, and after that it escalates."""
    turn.task.no_shows += 1
    turn.task.appointment_from = turn.task.appointment_to = None
    await limits.start(turn, C.ARRIVE, turn.task, limits.AFTER_NO_SHOW)


@task_step("deemFailedToArrive")
async def deem_failed_to_arrive(turn: Turn) -> None:
    """The town may now handle the matter itself or reassign it by force; the state stays."""
    turn.task.failed_to_arrive = True
