"""Following up (回访): which summonses are chosen for it and why, and what becomes of it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from actions.turn import Turn, View
from models import FollowUp, FollowUpOutcome, FollowUpReason, FollowUpState, Party, TaskScore

RECORDED = ("state", "outcome", "note", "recorded_by_id", "ended_at", "version")


def why_followed_up(view: View) -> list[FollowUpReason]:
    """Nothing when it need not be. Needs the evaluations and the scores of the case."""
    return list(_reasons(view))


def _reasons(view: View) -> Iterator[FollowUpReason]:
    settings = view.case.settings
    if view.summons.category in settings.followup_categories:
        yield FollowUpReason.CATEGORY
    if _in_sample(view):
        yield FollowUpReason.SAMPLE
    if any(
        one.total < settings.pass_score and one.round == view.summons.round for one in view.case.evaluations
    ):
        yield FollowUpReason.LOW_SCORE
    if any(_is_unhappy(view, score) for score in view.case.scores):
        yield FollowUpReason.RESIDENT


def _is_unhappy(view: View, score: TaskScore) -> bool:
    """Whether the residents who were asked have rated a task of this round below the pass mark, all together."""
    rated = score.parts.get(Party.RESIDENT) if score.round == view.summons.round else None
    return rated is not None and rated < view.case.settings.pass_score * 100


def _in_sample(view: View) -> bool:
    """The same summonses every time: their ids' hash decides, nobody can pick."""
    draw = int.from_bytes(hashlib.sha256(view.summons.id.encode()).digest()[:4]) / 2**32
    settings = view.case.settings
    return draw < settings.followup_shares.get(view.summons.category, settings.followup_share)


async def plan_followup(turn: Turn, due_at: datetime) -> None:
    """Somebody is to ask until then. Needs the evaluations of the case."""
    await FollowUp.create(
        summons_id=turn.summons.id,
        path=turn.summons.path,
        round=turn.summons.round,
        reasons=[reason.value for reason in why_followed_up(turn)],
        due_at=due_at,
        created_at=turn.now,
    )


async def record_followup(turn: Turn, outcome: FollowUpOutcome) -> None:
    """Whoever takes the step has asked. Needs the follow-up of the case."""
    followup = turn.case.followup
    if followup is not None:
        followup.outcome, followup.note, followup.recorded_by_id = outcome, turn.given.note, turn.actor.id
        await _end(turn, followup, FollowUpState.DONE)


async def miss_followup(turn: Turn) -> None:
    """Nobody asked in time. Needs the follow-up of the case."""
    if turn.case.followup is not None:
        await _end(turn, turn.case.followup, FollowUpState.MISSED)


async def _end(turn: Turn, followup: FollowUp, state: FollowUpState) -> None:
    followup.state, followup.ended_at = state, turn.now
    followup.version += 1
    await followup.save(update_fields=RECORDED)
    turn.case.followup = None
