"""Plans of visits that come round (征集日, 入户问需, 巡查): made, changed and ended by who plans in the place."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.admin import check_reason, check_version, locked
from actions.inspection_checks import (
    PLAN,
    check_day,
    check_title,
    check_visitor,
    check_where_and_when,
    find_place,
)
from actions.inspection_days import ONE_DAY, call_off, plan_ahead, planned_from
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import (
    Area,
    Inspection,
    InspectionKind,
    InspectionPlan,
    OnRestDay,
    PlanState,
    WrongState,
    clock,
)
from models.recurrence import Recurrence
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import whole

MOST_DAYS_OF_MONTH, WEEKDAYS, MOST_EVERY = 31, 7, 12
LONGEST = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class NewPlan:
    """`area` is a code, `visitor` an id. Of `day_of_month` and `weekday` (1 is Monday) one is given."""

    area: str
    kind: InspectionKind
    title: str
    first_day: date
    last_day: date | None = None
    every: int = 1
    day_of_month: int | None = None
    weekday: int | None = None
    on_rest_day: OnRestDay = OnRestDay.KEEP
    time_of_day: str | None = None
    place: str | None = None
    visitor: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What is to be different; None leaves it as it is."""

    plan: str
    title: str | None = None
    last_day: date | None = None
    time_of_day: str | None = None
    place: str | None = None
    visitor: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PlanEnding:
    """Which plan makes no more visits, and why."""

    plan: str
    reason: str
    version: int | None = None
    key: str | None = None


async def create_plan(actor: Actor, new: NewPlan) -> Done:
    """Needs `inspection.plan` in the place; the visits of the next 30 days are entered at once.

    Raises every fault of the input at once.
    """

    async def work(record: Record) -> Done:
        area = await _checked(record, actor, new)
        plan = _plan(new, area)
        plan.created_by_id, plan.created_at = actor.id, record.now
        event = record.tell_of_admin(plan, "inspectionPlan.created", actor, area)
        await plan.save(force_create=True)
        await plan_ahead(record, actor, plan, area)
        await plan.save(update_fields=["planned_to", "next_at"])
        return Done("InspectionPlan", plan.id, event.id)

    return await once(actor, new.key, ("createInspectionPlan", new), work)


async def _checked(record: Record, actor: Actor, new: NewPlan) -> Area:
    faults = Faults()
    area = await find_place(record, actor, faults, new.area)
    check_title(faults, new.title)
    check_where_and_when(faults, new.place, new.time_of_day)
    check_day(faults, new.first_day, clock.local_date(record.now), "from")
    is_whole = _check_recurrence(faults, new)
    if new.last_day is not None:
        _check_until(faults, new.first_day, new.last_day)
        if is_whole and not faults and next(_recurrence(new).days()) > new.last_day:
            faults.add("PLAN_WITHOUT_DAYS", "until")
    await check_visitor(actor, faults, new.visitor, area.path if area else None)
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area


def _check_recurrence(faults: Faults, new: NewPlan) -> bool:
    """Whether it says on which days."""
    known = len(faults)
    if (new.day_of_month is None) == (new.weekday is None):
        faults.add("RECURRENCE_UNCLEAR", "weekday")
    if new.day_of_month is not None and not 1 <= new.day_of_month <= MOST_DAYS_OF_MONTH:
        faults.add("DAY_OF_MONTH_OUT_OF_RANGE", "dayOfMonth")
    if new.weekday is not None and not 1 <= new.weekday <= WEEKDAYS:
        faults.add("WEEKDAY_OUT_OF_RANGE", "weekday")
    if not 1 <= new.every <= MOST_EVERY:
        faults.add("EVERY_OUT_OF_RANGE", "every")
    return len(faults) == known


def _check_until(faults: Faults, first: date, last: date) -> None:
    if last < first:
        faults.add("UNTIL_BEFORE_FROM", "until")
    elif last - first > LONGEST:
        faults.add("VISIT_DAY_TOO_FAR", "until")


def _recurrence(new: NewPlan) -> Recurrence:
    return Recurrence(new.first_day, new.every, new.day_of_month, new.weekday)


