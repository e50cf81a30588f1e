"""Tasks of a case coming and going: opened for a unit, withdrawn, handed to another unit."""

from actions import limits
from actions.turn import Turn, also
from models import ClockKind as C
from models import Task, Unit


async def open_task(turn: Turn, unit: Unit, replaces: Task | None = None) -> Task:
    """Give the unit a task of its own; it takes over the lead of the task it replaces."""
    task = Task(
        summons_id=turn.summons.id,
        path=turn.summons.path,
        unit_id=unit.id,
        territory=unit.territory,
        lead=replaces.lead if replaces else turn.summons.lead_unit_id == unit.id,
        round=turn.summons.round,
        appointment_from=turn.summons.appointment_from,
        appointment_to=turn.summons.appointment_to,
        appointment_place=turn.summons.appointment_place,
        reassigned_from_id=replaces.id if replaces else None,
        created_at=turn.now,
        updated_at=turn.now,
    )
    turn.case.tasks.append(task)
    await also(turn, "spawn", task)
    await limits.start(turn, C.ACCEPT, task)
    return task


async def withdraw_live_tasks(turn: Turn) -> None:
    for task in turn.case.live_tasks:
        await also(turn, "withdraw", task, turn.given.reason)
