"""Visits that come round in the small world, driven through the API by who plans and who records them."""

from typing import Any

from api import Answer, ask, do
from plea import CADRE, TIANHU

COLLECTION = {
    "area": TIANHU,
    "kind": "COLLECTION_DAY",
    "title": "党群征集日",
    "from": "2026-03-02",
    "dayOfMonth": 23,
    "timeOfDay": "09:00",
    "place": "社区党群服务中心",
}
WEEKLY = {"area": TIANHU, "kind": "HOME_VISIT", "title": "每周入户问需", "from": "2026-03-02", "weekday": 3}
SINGLE = {"area": TIANHU, "kind": "PATROL", "title": "汛前巡查", "day": "2026-03-02"}
VISITS = """query($area: AreaCode, $filter: InspectionFilter) { inspections(area: $area, filter: $filter, first: 100) {
    totalCount edges { node { id kind title dueDay dueAt timeOfDay place visitor { login } state note households late
    reason recordedBy { login } recordedAt version plan { id } area { code }
    availableActions { action reasonCode dueAt } } } } }"""
PLANS = """query($area: AreaCode, $kind: [InspectionKind!], $state: [InspectionPlanState!]) {
    inspectionPlans(area: $area, kind: $kind, state: $state) { totalCount edges { node { id title state until every
    dayOfMonth weekday onRestDay visitor { login } createdBy { login } version area { code }
    availableActions { action reasonCode } inspections { totalCount edges { node { dueDay state } } } } } } }"""


async def planned(by: str = CADRE, **more: Any) -> str:
    """The id of a new plan; of the 23rd of each month unless told otherwise."""
    payload = await do(by, "createInspectionPlan", COLLECTION | more)
    assert payload["problems"] == [], payload["problems"]
    return str(payload["inspectionPlan"]["id"])


async def single(by: str = CADRE, **more: Any) -> str:
    payload = await do(by, "planInspection", SINGLE | more)
    assert payload["problems"] == [], payload["problems"]
    return str(payload["inspection"]["id"])


async def visits(login: str = CADRE, area: str | None = None, **filter: Any) -> list[Answer]:
    edges = (await ask(login, VISITS, area=area, filter=filter))["inspections"]["edges"]
    return [edge["node"] for edge in edges]


async def days(login: str = CADRE, **filter: Any) -> list[str]:
    """Month and day of each, and its state."""
    return [f"{one['dueDay'][5:]} {one['state']}" for one in await visits(login, **filter)]


async def plans(login: str = CADRE, **conditions: Any) -> list[Answer]:
    edges = (await ask(login, PLANS, **conditions))["inspectionPlans"]["edges"]
    return [edge["node"] for edge in edges]


async def done(login: str, mutation: str, **given: Any) -> Answer:
    payload = await do(login, mutation, given)
    assert payload["problems"] == [], payload["problems"]
    return payload
