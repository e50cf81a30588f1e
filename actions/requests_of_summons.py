"""Telling the requests of a summons what became of it."""

from actions.consequences import take_system_step
from actions.request_cases import load_requests_of
from actions.turn import Turn


async def tell_requests(turn: Turn, action: str) -> None:
    """Take the step on each request that waits for the summons; nothing is read for a summons without any."""
    if not turn.summons.requested:
        return
    results = [task.result_text for task in turn.case.tasks if task.result_text]
    for case in await load_requests_of(turn.summons.id):
        case.summons, case.told = turn.summons, "\n".join(results)
        if case.takes(action):
            await take_system_step(turn.record, case, (action,), None, turn.actor)
            await case.save(turn.record)
