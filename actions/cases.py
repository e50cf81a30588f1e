"""Loading cases: one under its lock, to take steps on it, or many as they are."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from tortoise.expressions import Subquery

from actions.case import Case
from actions.case_reading import by_summons, read
from actions.given import Given
from actions.held import Held
from actions.publication_case import load_publication_case, publication_cases_of
from actions.request_case import read_all, read_summonses
from actions.request_cases import load_request_case, load_request_case_of, request_cases_of
from actions.settings_of_area import settings_for_all
from models import CoIssuer, Evaluation, Publication, Request, SlaClock, Summons, Task, WorkOrder
from models.prepared import Prepared
from models.workflow import Stepped
from policies.scopes import whole


def _holding(task_id: str) -> Subquery:
    return Subquery(whole(Task).filter(id=task_id).values("summons_id"))


LOCKED = Prepared(lambda id: whole(Summons).filter(id=id).select_for_update(no_key=True))
LOCKED_BY_TASK = Prepared(
    lambda id: whole(Summons).filter(id__in=_holding(id)).select_for_update(no_key=True)
)
TASKS = Prepared(lambda id: whole(Task).filter(summons_id=id).order_by("created_at", "id"))
CO_ISSUERS = Prepared(lambda id: CoIssuer.filter(summons_id=id).order_by("id"))
CLOCKS = Prepared(lambda id: SlaClock.filter(summons_id=id, stopped_at=None))


async def load_case(summons_id: str) -> Case | None:
    """Lock the summons, so that its steps follow one another, and load what belongs to it; None when there is none.

    Not its key, so that the sequencer may meanwhile place events that name it.
    """
    return await _load(await LOCKED.rows(summons_id))


async def load_case_of(task_id: str) -> Case | None:
    """The same for the summons that the task belongs to."""
    return await _load(await LOCKED_BY_TASK.rows(task_id))


async def _load(locked: list[Summons]) -> Case | None:
    for summons in locked:
        settings = await settings_for_all([summons.path])
        return Case(
            summons,
            await TASKS.rows(summons.id) if summons.issued_at else [],
            await CO_ISSUERS.rows(summons.id) if summons.joint else [],
            await CLOCKS.rows(summons.id),
            settings[summons.path],
        )
    return None


async def cases_of(summonses: Sequence[Summons]) -> list[Case]:
    """The cases of these summonses, unlocked, in a number of statements that does not grow with theirs."""
    ids = [summons.id for summons in summonses]
    tasks = by_summons(await whole(Task).filter(summons_id__in=ids).order_by("created_at", "id"))
    co_issuers = by_summons(await CoIssuer.filter(summons_id__in=ids).order_by("id"))
    clocks = by_summons(await SlaClock.filter(summons_id__in=ids, stopped_at=None))
    settings = await settings_for_all(summons.path for summons in summonses)
    return [
        Case(one, tasks[one.id], co_issuers[one.id], clocks[one.id], settings[one.path]) for one in summonses
    ]


LOCKED_BY_EVALUATION = Prepared(
    lambda id: whole(Summons).filter(id__in=_scored(id)).select_for_update(no_key=True)
)


def _scored(evaluation_id: str) -> Subquery:
    return Subquery(whole(Evaluation).filter(id=evaluation_id, voided_at=None).values("summons_id"))


async def load_case_of_evaluation(id: str) -> Case | None:
    """The case of the summons whose task is evaluated; None for an evaluation that counts no more."""
    case = await _load(await LOCKED_BY_EVALUATION.rows(id))
    if case is not None:
        await case.read(["evaluations"])
    return case


LOADERS: Mapping[str, Callable[[str, Given], Awaitable[Held | None]]] = {
    "summons": lambda id, given: load_case(id),
    "task": lambda id, given: load_case_of(id),
    "evaluation": lambda id, given: load_case_of_evaluation(id),
    "request": lambda id, given: load_request_case(id, beside=given.into, joining=given.summons),
    "order": lambda id, given: load_request_case_of(id),
    "publication": lambda id, given: load_publication_case(id),
}
"""By machine: locks and loads the case of an object, by its id; and locks what else the step will need locked."""


async def load_case_of_clock(clock: SlaClock) -> Held | None:
    """The case that the clock runs in, under its lock."""
    if clock.evaluation_id is not None:
        return await load_case_of_evaluation(clock.evaluation_id)
    if clock.summons_id is not None:
        return await load_case(clock.summons_id)
    if clock.request_id is not None:
        return await load_request_case(clock.request_id)
    assert clock.publication_id is not None, "a clock runs on something"
    return await load_publication_case(clock.publication_id)


async def cases_around(objects: Sequence[Stepped], names: Sequence[str]) -> dict[str, Held]:
    """By the object's id, cases read without locks; `names`: what is read of those of summonses."""
    summonses = {
        one.summons_id if isinstance(one, Task | Evaluation) else one.id
        for one in objects
        if isinstance(one, Summons | Task | Evaluation)
    }
    requests = {
        one.request_id if isinstance(one, WorkOrder) else one.id
        for one in objects
        if isinstance(one, Request | WorkOrder)
    }
    cases: list[Held] = []
    if summonses:
        found = await cases_of(await whole(Summons).filter(id__in=list(summonses)))
        await read(found, names)
        cases += found
    if requests:
        asked = await request_cases_of(await whole(Request).filter(id__in=list(requests)))
        await read_summonses(asked)
        await read_all(asked, "offers")
        cases += asked
    cases += await publication_cases_of([one for one in objects if isinstance(one, Publication)])
    return {row.id: case for case in cases for row in case.rows}
