"""What an area decides for itself and everything below it: settings, limits, and days of its calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actions.admin import check_version, locked
from actions.calendars import DAYS
from actions.checks import check_words
from actions.limits import DEFAULTS, POLICIES
from actions.limits_of_area import OF_REQUESTS
from actions.once import Done, Work, once
from actions.record import Record
from actions.settings_of_area import SETTINGS
from actions.turn import Faults
from models import (
    Area,
    AreaSetting,
    AreaSettings,
    CalendarDay,
    ClockKind,
    DayKind,
    SlaPolicy,
    SummonsCategory,
    Tier,
    TimeUnit,
)
from models.writes import Values
from policies.actor import Actor
from policies.facts import area_facts
from policies.guard import may
from policies.scopes import whole

CONFIGURE, SET_DAYS = ("area", "configure"), ("calendar", "manage")
MANAGE, OVERRIDE = ("sla_policy", "manage"), ("sla_policy", "override")
HIGHEST_SCORE, LONGEST_LIMIT = 100, 1_000
LONGEST_SOURCE, LONGEST_NAME = 80, 40
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What is None stays as it is; what is to be inherited again is no decision of the area any more."""

    area: str
    require_town_gate: bool | None = None
    follow_up_categories: tuple[SummonsCategory, ...] | None = None
    follow_up_share: float | None = None
    follow_up_shares: tuple[tuple[SummonsCategory, float], ...] | None = None
    pass_score: int | None = None
    inherit: tuple[AreaSetting, ...] = ()
    note: str | None = None
    version: int | None = None
    key: str | None = None

    @property
    def given(self) -> dict[AreaSetting, object]:
        """As the columns hold them."""
        categories, shares = self.follow_up_categories, self.follow_up_shares
        values = {
            AreaSetting.REQUIRE_TOWN_GATE: self.require_town_gate,
            AreaSetting.FOLLOW_UP_CATEGORIES: None
            if categories is None
            else [one.value for one in categories],
            AreaSetting.FOLLOW_UP_SHARE: self.follow_up_share,
            AreaSetting.FOLLOW_UP_SHARES: None
            if shares is None
            else {one.value: share for one, share in shares},
            AreaSetting.PASS_SCORE: self.pass_score,
        }
        return {setting: value for setting, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class NewLimit:
    """How long a clock is to run; no tier or category: for all of them that have no limit of their own."""

    area: str
    clock: ClockKind
    amount: float
    time_unit: TimeUnit
    tier: Tier | None = None
    category: SummonsCategory | None = None
    source: str = ""
    note: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class LimitEnd:
    """Which of its limits an area gives up."""

    area: str
    clock: ClockKind
    tier: Tier | None = None
    category: SummonsCategory | None = None
    note: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """Without a kind the area says nothing of the day any more."""

    day: date
    kind: DayKind | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """Days that an area decides about."""

    area: str
    calendar: tuple[Day, ...]
    note: str | None = None
    version: int | None = None
    key: str | None = None


Said = SettingsChange | NewLimit | LimitEnd | CalendarChange


async def change_settings(actor: Actor, change: SettingsChange) -> Done:
    """Needs `configure` on the area. Counts for whatever is decided from then on, in every process."""

    async def work(record: Record) -> Done:
        area = await _held(record, actor, change, CONFIGURE)
        _check_settings(change)
        settings, _ = await AreaSettings.get_or_create(area_id=area.code)
        given = {setting.value: value for setting, value in change.given.items()}
        after = given | dict.fromkeys((setting.value for setting in change.inherit), None)
        before = {name: getattr(settings, name) for name in after}
        await settings.update_from_dict(after).save(update_fields=list(after))
        return await _told(record, actor, area, change, "area.settingsChanged", before, after)

    return await _decided(actor, change, "changeAreaSettings", work, SETTINGS.forget)


def _check_settings(change: SettingsChange) -> None:
    faults = Faults()
    categories, shares = change.follow_up_categories or (), change.follow_up_shares or ()
    for index, category in enumerate(categories):
        if category in categories[:index]:
            faults.add("CATEGORY_TWICE", "followUpCategories", str(index))
    if change.follow_up_share is not None and not 0 <= change.follow_up_share <= 1:
        faults.add("SHARE_RANGE", "followUpShare")
    for index, (category, share) in enumerate(shares):
        if category in [other for other, _ in shares[:index]]:
            faults.add("CATEGORY_TWICE", "followUpShares", str(index), "category")
        if not 0 <= share <= 1:
            faults.add("SHARE_RANGE", "followUpShares", str(index), "share")
    if change.pass_score is not None and not 0 <= change.pass_score <= HIGHEST_SCORE:
        faults.add("SCORE_RANGE", "passScore")
    for index, setting in enumerate(change.inherit):
        if setting in change.given:
            faults.add("GIVEN_AND_INHERITED", "inherit", str(index))
    if not change.given and not change.inherit:
        faults.add("NOTHING_GIVEN")
    check_words(faults, change.note, "note")
    faults.refuse()


async def set_limit(actor: Actor, new: NewLimit) -> Done:
    """Needs `manage` or `override` on the area's limits. Clocks that run keep the limit they started with."""

    async def work(record: Record) -> Done:
        area = await _held(record, actor, new, await _right(actor, new.area))
        _check_limit(new)
        row = await _limit_of(new) or SlaPolicy(
            area_id=area.code, clock=new.clock, tier=new.tier, category=new.category
        )
        before = _told_limit(row) if row._saved_in_db else {}
        row.amount, row.unit, row.source = new.amount, new.time_unit, new.source
        await row.save()
        return await _told(record, actor, area, new, "area.limitSet", before, _told_limit(row))

    return await _decided(actor, new, "setLimit", work, POLICIES.forget)


async def end_limit(actor: Actor, end: LimitEnd) -> Done:
    """Needs `manage` or `override` on the area's limits. What the area above says counts from then on."""

    async def work(record: Record) -> Done:
        area = await _held(record, actor, end, await _right(actor, end.area))
        row, faults = await _limit_of(end), Faults()
        if row is None:
            faults.add("NO_LIMIT_HERE", "clock")
        check_words(faults, end.note, "note")
        faults.refuse()
        assert row is not None, "a missing limit is a fault"
        await row.delete()
        before = _told_limit(row)
        return await _told(record, actor, area, end, "area.limitEnded", before, dict.fromkeys(before))

    return await _decided(actor, end, "endLimit", work, POLICIES.forget)


async def _right(actor: Actor, code: str) -> tuple[str, str]:
    """Where they may manage limits they do, else they need the right to override them there."""
    area = await whole(Area).get_or_none(code=code)
    return MANAGE if area is not None and may(actor, *MANAGE, area_facts(area)) else OVERRIDE


def _check_limit(new: NewLimit) -> None:
    faults = Faults()
    if new.clock not in {kind for kind, _ in DEFAULTS}:
        faults.add("CLOCK_WITHOUT_LIMIT", "clock")
    if new.clock in OF_REQUESTS:
        for name in (name for name in ("tier", "category") if getattr(new, name) is not None):
            faults.add("LIMIT_OF_REQUESTS", name)
    if not 0 < new.amount <= LONGEST_LIMIT:
        faults.add("AMOUNT_RANGE", "amount")
    check_words(faults, new.source, "source", LONGEST_SOURCE)
    check_words(faults, new.note, "note")
    faults.refuse()


async def _limit_of(said: NewLimit | LimitEnd) -> SlaPolicy | None:
    """The area's own, of just this clock, tier and category."""
    return await SlaPolicy.get_or_none(
        area_id=said.area, clock=said.clock, tier=said.tier, category=said.category
    )


def _told_limit(row: SlaPolicy) -> Values:
    """The clock's name among them, so that an entry of the audit log says what it is about."""
    about = "/".join(str(part) for part in (row.clock, row.tier, row.category) if part is not None)
    return {f"{about} {name}": getattr(row, name) for name in ("amount", "unit", "source")}


async def set_calendar_days(actor: Actor, change: CalendarChange) -> Done:
    """Needs `manage` on the area's calendar. Clocks that run keep their limits, unless they rest and go on later."""

    async def work(record: Record) -> Done:
        area = await _held(record, actor, change, SET_DAYS)
        _check_days(change)
        return await enter_days(record, actor, area, change)

    return await _decided(actor, change, "setCalendarDays", work, DAYS.forget)


def _check_days(change: CalendarChange) -> None:
    faults, days = Faults(), [one.day for one in change.calendar]
    for index, one in enumerate(change.calendar):
        if not FIRST_YEAR <= one.day.year <= LAST_YEAR:
            faults.add("DAY_OUT_OF_RANGE", "calendar", str(index), "day")
        if one.day in days[:index]:
            faults.add("DAY_TWICE", "calendar", str(index), "day")
        check_words(faults, one.name, f"calendar.{index}.name", LONGEST_NAME)
    if not change.calendar:
        faults.add("NOTHING_GIVEN", "calendar")
    check_words(faults, change.note, "note")
    faults.refuse()


async def enter_days(record: Record, actor: Actor, area: Area, change: CalendarChange) -> Done:
    """Write them and tell of them. The caller has locked the area, and has the calendars forgotten after the commit."""
    ids = {one.day: f"{area.code}-{one.day}" for one in change.calendar}
    known = {row.day: row for row in await CalendarDay.filter(id__in=list(ids.values()))}
    await CalendarDay.filter(id__in=list(ids.values())).delete()
    await CalendarDay.bulk_create(
        CalendarDay(id=ids[one.day], area_id=area.code, day=one.day, kind=one.kind, name=one.name)
        for one in change.calendar
        if one.kind is not None
    )
    before: Values = {str(day): f"{row.kind} {row.name}".strip() for day, row in known.items()}
    after: Values = {
        str(one.day): f"{one.kind} {one.name}".strip() if one.kind else None for one in change.calendar
    }
    return await _told(record, actor, area, change, "area.calendarSet", before, after)


async def _held(record: Record, actor: Actor, said: Said, right: tuple[str, str]) -> Area:
    """The area under its lock, so that one decision follows another."""
    area = await locked(record, Area, actor, said.area, right, "area")
    record.require(actor, *right, area_facts(area))
    check_version(said.version, area.version)
    return area


async def _told(
    record: Record, actor: Actor, area: Area, said: Said, type: str, before: Values, after: Values
) -> Done:
    event = record.tell_of_decision(area, type, actor, before, after, said.note)
    await area.save(update_fields=["version"])
    return Done("Area", area.code, event.id)


async def _decided(actor: Actor, said: Said, mutation: str, work: Work, forget: Callable[[], None]) -> Done:
    """Once it is committed, this process goes by it; others hear of it with their next request or tick."""
    done = await once(actor, said.key, (mutation, said), work)
    forget()
    return done
