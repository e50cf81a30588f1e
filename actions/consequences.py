"""What follows from a step without anybody's doing: steps of timers, and steps that parts of a case bring about."""

from dataclasses import replace

from actions.given import Given
from actions.held import Held
from actions.record import Record
from actions.turn import AnyCase, Turn, View, also, fits, reads_of, take
from models.steps import Step
from models.workflow import Stepped, steps_of
from policies.actor import SYSTEM, Actor


async def take_system_step(
    record: Record, case: Held, actions: tuple[str, ...], about: Stepped | None, actor: Actor = SYSTEM
) -> bool:
    """Take the first of `actions` that can be taken now; False when none can. The caller saves the case.

    `actor`: whoever caused it; nobody, when a timer did.
    """
    for action in actions:
        step = steps_of(about or case.root)[action]
        await case.read(reads_of(step))
        turn = Turn(case, actor, record.now, step, about, Given(), record)
        if fits(turn):
            await take(turn)
            await settle(turn)
            return True
    return False


async def settle(turn: Turn[AnyCase]) -> None:
    """Let the root of the case follow from what its parts became: by nobody, where it is hidden who began."""
    if turn.case.hides(turn.step.action, turn.actor.id):
        turn = replace(turn, actor=SYSTEM)
    while step := await _next_consequence(turn):
        await also(turn, step.action, None)


async def _next_consequence(turn: Turn[AnyCase]) -> Step | None:
    steps = steps_of(turn.case.root)
    for action in turn.case.CONSEQUENCES:
        if turn.case.root.state in steps[action].starts:
            await turn.case.read(reads_of(steps[action]))
            if fits(View(turn.case, turn.actor, turn.now, steps[action], None)):
                return steps[action]
    return None
