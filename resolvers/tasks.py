"""Fields about tasks, and the lists of tasks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from strawberry import ID
from tortoise.expressions import Q

from models import (
    ArrivalMethod,
    Attendance,
    Decline,
    DutyItem,
    Evaluation,
    Member,
    Proposal,
    Summons,
    Task,
    TaskState,
    Unit,
    clock,
)
from policies.scopes import readable
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import NEVER, By, Order, Page, page
from resolvers.plan import loads, reads


class TaskOrder(StrEnum):
    """How a list of tasks can be sorted. By creation, what happens to a task does not move it."""

    DUE_ASC = "DUE_ASC"
    CREATED_ASC = "CREATED_ASC"


DUE_FIRST = Order("tasks", By("due_at", datetime, or_else=NEVER), By("id"))
ORDERS = {
    TaskOrder.DUE_ASC: DUE_FIRST,
    TaskOrder.CREATED_ASC: Order("tasks:CREATED_ASC", By("created_at", datetime), By("id")),
}
CONFIRMED = frozenset({ArrivalMethod.VILLAGE_CODE, ArrivalMethod.VILLAGE_CONFIRM})

Row = TypeVar("Row")


@dataclass
class TaskFilter:
    """What narrows a list of tasks; every condition that is given must hold."""

    state: list[TaskState] | None = None
    unit: ID | None = None
    area: AreaCode | None = None
    responsible: ID | None = None
    overdue: bool | None = None
    updated_since: datetime | None = None


def task(info: Info, id: ID) -> Later[Task | None]:
    return info.context.loaders.tasks.find(key_of(id, Task, "id"))


async def tasks(
    info: Info,
    area: AreaCode | None = None,
    filter: TaskFilter | None = None,
    order_by: TaskOrder | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Task]:
    wanted = filter or TaskFilter()
    areas = [code for code in (area, wanted.area) if code is not None]
    where = [await inside_code("path", code, info) for code in areas]
    rows = readable(Task, info.context.actor).filter(*where, *_conditions(wanted))
    return await page(info, rows, ORDERS[order_by or TaskOrder.DUE_ASC], first, after)


def _conditions(wanted: TaskFilter) -> Iterator[Q]:
    if wanted.state is not None:
        yield Q(state__in=set(wanted.state))
    if wanted.unit is not None:
        yield Q(unit_id=key_of(wanted.unit, Unit, "filter", "unit"))
    if wanted.responsible is not None:
        yield Q(responsible_id=key_of(wanted.responsible, Member, "filter", "responsible"))
    if wanted.overdue is not None:
        yield Q(due_at__lt=clock.now()) if wanted.overdue else Q(due_at=None) | Q(due_at__gte=clock.now())
    if wanted.updated_since is not None:
        yield Q(updated_at__gte=wanted.updated_since)


@reads("due_at")
def overdue(root: Task) -> bool:
    return root.due_at is not None and root.due_at < clock.now()


@loads("summonses", "summons_id")
def summons(root: Task, info: Info) -> Later[Summons | None]:
    return info.context.loaders.summonses.find(root.summons_id)


@loads("units", "unit_id")
def unit(root: Task, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id)


@loads("members", "responsible_id")
def responsible(root: Task, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.responsible_id) if root.responsible_id else None


@reads("id")
async def attendance(root: Task, info: Info) -> Attendance | None:
    """The latest arrival; a task of a second round can have had one before."""
    return _last(await info.context.loaders.attendances_of_task.load(root.id))


@reads("id")
async def decline(root: Task, info: Info) -> Decline | None:
    return _last(await info.context.loaders.declines_of_task.load(root.id))


def _last(rows: list[Row]) -> Row | None:
    return rows[-1] if rows else None


@reads("result_at", "result_text", "result_outcome")
def result(root: Task) -> Task | None:
    """A task carries its own result; nothing until one was submitted."""
    return root if root.result_at else None


@loads("evaluations_of_task", "id")
def evaluations(root: Task, info: Info) -> Later[list[Evaluation]]:
    return info.context.loaders.evaluations_of_task.find(root.id)


@loads("open_proposals_of_task", "id")
def proposals(root: Task, info: Info) -> Later[list[Proposal]]:
    return info.context.loaders.open_proposals_of_task.find(root.id)


def unit_of_proposal(root: Proposal, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def member_of_attendance(root: Attendance, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id) if root.member_id else None


def confirmed_by_village(root: Attendance) -> bool:
    return root.method in CONFIRMED


def remote(root: Attendance) -> bool:
    return root.method == ArrivalMethod.REMOTE


def duty_item(root: Decline, info: Info) -> Later[DutyItem | None]:
    return info.context.loaders.duty_items.find(root.duty_item_id)


def suggested_unit(root: Decline, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.suggested_unit_id)
