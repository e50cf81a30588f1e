"""The days of inspection plans: the visits that fall due by them, entered a month ahead, and those that nobody held."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from itertools import dropwhile, takewhile

from actions.calendars import calendar_for
from actions.record import Record, recording
from models import Area, Inspection, InspectionPlan, InspectionState, OnRestDay, PlanState, clock
from models.recurrence import next_workday
from policies.actor import SYSTEM, Actor
from policies.scopes import whole

AHEAD = timedelta(days=30)
ONE_DAY = timedelta(days=1)
PAGE = 200
log = logging.getLogger(__name__)


async def plan_ahead(record: Record, actor: Actor, plan: InspectionPlan, area: Area) -> None:
    """Enter the visits that fall due within 30 days; the plan is locked, and saved by the caller.

    Days that were looked at before are not looked at again, so what became of their visits stays. Where two days are
    moved onto one, there is one visit.
    """
    last = min(clock.local_date(record.now) + AHEAD, _last_day(plan, area))
    calendar = await calendar_for(plan.path)
    taken = await _taken(plan)
    for day in takewhile(lambda day: day <= last, _days_left(plan)):
        due = next_workday(day, calendar) if plan.on_rest_day == OnRestDay.NEXT_WORKDAY else day
        if due not in taken:
            taken.add(due)
            await enter_visit(record, actor, visit_of(plan, due, record), area)
    plan.planned_to = max(plan.planned_to or last, last)
    _look_again(plan, area)


def _last_day(plan: InspectionPlan, area: Area) -> date:
    """Nobody visits a place that is no more."""
    return min(plan.last_day or date.max, area.valid_to or date.max)


def _days_left(plan: InspectionPlan) -> Iterator[date]:
    """Those that were not looked at yet, without an end."""
    seen = plan.planned_to or plan.first_day - ONE_DAY
    return dropwhile(lambda day: day <= seen, plan.recurrence.days())


async def _taken(plan: InspectionPlan) -> set[date]:
    """Days that have a visit, as far as another could be moved there."""
    if plan.planned_to is None:
        return set()
    later = whole(Inspection).filter(plan_id=plan.id, due_day__gt=plan.planned_to)
    return {one.due_day for one in await later}


def _look_again(plan: InspectionPlan, area: Area) -> None:
    """When the next day comes within reach; after the last one, when it is over."""
    following, last = next(_days_left(plan)), _last_day(plan, area)
    plan.next_at = clock.end_of_day(last) if following > last else clock.start_of_day(following - AHEAD)


def visit_of(plan: InspectionPlan, due: date, record: Record) -> Inspection:
    return Inspection(
        plan_id=plan.id,
        area_id=plan.area_id,
        path=plan.path,
        kind=plan.kind,
        title=plan.title,
        due_day=due,
        time_of_day=plan.time_of_day,
        place=plan.place,
        visitor_id=plan.visitor_id,
        created_at=record.now,
    )


async def enter_visit(record: Record, actor: Actor, visit: Inspection, area: Area) -> str:
    """It is due until the end of its day; the id of the event that tells of it."""
    visit.due_at = clock.end_of_day(visit.due_day)
    told = {"plan": visit.plan_id} if visit.plan_id else {}
    event = record.tell_of_admin(
        visit, "inspection.planned", actor, area, dueDay=visit.due_day.isoformat(), **told
    )
    await visit.save(force_create=True)
    return event.id


async def planned_from(plan: InspectionPlan, day: date) -> list[Inspection]:
    """Its visits of that day or later that are still to be held, under their locks."""
    rows = whole(Inspection).filter(plan_id=plan.id, state=InspectionState.PLANNED, due_day__gte=day)
    return await rows.order_by("due_day").select_for_update(no_key=True)


async def call_off(record: Record, actor: Actor, visit: Inspection, area: Area, reason: str) -> str:
    """Nobody goes there; the row is locked. The id of the event that tells of it."""
    record.watch(visit)
    visit.state, visit.reason = InspectionState.CANCELLED, reason
    event = record.tell_of_admin(visit, "inspection.cancelled", actor, area, reason)
    await visit.save(update_fields=["state", "reason", "version"])
    return event.id


async def keep_plans(failed: set[str]) -> int:
    """What time does to plans and visits, each in a transaction of its own; how many were entered, ended or missed.

    One that fails is logged and left for the next time, and its id put into `failed`.
    """
    return await _each(_due_plans, _carry_on, failed) + await _each(_past_visits, _miss, failed)


async def _each(
    due: Callable[[set[str]], Awaitable[list[str]]], do: Callable[[str], Awaitable[bool]], failed: set[str]
) -> int:
    done = 0
    while ids := await due(failed):
        for id in ids:
            try:
                done += await do(id)
            except Exception:
                log.exception("visits of %s failed", id)
                failed.add(id)
    return done


async def _due_plans(failed: set[str]) -> list[str]:
    rows = whole(InspectionPlan).filter(next_at__lte=clock.now(), id__not_in=list(failed))
    return [one.id for one in await rows.order_by("next_at", "id").limit(PAGE)]


async def _past_visits(failed: set[str]) -> list[str]:
    rows = whole(Inspection).filter(
        state=InspectionState.PLANNED, due_at__lte=clock.now(), id__not_in=list(failed)
    )
    return [one.id for one in await rows.order_by("due_at", "id").limit(PAGE)]


async def _carry_on(id: str) -> bool:
    """False when somebody else was faster, or ended it."""
    async with recording() as record:
        due = whole(InspectionPlan).filter(id=id, next_at__lte=record.now)
        plan = await due.select_for_update(no_key=True).first()
        if plan is None:
            return False
        area = await whole(Area).get(code=plan.area_id)
        await plan_ahead(record, SYSTEM, plan, area)
        if clock.local_date(record.now) > _last_day(plan, area):
            record.watch(plan)
            plan.state, plan.next_at = PlanState.ENDED, None
            record.tell_of_admin(plan, "inspectionPlan.ended", SYSTEM, area)
        await plan.save()
        return True


async def _miss(id: str) -> bool:
    async with recording() as record:
        past = whole(Inspection).filter(id=id, state=InspectionState.PLANNED, due_at__lte=record.now)
        visit = await past.select_for_update(no_key=True).first()
        if visit is None:
            return False
        record.watch(visit)
        visit.state = InspectionState.MISSED
        area = await whole(Area).get(code=visit.area_id)
        record.tell_of_admin(visit, "inspection.missed", SYSTEM, area)
        await visit.save(update_fields=["state", "version"])
        return True
