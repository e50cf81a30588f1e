"""The agenda: all acts in the order of time, each played by the real actions, and the timers in between."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from tortoise.connection import get_connection

from actions.drafts import draft_summons
from actions.followup_visits import VisitPlan, plan_visit
from actions.other_parties import score_for
from actions.take_step import take_step
from actions.tick import tick
from baodao.demo.givens import given_for
from baodao.demo.script import Act, Scene, Story, task_id
from baodao.demo.stage import Stage
from models import FollowUp
from models.clock import Moving
from models.workflow import SUMMONS_STEPS
from policies.actor import Actor
from policies.scopes import whole

ALTERNATIVES = {
    "cosign": ("cosign", "cosignLast", "cosignLastGated"),
    "evaluate": ("evaluatePart", "evaluate"),
}
"""Actions whose steps share a mutation."""
Doing = Callable[[Stage], Awaitable[None]]
Moment = tuple[datetime, Doing]
"""Something that somebody does, and when."""
REPORT_EVERY = 25
FIRST_DUE = """SELECT MIN(due) AS due FROM (
    SELECT MIN(next_at) AS due FROM sla_clock
    UNION ALL SELECT MIN(next_at) FROM inspection_plan
    UNION ALL SELECT MIN(due_at) FROM inspection WHERE state = 'PLANNED'
) AS first_ones"""
"""Asked before every act, so past the ORM, which would take longer over it than all of the database."""


def moments(scenes: Iterable[Scene]) -> Iterator[Moment]:
    """The acts of summonses."""
    return ((act.at, partial(play, story, act)) for story, act in scenes)


async def play_all(
    stage: Stage, agenda: Iterable[Moment], time: Moving, progress: Callable[[int, int], None]
) -> None:
    """Play it in the order of time, with whatever the timers do in between, until the stage's today."""
    agenda = sorted(agenda, key=lambda one: one[0])
    for done, (at, do) in enumerate(agenda):
        await run_timers(time, at)
        time.move_to(at)
        await do(stage)
        if done % REPORT_EVERY == 0:
            progress(done, len(agenda))
    await run_timers(time, stage.today)
    progress(len(agenda), len(agenda))


async def run_timers(time: Moving, until: datetime) -> None:
    """Each timer at its own moment."""
    while (due := await _next_due(until)) is not None:
        time.move_to(max(due, time.moment))
        if not await tick():
            raise RuntimeError(f"a clock that is due at {due} does not ring")


async def _next_due(until: datetime) -> datetime | None:
    [row] = await get_connection("default").execute_query_dict(FIRST_DUE)
    due = datetime.fromisoformat(row["due"]) if isinstance(row["due"], str) else row["due"]
    return due if due and due <= until else None


async def play(story: Story, act: Act, stage: Stage) -> None:
    """A story in which a step is refused is a bug of the demo, so the refusal says where."""
    try:
        await _take(stage, story, act)
    except Exception as refusal:
        refusal.add_note(f"{story.title}: {act}")
        raise


async def _take(stage: Stage, story: Story, act: Act) -> None:
    by = story.responsible if act.by == "responsible" else act.by
    actor = stage.actor(by, story.issuer, act.unit)
    if act.action == "planVisit":
        await plan_visit(actor, await _visit(stage, story, act, actor))
        return
    given = await given_for(stage, story, act)
    if act.action == "submitTown":
        await score_for(actor, act.action, await task_id(stage, story, act.unit), given)
        return
    steps = ALTERNATIVES.get(act.action, (act.action,))
    if act.action == "draft":
        story.summons_id = (await draft_summons(actor, given)).object_id
    elif act.action in SUMMONS_STEPS:
        await take_step(actor, "summons", steps, story.summons_id, given)
    else:
        await take_step(actor, "task", steps, await task_id(stage, story, act.unit), given)


async def _visit(stage: Stage, story: Story, act: Act, actor: Actor) -> VisitPlan:
    """Whoever plans it goes there."""
    followup = await whole(FollowUp).get(summons_id=story.summons_id)
    return VisitPlan(followup.id, stage.moment(act.more["at"]), str(actor.id), act.words)
