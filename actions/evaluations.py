"""Evaluating a resolved task: every area that issued the summons scores it; silence never scores."""

from actions import limits
from actions.calendars import calendar_for
from actions.checks import check_words
from actions.given import Given
from actions.scores import hundredths, keep_score
from actions.turn import Faults, Need, Turn, View, task_step
from models import PARTY_OF_DIGITS, Evaluation, Party, ResidentLink, TaskState, Template
from models import ClockKind as C
from models.writes import values_in
from policies.guard import may
from policies.scopes import whole


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


async def _check_scores(turn: Turn, faults: Faults) -> None:
    check_scores(faults, turn.given, turn.case.template(turn.task), turn.case.settings.pass_score)


def check_scores(faults: Faults, given: Given, template: Template, pass_score: int) -> None:
    """Each dimension of the template is scored once, 0 to 100; a total below the pass mark has a comment."""
    check_words(faults, given.comment, "comment")
    codes = [dimension for dimension, _ in given.scores]
    for index, (dimension, score) in enumerate(given.scores):
        if dimension not in template.weights:
            faults.add("SCORE_UNKNOWN", "scores", str(index), "dimension")
        elif dimension in codes[:index]:
            faults.add("SCORE_TWICE", "scores", str(index), "dimension")
        if not 0 <= score <= 100:
            faults.add("SCORE_RANGE", "scores", str(index), "score")
    if template.weights.keys() - set(codes):
        faults.add("SCORE_MISSING", "scores")
    elif not faults and _is_low(given, template, pass_score) and not (given.comment or "").strip():
        faults.add("COMMENT_MISSING", "comment")


def _is_low(given: Given, template: Template, pass_score: int) -> bool:
    return hundredths(template, dict(given.scores)) < pass_score * 100


@task_step(
    "evaluatePart",
    when=[OTHERS_TOO],
    needs=[MINE_MISSING],
    check=_check_scores,
    reads=["evaluations", "lines", "scores"],
)
async def evaluate_part(turn: Turn) -> None:
    await _score(turn)


@task_step(
    "evaluate",
    when=[ONLY_ONE],
    needs=[MINE_MISSING],
    check=_check_scores,
    reads=["evaluations", "lines", "scores"],
)
async def evaluate(turn: Turn) -> None:
    await limits.stop(turn, about=turn.task)
    await _score(turn)


@task_step("evaluationTimeout", reads=["evaluations", "lines", "scores"])
async def evaluation_timeout(turn: Turn) -> None:
    """The silent area's score is left out; nobody gets full marks by silence."""
    turn.task.evaluation_defaulted = True
    await limits.stop(turn, C.EVALUATE, about=turn.task)
    await open_appeals(turn)
    await keep_score(turn.case, turn.task, turn.now)


async def _score(turn: Turn) -> None:
    evaluation = await enter_evaluation(turn, areas_to_score_for(turn)[0])
    turn.event.payload |= {"area": evaluation.area_id, "total": evaluation.total}


async def enter_evaluation(turn: Turn, area_code: str) -> Evaluation:
    """The scores that are given, as the area's; the score of the task follows."""
    scores = dict(turn.given.scores)
    party = PARTY_OF_DIGITS[len(area_code)]
    evaluation = await _voided(turn, area_code) or _of_area(turn, area_code)
    evaluation.update_from_dict(
        {
            "scores": scores,
            "total": hundredths(turn.case.template(turn.task), scores) / 100,
            "comment": turn.given.comment,
            "submitted_by_id": turn.actor.id,
            "submitted_at": turn.now,
            "town_party": party == Party.TOWN or any(one.town_party for one in of_round(turn)),
            "voided_at": None,
        }
    )
    await evaluation.save()
    turn.case.evaluations.append(evaluation)
    turn.case.stored[evaluation.id] = values_in(evaluation)
    if party == Party.TOWN:
        await _change(turn, of_round(turn), town_party=True)
    await open_appeals(turn)
    await keep_score(turn.case, turn.task, turn.now)
    return evaluation


async def _voided(turn: Turn, area_code: str) -> Evaluation | None:
    """What the area gave an earlier result of the round."""
    if not turn.task.reworks:
        return None
    ours = whole(Evaluation).filter(task_id=turn.task.id, round=turn.task.round, area_id=area_code)
    return await ours.get_or_none()


def _of_area(turn: Turn, area_code: str) -> Evaluation:
    return Evaluation(
        task_id=turn.task.id,
        summons_id=turn.summons.id,
        unit_id=turn.task.unit_id,
        path=turn.summons.path,
        round=turn.task.round,
        area_id=area_code,
    )


async def void_scores(turn: Turn) -> None:
    """The result of the task is returned: neither scores nor residents' ratings of it count, no link is good any more.

    The event tells whose they were. The case has read `evaluations` and `scores`.
    """
    given, score = of_round(turn), turn.case.score(turn.task)
    if given:
        turn.event.payload["voided"] = [one.area_id for one in given]
        await _change(turn, given, voided_at=turn.now)
        turn.case.evaluations = [one for one in turn.case.evaluations if one not in given]
    links = ResidentLink.filter(task_id=turn.task.id, round=turn.task.round, voided_at=None)
    await links.update(voided_at=turn.now)
    if score is not None:
        turn.case.scores.remove(score)
        await score.delete()


def of_round(turn: Turn) -> list[Evaluation]:
    """The evaluations of the task's present round."""
    task = turn.task
    return [one for one in turn.case.evaluations if (one.task_id, one.round) == (task.id, task.round)]


async def open_appeals(turn: Turn) -> None:
    """The unit's time to appeal runs from when its task is evaluated, for a later part from that."""
    closed = [one for one in of_round(turn) if one.appeal_until is None]
    if turn.task.state == TaskState.EVALUATED and closed:
        span = await limits.limit_for(turn.case.limited, C.APPEAL)
        await _change(turn, closed, appeal_until=span.due(turn.now, await calendar_for(turn.summons.path)))


async def _change(turn: Turn, evaluations: list[Evaluation], **values: object) -> None:
    """At once, as what no event tells of is not written with the case."""
    for one in evaluations:
        one.update_from_dict(values)
        turn.case.stored[one.id] = values_in(one)
    await whole(Evaluation).filter(id__in=[one.id for one in evaluations]).update(**values)
