"""How a planned story will stand in the figures, told from its acts before they are played."""

from collections.abc import Iterable
from datetime import datetime

from actions.limits import DEFAULTS
from baodao.demo.givens import DAYS
from baodao.demo.plan import LAST_DAY
from baodao.demo.script import Act
from models import Calendar, ClockKind, Span, Tier, TimeUnit, clock

END = clock.end_of_day(LAST_DAY)
ARRIVALS, ISSUES = ("confirmArrival", "checkIn"), ("issue", "passGate")


def standing_of(acts: Iterable[Act], tier: Tier, calendar: Calendar) -> str:
    """resolved, overdue or open at the end of the plan's last day; "" when it is not issued by then."""
    acts = sorted((act for act in acts if act.at < END), key=lambda act: act.at)
    if not any(act.action in ISSUES for act in acts):
        return ""
    ends = {act.unit: act for act in acts if act.action in (*ARRIVALS, "returnForRework", "submitResult")}
    units = {act.unit for act in acts if act.unit}
    if units and all(unit in ends and ends[unit].action == "submitResult" for unit in units):
        return "resolved"
    limits = _limits(acts, tier, calendar)
    return "overdue" if limits and max(limits) <= END else "open"


def _limits(acts: Iterable[Act], tier: Tier, calendar: Calendar) -> list[datetime]:
    """When each unit that came must have solved the matter."""
    limits: dict[str, datetime] = {}
    for act in acts:
        if act.action in ARRIVALS:
            limits[act.unit] = DEFAULTS[ClockKind.RESOLVE, tier].due(act.at, calendar)
        elif act.action == "returnForRework":
            limits[act.unit] = DEFAULTS[ClockKind.REWORK, tier].due(act.at, calendar)
        elif act.action == "extend":
            limits[act.unit] = Span(int(DAYS), TimeUnit.WORKDAY).due(limits[act.unit], calendar)
    return list(limits.values())
