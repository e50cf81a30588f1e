"""The score of a task: the parts of all parties by the weights of its template, kept with every part that comes."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from actions.case import Case
from actions.objective import COUNTED, objective_score
from actions.weigh import mean, total_of
from models import (
    Attendance,
    Conflict,
    Evaluation,
    Party,
    ResidentLink,
    SlaClock,
    Task,
    TaskScore,
    TaskState,
    Template,
)
from policies.scopes import whole


class Judged(Protocol):
    """What is known of a summons: the evaluations and scores of its tasks."""

    evaluations: list[Evaluation]
    scores: list[TaskScore]


async def keep_score(case: Case, task: Task, now: datetime) -> TaskScore:
    """Bring the score of the task's round up to date with its evaluations, and write it.

    The case has read `evaluations`, `lines` and `scores`. Once the task is evaluated the clocks are heard too, and from
    then on there is a total if anybody is heard besides.
    """
    score = case.score(task) or _opened(case, task)
    if task.state == TaskState.EVALUATED and score.scored_at is None:
        score.scored_at = now
    await compute(case, task, score)
    return score


async def compute(case: Case, task: Task, score: TaskScore) -> None:
    """The same for any round's score, which is there."""
    template = next(one for one in case.templates if one.id == score.template_id)
    heard = template.shares.keys() - (set() if score.scored_at else {Party.OBJECTIVE})
    score.parts = parts_of(case, task, score, template, (await beside([task], heard))[task.id])
    score.total = total_by(template, score)
    await _write(score)


async def _write(score: TaskScore) -> None:
    """Conflict when the score was locked meanwhile."""
    if not score._saved_in_db:
        await score.save(force_create=True)
        return
    new = {name: getattr(score, name) for name in ("parts", "total", "scored_at")}
    if not await whole(TaskScore).filter(id=score.id, lock_id=None).update(**new):
        raise Conflict


def _opened(case: Case, task: Task) -> TaskScore:
    score = TaskScore(
        task_id=task.id,
        summons_id=task.summons_id,
        unit_id=task.unit_id,
        path=task.path,
        round=task.round,
        template_id=case.template(task).id,
    )
    case.scores.append(score)
    return score


def is_locked(case: Case, task: Task) -> bool:
    """Whether nothing changes the score of the task's present round any more."""
    score = case.score(task)
    return score is not None and score.lock_id is not None


@dataclass(frozen=True, slots=True)
class Beside:
    """What is heard beside the evaluations: used links, clocks of the kinds COUNTED by id, arrivals by time."""

    links: list[ResidentLink] = field(default_factory=list)
    clocks: list[SlaClock] = field(default_factory=list)
    visits: list[Attendance] = field(default_factory=list)


async def beside(tasks: Sequence[Task], parties: Set[Party]) -> dict[str, Beside]:
    """Of each task and all its rounds, by its id; as far as the parties are heard, in at most three statements."""
    found = {task.id: Beside() for task in tasks}
    if Party.RESIDENT in parties:
        await _add_ratings(found)
    if Party.OBJECTIVE in parties:
        await _add_times(found, tasks)
    return found


async def _add_ratings(found: dict[str, Beside]) -> None:
    for link in await ResidentLink.filter(task_id__in=list(found), rated_at__isnull=False, voided_at=None):
        found[link.task_id].links.append(link)


async def _add_times(found: dict[str, Beside], tasks: Sequence[Task]) -> None:
    ids = list(found)
    summonses = list({task.summons_id for task in tasks})
    clocks = SlaClock.filter(summons_id__in=summonses, task_id__in=ids, kind__in=COUNTED)
    for clock in await clocks.order_by("id"):
        found[clock.task_id or ""].clocks.append(clock)
    for visit in await Attendance.filter(task_id__in=ids).order_by("arrived_at", "id"):
        found[visit.task_id].visits.append(visit)


def parts_of(case: Judged, task: Task, score: TaskScore, template: Template, heard: Beside) -> dict[str, int]:
    """What each party that is heard has given, in hundredths, from everything that is stored."""
    given = [one for one in case.evaluations if (one.task_id, one.round) == (task.id, score.round)]
    parts = parts_given(given, template, _code(task.path))
    if Party.RESIDENT in template.shares and (ratings := _ratings(heard, score)):
        parts[Party.RESIDENT] = mean((1, rating * 100) for rating in ratings)
    if score.scored_at and Party.OBJECTIVE in template.shares:
        objective = objective_of(case.scores, task, score, heard)
        if objective is not None:
            parts[Party.OBJECTIVE] = objective
    return {party.value: parts[party] for party in Party if party in parts}


def _ratings(heard: Beside, score: TaskScore) -> list[int]:
    return [link.score for link in heard.links if link.round == score.round and link.score is not None]


def _code(path: str) -> str:
    """Of the issuer, whose path it is."""
    return path.split(".")[-2]


def parts_given(evaluations: Iterable[Evaluation], template: Template, issuer: str) -> dict[Party, int]:
    """Areas of the same kind score together: the issuer by its weight in the template, each co-issuer by 1."""
    weighed: dict[Party, list[tuple[int, int]]] = {}
    for one in evaluations:
        weight = template.issuer_weight if one.area_id == issuer else 1
        weighed.setdefault(one.party, []).append((weight, hundredths(template, one.scores)))
    return {party: mean(pairs) for party, pairs in weighed.items()}


def hundredths(template: Template, scores: dict[str, int]) -> int:
    """Of scores 0–100 for each dimension; exact, as the weights are whole percents."""
    return sum(weight * scores.get(code, 0) for code, weight in template.weights.items())


def total_by(template: Template, score: TaskScore) -> int | None:
    """None before the task is evaluated, and while nobody but the clocks is heard: silence gives no marks."""
    parts = {Party(name): part for name, part in score.parts.items() if Party(name) in template.shares}
    heard = parts.keys() - {Party.OBJECTIVE}
    return total_of(template.shares, parts) if score.scored_at and heard else None


def objective_of(scores: Iterable[TaskScore], task: Task, score: TaskScore, heard: Beside) -> int | None:
    """By the clocks that ended since the round before was scored; `scores` has those of the rounds before."""
    began = max((one.scored_at for one in _before(scores, score) if one.scored_at), default=None)
    ran = [one for one in heard.clocks if one.stopped_at and _lies_in(one.stopped_at, began, score)]
    arrival = next((visit for visit in heard.visits if visit.round == score.round), None)
    no_shows = task.no_shows if began is None else 0  # a task that is opened again is under way already
    return objective_score(ran, arrival.arrived_at if arrival else None, no_shows)


def _before(scores: Iterable[TaskScore], score: TaskScore) -> Iterable[TaskScore]:
    return (one for one in scores if one.task_id == score.task_id and one.round < score.round)


def _lies_in(ended: datetime, began: datetime | None, score: TaskScore) -> bool:
    """After the score of the round before, and not after its own."""
    assert score.scored_at is not None, "asked of evaluated tasks"
    return (began is None or began < ended) and ended <= score.scored_at
