"""Visits that come round: 龙里's collection days in the autumn of 2022, and what is under way in 天湖 today."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from actions.inspection_plans import NewPlan, create_plan
from actions.inspections import Finding, NewVisit, plan_visit, record_inspection
from baodao.demo.agenda import Moment
from baodao.demo.places import BIG_GRIDS, communities
from baodao.demo.plan import TIANHU
from baodao.demo.stage import Stage
from models import Inspection, InspectionKind, InspectionState, OnRestDay, clock
from policies.scopes import whole

COLLECTION = "党群征集日"
PLANNED, ENDED = date(2022, 9, 1), date(2022, 11, 30)
COLLECTION_DAYS = (date(2022, 9, 23), date(2022, 10, 23), date(2022, 11, 23))
ONCE_MORE = date(2022, 12, 9)
"""A session by itself, in all communities but the first."""
BEGUN = "-84"
"""Twelve working days before today."""
ONE_DAY = timedelta(days=1)
MORNING, EVENING = time(9), time(16, 40)
CADRE = "tianhu.cadre"
FOUND = {
    InspectionKind.COLLECTION_DAY: Finding("", "收集群众意见，均已登记。"),
    InspectionKind.HOME_VISIT: Finding("", "走访独居老人和外来租户，无新增诉求。", households=12),
}


def collection_days() -> Iterator[Moment]:
    """203 sessions: on the 23rd of three months in every community and big grid, and eight by themselves."""
    yield _at(PLANNED, MORNING), _plan_in_longli
    yield _at(ONCE_MORE - ONE_DAY, MORNING), _plan_once_more
    for day in (*COLLECTION_DAYS, ONCE_MORE):
        yield _at(day, EVENING), _record_in_longli


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.SHANGHAI)


async def _plan_in_longli(stage: Stage) -> None:
    for village, big_grids in zip(communities(), BIG_GRIDS, strict=True):
        code = village["code"]
        for place in (code, *(f"{code}{number:03d}" for number in range(1, big_grids + 1))):
            plan = NewPlan(place, InspectionKind.COLLECTION_DAY, COLLECTION, PLANNED, ENDED, day_of_month=23)
            await create_plan(stage.actors[f"v{code}.cadre"], plan)


async def _plan_once_more(stage: Stage) -> None:
    for village in communities()[1:]:
        visit = NewVisit(village["code"], InspectionKind.COLLECTION_DAY, COLLECTION, ONCE_MORE)
        await plan_visit(stage.actors[f"v{village['code']}.cadre"], visit)


async def _record_in_longli(stage: Stage) -> None:
    for village in communities():
        await _record(f"v{village['code']}.cadre", village["code"], stage)


def rounds(stage: Stage) -> Iterator[Moment]:
    """天湖's plans, and each evening from the next day on the record of what was held."""
    begun = stage.moment(BEGUN)
    yield begun, _plan_in_tianhu
    day = clock.local_date(begun) + ONE_DAY
    while (evening := _at(day, EVENING)) <= stage.today:
        yield evening, partial(_record, CADRE, TIANHU)
        day += ONE_DAY


async def _plan_in_tianhu(stage: Stage) -> None:
    today, cadre = clock.local_date(clock.now()), stage.actors[CADRE]
    await create_plan(
        cadre, NewPlan(TIANHU, InspectionKind.COLLECTION_DAY, COLLECTION, today, day_of_month=23)
    )
    weekly = NewPlan(
        TIANHU,
        InspectionKind.HOME_VISIT,
        "每周入户问需",
        today,
        weekday=3,
        on_rest_day=OnRestDay.NEXT_WORKDAY,
    )
    await create_plan(cadre, weekly)


async def _record(login: str, village: str, stage: Stage) -> None:
    """Whatever was to be held today in the village and its grids."""
    due = whole(Inspection).filter(state=InspectionState.PLANNED, due_day=clock.local_date(clock.now()))
    for visit in await due.filter(area_id__startswith=village).order_by("id"):
        found = FOUND[visit.kind]
        await record_inspection(stage.actors[login], Finding(visit.id, found.note, found.households))
