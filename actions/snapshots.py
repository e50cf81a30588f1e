"""Snapshots of figures: taking one of a period that is over, and telling later whether it still holds."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import orjson

from actions.figures import Asked, Counted, rows_of
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Area, Event, MetricSnapshot, SnapshotFault, SummonsCategory, Unit, clock
from models.metrics import METRICS, MetricName
from models.periods import Period, period
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import readable, whole

COMPUTE = ("ranking", "compute")
SETTLES_IN = timedelta(minutes=5)
"""Whatever bears a moment of the period was committed by then, so nothing slips in below a snapshot any more."""


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """A metric of the summonses issued in an area in a period, perhaps only of a unit or a category."""

    metric: MetricName
    area: str
    first_day: date
    last_day: date
    unit: str | None = None
    category: SummonsCategory | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What counting again as of the snapshot's moment gives; nothing where its definition is no longer known."""

    fault: SnapshotFault | None
    checked_at: datetime
    numerator: int | None = None
    denominator: int | None = None
    digest: str | None = None

    @property
    def holds(self) -> bool:
        return self.fault is None


async def take_snapshot(actor: Actor, new: NewSnapshot) -> Done:
    """Needs `ranking.compute` in the area, and counts every row there, whoever may read it.

    InvalidInput PERIOD_NOT_OVER until five minutes after the period's end.
    """

    async def work(record: Record) -> Done:
        area = await _checked(actor, new)
        record.require(actor, *COMPUTE, Facts(area_path=area.path))
        faults = Faults()
        check_over(faults, period(new.first_day, new.last_day), record.now, "to")
        faults.refuse()
        snapshot, event = await keep_snapshot(record, actor, area, new)
        return Done("MetricSnapshot", snapshot.id, event.id)

    return await once(actor, new.key, ("takeMetricSnapshot", new), work)


async def keep_snapshot(
    record: Record, actor: Actor, area: Area, new: NewSnapshot
) -> tuple[MetricSnapshot, Event]:
    """Count and keep it, with the event that tells of it; the caller has checked that the period is over."""
    over = Period(new.first_day, new.last_day)
    snapshot = _of(new, area, over, actor, record.now)
    _fill(snapshot, await rows_of(whole, asked_by(snapshot)))
    event = record.tell_of_admin(
        snapshot, "metric.snapshotTaken", actor, area, metric=new.metric.value, hash=snapshot.digest
    )
    await snapshot.save(force_create=True)
    return snapshot, event


async def _checked(actor: Actor, new: NewSnapshot) -> Area:
    faults = Faults()
    area = await readable(Area, actor).get_or_none(code=new.area)
    if area is None:
        faults.missing("Area", "area")
    if new.unit is not None and not await readable(Unit, actor).filter(id=new.unit).exists():
        faults.missing("Unit", "unit")
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area


def check_over(faults: Faults, wanted: Period, now: datetime, path: str) -> None:
    """A period is over five minutes after its end."""
    if wanted.closing + SETTLES_IN > now:
        faults.add("PERIOD_NOT_OVER", path)


def _of(new: NewSnapshot, area: Area, over: Period, actor: Actor, now: datetime) -> MetricSnapshot:
    return MetricSnapshot(
        metric=new.metric,
        definition=METRICS[new.metric].told(),
        area_id=area.code,
        path=area.path,
        unit_id=new.unit,
        category=new.category,
        first_day=over.first,
        last_day=over.last,
        as_of=over.closing,
        taken_by_id=actor.id,
        taken_at=now,
        version=0,
    )


def _fill(snapshot: MetricSnapshot, rows: list[Counted]) -> None:
    snapshot.numerator, snapshot.denominator = _numbers(rows)
    snapshot.digest = digest(snapshot, rows)


async def check(snapshot: MetricSnapshot) -> Check:
    """Count again, as of the snapshot's moment, every row that was there then."""
    now = clock.now()
    if METRICS[snapshot.metric].revision != snapshot.definition["revision"]:
        return Check(SnapshotFault.DEFINITION_REVISED, now)
    rows = await rows_of(whole, asked_by(snapshot))
    numbers, found = _numbers(rows), digest(snapshot, rows)
    return Check(_fault(snapshot, numbers, found), now, *numbers, found)


def _fault(snapshot: MetricSnapshot, numbers: tuple[int, int], found: str) -> SnapshotFault | None:
    if found != snapshot.digest:
        return SnapshotFault.ROWS_CHANGED
    is_same = numbers == (snapshot.numerator, snapshot.denominator)
    return None if is_same else SnapshotFault.FIGURES_CHANGED


def _numbers(rows: list[Counted]) -> tuple[int, int]:
    return sum(row.in_numerator for row in rows), sum(row.in_denominator for row in rows)


def asked_by(snapshot: MetricSnapshot) -> Asked:
    return Asked(
        METRICS[snapshot.metric],
        Period(snapshot.first_day, snapshot.last_day),
        snapshot.as_of,
        snapshot.path,
        unit=snapshot.unit_id,
        category=snapshot.category,
    )


def digest(snapshot: MetricSnapshot, rows: list[Counted]) -> str:
    """SHA-256 over what was counted, as JSON with sorted keys: rows by key, each with the sides it is on."""
    told = {
        "definition": snapshot.definition,
        "scope": {"area": snapshot.area_id, "unit": snapshot.unit_id, "category": snapshot.category},
        "period": [snapshot.first_day, snapshot.last_day],
        "asOf": snapshot.as_of.astimezone(UTC).isoformat(timespec="microseconds"),
        "rows": [list(row) for row in sorted(rows)],
    }
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
