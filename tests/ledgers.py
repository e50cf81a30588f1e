"""What a time ledger has to be, whatever made it: told moment by moment, from the tables alone."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from typing import NamedTuple

from walk_stories import moment, query

from actions.calendars import calendar_for
from models import Calendar, clock
from models.ledger import Ledger, Side, Slice
from policies.actor import SYSTEM
from resolvers.booked import Booked, ledgers_of

PARTIES = {
    **dict.fromkeys(("PENDING", "ACCEPTED", "ASSIGNED", "ARRIVED"), "UNIT"),
    "DECLINED": "ARBITER",
    "ON_HOLD": "HOLD",
    "RESOLVED": "VILLAGE",
    "EVALUATED": "NOBODY",
}
BOUND_TO_HOURS = ("UNIT", "ARBITER", "VILLAGE")
ENDED = ("EVALUATED", "REASSIGNED", "WITHDRAWN")


class Told(NamedTuple):
    """An event, as it is remembered here."""

    at: datetime
    state: str
    unit: str | None = None


def full_second(at: datetime) -> datetime:
    return datetime.fromtimestamp(int(at.timestamp()), UTC)


def booked_at(now: datetime, told: list[Told], hours: Calendar | None) -> tuple[str, str | None]:
    """The party, and the unit if it is one, whose time this moment is."""
    last = [one for one in told if full_second(one.at) <= now][-1]
    party = PARTIES[last.state]
    if party in BOUND_TO_HOURS and hours is not None and not hours.is_open(now):
        return "OUTSIDE_HOURS", None
    return party, last.unit if party == "UNIT" else None


def end_of(told: list[Told]) -> datetime:
    """When what is over was so for the first time since it was not."""
    return list(takewhile(lambda one: one.state in ENDED, reversed(told)))[-1].at


def faults_of(ledger: Ledger, told: list[Told], hours: Calendar | None, now: datetime) -> list[str]:
    """What is wrong with the books; each slice is looked at in its first, middle and last second."""
    begun, over = full_second(told[0].at), told[-1].state in ENDED
    ended = full_second(end_of(told) if over else now)
    slices = list(ledger.slices)
    if begun == ended:
        return ["something is booked"] if slices or ledger.seconds else []
    sums: Counter[Side] = Counter()
    for one in slices:
        sums[one.side] += one.seconds
    return [
        fault
        for fault, is_so in {
            "begins elsewhere": slices[0].since != begun,
            "ends elsewhere": slices[-1].until != ended,
            "has a gap": any(one.until != next.since for one, next in pairwise(slices)),
            "has an empty slice": any(one.since >= one.until for one in slices),
            "has a cut in one side": any(one.side == next.side for one, next in pairwise(slices)),
            "is no whole": sum(one.seconds for one in slices) != ledger.seconds,
            "is another whole": ledger.seconds != (ended - begun).total_seconds(),
            "has other totals": dict(sums) != {total.side: total.seconds for total in ledger.totals},
            "is booked to another": any(
                (one.side.party, one.side.unit_id) != booked_at(second, told, hours)
                for one in slices
                for second in seconds_of(one)
            ),
            "runs on": ledger.running is over,
        }.items()
        if is_so
    ]


def seconds_of(one: Slice) -> list[datetime]:
    last = one.until - timedelta(seconds=1)
    return [one.since, full_second(one.since + (last - one.since) / 2), last]


EVENTS = (
    """SELECT task_id, at, to_state, unit_id FROM event WHERE aggregate = 'Task' ORDER BY task_id, version"""
)
TASKS = (
    "SELECT t.id, t.summons_id, t.path, tier FROM task t JOIN summons s ON s.id = t.summons_id ORDER BY t.id"
)


async def wrong_ledgers() -> dict[str, list[str]]:
    """The faults of every task's ledger in the open database, by the task's id."""
    told: dict[str, list[Told]] = {}
    for row in await query(EVENTS):
        event = Told(moment(row["at"]), str(row["to_state"]), str(row["unit_id"]))
        told.setdefault(str(row["task_id"]), []).append(event)
    tasks = [
        (Booked(str(id), str(of), str(path)), tier)
        for id, of, path, tier in map(Row.values, await query(TASKS))
    ]
    assert {task.id for task, _ in tasks} == set(told)
    ledgers = await ledgers_of(SYSTEM, [task for task, _ in tasks])
    found = {}
    for (task, tier), ledger in zip(tasks, ledgers, strict=True):
        hours = None if tier == "EMERGENCY" else await calendar_for(task.path)
        found[task.id] = faults_of(ledger, told[task.id], hours, clock.now())
    return {id: faults for id, faults in found.items() if faults}


Row = dict[str, object]
