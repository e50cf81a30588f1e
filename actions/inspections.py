"""Visits (征集日, 入户问需, 巡查): planned singly, recorded by who was there, or called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.admin import check_reason, check_version, locked
from actions.available import Available
from actions.calendars import calendar_for
from actions.checks import check_words
from actions.inspection_checks import (
    PLAN,
    RECORD,
    check_day,
    check_title,
    check_visitor,
    check_where_and_when,
    find_place,
)
from actions.inspection_days import call_off, enter_visit
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import (
    Area,
    Inspection,
    InspectionKind,
    InspectionPlan,
    InspectionState,
    PlanState,
    Request,
    Span,
    TimeUnit,
    WrongState,
    clock,
)
from policies.actor import Actor
from policies.facts import Facts
from policies.guard import decide
from policies.scopes import whole

GRACE = Span(3, TimeUnit.WORKDAY)
"""After its day, in which a visit can still be recorded."""
MOST_HOUSEHOLDS = 100_000
CANCEL = "cancel"
OPEN = frozenset({InspectionState.PLANNED, InspectionState.MISSED})


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A single one, of no plan; `area` is a code, `visitor` an id."""

    area: str
    kind: InspectionKind
    title: str
    day: date
    time_of_day: str | None = None
    place: str | None = None
    visitor: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """That a visit was held. `visitor`: who went, if it was not who was to go."""

    inspection: str
    note: str | None = None
    households: int | None = None
    visitor: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Which visit nobody goes to, and why."""

    inspection: str
    reason: str
    version: int | None = None
    key: str | None = None


async def plan_visit(actor: Actor, new: NewVisit) -> Done:
    """Needs `inspection.plan` in the place. Raises every fault of the input at once."""

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await find_place(record, actor, faults, new.area)
        check_title(faults, new.title)
        check_where_and_when(faults, new.place, new.time_of_day)
        check_day(faults, new.day, clock.local_date(record.now), "day")
        await check_visitor(actor, faults, new.visitor, area.path if area else None)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        visit = _visit(new, area, record.now)
        return Done("Inspection", visit.id, await enter_visit(record, actor, visit, area))

    return await once(actor, new.key, ("planInspection", new), work)


def _visit(new: NewVisit, area: Area, now: datetime) -> Inspection:
    return Inspection(
        area_id=area.code,
        path=area.path,
        kind=new.kind,
        title=new.title,
        due_day=new.day,
        time_of_day=new.time_of_day,
        place=new.place,
        visitor_id=new.visitor,
        created_at=now,
    )


async def record_inspection(actor: Actor, finding: Finding) -> Done:
    """Needs `inspection.record` on it, on its day or up to three working days after, when it is marked late.

    WrongState INSPECTION_TOO_EARLY or RECORD_TOO_LATE outside that time.
    """

    async def work(record: Record) -> Done:
        visit = await locked(record, Inspection, actor, finding.inspection, RECORD)
        record.require(actor, *RECORD, Facts(area_path=visit.path))
        check_version(finding.version, visit.version)
        if visit.state not in OPEN:
            raise WrongState("record", visit.state)
        if why_not := _why_not_now(visit, await last_moment(visit), record.now):
            raise WrongState("record", visit.state, why_not)
        await _check_finding(actor, finding, visit)
        area = await whole(Area).get(code=visit.area_id)
        _fill(visit, finding, actor, record.now)
        event = record.tell_of_admin(visit, "inspection.recorded", actor, area, finding.note, late=visit.late)
        await visit.save()
        return Done("Inspection", visit.id, event.id)

    return await once(actor, finding.key, ("recordInspection", finding), work)


async def last_moment(visit: Inspection) -> datetime:
    """Until when it can be recorded: the end of the third working day after its own."""
    due = GRACE.due(visit.due_at, await calendar_for(visit.path))
    return clock.end_of_day(clock.local_date(due))


def _why_not_now(visit: Inspection, last: datetime, now: datetime) -> str | None:
    if now < clock.start_of_day(visit.due_day):
        return "INSPECTION_TOO_EARLY"
    return "RECORD_TOO_LATE" if now >= last else None


async def _check_finding(actor: Actor, finding: Finding, visit: Inspection) -> None:
    faults = Faults()
    check_words(faults, finding.note, "note")
    if finding.households is not None and not 0 <= finding.households <= MOST_HOUSEHOLDS:
        faults.add("HOUSEHOLDS_OUT_OF_RANGE", "households")
    await check_visitor(actor, faults, finding.visitor, visit.path)
    faults.refuse()


def _fill(visit: Inspection, finding: Finding, actor: Actor, now: datetime) -> None:
    visit.state, visit.late = InspectionState.DONE, now >= visit.due_at
    visit.note, visit.households = finding.note, finding.households
    visit.visitor_id = finding.visitor or visit.visitor_id or actor.id
    visit.recorded_by_id, visit.recorded_at = actor.id, now


async def cancel_inspection(actor: Actor, cancelling: Cancelling) -> Done:
    """Needs `inspection.plan` on it, while it is planned. WrongState INSPECTION_HAS_REQUESTS when it took place."""

    async def work(record: Record) -> Done:
        visit = await locked(record, Inspection, actor, cancelling.inspection, PLAN)
        record.require(actor, *PLAN, Facts(area_path=visit.path))
        check_version(cancelling.version, visit.version)
        if visit.state != InspectionState.PLANNED:
            raise WrongState(CANCEL, visit.state)
        if await _collected([visit]):
            raise WrongState(CANCEL, visit.state, "INSPECTION_HAS_REQUESTS")
        faults = Faults()
        check_reason(faults, cancelling.reason)
        faults.refuse()
        area = await whole(Area).get(code=visit.area_id)
        return Done("Inspection", visit.id, await call_off(record, actor, visit, area, cancelling.reason))

    return await once(actor, cancelling.key, ("cancelInspection", cancelling), work)


async def _collected(visits: Sequence[Inspection]) -> set[str]:
    """The ids of those at which requests were collected."""
    ids = [one.id for one in visits]
    found = whole(Request).filter(inspection_id__in=ids).distinct()
    return {str(id) for id in await found.values_list("inspection_id", flat=True)} if ids else set()


async def available_on(actor: Actor, visits: Sequence[Inspection]) -> list[list[Available]]:
    """For each: `record` while it can still come to that, and `cancel` while it is planned, allowed or why not."""
    now, collected = clock.now(), await _collected([one for one in visits if one.state in OPEN])
    return [
        [
            *([_recording(actor, one, await last_moment(one), now)] if one.state in OPEN else []),
            *([_cancelling(actor, one, collected)] if one.state == InspectionState.PLANNED else []),
        ]
        for one in visits
    ]


def _recording(actor: Actor, visit: Inspection, last: datetime, now: datetime) -> Available:
    why_not = decide(actor, *RECORD, Facts(area_path=visit.path)).reason_code
    due = visit.due_at if now < visit.due_at else last
    return Available("record", why_not or _why_not_now(visit, last, now), due)


def _cancelling(actor: Actor, visit: Inspection, collected: set[str]) -> Available:
    why_not = decide(actor, *PLAN, Facts(area_path=visit.path)).reason_code
    taken_place = "INSPECTION_HAS_REQUESTS" if visit.id in collected else None
    return Available(CANCEL, why_not or taken_place, None)


def available_on_plan(actor: Actor, plan: InspectionPlan) -> list[Available]:
    """`change` and `end` while it is active, both by `inspection.plan`."""
    why_not = decide(actor, *PLAN, Facts(area_path=plan.path)).reason_code
    actions = ("change", "end") if plan.state == PlanState.ACTIVE else ()
    return [Available(action, why_not, None) for action in actions]
