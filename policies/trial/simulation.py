"""What a change of the rules would do, before it is done. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.models import Model

from models import Grant, Member
from policies.actor import SYSTEM, Actor
from policies.book import RuleBook
from policies.clauses import Clause, both, negation, rows
from policies.compile import compile_scope
from policies.loading import load_actors
from policies.reading.comparison import Comparison, compare
from policies.reading.spelling import Pair
from policies.scopes import DELEGATION, TYPES, readable
from policies.trial.lockout import locked_out
from policies.trial.replay import Replay, replay
from policies.trial.shifts import Shift
from policies.trial.touched import NEWCOMER, Shifts, Touched, bearing_of

MOST_MEMBERS = 100
MOST_COUNTS = 400
AT_ONCE = 500
LONGEST_REPLAY = 366
"""Days."""

OBJECTS: dict[str, tuple[type[Model], Clause]] = {
    **{type: (model, True) for model, type in TYPES.items()},
    TYPES[Grant]: (Grant, Q(principal_id__isnull=True)),
    DELEGATION: (Grant, Q(principal_id__isnull=False)),
}
"""By type, where its objects are kept."""


@dataclass(frozen=True, slots=True)
class RightChange:
    """A right that is given or taken. Rows are those the right newly reaches, or no longer.

    `gains` and `loses` tell what the rules say; they may come to no row at all. Rows are None when they were not
    counted: there is no table of such objects, or there were too many counts before.
    """

    type: str
    action: str
    gains: bool
    loses: bool
    rows_gained: int | None
    rows_lost: int | None


@dataclass(frozen=True, slots=True)
class TouchedMember:
    """A member whose rights change, by the roles they hold now."""

    member_id: str
    name: str
    changes: tuple[RightChange, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """`everybody` is what changes for each signed-in member, unless their roles give it all the same; rows are those
    of one without any role.

    `touched` counts all for whom something changes by their roles; `members` are the first of them by name whom the
    asker may read, at most 100. `counts_left_out`: some rows were not counted, because they were too many.
    `locked_out` are reason codes of what nobody could do any more.
    """

    changes: Comparison
    everybody: tuple[RightChange, ...]
    touched: int
    members: tuple[TouchedMember, ...]
    counts_left_out: bool
    locked_out: tuple[str, ...]
    replay: Replay


async def simulate(
    before: RuleBook,
    after: RuleBook,
    now: datetime,
    *,
    seat: str,
    days: int = 30,
    asker: Actor = SYSTEM,
    most_counts: int = MOST_COUNTS,
) -> Simulation:
    """By the grants live at `now` and the decisions of the last `days` (0–366; others are taken as the nearest).

    `seat`: path of the district that decides about the rules.
    """
    changes = compare(before, after)
    bearing = await bearing_of(before, after, changes, now)
    counter = _Counter(before, after, most_counts)
    everybody = await counter.changes(NEWCOMER, bearing.everybody)
    members = await _members(counter, await _shown(bearing.members, asker), now)
    span = timedelta(days=min(max(days, 0), LONGEST_REPLAY))
    return Simulation(
        changes,
        everybody,
        len(bearing.members),
        members,
        counter.refused,
        tuple(await locked_out(after, seat, now)),
        await replay(before, after, {(cell.type, cell.action) for cell in changes.cells}, now - span),
    )


async def _shown(members: Sequence[Touched], asker: Actor) -> list[Touched]:
    """The first whom the asker may read."""
    shown: list[Touched] = []
    for start in range(0, len(members), AT_ONCE):
        some = members[start : start + AT_ONCE]
        known = readable(Member, asker).filter(id__in=[one.member_id for one in some])
        ids = {id for (id,) in await known.values_list("id")}
        shown += [one for one in some if one.member_id in ids]
        if len(shown) >= MOST_MEMBERS:
            break
    return shown[:MOST_MEMBERS]


async def _members(
    counter: "_Counter", touched: Sequence[Touched], now: datetime
) -> tuple[TouchedMember, ...]:
    actors = {actor.id: actor for actor in await load_actors([one.member_id for one in touched], now)}
    return tuple(
        [
            TouchedMember(one.member_id, one.name, await counter.changes(actors[one.member_id], one.shifts))
            for one in touched
        ]
    )


@dataclass(slots=True)
class _Counter:
    """Counts each set of rows once, whoever asks for it, and at most so many sets; `refused` says it had to stop."""

    before: RuleBook
    after: RuleBook
    left: int
    refused: bool = False
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)

    async def changes(self, actor: Actor, shifts: Shifts) -> tuple[RightChange, ...]:
        return tuple([await self._change(actor, pair, shift) for pair, shift in shifts])

    async def _change(self, actor: Actor, pair: Pair, shift: Shift) -> RightChange:
        if pair[0] not in OBJECTS:
            return RightChange(*pair, *shift, None, None)
        model, kept = OBJECTS[pair[0]]
        old = compile_scope(self.before, actor, *pair).clause(model)
        new = compile_scope(self.after, actor, *pair).clause(model)
        gained = await self._rows(model, both(kept, new, negation(model, old))) if shift.gains else 0
        lost = await self._rows(model, both(kept, old, negation(model, new))) if shift.loses else 0
        return RightChange(*pair, *shift, gained, lost)

    async def _rows(self, model: type[Model], clause: Clause) -> int | None:
        if clause is False:
            return 0
        key = _wording(model, clause)
        if key not in self._known:
            if self.left == 0:
                self.refused = True
                return None
            self.left -= 1
            self._known[key] = await rows(model, clause).count()
        return self._known[key]


def _wording(model: type[Model], clause: Clause) -> tuple[object, ...]:
    """The same for clauses that ask the same of the same rows."""
    count = rows(model, clause).count()
    count.sql()  # makes `query`; told with its values in place it would leave out those of subqueries
    statement, values = count.query.get_parameterized_sql()
    return statement, *values
