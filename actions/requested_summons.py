"""From a request to a summons, and back: the village summons units, and the outcome flows back to the reporters."""

from actions import limits
from actions.cases import load_case
from actions.consequences import take_system_step
from actions.drafts import check_draft, new_draft
from actions.request_cases import load_requests_of
from actions.requests import (
    CLASS_KNOWN,
    IS_PUBLIC,
    RequestNeed,
    RequestTurn,
    request_step,
    settle_request,
    to_triage,
)
from actions.summons import may_have_note
from actions.turn import Faults
from models import Area, Outcome, Summons, SummonsState
from policies.facts import Facts
from policies.guard import require
from policies.scopes import readable, whole

RESIDENTS = 3
"""So many dissatisfied reporters take a summons up again without asking the village."""
TAKES_MORE = frozenset(
    {
        *(SummonsState.DRAFT, SummonsState.PENDING_REVIEW, SummonsState.PENDING_COSIGN),
        *(SummonsState.PENDING_GATE, SummonsState.ISSUED, SummonsState.IN_PROGRESS),
    }
)
"""States in which a summons can still settle one more request."""

REOPENABLE = RequestNeed("SUMMONS_NOT_REOPENABLE", lambda view: view.case.reopenable)
MANY_UNHAPPY = RequestNeed("FEW_UNHAPPY", lambda view: view.case.unhappy >= RESIDENTS)


async def _check_summons(turn: RequestTurn, faults: Faults) -> None:
    if turn.given.summons is None:
        village = await whole(Area).get(code=turn.case.village)
        require(turn.actor, "summons", "create", Facts(area_path=village.path, issuer_path=village.path))
        await check_draft(faults, turn.actor, turn.given, village.code)
        return
    summons = await readable(Summons, turn.actor).get_or_none(id=turn.given.summons)
    if summons is None:
        faults.missing("Summons", "summons")
    elif summons.issuer_id != turn.case.village:
        faults.add("OTHER_VILLAGE", "summons")
    elif summons.state not in TAKES_MORE:
        faults.add("SUMMONS_ENDED", "summons")
    elif turn.case.request.summons_id is not None:  # whose lock comes before the request's
        faults.add("HAS_SUMMONS", "summons")


@request_step("summon", needs=[CLASS_KNOWN, IS_PUBLIC], check=_check_summons)
async def summon(turn: RequestTurn) -> None:
    """As a new draft, or joined to a summons that the village has under way."""
    id = turn.given.summons or await _draft(turn)
    await whole(Summons).filter(id=id, requested=False).update(requested=True)
    turn.case.request.summons_id = turn.event.payload["summons"] = id
    await _wait_for_it(turn)


async def _draft(turn: RequestTurn) -> str:
    village = await whole(Area).get(code=turn.case.village)
    return (await new_draft(turn.record, turn.actor, turn.given, village, requested=True)).summons.id


@request_step("summonAgain", needs=[REOPENABLE], check=may_have_note, reads=["summons"])
@request_step("summonedAgain", needs=[REOPENABLE, MANY_UNHAPPY], reads=["summons"])
async def summon_again(turn: RequestTurn) -> None:
    """The village agrees, or enough residents are dissatisfied: the units go on."""
    case = await load_case(turn.case.request.summons_id or "")
    assert case is not None, "needed"
    await take_system_step(turn.record, case, ("residentReopen",), None, turn.actor)
    await case.save(turn.record)
    await _wait_for_it(turn)
    for other in await load_requests_of(case.summons.id):
        if other.request.id != turn.case.request.id and other.takes("summonsReopened"):
            await take_system_step(turn.record, other, ("summonsReopened",), None, turn.actor)
            await other.save(turn.record)


@request_step("summonsReopened")
async def summons_reopened(turn: RequestTurn) -> None:
    """Another request of the same summons had it taken up again."""
    await _wait_for_it(turn)


async def _wait_for_it(turn: RequestTurn) -> None:
    turn.case.request.escalation_level = 0
    await limits.stop(turn)


@request_step("summonsClosed")
async def summons_closed(turn: RequestTurn) -> None:
    summons = turn.case.summons
    assert summons is not None, "whoever tells of it has it"
    await settle_request(turn, summons.outcome or Outcome.RESOLVED, turn.case.told)


@request_step("summonsCancelled")
async def summons_cancelled(turn: RequestTurn) -> None:
    await to_triage(turn)
