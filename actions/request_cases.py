"""Loading cases of requests: one under its lock, to take steps on it, or many as they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from tortoise.expressions import Subquery

from actions.request_case import RequestCase
from models import Conflict, Reporter, Request, SlaClock, Summons, WorkOrder
from models.prepared import Prepared
from policies.scopes import whole


def _having(order_id: str) -> Subquery:
    return Subquery(whole(WorkOrder).filter(id=order_id).values("request_id"))


FOUND = Prepared(lambda id: whole(Request).filter(id=id))
FOUND_BY_ORDER = Prepared(lambda id: whole(Request).filter(id__in=_having(id)))
LOCKED = Prepared(lambda id: whole(Request).filter(id=id).select_for_update(no_key=True))
SUMMONS_LOCKED = Prepared(lambda id: whole(Summons).filter(id=id).select_for_update(no_key=True))
REPORTERS = Prepared(lambda id: Reporter.filter(request_id=id).order_by("created_at", "id"))
ORDERS = Prepared(lambda id: whole(WorkOrder).filter(request_id=id).order_by("created_at", "id"))
CLOCKS = Prepared(lambda id: SlaClock.filter(request_id=id, stopped_at=None))


async def load_request_case(
    request_id: str, *, beside: str | None = None, joining: str | None = None
) -> RequestCase | None:
    """Lock the request, and load what belongs to it; None when there is none.

    The summons that it led to, or is `joining`, is locked first, as its steps lock it before its requests; of two
    requests (`beside`) the older one first. Raises Conflict when a request meanwhile led to another summons.
    """
    found = [one for id in sorted({request_id, beside or request_id}) for one in await FOUND.rows(id)]
    for summons_id in sorted({id for id in (joining, *(one.summons_id for one in found)) if id}):
        await SUMMONS_LOCKED.rows(summons_id)
    cases = [await _locked(one) for one in found]
    return next((case for case in cases if case is not None and case.request.id == request_id), None)


async def load_request_case_of(order_id: str) -> RequestCase | None:
    """The same for the request that the work order belongs to."""
    for request in await FOUND_BY_ORDER.rows(order_id):
        return await load_request_case(request.id)
    return None


async def load_requests_of(summons_id: str) -> list[RequestCase]:
    """Of the summons, which the caller has locked; the oldest first."""
    found = await whole(Request).filter(summons_id=summons_id).order_by("id")
    return [case for case in [await _locked(one) for one in found] if case is not None]


async def _locked(seen: Request) -> RequestCase | None:
    for request in await LOCKED.rows(seen.id):
        if request.summons_id != seen.summons_id:
            raise Conflict
        return RequestCase(
            request,
            await REPORTERS.rows(request.id),
            await ORDERS.rows(request.id),
            await CLOCKS.rows(request.id),
        )
    return None


async def request_cases_of(requests: Sequence[Request]) -> list[RequestCase]:
    """The cases of these requests, unlocked, in a number of statements that does not grow with theirs."""
    ids = [request.id for request in requests]
    reporters = _by_request(await Reporter.filter(request_id__in=ids).order_by("created_at", "id"))
    orders = _by_request(await whole(WorkOrder).filter(request_id__in=ids).order_by("created_at", "id"))
    clocks = _by_request(await SlaClock.filter(request_id__in=ids, stopped_at=None))
    return [RequestCase(one, reporters[one.id], orders[one.id], clocks[one.id]) for one in requests]


class _OfRequest(Protocol):
    @property
    def request_id(self) -> str | None: ...


Row = TypeVar("Row", bound=_OfRequest)


def _by_request(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    sorted_out = defaultdict[str, list[Row]](list)
    for row in rows:
        sorted_out[row.request_id or ""].append(row)
    return sorted_out
