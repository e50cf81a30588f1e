"""Made-up summonses in plausible states, with their tasks, limits, standings, scores and events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from math import lcm
from random import Random

from tortoise.models import Model

from bench.district import BEGINNING, RESPONSIBLE, areas, login, member_ids, numbered, summonable, villages
from models import (
    ClockKind,
    Evaluation,
    Event,
    SlaClock,
    Standing,
    Summons,
    SummonsCategory,
    SummonsState,
    Task,
    TaskState,
    Tier,
    Unit,
)
from models.workflow import SUMMONS_STEPS, TASK_STEPS
from models.working_time import TimeUnit

SEED = 20240101
SPAN = timedelta(days=730)
"""They are spread over the two years after BEGINNING, so every figure of these years stays as it is."""
NEVER = datetime(2099, 1, 1, tzinfo=UTC)
"""When the timers look at the running limits again: not while something is measured."""
WORDS = "道路积水影响出行，居民多次反映，两委会集体研究后约请到场勘察并明确处置方案和时限。" * 3

S, T = SummonsState, TaskState
STATES = {
    S.CLOSED: 55,
    S.ARCHIVED: 20,
    S.IN_PROGRESS: 14,
    S.AWAITING_EVALUATION: 4,
    S.ISSUED: 3,
    S.AWAITING_FOLLOWUP: 2,
    S.CANCELLED: 1,
    S.DRAFT: 1,
}
"""In a hundred summonses."""
TASK_STATES = {
    S.DRAFT: (),
    S.ISSUED: (T.PENDING,),
    S.IN_PROGRESS: (T.ACCEPTED, T.ASSIGNED, T.ARRIVED, T.ON_HOLD),
    S.AWAITING_EVALUATION: (T.RESOLVED,),
    S.CANCELLED: (T.WITHDRAWN,),
}
"""What the tasks may be; EVALUATED where nothing is said."""
RUNNING = {
    T.PENDING: ClockKind.ACCEPT,
    T.ACCEPTED: ClockKind.ASSIGN,
    T.ASSIGNED: ClockKind.ARRIVE,
    T.ARRIVED: ClockKind.RESOLVE,
    T.ON_HOLD: ClockKind.HOLD,
    T.RESOLVED: ClockKind.EVALUATE,
}
SUMMONS_PATH = {
    S.DRAFT: "create",
    S.ISSUED: "create submitForReview issue",
    S.CANCELLED: "create submitForReview issue cancel",
    S.IN_PROGRESS: "create submitForReview issue firstAcceptance",
    S.AWAITING_EVALUATION: "create submitForReview issue firstAcceptance allResolved",
    S.AWAITING_FOLLOWUP: "create submitForReview issue firstAcceptance allResolved evaluatedNeedFollowup",
    S.CLOSED: "create submitForReview issue firstAcceptance allResolved evaluatedClose",
    S.ARCHIVED: "create submitForReview issue firstAcceptance allResolved evaluatedClose archive",
}
TASK_PATH = {
    T.PENDING: "spawn",
    T.WITHDRAWN: "spawn withdraw",
    T.ACCEPTED: "spawn accept",
    T.ASSIGNED: "spawn accept assign",
    T.ARRIVED: "spawn accept assign checkIn",
    T.ON_HOLD: "spawn accept assign checkIn approveHold",
    T.RESOLVED: "spawn accept assign checkIn submitResult",
    T.EVALUATED: "spawn accept assign checkIn submitResult evaluate",
}
"""The steps that led there."""
TABLES: tuple[type[Model], ...] = (Summons, Task, Event, Evaluation, Standing, SlaClock)
"""What rows are made of."""


@dataclass(slots=True)
class Made:
    """One summons with all that belongs to it."""

    summons: Summons
    tasks: list[Task] = field(default_factory=list)
    others: list[Model] = field(default_factory=list)

    def rows(self) -> Iterator[Model]:
        yield self.summons
        yield from self.tasks
        yield from self.others


def district_cases(number: int) -> Iterator[Made]:
    """So many, with three tasks for every two; always the same ones, and after a `period` again, but later."""
    for index in range(number):
        random = Random(SEED + index % period())
        [state] = random.choices(list(STATES), list(STATES.values()))
        yield _made(index, state, 1 + index % 2, BEGINNING + step_of(number) * index, random)


def step_of(number: int) -> timedelta:
    """From one of so many cases to the next."""
    return SPAN / number


@cache
def period() -> int:
    """Cases that lie so far apart have the same village, units and responsible members."""
    return lcm(len(villages()), len(summonable()), RESPONSIBLE // 2)


def fresh_cases(first: int, number: int) -> Iterator[Made]:
    """Each with one task that waits to be accepted; `first` keeps their ids apart from all others.

    Issued on the day before all others, they are on no page and in no figure that is asked for.
    """
    random = Random(SEED + first)
    for index in range(first, first + number):
        yield _made(index, S.ISSUED, 1, BEGINNING - timedelta(days=1), random)


def task_id(index: int) -> str:
    """Of the first task of the summons with that index."""
    return numbered("T", 2 * index)


def issuer_of(index: int) -> str:
    """Code of its village; 104729 is prime, so neighbours are issued in different ones and all have as many."""
    return villages()[index * 104729 % len(villages())]


def unit_of(index: int) -> Unit:
    """The unit of that task, by the same device."""
    return summonable()[index * 7919 % len(summonable())]


def _made(index: int, state: SummonsState, tasks: int, issued: datetime, random: Random) -> Made:
    arrived, resolved = issued + timedelta(days=2), issued + timedelta(days=random.randint(3, 20))
    summons = _summons(index, state, issued, resolved, random)
    made = Made(summons)
    for place in range(tasks if state != S.DRAFT else 0):
        task_state = random.choice(TASK_STATES.get(state, (T.EVALUATED,)))
        made.tasks.append(_task(2 * index + place, unit_of(index + place), task_state, summons, place))
        made.others.extend(_about_task(made.tasks[-1], summons, arrived, resolved, random))
    made.others.extend(_standings(summons, arrived, resolved) if summons.issued_at else ())
    made.others.extend(_events(summons, "Summons", SUMMONS_PATH[state], issued, resolved))
    return made


def _summons(
    index: int, state: SummonsState, issued: datetime, resolved: datetime, random: Random
) -> Summons:
    village = areas()[issuer_of(index)]
    settled = state in (S.AWAITING_EVALUATION, S.AWAITING_FOLLOWUP, S.CLOSED, S.ARCHIVED)
    return Summons(
        id=numbered("S", index),
        number=f"{village.code}-{index}",
        issuer_id=village.code,
        path=village.path,
        title=f"{village.name}第{index}号事项",
        text=WORDS,
        category=random.choice(list(SummonsCategory)),
        tier=Tier.NORMAL,
        state=state,
        target_ids=[unit_of(index).id],
        resolved=settled,
        created_by_id=member_ids()[login("village_cadre", village.code)],
        created_at=issued,
        issued_at=None if state == S.DRAFT else issued,
        listed_at=issued,
        due_at=issued + timedelta(days=12),
        closed_at=resolved if state in (S.CLOSED, S.ARCHIVED) else None,
        updated_at=resolved if settled else issued,
        version=len(SUMMONS_PATH[state].split()),
    )


def _task(number: int, unit: Unit, state: TaskState, summons: Summons, place: int) -> Task:
    taken_up = state not in (T.PENDING, T.WITHDRAWN)
    responsible = login("responsible_member", unit.code or "", number % RESPONSIBLE)
    return Task(
        id=numbered("T", number),
        summons_id=summons.id,
        path=summons.path,
        unit_id=unit.id,
        territory=unit.territory,
        lead=place == 0,
        state=state,
        responsible_id=member_ids()[responsible] if taken_up and state != T.ACCEPTED else None,
        accepted_at=summons.issued_at if taken_up else None,
        due_at=summons.due_at if state in RUNNING else None,
        created_at=summons.listed_at,
        updated_at=summons.updated_at,
        version=len(TASK_PATH[state].split()),
    )


def _about_task(
    task: Task, summons: Summons, arrived: datetime, resolved: datetime, random: Random
) -> Iterator[Model]:
    yield from _events(task, "Task", TASK_PATH[task.state], arrived, resolved, summons)
    if task.state in RUNNING:
        yield SlaClock(
            id="C" + task.id[1:],
            summons_id=summons.id,
            task_id=task.id,
            kind=RUNNING[task.state],
            unit=TimeUnit.WORKDAY,
            started_at=summons.listed_at,
            due_at=summons.due_at,
            next_at=NEVER,
        )
    if task.state == T.EVALUATED:
        scores = {name: random.randint(60, 100) for name in ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")}
        yield Evaluation(
            id="V" + task.id[1:],
            task_id=task.id,
            summons_id=summons.id,
            unit_id=task.unit_id,
            path=summons.path,
            round=1,
            area_id=summons.issuer_id,
            scores=scores,
            total=sum(scores.values()) / len(scores),
            submitted_at=resolved,
        )


def _standings(summons: Summons, arrived: datetime, resolved: datetime) -> Iterator[Standing]:
    """Without a limit until the arrival, then with one, and at last resolved."""
    moments = [(summons.listed_at, False, None), (arrived, False, summons.due_at)]
    if summons.resolved:
        moments.append((resolved, True, summons.due_at))
    ends = [moment[0] for moment in moments[1:]] + [None]
    for (since, done, limit), until in zip(moments, ends, strict=True):
        yield Standing(summons_id=summons.id, since=since, until=until, resolved=done, limit_at=limit)


def _events(
    about: Summons | Task,
    kind: str,
    path: str,
    start: datetime,
    end: datetime,
    summons: Summons | None = None,
) -> Iterator[Event]:
    steps, held = SUMMONS_STEPS if summons is None else TASK_STEPS, summons or about
    actions = path.split()
    before = None
    for version, action in enumerate(actions, start=1):
        after = steps[action].leads_to
        yield Event(
            id=f"{kind[0].lower()}{version}{about.id[2:]}",
            type=steps[action].event,
            action=action,
            aggregate=kind,
            aggregate_id=about.id,
            version=version,
            area_id=about.path.split(".")[-2],
            path=about.path,
            summons_id=held.id,
            task_id=about.id if summons else None,
            unit_id=getattr(about, "unit_id", None),
            at=start + (end - start) * version / len(actions),
            from_state=before,
            to_state=after,
        )
        before = after
