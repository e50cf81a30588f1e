"""Requests about the same matter (重复诉求): one goes on, with the reporters of all."""

from collections.abc import AsyncIterator

from actions import limits
from actions.checks import check_words
from actions.consequences import take_system_step
from actions.request_case import village_of
from actions.request_cases import load_request_case
from actions.requests import RequestTurn, request_step
from actions.turn import Faults
from models import Reporter, Request
from models.workflow import steps_of
from policies.facts import request_facts
from policies.guard import may
from policies.scopes import readable, whole


async def _check_merge(turn: RequestTurn, faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")
    into = await readable(Request, turn.actor).get_or_none(id=turn.given.into)
    if into is None:
        faults.missing("Request", "into")
    elif into.id == turn.case.request.id:
        faults.add("MERGED_INTO_ITSELF", "into")
    elif turn.case.request.id in [one.id async for one in _gone_into(into)]:
        faults.add("MERGED_INTO_DUPLICATE", "into")
    elif into.state not in steps_of(into)["takeIn"].starts:
        faults.add("MERGED_INTO_ENDED", "into")
    elif village_of(into) != turn.case.village or not _may_take_in(turn, into):
        faults.add("OTHER_VILLAGE", "into")


def _may_take_in(turn: RequestTurn, into: Request) -> bool:
    return may(turn.actor, "request", "merge", request_facts(into, []))


async def _gone_into(request: Request) -> AsyncIterator[Request]:
    """The requests that this one was merged into, one after the other."""
    while request.merged_into_id is not None:
        request = await whole(Request).get(id=request.merged_into_id)
        yield request


@request_step("merge", check=_check_merge)
async def merge(turn: RequestTurn) -> None:
    turn.case.request.merged_into_id = turn.event.payload["into"] = turn.given.into
    await limits.stop(turn)
    goes_on = await load_request_case(turn.given.into or "")
    assert goes_on is not None, "checked"
    known = {one.member_id for one in goes_on.reporters if one.member_id}
    for reporter in turn.case.reporters:
        if reporter.member_id not in known:
            goes_on.reporters.append(await _copy(turn, reporter, goes_on.request))
    await take_system_step(turn.record, goes_on, ("takeIn",), None, turn.actor)
    await goes_on.save(turn.record)


async def _copy(turn: RequestTurn, reporter: Reporter, into: Request) -> Reporter:
    return await Reporter.create(
        request_id=into.id,
        origin_id=reporter.origin_id,
        member_id=reporter.member_id,
        name=reporter.name,
        phone=reporter.phone,
        created_at=turn.now,
    )


@request_step("takeIn")
async def take_in(turn: RequestTurn) -> None:
    """That it has more reporters now is all."""
