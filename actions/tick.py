"""The timers: whatever fell due is done, one clock after the other, each in a transaction of its own."""

import logging

from actions import limits
from actions.cases import load_case_of_clock
from actions.consequences import take_system_step
from actions.inspection_days import keep_plans
from actions.proposals import lapse_silently
from actions.record import recording
from actions.responsibility import give_up_expired
from models import SlaClock, clock
from models.generations import generations
from models.kept import hear
from models.workflow import LADDERS

PAGE = 200
log = logging.getLogger(__name__)


async def tick(failed: set[str] | None = None) -> int:
    """Take every step that is due by now, oldest first, until none is left; how many clocks rang, roles ran out or
    visits came within reach or were missed.

    By the limits, settings and calendars of this moment.

    A clock whose step fails is logged and left for the next tick, and its id put into `failed`; the others go on.
    """
    hear(await generations())
    rang, failed = 0, set() if failed is None else failed
    while due := await _due(failed):
        for one in due:
            try:
                rang += await _ring(one)
            except Exception:
                log.exception("clock %s failed", one.id)
                failed.add(one.id)
    return rang + await give_up_expired() + await keep_plans(failed)


async def _due(failed: set[str]) -> list[SlaClock]:
    rows = SlaClock.filter(next_at__lte=clock.now(), id__not_in=list(failed))
    return await rows.order_by("next_at", "id").limit(PAGE)


async def _ring(seen: SlaClock) -> bool:
    """Climb one rung of a clock's ladder; False when somebody else was faster or stopped it."""
    async with recording() as record:
        case = await load_case_of_clock(seen)
        due = next((one for one in case.clocks if one.id == seen.id), None) if case else None
        if case is None or due is None or due.next_at is None or due.next_at > record.now:
            return False
        ladder, stage = LADDERS[due.kind], due.stage
        await limits.climb(case, due, record.now)
        await lapse_silently(due, record.now)
        if stage < len(ladder):
            await take_system_step(record, case, ladder[stage].actions, case.part(due.part_id))
        await case.save(record)
        return True
