"""Limits: how long each clock runs for a matter, and starting, stopping and pausing the clocks of a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.calendars import calendar_for
from actions.held import Held, Limited
from actions.remembered import Remembered
from actions.turn import AnyCase, Turn
from models import ClockKind as C
from models import SlaClock, SlaPolicy, Span, Tier, TimeUnit
from models.workflow import LADDERS, Stepped
from models.working_time import remaining, resume

W, H, D = TimeUnit.WORKDAY, TimeUnit.HOUR, TimeUnit.DAY
EVERY = None

DEFAULTS: dict[tuple[C, Tier | None], Span] = {
    (C.DRAFT_IDLE, EVERY): Span(30, D),
    (C.REVIEW, EVERY): Span(3, W),
    (C.COSIGN, EVERY): Span(2, W),
    (C.GATE, EVERY): Span(1, W),
    (C.RATIFY, EVERY): Span(24, TimeUnit.WALL_HOUR),
    (C.RETARGET, EVERY): Span(2, W),
    (C.FOLLOWUP, EVERY): Span(15, W),
    (C.REOPEN_WINDOW, EVERY): Span(30, D),
    (C.ACCEPT, Tier.NORMAL): Span(1, W),
    (C.ACCEPT, Tier.KEY): Span(4, H),
    (C.ACCEPT, Tier.DIFFICULT): Span(1, W),
    (C.ACCEPT, Tier.EMERGENCY): Span(15, TimeUnit.MINUTE),
    (C.ASSIGN, Tier.NORMAL): Span(1, W),
    (C.ASSIGN, Tier.KEY): Span(4, H),
    (C.ASSIGN, Tier.DIFFICULT): Span(1, W),
    (C.ASSIGN, Tier.EMERGENCY): Span(15, TimeUnit.MINUTE),
    (C.ARRIVE, Tier.NORMAL): Span(3, W),
    (C.ARRIVE, Tier.KEY): Span(2, W),
    (C.ARRIVE, Tier.DIFFICULT): Span(3, W),
    (C.ARRIVE, Tier.EMERGENCY): Span(30, TimeUnit.MINUTE),
    (C.RESOLVE, Tier.NORMAL): Span(10, W),
    (C.RESOLVE, Tier.KEY): Span(7, W),
    (C.RESOLVE, Tier.DIFFICULT): Span(15, W),
    (C.RESOLVE, Tier.EMERGENCY): Span(24, TimeUnit.WALL_HOUR),
    (C.REWORK, Tier.NORMAL): Span(3, W),
    (C.REWORK, Tier.KEY): Span(2, W),
    (C.REWORK, Tier.DIFFICULT): Span(3, W),
    (C.REWORK, Tier.EMERGENCY): Span(12, TimeUnit.WALL_HOUR),
    (C.EVALUATE, EVERY): Span(5, W),
    (C.ARBITRATE, EVERY): Span(1, W),
    (C.APPEAL, EVERY): Span(3, W),
    (C.ADJUDICATE, EVERY): Span(5, W),
    (C.RESCHEDULE_ANSWER, EVERY): Span(1, W),
    (C.REMOTE_ANSWER, EVERY): Span(1, W),
    (C.HOLD_ANSWER, EVERY): Span(2, W),
    (C.EXTENSION_ANSWER, EVERY): Span(1, W),
    (C.CO_UNIT_ANSWER, EVERY): Span(1, W),
    (C.TRIAGE, EVERY): Span(1, W),
    (C.ANSWER, EVERY): Span(5, W),
    (C.FEEDBACK, EVERY): Span(5, W),
    (C.REQUEST_WINDOW, EVERY): Span(30, D),
    (C.ORDER_ACCEPT, EVERY): Span(2, W),
    (C.ORDER_OFFER, EVERY): Span(1, W),
    (C.ORDER_COMPLETE, EVERY): Span(5, W),
    (C.ORDER_VERIFY, EVERY): Span(3, W),
    (C.OBJECTION, EVERY): Span(3, W),
}
"""The default clocks (docs: domain, "Default clocks"); areas change them with rows of SlaPolicy."""

TOP_LEVEL_ARBITRATION = Span(3, W)
REVIEW_AGAIN = Span(1, W)
AFTER_NO_SHOW = Span(1, W)
GRACE = timedelta(minutes=30)
"""How long after the end of an appointment nobody is called a no-show."""


async def _load() -> list[SlaPolicy]:
    return await SlaPolicy.all()


POLICIES = Remembered(_load, "sla_policy")


async def limit_for(limited: Limited, kind: C) -> Span:
    """The most special SlaPolicy: the nearest area's, then the one that names the category, then the tier."""
    codes = limited.path.split(".")[:-1]
    rows = [row for row in await POLICIES.get() if row.clock == kind and _applies(row, limited, codes)]
    best = most_special(rows, codes)
    return Span(best.amount, best.unit) if best else default_for(kind, limited.tier)


