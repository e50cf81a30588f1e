"""Requests that were collected at a visit (征集日, 入户问需, 巡查)."""

from actions.given import Given
from actions.turn import Faults
from models import Channel, Inspection, InspectionKind, InspectionState, clock
from policies.actor import Actor
from policies.scopes import readable

CHANNELS = {
    InspectionKind.COLLECTION_DAY: Channel.COLLECTION_DAY,
    InspectionKind.HOME_VISIT: Channel.VISIT,
    InspectionKind.PATROL: Channel.INSPECTION,
}
"""By which a request comes in at each kind of visit."""
NOT_HELD = frozenset({InspectionState.MISSED, InspectionState.CANCELLED})


async def check_visit(actor: Actor, faults: Faults, given: Given, path: str) -> None:
    """The visit, if one is named, fits the request, whose area has the `path`; "" when that is unknown.

    It is held until the transaction ends, so that nobody calls it off meanwhile.
    """
    if given.inspection is None:
        return
    known = readable(Inspection, actor).filter(id=given.inspection)
    visit = await known.select_for_update(no_key=True).first()
    if visit is None:
        faults.missing("Inspection", "inspection")
        return
    if given.channel != CHANNELS[visit.kind]:
        faults.add("CHANNEL_OF_ANOTHER_KIND", "channel")
    if path and not path.startswith(visit.path):
        faults.add("INSPECTION_ELSEWHERE", "inspection")
    if visit.state in NOT_HELD:
        faults.add("INSPECTION_NOT_HELD", "inspection")
    elif clock.now() < clock.start_of_day(visit.due_day):
        faults.add("INSPECTION_TOO_EARLY", "inspection")
