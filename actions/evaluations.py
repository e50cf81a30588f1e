"""Evaluating a resolved task: every area that issued the summons scores it; silence never scores."""

from collections.abc import Mapping

from actions import limits
from actions.checks import check_words
from actions.turn import Faults, Need, Turn, View, task_step
from models import ClockKind as C
from models import Evaluation
from policies.guard import may

TEMPLATE = {"RESPONSE": 20, "ARRIVAL": 20, "RESULT": 40, "SATISFACTION": 20}
"""Dimension and weight; the weights sum to 100 (default template)."""


def areas_to_score_for(view: View) -> list[str]:
    """Codes of the areas whose score is missing and which the actor may score for."""
    missing = view.case.missing_evaluations(view.task)
    return [
        code
        for code in missing
        if may(view.actor, "evaluation", "submit", view.case.facts_for_scoring(view.task, code))
    ]


MINE_MISSING = Need("ALREADY_EVALUATED", lambda view: bool(areas_to_score_for(view)))
OTHERS_TOO = Need("LAST_SCORE", lambda view: len(view.case.missing_evaluations(view.task)) > 1)
ONLY_ONE = Need("OTHER_SCORES_MISSING", lambda view: len(view.case.missing_evaluations(view.task)) <= 1)


def total_of(scores: Mapping[str, int]) -> float:
    """0.0–100.0, weighted by the template."""
    return sum(TEMPLATE[dimension] * score for dimension, score in scores.items()) / 100


async def _check_scores(turn: Turn, faults: Faults) -> None:
    check_words(faults, turn.given.comment, "comment")
    given = [dimension for dimension, _ in turn.given.scores]
    for index, (dimension, score) in enumerate(turn.given.scores):
        if dimension not in TEMPLATE:
            faults.add("SCORE_UNKNOWN", "scores", str(index), "dimension")
        elif dimension in given[:index]:
            faults.add("SCORE_TWICE", "scores", str(index), "dimension")
        if not 0 <= score <= 100:
            faults.add("SCORE_RANGE", "scores", str(index), "score")
    if set(TEMPLATE) - set(given):
        faults.add("SCORE_MISSING", "scores")
    elif (
        not faults
        and total_of(dict(turn.given.scores)) < turn.case.settings.pass_score
        and not (turn.given.comment or "").strip()
    ):
        faults.add("COMMENT_MISSING", "comment")


@task_step(
    "evaluatePart",
    when=[OTHERS_TOO],
    needs=[MINE_MISSING],
    check=_check_scores,
    reads=["evaluations", "lines"],
)
async def evaluate_part(turn: Turn) -> None:
    await _score(turn)


@task_step(
    "evaluate", when=[ONLY_ONE], needs=[MINE_MISSING], check=_check_scores, reads=["evaluations", "lines"]
)
async def evaluate(turn: Turn) -> None:
    await _score(turn)
    await limits.stop(turn, about=turn.task)


@task_step("evaluationTimeout")
async def evaluation_timeout(turn: Turn) -> None:
    """The silent area's score is left out; nobody gets full marks by silence."""
    turn.task.evaluation_defaulted = True
    await limits.stop(turn, C.EVALUATE, about=turn.task)


async def _score(turn: Turn) -> None:
    scores = dict(turn.given.scores)
    evaluation = await Evaluation.create(
        task_id=turn.task.id,
        summons_id=turn.summons.id,
        unit_id=turn.task.unit_id,
        path=turn.summons.path,
        round=turn.task.round,
        area_id=areas_to_score_for(turn)[0],
        scores=scores,
        total=total_of(scores),
        comment=turn.given.comment,
        submitted_by_id=turn.actor.id,
        submitted_at=turn.now,
    )
    turn.case.evaluations.append(evaluation)
    turn.event.payload |= {"area": evaluation.area_id, "total": evaluation.total}
