"""Whom a change of the rules bears upon: the members whose roles give them more or less than before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from tortoise.expressions import Q, Subquery

from models import Grant
from policies.actor import Actor, LiveGrant
from policies.book import RuleBook
from policies.clauses import Clause, as_q, both, either, one_of, within
from policies.reading.comparison import Comparison
from policies.reading.cover import EVERYBODY
from policies.reading.spelling import Pair
from policies.trial.shifts import NO_SHIFT, Shift, shift_of
from policies.vocabulary import LEVELS, ROLES

Seat = tuple[str, str]
"""Role and level."""
Shifts = tuple[tuple[Pair, Shift], ...]
Held = Sequence[str]
"""Role, level, path and (None at an area) unit of a grant."""

Signature = tuple[tuple[object, ...], ...]

NEWCOMER = Actor(id="nobody in particular")
"""Signed in, without a single grant."""


class Touched(NamedTuple):
    """A member, and what becomes of their rights."""

    name: str
    member_id: str
    shifts: Shifts


@dataclass(frozen=True, slots=True)
class Bearing:
    """`everybody` is what changes for each signed-in member whose roles do not give it all the same.

    `members`, sorted by name, are those for whom something changes by their roles, or otherwise than for everybody.
    Those who are disabled are not among them.
    """

    everybody: Shifts
    members: tuple[Touched, ...]


async def bearing_of(before: RuleBook, after: RuleBook, changes: Comparison, now: datetime) -> Bearing:
    """By the grants live at `now`, in one query. `changes` are those from `before` to `after`."""
    books = _Books(before, after)
    pairs = {(cell.type, cell.action) for cell in changes.cells}
    everybody = books.shifts(NEWCOMER, pairs)
    wanted = _seats(books, changes, {pair for pair, _ in everybody})
    members = await _members(books, wanted, everybody, changes.place, now) if wanted else []
    return Bearing(everybody, tuple(sorted(members)))


@dataclass(frozen=True, slots=True)
class _Books:
    before: RuleBook
    after: RuleBook

    def shifts(self, actor: Actor, pairs: Iterable[Pair]) -> Shifts:
        """Those of the pairs that shift at all."""
        found = ((pair, shift_of(self.before, self.after, actor, pair)) for pair in sorted(pairs))
        return tuple((pair, shift) for pair, shift in found if shift != NO_SHIFT)

    def seats(self, pair: Pair) -> Iterator[Seat]:
        """Where a role can be held that some rule about the pair is for."""
        for book in (self.before, self.after):
            for rule in book.by_action.get(pair, ()):
                for role in book.bearers(rule.role):
                    yield from ((role, level) for level in ROLES[role].held_at)

    def insides(self, pairs: Iterable[Pair]) -> tuple[str, ...]:
        rules = (
            rule
            for book in (self.before, self.after)
            for pair in pairs
            for rule in book.by_action.get(pair, ())
        )
        return tuple(sorted({rule.inside for rule in rules} - {""}))


def _seats(books: _Books, changes: Comparison, told: set[Pair]) -> dict[Seat, set[Pair]]:
    """By role and level, what may have changed there; `told` is what everybody gains or loses."""
    seats: dict[Seat, set[Pair]] = defaultdict(set)
    for cell in changes.cells:
        pair = (cell.type, cell.action)
        if cell.role not in EVERYBODY:
            seats[cell.role, cell.level].add(pair)
        elif pair not in told:
            for seat in books.seats(pair):
                seats[seat].add(pair)
    return seats


async def _members(
    books: _Books, wanted: dict[Seat, set[Pair]], everybody: Shifts, place: str, now: datetime
) -> list[Touched]:
    pairs = {pair for some in wanted.values() for pair in some}
    of_interest = {seat for pair in pairs for seat in books.seats(pair)}
    insides, found = books.insides(pairs), list[Touched]()
    known: dict[Signature, Shifts] = {}
    for (member_id, name), held in (await _holdings(of_interest, set(wanted), place, now)).items():
        signature = _signature(held, insides)
        if signature not in known:
            shifts = books.shifts(_holding(held), pairs)
            known[signature] = tuple(one for one in shifts if one not in everybody)
        if shifts := known[signature]:
            found.append(Touched(name, member_id, shifts))
    return found


async def _holdings(
    of_interest: set[Seat], wanted: set[Seat], place: str, now: datetime
) -> dict[tuple[str, str], list[Held]]:
    """By id and name, those who hold what is wanted: with these grants and their others of interest."""
    live = Q(since__lte=now, revoked_at__isnull=True) & (Q(until__isnull=True) | Q(until__gt=now))
    live &= Q(member__disabled_at__isnull=True, principal__disabled_at__isnull=True)
    query = Grant.filter(live & as_q(_of(of_interest)))
    if place or wanted != of_interest:
        there = both(_of(wanted), within("path", [place]) if place else True)
        query = query.filter(member_id__in=Subquery(Grant.filter(as_q(there)).values("member_id")))
    holdings: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for member_id, name, *held in await query.values_list("member_id", "member__name", *_COLUMNS):
        holdings[member_id, name].append(held)
    return holdings


_COLUMNS = ("role", "level", "path", "unit_id")


def _holding(held: Iterable[Held]) -> Actor:
    grants = (LiveGrant(role, level, path, None, unit_id) for role, level, path, unit_id in held)
    return Actor(id="somebody", grants=tuple(grants))


def _of(seats: Iterable[Seat]) -> Clause:
    roles: dict[tuple[str, ...], list[str]] = defaultdict(list)
    levels: dict[str, list[str]] = defaultdict(list)
    for role, level in seats:
        levels[role].append(level)
    for role, some in levels.items():
        roles[tuple(sorted(some, key=LEVELS.index))].append(role)
    return either(both(one_of("role", names), one_of("level", some)) for some, names in roles.items())


def _signature(held: list[Held], insides: tuple[str, ...]) -> Signature:
    """The same for members to whom the same happens: the same roles held alike, wherever that is."""
    places: dict[str, int] = {}
    return tuple(
        (role, level, places.setdefault(path, len(places)), *map(path.startswith, insides))
        for role, level, path, _ in (sorted(held, key=_ROLE_FIRST) if len(held) > 1 else held)
    )


_ROLE_FIRST = itemgetter(0, 1, 2)