def most_special(rows: list[SlaPolicy], codes: list[str]) -> SlaPolicy | None:
    """Of rows that all apply where these are the codes on the way down: the one that counts; None of none."""
    order = sorted(rows, key=lambda row: (_depth(row, codes), row.category is not None, row.tier is not None))
    return order[-1] if order else None


def default_for(kind: C, tier: Tier | None) -> Span:
    """Where no area has decided anything."""
    return DEFAULTS.get((kind, tier)) or DEFAULTS[kind, EVERY]


def _applies(row: SlaPolicy, limited: Limited, codes: list[str]) -> bool:
    return (
        (row.area_id is None or row.area_id in codes)
        and row.category in (None, limited.category)
        and row.tier in (None, limited.tier)
    )


def _depth(row: SlaPolicy, codes: list[str]) -> int:
    return codes.index(row.area_id) if row.area_id else -1


@dataclass(frozen=True, slots=True)
class At:
    """A limit at a fixed moment, such as an agreed appointment."""

    moment: datetime


async def start(
    turn: Turn[AnyCase], kind: C, about: Stepped | None = None, limit: Span | At | None = None
) -> SlaClock:
    """Start a clock of the root of a case or of one of its parts, in place of a running one of the same kind.

    Without `limit` it runs as long as the area's policy says.
    """
    await stop(turn, kind, about=about)
    span = limit or await limit_for(turn.case.limited, kind)
    due = (
        span.moment
        if isinstance(span, At)
        else span.due(turn.now, await calendar_for(turn.case.limited.path))
    )
    clock = SlaClock(
        **turn.case.owner_of_clock(about),
        kind=kind,
        unit=W if isinstance(span, At) else span.unit,
        started_at=turn.now,
        due_at=due,
        next_at=due,
    )
    turn.case.clocks.append(clock)
    turn.case.touched[clock.id] = clock
    return clock


async def stop(turn: Turn[AnyCase], *kinds: C, about: Stepped | None = None) -> None:
    """End the clocks of these kinds (none named: all) of the part, or of the root itself."""
    for clock in _running(turn, about):
        if not kinds or clock.kind in kinds:
            clock.stopped_at, clock.next_at = turn.now, None
            turn.case.touched[clock.id] = clock
            turn.case.clocks.remove(clock)


async def pause(turn: Turn[AnyCase], kind: C, about: Stepped) -> None:
    """Stop the time of a clock, keeping what is left of it."""
    calendar = await calendar_for(turn.case.limited.path)
    for clock in _running(turn, about):
        if clock.kind == kind:
            clock.remaining_s = remaining(clock.unit, turn.now, clock.due_at, calendar).total_seconds()
            clock.next_at = None
            turn.case.touched[clock.id] = clock


async def go_on(turn: Turn[AnyCase], kind: C, about: Stepped) -> datetime | None:
    """Let a paused clock run again with what was left; its new limit, None when no such clock was paused."""
    calendar = await calendar_for(turn.case.limited.path)
    for clock in _running(turn, about):
        if clock.kind == kind and clock.remaining_s is not None:
            left = timedelta(seconds=clock.remaining_s)
            clock.due_at = clock.next_at = resume(clock.unit, turn.now, left, calendar)
            clock.remaining_s, clock.stage = None, 0
            turn.case.touched[clock.id] = clock
            return clock.due_at
    return None


async def limit_after_pause(turn: Turn[AnyCase], kind: C, about: Stepped, until: datetime) -> datetime | None:
    """The limit a paused clock will have if it goes on at `until`."""
    calendar = await calendar_for(turn.case.limited.path)
    paused = next((clock for clock in _running(turn, about) if clock.kind == kind), None)
    if paused is None or paused.remaining_s is None:
        return None
    return resume(paused.unit, until, timedelta(seconds=paused.remaining_s), calendar)


async def lengthen(turn: Turn[AnyCase], kind: C, about: Stepped, by: Span) -> datetime | None:
    """Move a running clock's limit by a span, counted from the old limit or, once that has passed, from now."""
    calendar = await calendar_for(turn.case.limited.path)
    for clock in _running(turn, about):
        if clock.kind == kind:
            clock.due_at = clock.next_at = by.due(max(clock.due_at, turn.now), calendar)
            clock.stage = 0
            turn.case.touched[clock.id] = clock
            return clock.due_at
    return None


async def climb(case: Held, clock: SlaClock, now: datetime) -> None:
    """Note that a rung of the clock's ladder was reached, and when the next one is."""
    calendar = await calendar_for(case.limited.path)
    clock.breached_at = clock.breached_at or now
    clock.stage += 1
    ladder = LADDERS[clock.kind]
    clock.next_at = (
        ladder[clock.stage].after.due(clock.due_at, calendar) if clock.stage < len(ladder) else None
    )
    case.touched[clock.id] = clock


def running(turn: Turn[AnyCase], kind: C, about: Stepped | None = None) -> SlaClock | None:
    return next((clock for clock in _running(turn, about) if clock.kind == kind), None)


def _running(turn: Turn[AnyCase], about: Stepped | None) -> list[SlaClock]:
    part_id = about.id if about else None
    return [clock for clock in turn.case.clocks if clock.part_id == part_id]
