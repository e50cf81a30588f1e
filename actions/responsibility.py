"""What follows for tasks when a member leaves a unit, loses a role or is disabled."""

from collections.abc import Iterable

from actions.cases import load_case
from actions.checks import may_be_responsible
from actions.consequences import take_system_step
from actions.record import Record, recording
from models import Member, Task, TaskState, clock
from policies.scopes import whole


async def give_up_tasks(record: Record, member_id: str, unit_ids: Iterable[str] | None = None) -> None:
    """Take the step memberLost on each ASSIGNED task of the member (of these units only, when named)."""
    tasks = (
        whole(Task).filter(responsible_id=member_id, state=TaskState.ASSIGNED).order_by("summons_id", "id")
    )
    for task in await (tasks if unit_ids is None else tasks.filter(unit_id__in=list(unit_ids))):
        case = await load_case(task.summons_id)
        assert case is not None, "a task has a summons"
        await take_system_step(record, case, ("memberLost",), case.task(task.id))
        await case.save(record)


async def give_up_expired() -> int:
    """Take the step memberLost where the role of a responsible member ran out; how many tasks that was."""
    now = clock.now()
    suspects = whole(Task).filter(state=TaskState.ASSIGNED, responsible__grants__until__lte=now).distinct()
    lost = [task for task in await suspects.prefetch_related("responsible") if not await _keeps_role(task)]
    for task in lost:
        async with recording() as record:
            await give_up_tasks(record, str(task.responsible_id), [task.unit_id])
    return len(lost)


async def _keeps_role(task: Task) -> bool:
    assert isinstance(task.responsible, Member), "prefetched"
    return await may_be_responsible(task.responsible, task.unit_id, clock.now())
