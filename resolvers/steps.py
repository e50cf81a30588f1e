"""The steps of the workflow as mutations: each names the actions of `models.workflow` that it can mean."""

from actions.drafts import draft_summons as draft
from actions.given import Given
from actions.take_step import take_step
from resolvers.changes import Answer, Changed, Said, left_by, made, read
from resolvers.context import Info


def of_summons(*actions: str) -> Answer:
    """The first of `actions` that fits the summons."""
    return _of("summons", actions)


def of_task(*actions: str) -> Answer:
    """The first of `actions` that fits the task."""
    return _of("task", actions)


def of_evaluation(*actions: str) -> Answer:
    """The first of `actions` that fits the evaluation."""
    return _of("evaluation", actions)


def of_request(*actions: str) -> Answer:
    """The first of `actions` that fits the request."""
    return _of("request", actions)


def of_order(*actions: str) -> Answer:
    """The first of `actions` that fits the work order."""
    return _of("order", actions)


def of_publication(*actions: str) -> Answer:
    """The first of `actions` that fits the publication."""
    return _of("publication", actions)


def _of(machine: str, actions: tuple[str, ...]) -> Answer:
    async def answer(info: Info, said: Said) -> Changed:
        values = read(said)
        id = str(values.pop(machine))
        return await left_by(
            info, await take_step(info.context.actor, machine, actions, id, made(Given, values))
        )

    return answer


async def draft_summons(info: Info, said: Said) -> Changed:
    return await left_by(info, await draft(info.context.actor, made(Given, read(said))))


async def accept_task(info: Info, said: Said) -> Changed:
    """Whoever names the responsible member at once takes both steps in one."""
    return await of_task("acceptAndAssign" if said["responsible"] else "accept")(info, said)


async def uphold_decline(info: Info, said: Said) -> Changed:
    """With another unit the task goes there; without one the village must choose again."""
    return await of_task("upholdReassign" if said["reassign_to"] else "upholdReturn")(info, said)
