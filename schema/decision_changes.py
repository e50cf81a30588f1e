"""Mutations about what an area decides for itself and everything below it."""

from datetime import date

import strawberry

from models import AreaSetting, ClockKind, DayKind, SummonsCategory, Tier, TimeUnit
from resolvers import decisions as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, change
from schema.fields import given, needed
from schema.inputs import NOTE


@strawberry.input(description="A change of what one area decides.")
class AreaInput(Guarded):
    area: AreaCode = needed("Code of the area that decides, for itself and everything below it.")
    note: str | None = given(NOTE)


@strawberry.input(description="The share of a category's summonses that is to be followed up (回访抽样比例).")
class FollowUpShareInput:
    category: SummonsCategory = needed("The category that the share is for; each once.")
    share: float = needed("0.0 to 1.0 of its evaluated summonses.")


@strawberry.input(description="What an area decides from now on; what is left out stays (修改区域设置).")
class ChangeAreaSettingsInput(AreaInput):
    require_town_gate: bool | None = given(
        "Whether the town looks at a summons before it is issued (镇街把关)."
    )
    follow_up_categories: list[SummonsCategory] | None = given(
        "Categories all of whose evaluated summonses are followed up; an empty list stands for none."
    )
    follow_up_share: float | None = given(
        "0.0 to 1.0 of the evaluated summonses, where their category has no share of its own."
    )
    follow_up_shares: list[FollowUpShareInput] | None = given(
        "Shares of single categories, all of them anew; an empty list stands for none."
    )
    pass_score: int | None = given("Pass mark, 0 to 100: a total below it is low.")
    inherit: list[AreaSetting] | None = given(
        "What the area no longer decides: what is above it counts again."
    )


@strawberry.input(description="A clock of an area, and perhaps the tier and category it is about.")
class LimitInput(AreaInput):
    clock: ClockKind = needed(
        "What somebody is given time for; HOLD has no limit, it runs until the agreed day."
    )
    tier: Tier | None = given(
        "For matters of this tier only; left out: of all tiers without a limit of their own."
    )
    category: SummonsCategory | None = given(
        "For matters of this category only; left out: of all without a limit of their own."
    )


@strawberry.input(description="How long a clock is to run in an area (设定时限).")
class SetLimitInput(LimitInput):
    amount: float = needed("How many of `timeUnit`: more than 0, at most 1,000.")
    time_unit: TimeUnit = needed("What `amount` counts.")
    source: str | None = given("The document that says so, at most 80 characters.")


@strawberry.input(description="A limit that an area no longer has of its own (取消时限).")
class EndLimitInput(LimitInput):
    pass


@strawberry.input(description="What an area says of a day.")
class CalendarDayInput:
    day: date = needed("Which day; from 2000 to 2100, each once.")
    kind: DayKind | None = given("Whether people work on it; left out: the area says nothing of it any more.")
    name: str | None = given("What it is called, at most 40 characters.")


@strawberry.input(description="Days that an area decides about (设定工作日历).")
class SetCalendarDaysInput(AreaInput):
    calendar: list[CalendarDayInput] = needed("The days, 1 to 50; of all others nothing changes.")


@strawberry.type
class DecisionChanges:
    change_area_settings = change(
        "area",
        ChangeAreaSettingsInput,
        resolve.change_settings,
        "Decide about the town's gate, follow-ups and the pass mark (修改区域设置), for an area and everything below "
        "it that has not decided otherwise. It counts for whatever is looked at after it, in every process at once.",
    )
    set_limit = change(
        "area",
        SetLimitInput,
        resolve.set_limit,
        "Decide how long a clock runs (设定时限), for an area and everything below it that has not decided otherwise. "
        "A clock that runs keeps the limit it started with; the next one has the new limit.",
    )
    end_limit = change(
        "area",
        EndLimitInput,
        resolve.end_limit,
        "Give up a limit of an area's own (取消时限): for clocks that start from now on what is above counts again.",
    )
    set_calendar_days = change(
        "area",
        SetCalendarDaysInput,
        resolve.set_calendar_days,
        "Decide which days are worked (设定工作日历), for an area and everything below it that has not decided "
        "otherwise. A clock that runs keeps its limit; what rests and goes on later counts by the new calendar.",
    )
