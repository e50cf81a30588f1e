"""What reporters hear of their request, and what they think of it (反馈): silence is never content."""

from actions.checks import check_text, check_words
from actions.requests import (
    WINDOW_OPEN,
    RequestNeed,
    RequestTurn,
    RequestView,
    begin_round,
    close_request,
    request_step,
)
from actions.turn import Faults
from models import Reporter, RequestState, Satisfaction
from models.summons import ROUNDS


def _of_this_round(view: RequestView) -> list[Reporter]:
    """Reporters who have said what they think of the present outcome."""
    return [one for one in view.case.reporters if one.feedback_round == view.case.request.round]


def _all_content(view: RequestView) -> bool:
    told = _of_this_round(view)
    return bool(told) and len(told) == len(view.case.reporters) and not _somebody_is_not(view)


def _somebody_is_not(view: RequestView) -> bool:
    return any(one.feedback == Satisfaction.DISSATISFIED for one in _of_this_round(view))


def _can_still_say(view: RequestView) -> bool:
    return view.case.request.state == RequestState.DONE or WINDOW_OPEN.holds(view)


ALL_CONTENT = RequestNeed("NOT_ALL_CONTENT", _all_content)
DISCONTENT = RequestNeed("NOBODY_DISCONTENT", _somebody_is_not)
STILL_TIME = RequestNeed("REOPEN_WINDOW_OVER", _can_still_say)
ROUNDS_LEFT = RequestNeed("ROUND_LIMIT", lambda view: view.case.request.round < ROUNDS)


async def _check_comment(turn: RequestTurn, faults: Faults) -> None:
    if turn.given.satisfaction == Satisfaction.DISSATISFIED:
        check_text(faults, turn.given.comment, "comment")
    else:
        check_words(faults, turn.given.comment, "comment")


@request_step("feedback", needs=[STILL_TIME], check=_check_comment)
async def feedback(turn: RequestTurn) -> None:
    reporter = turn.case.reported_by(turn.actor.id)
    assert reporter is not None, "only reporters have the right"
    await _keep(turn, reporter)


async def _keep(turn: RequestTurn, reporter: Reporter) -> None:
    assert turn.given.satisfaction is not None, "the schema demands it"
    reporter.feedback, reporter.feedback_round = turn.given.satisfaction, turn.case.request.round
    reporter.comment = turn.given.comment
    turn.event.payload["feedback"] = turn.given.satisfaction
    await reporter.save(update_fields=["feedback", "comment", "feedback_round"])


async def _check_informed(turn: RequestTurn, faults: Faults) -> None:
    """Who can sign in speaks for themselves."""
    check_words(faults, turn.given.note, "note")
    await _check_comment(turn, faults)
    number = turn.given.reporter_number or 0
    if not 1 <= number <= len(turn.case.reporters):
        faults.missing("Reporter", "reporterNumber")
    elif turn.given.satisfaction is not None:
        _check_heard(turn, faults, turn.case.reporters[number - 1])


def _check_heard(turn: RequestTurn, faults: Faults, reporter: Reporter) -> None:
    """Whoever has no account judges by the village's word as others do by their own: what was settled, and in time."""
    if reporter.member_id is not None:
        faults.add("REPORTER_SPEAKS", "feedback")
    elif turn.case.request.state == RequestState.REJECTED:
        faults.add("NOTHING_TO_JUDGE", "feedback")
    elif not _can_still_say(turn):
        faults.add("REOPEN_WINDOW_OVER", "feedback")


@request_step("inform", check=_check_informed)
async def inform(turn: RequestTurn) -> None:
    """Somebody of the village told a reporter what came of it, and perhaps heard what they think of it."""
    reporter = turn.case.reporters[(turn.given.reporter_number or 0) - 1]
    reporter.informed_at = turn.now
    turn.event.payload["reporter"] = turn.given.reporter_number
    await reporter.save(update_fields=["informed_at"])
    if turn.given.satisfaction is not None:
        await _keep(turn, reporter)


@request_step("allContent", needs=[ALL_CONTENT])
@request_step("feedbackTimeout")
async def close(turn: RequestTurn) -> None:
    await close_request(turn)


@request_step("discontent", needs=[DISCONTENT, ROUNDS_LEFT])
async def discontent(turn: RequestTurn) -> None:
    await begin_round(turn)
