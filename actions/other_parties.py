"""The town's and the district's parts of a task's score, beside that of the areas that issued the summons."""

from collections.abc import Callable

from actions.cases import load_case_of
from actions.evaluations import check_scores, enter_evaluation
from actions.given import Given
from actions.once import Done, once
from actions.record import Record
from actions.scores import is_locked
from actions.turn import Faults, Need, Turn, View, evaluation_step, reads_of, rule_of
from models import PARTY_OF_DIGITS, Conflict, Evaluation, Event, NotFound, Party, WrongState
from models.evaluation_workflow import EVALUATION_STEPS, SCORED_IN
from policies.actor import Actor
from policies.scopes import sees

PARTY_OF_STEP = {"submitTown": Party.TOWN, "submitDistrict": Party.DISTRICT}
READS = ("evaluations", "lines", "scores")


async def score_for(actor: Actor, action: str, task_id: str, given: Given) -> Done:
    """Enter the scores of the town or the district around the issuer. Raises every Refusal, changing nothing.

    They may come before the issuing areas' own and after them.
    """
    step = EVALUATION_STEPS[action]

    async def work(record: Record) -> Done:
        case = await load_case_of(task_id)
        task = case.task(task_id) if case else None
        if case is None or task is None or not await sees(actor, task):
            raise NotFound("Task", "task")
        assert step.right is not None, "a step of users"
        await case.read(reads_of(step))
        turn = Turn(case, actor, record.now, step, task, given, record)
        record.require(actor, *step.right, case.facts(task))
        await _check(turn)
        await rule_of(turn).does(turn)
        return Done("Evaluation", turn.event.aggregate_id, turn.event.id)

    return await once(actor, given.key, (action, task_id, given), work)


async def _check(turn: Turn) -> None:
    if turn.given.version is not None and turn.given.version != turn.task.version:
        raise Conflict
    if turn.task.state not in SCORED_IN:
        raise WrongState(turn.step.action, turn.task.state)
    if missing := rule_of(turn).missing(turn):
        raise WrongState(turn.step.action, turn.task.state, missing)
    faults = Faults()
    await rule_of(turn).check(turn, faults)
    faults.refuse()


def area_of(view: View) -> str | None:
    """Code of the area around the issuer, or the issuer itself, that scores as the step's party."""
    party = PARTY_OF_STEP[view.step.action]
    codes = view.summons.path.split(".")[:-1]
    return next((code for code in codes if PARTY_OF_DIGITS.get(len(code)) == party), None)


def _is_weighed(view: View) -> bool:
    """Also not where no such area lies around the issuer."""
    weighed = PARTY_OF_STEP[view.step.action] in view.case.template(view.task).shares
    return weighed and area_of(view) is not None


def _is_missing(view: View) -> bool:
    """An area that issues the summons itself scores it as the issuer."""
    known = {one.area_id for one in view.case.evaluations if _is_of_round(view, one.task_id, one.round)}
    return area_of(view) not in known | set(view.case.evaluating_areas)


def _is_of_round(view: View, task_id: str, round: int) -> bool:
    return (task_id, round) == (view.task.id, view.task.round)


def _needs() -> list[Need]:
    needs: list[tuple[str, Callable[[View], bool]]] = [
        ("PARTY_NOT_WEIGHED", _is_weighed),
        ("ALREADY_EVALUATED", _is_missing),
        ("SCORES_LOCKED", lambda view: not is_locked(view.case, view.task)),
    ]
    return [Need(*need) for need in needs]


async def _check_scores(turn: Turn, faults: Faults) -> None:
    check_scores(faults, turn.given, turn.case.template(turn.task), turn.case.settings.pass_score)


@evaluation_step("submitTown", "submitDistrict", needs=_needs(), check=_check_scores, reads=READS)
async def submit(turn: Turn) -> None:
    """The evaluation's first event tells of it; its task stays as it is."""
    area_code = area_of(turn)
    assert area_code is not None, "needed"
    evaluation = await enter_evaluation(turn, area_code)
    turn.event = turn.record.tell(evaluation, _event(turn, evaluation))
    turn.event.payload |= {"area": area_code, "total": evaluation.total}
    evaluation.updated_at = turn.now
    await evaluation.save(update_fields=["version", "updated_at"])


def _event(turn: Turn, evaluation: Evaluation) -> Event:
    return Event(
        type=turn.step.event,
        action=turn.step.action,
        aggregate_id=evaluation.id,
        actor_id=turn.actor.id,
        at=turn.now,
        to_state=str(turn.step.leads_to),
        note=turn.given.comment,
        payload={},
        **turn.case.columns_of_event(evaluation),
    )
