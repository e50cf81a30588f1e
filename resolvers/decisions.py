"""What areas decide for themselves: settings, limits and calendars, as they count, and the changes of them."""

from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q

from actions import decisions
from actions.limits_of_area import Limit, limits_at
from actions.settings_of_area import Decided, decided_for
from models import Area, AreaSetting, CalendarDay, InvalidInput, SummonsCategory
from policies.facts import area_facts
from policies.guard import may
from resolvers.administration import answer
from resolvers.context import Info
from resolvers.ids import AreaCode
from resolvers.later import Later

LONGEST_PERIOD = 366


@dataclass(frozen=True, slots=True)
class Share:
    """0.0–1.0 of the summonses of a category."""

    category: SummonsCategory
    share: float


async def settings(root: Area, info: Info) -> Decided:
    return await decided_for(root.path)


def require_town_gate(root: Decided) -> bool:
    return root.settings.require_town_gate


def follow_up_categories(root: Decided) -> list[SummonsCategory]:
    return [one for one in SummonsCategory if one in root.settings.followup_categories]


def follow_up_share(root: Decided) -> float:
    return root.settings.followup_share


def follow_up_shares(root: Decided) -> list[Share]:
    shares = root.settings.followup_shares
    return [Share(category, shares[category]) for category in SummonsCategory if category in shares]


def pass_score(root: Decided) -> int:
    return root.settings.pass_score


def town_gate_by(root: Decided, info: Info) -> Later[Area | None]:
    return _area(root.by[AreaSetting.REQUIRE_TOWN_GATE], info)


def categories_by(root: Decided, info: Info) -> Later[Area | None]:
    return _area(root.by[AreaSetting.FOLLOW_UP_CATEGORIES], info)


def share_by(root: Decided, info: Info) -> Later[Area | None]:
    return _area(root.by[AreaSetting.FOLLOW_UP_SHARE], info)


def shares_by(root: Decided, info: Info) -> Later[Area | None]:
    return _area(root.by[AreaSetting.FOLLOW_UP_SHARES], info)


def pass_score_by(root: Decided, info: Info) -> Later[Area | None]:
    return _area(root.by[AreaSetting.PASS_SCORE], info)


def _area(code: str | None, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(code) if code else None


async def limits(root: Area, info: Info, category: SummonsCategory | None = None) -> list[Limit]:
    known = may(info.context.actor, "sla_policy", "read", area_facts(root))
    return await limits_at(root.path, category) if known else []


def decided_by(root: Limit | CalendarDay, info: Info) -> Later[Area | None]:
    return _area(root.area_id, info)


async def calendar(info: Info, area: AreaCode, from_: date, to: date) -> list[CalendarDay] | None:
    """InvalidInput PERIOD_UPSIDE_DOWN when it ends before it begins, PERIOD_TOO_LONG for more than 366 days."""
    if from_ > to:
        raise InvalidInput("PERIOD_UPSIDE_DOWN", "to")
    if (to - from_).days >= LONGEST_PERIOD:
        raise InvalidInput("PERIOD_TOO_LONG", "to")
    place = await info.context.loaders.areas.load(area)
    if place is None or not may(info.context.actor, "calendar", "read", area_facts(place)):
        return None
    codes = place.path.split(".")[:-1]
    days = CalendarDay.filter(Q(area_id=None) | Q(area_id__in=codes), day__gte=from_, day__lte=to)
    rows = list(await days)
    rows.sort(key=lambda row: (row.day, codes.index(row.area_id) if row.area_id else -1))
    return list({row.day: row for row in rows}.values())


change_settings = answer(decisions.SettingsChange, decisions.change_settings)
set_limit = answer(decisions.NewLimit, decisions.set_limit)
end_limit = answer(decisions.LimitEnd, decisions.end_limit)
set_calendar_days = answer(decisions.CalendarChange, decisions.set_calendar_days)
