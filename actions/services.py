"""Services that orders ask for (岗位): what is asked, who offers it in that village, and who may therefore claim."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from actions.assignees import CLAIM, order_of
from actions.request_case import READS, RequestCase
from actions.requests import RequestTurn, RequestView
from actions.sorting import find_category
from actions.turn import Faults
from models import ListItem, ListKind, OrderState, Pairing, RequestCategory, WorkOrder
from policies.facts import Facts
from policies.guard import may
from policies.scopes import whole


async def check_service(turn: RequestTurn, faults: Faults) -> None:
    """An entry of the menu that counts here; only an order that is open to all asks for one."""
    given = turn.given
    if given.service is None:
        return
    if given.member is not None or given.unit is not None:
        faults.add("SERVICE_NEEDS_NOBODY", "service")
    await find_category(turn.actor, faults, given.service, turn.case.request.path, "service")


def offer_of(view: RequestView) -> ListItem | None:
    """The open offer by which the actor may claim the order: their own before a unit's; once "offers" was read."""
    order, case = order_of(view), view.case
    offers = case.offers.get(order.id, [])
    own = [one for one in offers if view.actor.is_(one.member_id)]
    units = [one for one in offers if one.unit_id in case.paired and _acts_for(view, one.unit_id)]
    return next(iter(own + units), None)


def _acts_for(view: RequestView, unit_id: str | None) -> bool:
    return unit_id is not None and may(view.actor, *CLAIM, Facts(paired_unit_ids=(unit_id,)))


def is_offered(view: RequestView) -> bool:
    """Whether nothing is asked for that the actor does not offer."""
    return order_of(view).service_id is None or offer_of(view) is not None


async def read_offers(cases: Sequence[RequestCase]) -> None:
    """Of those with an order that asks for a service; a number of statements that does not grow with theirs."""
    for case in cases:
        case.known.add("offers")
    served = [case for case in cases if any(order.service_id for order in case.orders)]
    if served:
        await _read_paired(served)
    asking = [(case, order) for case in served for order in case.orders if _asks(order)]
    if asking:
        await _read_offers(asking)


async def _read_paired(cases: Sequence[RequestCase]) -> None:
    villages, paired = {case.village for case in cases}, defaultdict[str, list[str]](list)
    for one in await whole(Pairing).filter(area_id__in=list(villages), ended_at=None):
        paired[one.area_id].append(one.unit_id)
    for case in cases:
        case.paired = tuple(paired[case.village])


async def _read_offers(asking: Sequence[tuple[RequestCase, WorkOrder]]) -> None:
    villages = {order.village for _, order in asking}
    lines = await _lines({str(order.service_id) for _, order in asking})
    wanted = {id for line in lines.values() for id in line}
    offers = whole(ListItem).filter(
        kind=ListKind.SERVICE, closed_at=None, area_id__in=list(villages), category_id__in=list(wanted)
    )
    found = await offers.order_by("created_at", "id")
    for case, order in asking:
        case.offers[order.id] = [one for one in found if _fits(one, order, lines)]


def _asks(order: WorkOrder) -> bool:
    return order.service_id is not None and order.state == OrderState.OPEN


def _fits(offer: ListItem, order: WorkOrder, lines: dict[str, set[str]]) -> bool:
    return offer.area_id == order.village and offer.category_id in lines[str(order.service_id)]


async def _lines(ids: Iterable[str]) -> dict[str, set[str]]:
    """Each entry of a menu with those above it, by its id."""
    above = dict[str, str | None]()
    unknown = set(ids)
    while unknown:
        for row in await whole(RequestCategory).filter(id__in=list(unknown)):
            above[row.id] = row.parent_id
        unknown = {parent for parent in above.values() if parent} - above.keys()
    return {id: set(_upwards(id, above)) for id in ids}


def _upwards(id: str | None, above: dict[str, str | None]) -> Iterable[str]:
    while id is not None:
        yield id
        id = above.get(id)


READS["offers"] = read_offers