def _plan(new: NewPlan, area: Area) -> InspectionPlan:
    return InspectionPlan(
        area_id=area.code,
        path=area.path,
        kind=new.kind,
        title=new.title,
        first_day=new.first_day,
        last_day=new.last_day,
        every=new.every,
        day_of_month=new.day_of_month,
        weekday=new.weekday,
        on_rest_day=new.on_rest_day,
        time_of_day=new.time_of_day,
        place=new.place,
        visitor_id=new.visitor,
    )


async def change_plan(actor: Actor, change: PlanChange) -> Done:
    """Needs `inspection.plan` on it; its planned visits follow. When it comes round stays: that is another plan.

    WrongState PLAN_ENDED.
    """

    async def work(record: Record) -> Done:
        plan = await _active(record, actor, change)
        await _check_change(actor, plan, change, record)
        area = await whole(Area).get(code=plan.area_id)
        _apply(change, plan)
        plan.last_day = change.last_day or plan.last_day
        event = record.tell_of_admin(plan, "inspectionPlan.changed", actor, area)
        if any(_of_visits(change)):
            await _hand_down(record, actor, change, plan, area)
        await plan_ahead(record, actor, plan, area)
        await plan.save()
        return Done("InspectionPlan", plan.id, event.id)

    return await once(actor, change.key, ("changeInspectionPlan", change), work)


async def _active(record: Record, actor: Actor, wanted: PlanChange | PlanEnding) -> InspectionPlan:
    plan = await locked(record, InspectionPlan, actor, wanted.plan, PLAN, "inspectionPlan")
    record.require(actor, *PLAN, Facts(area_path=plan.path))
    check_version(wanted.version, plan.version)
    if plan.state == PlanState.ENDED:
        raise WrongState("change", plan.state, "PLAN_ENDED")
    return plan


async def _check_change(actor: Actor, plan: InspectionPlan, change: PlanChange, record: Record) -> None:
    faults = Faults()
    if change.title is not None:
        check_title(faults, change.title)
    check_where_and_when(faults, change.place, change.time_of_day)
    if change.last_day is not None:
        await _check_end(faults, plan, change.last_day, clock.local_date(record.now))
    await check_visitor(actor, faults, change.visitor, plan.path)
    if change.last_day is None and all(one is None for one in _of_visits(change)):
        faults.add("NOTHING_GIVEN")
    faults.refuse()


async def _check_end(faults: Faults, plan: InspectionPlan, last: date, today: date) -> None:
    known = len(faults)
    _check_until(faults, plan.first_day, last)
    if len(faults) > known:
        return
    if last < today:
        faults.add("VISIT_DAY_PAST", "until")
    elif await planned_from(plan, max(last, today) + ONE_DAY):
        faults.add("PLANNED_BEYOND", "until")


def _of_visits(change: PlanChange) -> tuple[str | None, ...]:
    """What is to be different in visits, too."""
    return change.title, change.time_of_day, change.place, change.visitor


async def _hand_down(
    record: Record, actor: Actor, change: PlanChange, plan: InspectionPlan, area: Area
) -> None:
    for visit in await planned_from(plan, clock.local_date(record.now)):
        record.watch(visit)
        _apply(change, visit)
        record.tell_of_admin(visit, "inspection.changed", actor, area)
        await visit.save()


def _apply(change: PlanChange, to: InspectionPlan | Inspection) -> None:
    to.title = change.title or to.title
    to.time_of_day = change.time_of_day or to.time_of_day
    to.place = change.place or to.place
    to.visitor_id = change.visitor or to.visitor_id


async def end_plan(actor: Actor, ending: PlanEnding) -> Done:
    """Needs `inspection.plan` on it; what it planned for later days is cancelled, today's can still be held.

    WrongState PLAN_ENDED.
    """

    async def work(record: Record) -> Done:
        plan = await _active(record, actor, ending)
        faults = Faults()
        check_reason(faults, ending.reason)
        faults.refuse()
        area = await whole(Area).get(code=plan.area_id)
        plan.state, plan.next_at = PlanState.ENDED, None
        event = record.tell_of_admin(plan, "inspectionPlan.ended", actor, area, ending.reason)
        for visit in await planned_from(plan, clock.local_date(record.now) + ONE_DAY):
            await call_off(record, actor, visit, area, ending.reason)
        await plan.save()
        return Done("InspectionPlan", plan.id, event.id)

    return await once(actor, ending.key, ("endInspectionPlan", ending), work)
