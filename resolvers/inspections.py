"""Fields about visits and their plans, the lists of both, and the figures of an area's visits."""

from dataclasses import dataclass
from datetime import date, datetime

from strawberry import ID

from actions import inspection_plans, inspections
from actions.available import Available
from models import (
    Area,
    Inspection,
    InspectionKind,
    InspectionPlan,
    InspectionState,
    Member,
    PlanState,
    Request,
)
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page
from resolvers.requests import ORDERS, RequestOrder

DUE_FIRST = Order("inspections", By("due_at", datetime), By("id"))
NEWEST = Order("inspection plans", By("created_at", datetime, descending=True), By("id", descending=True))


@dataclass
class InspectionFilter:
    """What narrows a list of visits; every condition that is given must hold."""

    kind: list[InspectionKind] | None = None
    state: list[InspectionState] | None = None
    due_from: date | None = None
    due_to: date | None = None


async def inspection(info: Info, id: ID) -> Inspection | None:
    found = await info.context.loaders.rows_of(Inspection).load(key_of(id, Inspection, "id"))
    return found if isinstance(found, Inspection) else None


async def inspections_of(
    info: Info,
    area: AreaCode | None = None,
    filter: InspectionFilter | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Inspection]:
    rows, wanted = readable(Inspection, info.context.actor), filter or InspectionFilter()
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if wanted.kind is not None:
        rows = rows.filter(kind__in=set(wanted.kind))
    if wanted.state is not None:
        rows = rows.filter(state__in=set(wanted.state))
    if wanted.due_from is not None:
        rows = rows.filter(due_day__gte=wanted.due_from)
    if wanted.due_to is not None:
        rows = rows.filter(due_day__lte=wanted.due_to)
    return await page(info, rows, DUE_FIRST, first, after)


async def inspection_plans_of(
    info: Info,
    area: AreaCode | None = None,
    kind: list[InspectionKind] | None = None,
    state: list[PlanState] | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[InspectionPlan]:
    rows = readable(InspectionPlan, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if kind is not None:
        rows = rows.filter(kind__in=set(kind))
    if state is not None:
        rows = rows.filter(state__in=set(state))
    return await page(info, rows, NEWEST, first, after)


async def visits_of_plan(
    root: InspectionPlan, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Inspection]:
    rows = readable(Inspection, info.context.actor).filter(plan_id=root.id)
    return await page(info, rows, DUE_FIRST, first, after)


async def requests(
    root: Inspection, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Request]:
    rows = readable(Request, info.context.actor).filter(inspection_id=root.id)
    return await page(info, rows, ORDERS[RequestOrder.CREATED_ASC], first, after)


async def plan(root: Inspection, info: Info) -> InspectionPlan | None:
    if root.plan_id is None:
        return None
    found = await info.context.loaders.rows_of(InspectionPlan).load(root.plan_id)
    return found if isinstance(found, InspectionPlan) else None


async def of_request(root: Request, info: Info) -> Inspection | None:
    if root.inspection_id is None:
        return None
    found = await info.context.loaders.rows_of(Inspection).load(root.inspection_id)
    return found if isinstance(found, Inspection) else None


def area(root: Inspection | InspectionPlan, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def visitor(root: Inspection | InspectionPlan, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.visitor_id) if root.visitor_id else None


def recorded_by(root: Inspection, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.recorded_by_id) if root.recorded_by_id else None


def created_by(root: InspectionPlan, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.created_by_id) if root.created_by_id else None


def available_on_visit(root: Inspection, info: Info) -> Later[list[Available]]:
    return info.context.loaders.available_on_inspections.find(root)


def available_on_plan(root: InspectionPlan, info: Info) -> list[Available]:
    return inspections.available_on_plan(info.context.actor, root)


create_plan = answer(inspection_plans.NewPlan, inspection_plans.create_plan)
change_plan = answer(inspection_plans.PlanChange, inspection_plans.change_plan)
end_plan = answer(inspection_plans.PlanEnding, inspection_plans.end_plan)
plan_visit = answer(inspections.NewVisit, inspections.plan_visit)
record = answer(inspections.Finding, inspections.record_inspection)
cancel = answer(inspections.Cancelling, inspections.cancel_inspection)
