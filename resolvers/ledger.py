"""Fields of the time ledger of a task."""

from collections import deque

from models import Area, Task, TimeParty, Unit
from models.ledger import Ledger, Slice, Total
from resolvers.booked import Booked
from resolvers.context import Info
from resolvers.later import Later
from resolvers.plan import reads

MOST_SLICES = 2_000


@reads("id", "summons_id", "path")
def time_ledger(root: Task, info: Info) -> Later[Ledger]:
    return info.context.loaders.ledgers.find(Booked(root.id, root.summons_id, root.path))


@reads()
def slices(root: Ledger) -> list[Slice]:
    """The latest ones, oldest first."""
    return list(deque(root.slices, MOST_SLICES))


@reads()
def unit(root: Slice | Total, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.side.unit_id) if root.side.unit_id else None


@reads()
def area(root: Slice | Total, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.side.area_id) if root.side.area_id else None


@reads()
def party(root: Slice | Total) -> TimeParty:
    return root.side.party
