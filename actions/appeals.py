"""Appeals (申诉) against one area's scores, by the unit's head, and the rulings of the town or the district."""

from actions import limits
from actions.checks import TEXT_LENGTH, check_text
from actions.evaluations import check_scores
from actions.scores import compute, hundredths
from actions.summons import needs_reason
from actions.turn import Faults, Need, Turn, View, evaluation_step
from models import Appeal, Evaluation, EvaluationState, TaskScore, Template
from models import ClockKind as C

READS = ("evaluations", "lines", "scores")


def judged(view: View) -> Evaluation:
    """The evaluation the step is about."""
    assert isinstance(view.about, Evaluation), f"{view.step.action} is a step of an evaluation"
    return view.about


def _window_is_open(view: View) -> bool:
    until = judged(view).appeal_until
    return until is not None and view.now < until


@evaluation_step(
    "appeal", needs=[Need("APPEAL_WINDOW_OVER", _window_is_open)], check=needs_reason, reads=READS
)
async def appeal(turn: Turn) -> None:
    """Scores of an issuing area have no event of their own before."""
    turn.event.from_state = str(EvaluationState.SUBMITTED)
    await Appeal.create(
        evaluation_id=judged(turn).id,
        reason=turn.given.reason,
        appealed_by_id=turn.actor.id,
        appealed_at=turn.now,
    )
    await limits.start(turn, C.ADJUDICATE, judged(turn))


async def _check_ground(turn: Turn, faults: Faults) -> None:
    check_text(faults, turn.given.text, "ground", TEXT_LENGTH)


@evaluation_step("uphold", check=_check_ground, reads=READS)
async def uphold(turn: Turn) -> None:
    await _rule(turn, upheld=True)


async def _check_adjustment(turn: Turn, faults: Faults) -> None:
    """The ground stands for the comment that a low score needs."""
    await _check_ground(turn, faults)
    check_scores(faults, turn.given, _template(turn), pass_score=0)


def _score(turn: Turn) -> TaskScore:
    """What the evaluation is a part of, perhaps of a round that is over."""
    wanted = (judged(turn).task_id, judged(turn).round)
    return next(one for one in turn.case.scores if (one.task_id, one.round) == wanted)


def _template(turn: Turn) -> Template:
    return next(one for one in turn.case.templates if one.id == _score(turn).template_id)


@evaluation_step("adjust", check=_check_adjustment, reads=READS)
async def adjust(turn: Turn) -> None:
    """Other scores in place of the area's; what they come to follows."""
    evaluation = judged(turn)
    await _rule(turn, upheld=False)
    evaluation.scores = dict(turn.given.scores)
    evaluation.total = hundredths(_template(turn), evaluation.scores) / 100
    turn.event.payload["total"] = evaluation.total
    await compute(turn.case, turn.case.task_of(evaluation), _score(turn))


async def _rule(turn: Turn, *, upheld: bool) -> None:
    ruling = {
        "upheld": upheld,
        "ground": turn.given.text,
        "ruled_by_id": turn.actor.id,
        "ruled_at": turn.now,
        "scores_before": judged(turn).scores,
    }
    await Appeal.filter(evaluation_id=judged(turn).id).update(**ruling)
    await limits.stop(turn, C.ADJUDICATE, about=judged(turn))


@evaluation_step(
    "appealClimbs", when=[Need("TOP_LEVEL", lambda view: not judged(view).town_party)], reads=READS
)
async def climb(turn: Turn) -> None:
    """The town has had its turn; from now on the district rules."""
    judged(turn).town_party = True
    await limits.start(turn, C.ADJUDICATE, judged(turn))


@evaluation_step("letStand", when=[Need("NOT_TOP_LEVEL", lambda view: judged(view).town_party)], reads=READS)
async def let_stand(turn: Turn) -> None:
    await _rule(turn, upheld=True)
