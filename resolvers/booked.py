"""The time ledgers of tasks: told from their events, by the calendars of their issuers."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from actions.calendars import calendar_for
from models import Calendar, Event, Summons, TaskState, Tier, clock
from models.ledger import Ledger, Moved, ledger
from policies.actor import Actor
from policies.scopes import whole
from resolvers.plan import Columns, Lookup


class Booked(NamedTuple):
    """A task whose ledger is asked for, and which the actor may read: as readable are its events and its tier."""

    id: str
    summons_id: str
    path: str


MOVES = Lookup("aggregate_id", lambda actor: whole(Event).filter(aggregate="Task").order_by("version"))
TIERS = Lookup("id", lambda actor: whole(Summons))
COLUMNS: Columns = {Event: frozenset({"at", "to_state", "unit_id"}), Summons: frozenset({"tier"})}


async def ledgers_of(actor: Actor, tasks: Sequence[Booked]) -> list[Ledger]:
    """Up to now, in the order asked for; two statements, however many tasks."""
    moves: dict[str, list[Moved]] = defaultdict(list)
    for event in await MOVES.fetch(actor, [task.id for task in tasks], COLUMNS):
        moves[event.aggregate_id].append(Moved(event.at, TaskState(str(event.to_state)), event.unit_id))
    summonses = await TIERS.fetch(actor, list({task.summons_id for task in tasks}), COLUMNS)
    tiers, now = {summons.id: summons.tier for summons in summonses}, clock.now()
    return [
        ledger(moves[task.id], _issuer(task.path), await _hours(task.path, tiers[task.summons_id]), now)
        for task in tasks
    ]


async def _hours(path: str, tier: Tier) -> Calendar | None:
    """Emergencies run day and night, as their limits do."""
    return None if tier is Tier.EMERGENCY else await calendar_for(path)


def _issuer(path: str) -> str:
    return path.split(".")[-2]
