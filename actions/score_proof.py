"""Proof of the scores: everything they were computed from is read again, and must come to what is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tortoise.transactions import in_transaction

from actions.scores import Beside, beside, hundredths, parts_of, total_by
from actions.templates_of_area import templates_with
from models import Evaluation, Party, Task, TaskScore, Template
from policies.scopes import whole

PAGE = 500


@dataclass(slots=True)
class ScoreProof:
    """How many scores came to the same again, how many of those are locked, and what is wrong with each other one."""

    scores: int = 0
    locked: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Judged:
    evaluations: list[Evaluation]
    scores: list[TaskScore]


async def prove_scores() -> ScoreProof:
    """Of all rounds of all tasks; changes nothing. What is scored meanwhile may be missed.

    Each page is read as of one moment, so that what a running service changes is no fault.
    """
    proof = ScoreProof()
    last: str | None = ""
    while last is not None:
        async with in_transaction() as connection:
            if connection.capabilities.dialect == "postgres":  # SQLite's transactions always are
                await connection.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            last = await _prove_after(proof, last)
    return proof


async def _prove_after(proof: ScoreProof, last: str) -> str | None:
    """Of the next page; the last task of it, None when there was none."""
    ids = await _scored_after(last)
    if ids:
        await _prove(proof, await whole(Task).filter(id__in=ids))
    return ids[-1] if ids else None


async def _scored_after(id: str) -> list[str]:
    """Ids of the next tasks with a score."""
    rows = (
        whole(TaskScore)
        .filter(task_id__gt=id)
        .order_by("task_id")
        .limit(PAGE)
        .values_list("task_id", flat=True)
    )
    return list(dict.fromkeys(str(id) for id in await rows))


async def _prove(proof: ScoreProof, tasks: Sequence[Task]) -> None:
    by_id = {task.id: task for task in tasks}
    scores = await whole(TaskScore).filter(task_id__in=list(by_id)).order_by("task_id", "round")
    evaluations = await whole(Evaluation).filter(task_id__in=list(by_id), voided_at=None).order_by("id")
    templates = {one.id: one for one in await templates_with({score.template_id for score in scores})}
    heard = await beside(tasks, set(Party))
    for id, found in groupby(scores, key=lambda score: score.task_id):
        judged = _Judged([one for one in evaluations if one.task_id == id], list(found))
        for score in judged.scores:
            faults = _faults(judged, by_id[id], score, templates[score.template_id], heard[id])
            proof.broken += [f"task {id}, round {score.round}: {fault}" for fault in faults]
            proof.scores += not faults
            proof.locked += not faults and score.lock_id is not None


def _faults(judged: _Judged, task: Task, score: TaskScore, template: Template, heard: Beside) -> list[str]:
    """The total is looked at by the parts that are kept, so that each fault is told where it lies."""
    parts, total = parts_of(judged, task, score, template, heard), total_by(template, score)
    faults = list(_wrong_totals(judged, score, template))
    if parts != score.parts:
        faults.append(f"its parts are kept as {score.parts} and come to {parts}")
    if total != score.total:
        faults.append(f"its total is kept as {score.total} and comes to {total}")
    return faults


def _wrong_totals(judged: _Judged, score: TaskScore, template: Template) -> Iterator[str]:
    for one in judged.evaluations:
        again = hundredths(template, one.scores) / 100
        if one.round == score.round and one.total != again:
            yield f"the evaluation by {one.area_id} is kept as {one.total} and comes to {again}"
