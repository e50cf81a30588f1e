"""What follows for tasks when a member leaves a unit, loses a role or is disabled."""

from collections.abc import Iterable

from actions.case import load_case
from actions.record import Record
from actions.take_step import take_system_step
from models import Summons, Task, TaskState


async def give_up_tasks(record: Record, member_id: str, unit_ids: Iterable[str] | None = None) -> None:
    """Take the step memberLost on each ASSIGNED task of the member (of these units only, when named)."""
    tasks = Task.filter(responsible_id=member_id, state=TaskState.ASSIGNED).order_by("summons_id", "id")
    for task in await (tasks if unit_ids is None else tasks.filter(unit_id__in=list(unit_ids))):
        case = await load_case(Summons.filter(id=task.summons_id))
        await take_system_step(record, case, ("memberLost",), case.task(task.id))
        await case.save(record)
