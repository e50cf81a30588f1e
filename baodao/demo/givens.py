"""What is given with the steps of the demo: from an act's words and what stands beside them."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from actions.arrival_code import current_code
from actions.given import Appointment, Given, Resolution
from actions.templates_of_area import DIMENSIONS
from baodao.demo.script import Act, Story, task_id
from baodao.demo.stage import Stage
from models import DeclineReason, Outcome

VISIT = timedelta(minutes=90)
MEETING_BEFORE = timedelta(minutes=30)
PRESENT = 7
LOWEST, HIGHEST = 82, 99
DAYS = "7"
MINUTES = "两委会议集体研究，同意约请。"
RESULT = "已到场办理完毕"


async def given_for(stage: Stage, story: Story, act: Act) -> Given:
    given = FIRST.get(act.action, _plain)(stage, story, act)
    if act.words:
        given = WORDS.get(act.action, _note)(given, act.words)
    for name, value in act.more.items():
        given = await MORE[name](given, value, stage, story)
    return given


def _plain(stage: Stage, story: Story, act: Act) -> Given:
    return Given()


def _draft(stage: Stage, story: Story, act: Act) -> Given:
    return Given(
        issuer=story.issuer,
        title=story.title,
        text=story.text,
        category=story.category,
        tier=story.tier,
        units=tuple(stage.units[code].id for code in story.units),
        lead_unit=stage.units[story.lead].id if story.lead else None,
        co_issuers=story.co_issuers or None,
        appointment=_appointment(story.appointment) if story.appointment else None,
    )


def _appointment(start: datetime) -> Appointment:
    return Appointment(start, start + VISIT, "党群服务站")


def _resolution(stage: Stage, story: Story, act: Act) -> Given:
    return Given(resolution=Resolution(act.at - MEETING_BEFORE, PRESENT, act.words or MINUTES))


def _responsible(stage: Stage, story: Story, act: Act) -> Given:
    return Given(member=stage.actor(story.responsible, story.issuer, act.unit).id)


def _result(stage: Stage, story: Story, act: Act) -> Given:
    return Given(outcome=Outcome.RESOLVED, text=RESULT)


def _extension(stage: Stage, story: Story, act: Act) -> Given:
    return Given(days=int(DAYS))


def _scores(stage: Stage, story: Story, act: Act) -> Given:
    """Drawn, but the same for the same task."""
    draw = random.Random(f"{story.title} {act.unit}")
    return Given(scores=tuple((dimension, draw.randint(LOWEST, HIGHEST)) for dimension, _ in DIMENSIONS))


FIRST: dict[str, Callable[[Stage, Story, Act], Given]] = {
    "draft": _draft,
    "submitForReview": _resolution,
    "ratify": _resolution,
    "acceptAndAssign": _responsible,
    "assign": _responsible,
    "submitResult": _result,
    "requestExtension": _extension,
    "evaluate": _scores,
    "submitTown": _scores,
}
"""What an action needs in any case."""


def _note(given: Given, words: str) -> Given:
    return replace(given, note=words)


def _reason(given: Given, words: str) -> Given:
    return replace(given, reason=words)


def _text(given: Given, words: str) -> Given:
    return replace(given, text=words)


def _comment(given: Given, words: str) -> Given:
    return replace(given, comment=words)


WORDS: dict[str, Callable[[Given, str], Given]] = {
    **dict.fromkeys(("edit", "overrule", "upholdReassign", "upholdReturn"), _text),
    **dict.fromkeys(("submitResult", "closeUnresolved", "proposeRemote"), _text),
    **dict.fromkeys(("sendBack", "refuseCosign", "gateReturn", "issueEmergency", "releaseUnit"), _reason),
    **dict.fromkeys(("cancel", "cancelWithConsent", "reopen", "returnForRework"), _reason),
    **dict.fromkeys(("requestHold", "requestExtension", "forceReassign"), _reason),
    "evaluate": _comment,
    "submitTown": _comment,
}
"""Where an action keeps its words; all others in the note."""

Filler = Callable[[Given, str, Stage, Story], Awaitable[Given]]


async def _unit(given: Given, code: str, stage: Stage, story: Story) -> Given:
    return replace(given, unit=stage.units[code].id)


async def _units(given: Given, codes: str, stage: Stage, story: Story) -> Given:
    return replace(given, units=tuple(stage.units[code].id for code in codes.split()))


async def _duty(given: Given, code: str, stage: Stage, story: Story) -> Given:
    return replace(given, duty_item=stage.duties[code])


async def _decline_reason(given: Given, name: str, stage: Stage, story: Story) -> Given:
    return replace(given, decline_reason=DeclineReason(name))


async def _days(given: Given, number: str, stage: Stage, story: Story) -> Given:
    return replace(given, days=int(number))


async def _plan(given: Given, words: str, stage: Stage, story: Story) -> Given:
    return replace(given, text=words)


async def _resume(given: Given, moment: str, stage: Stage, story: Story) -> Given:
    return replace(given, resume_at=stage.moment(moment))


async def _from(given: Given, moment: str, stage: Stage, story: Story) -> Given:
    return replace(given, appointment=_appointment(stage.moment(moment)))


async def _outcome(given: Given, name: str, stage: Stage, story: Story) -> Given:
    return replace(given, outcome=Outcome(name))


async def _score(given: Given, numbers: str, stage: Stage, story: Story) -> Given:
    return replace(given, scores=tuple(zip(dict(DIMENSIONS), map(int, numbers.split("/")), strict=True)))


async def _tasks(given: Given, codes: str, stage: Stage, story: Story) -> Given:
    return replace(given, tasks=tuple([await task_id(stage, story, code) for code in codes.split()]))


async def _code(given: Given, yes: str, stage: Stage, story: Story) -> Given:
    return replace(given, village_code=await current_code(story.issuer))


MORE: dict[str, Filler] = {
    "unit": _unit,
    "units": _units,
    "duty": _duty,
    "reason": _decline_reason,
    "days": _days,
    "plan": _plan,
    "resume": _resume,
    "from": _from,
    "outcome": _outcome,
    "scores": _score,
    "tasks": _tasks,
    "code": _code,
}
"""What may stand in the column `more`, such as ``days=15;plan=…``."""
