"""Locking the scores of a period (锁定考核期): from then on nothing changes what they come to."""

from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from actions.admin import find_area
from actions.once import Done, once
from actions.places_held import hold_places
from actions.record import Record
from actions.turn import Faults
from models import (
    Area,
    ClockKind,
    Evaluation,
    EvaluationState,
    ScoreLock,
    SlaClock,
    Summons,
    TaskScore,
    clock,
    subtree,
)
from models.rows import Text, ask
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import whole

LOCK = ("ranking", "lock")


@dataclass(frozen=True, slots=True)
class NewLock:
    """Local days, both of them included."""

    area: str
    since: date
    until: date
    key: str | None = None


async def lock_scores(actor: Actor, new: NewLock) -> Done:
    """Lock what was evaluated on these days in the area and below it; the days must be over.

    Summonses that waited for it are archived by the timers once their time for reopening is over. What is locked
    already stays with its lock; refused when nothing is left to lock although the period was.
    """

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await find_area(actor, faults, new.area, "area")
        if area is not None:
            record.require(actor, *LOCK, Facts(area_path=area.path))
        _check_days(faults, new, record.now)
        if area is not None:
            await hold_places(area)
            await _check_left(faults, area, new, record.now)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        lock = _made(actor, new, area, record.now)
        await lock.save(force_create=True)
        number = await _lock(lock, area, new)
        days = {"from": new.since.isoformat(), "to": new.until.isoformat()}
        event = record.tell_of_admin(lock, "scores.locked", actor, area, number=number, **days)
        await lock.save(update_fields=["version"])
        await _ring_again(lock, record.now)
        return Done("ScoreLock", lock.id, event.id)

    return await once(actor, new.key, ("lockScores", new), work)


def _check_days(faults: Faults, new: NewLock, now: datetime) -> None:
    if new.since > new.until:
        faults.add("PERIOD_UPSIDE_DOWN", "to")
    if new.until >= clock.local_date(now):
        faults.add("PERIOD_NOT_OVER", "to")


async def _check_left(faults: Faults, area: Area, new: NewLock, now: datetime) -> None:
    """Holds the summonses that the scores are of, so that nobody scores or appeals meanwhile."""
    scores = whole(TaskScore).filter(**_open(area, new))
    await (
        whole(Summons)
        .filter(id__in=Subquery(scores.values("summons_id")))
        .order_by("id")
        .select_for_update(no_key=True)
        .only("id")
    )
    if await _appeals(area, new, now).exists():
        faults.add("APPEALS_OPEN", "to")
    codes = area.path.split(".")[:-1]
    around = whole(ScoreLock).filter(area_id__in=codes, since__lte=new.since, until__gte=new.until)
    if await around.exists() and not await whole(TaskScore).filter(**_open(area, new)).exists():
        faults.add("ALREADY_LOCKED", "from")


def _appeals(area: Area, new: NewLock, now: datetime) -> QuerySet[Evaluation]:
    """Evaluations of the period that are appealed against, or still may be."""
    undecided = Q(state=EvaluationState.APPEALED) | Q(state=EvaluationState.SUBMITTED, appeal_until__gt=now)
    scored = _open(area, new, "task__task_scores__")
    return whole(Evaluation).filter(undecided, round=F("task__task_scores__round"), **scored)


def _open(area: Area, new: NewLock, of: str = "") -> dict[str, object]:
    """Scores of the period that are not locked; `of` leads to them from what is looked for."""
    start, end = subtree(area.path)
    wanted = {
        "lock_id": None,
        "path__gte": start,
        "path__lt": end,
        "scored_at__gte": clock.start_of_day(new.since),
        "scored_at__lt": clock.end_of_day(new.until),
    }
    return {f"{of}{name}": value for name, value in wanted.items()}


def _made(actor: Actor, new: NewLock, area: Area, now: datetime) -> ScoreLock:
    return ScoreLock(
        area_id=area.code,
        path=area.path,
        since=new.since,
        until=new.until,
        locked_by_id=actor.id,
        locked_at=now,
        version=0,
    )


async def _lock(lock: ScoreLock, area: Area, new: NewLock) -> int:
    """How many scores; of those whose score changes at this moment, whoever was first is heard."""
    number = await whole(TaskScore).filter(**_open(area, new)).update(lock_id=lock.id)
    await ask(Text(EVALUATIONS_OF_LOCK, (EvaluationState.LOCKED.value, lock.id)))
    return number


EVALUATIONS_OF_LOCK = (
    "UPDATE evaluation SET state = ",
    " FROM task_score WHERE task_score.task_id = evaluation.task_id AND task_score.round = evaluation.round"
    " AND evaluation.voided_at IS NULL AND task_score.lock_id = ",
    "",
)


async def _ring_again(lock: ScoreLock, now: datetime) -> None:
    """The clocks that found a score unlocked when they were due."""
    locked = whole(TaskScore).filter(lock_id=lock.id).values("summons_id")
    waiting = SlaClock.filter(kind=ClockKind.REOPEN_WINDOW, stopped_at=None, next_at=None, due_at__lte=now)
    await waiting.filter(summons_id__in=Subquery(locked)).update(next_at=now, stage=0)
