"""What the runner of steps asks of a case, whatever is in it: one row under its lock, and all that belongs to it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, NamedTuple

from actions.objective import COUNTED
from actions.record import Record
from models import ClockKind, SlaClock, SummonsCategory, Tier
from models.workflow import Stepped, steps_of
from models.writes import Writes, changed, values_in
from policies.facts import Facts


class Limited(NamedTuple):
    """What says how long limits are."""

    path: str
    category: SummonsCategory | None = None
    tier: Tier | None = None


class Held(ABC):
    """`root` is the row that is locked, its parts are rows that hang on it and have states of their own.

    `clocks` are those that have not ended, of the root and all its parts; `touched` holds those that were started or
    changed, `known` names what was read by `read`, `stored` has the values of the rows as the database has them, by id.
    """

    __slots__ = ()

    clocks: list[SlaClock]
    touched: dict[str, SlaClock]
    known: set[str]
    stored: dict[str, tuple[object, ...]]

    CONSEQUENCES: ClassVar[tuple[str, ...]] = ()
    """Steps of the root that follow at once from what its parts became, in the order they are tried."""
    SHOWN_BY: ClassVar[tuple[str, ...]] = ()
    """What is read, by field name, for those to whom nothing else in it shows the case."""

    @property
    @abstractmethod
    def root(self) -> Stepped: ...

    @property
    @abstractmethod
    def rows(self) -> list[Stepped]:
        """The root, then its parts."""

    @property
    @abstractmethod
    def limited(self) -> Limited: ...

    @abstractmethod
    def facts(self, about: Stepped | None) -> Facts:
        """What rules look at: the facts of a part, or the root's own."""

    @abstractmethod
    def columns_of_event(self, about: Stepped | None) -> dict[str, object]:
        """What an event about a part, or about the root, says of it."""

    @abstractmethod
    def owner_of_clock(self, about: Stepped | None) -> dict[str, str | None]:
        """The columns of a clock that tell whose it is."""

    @abstractmethod
    async def read(self, names: Iterable[str]) -> None:
        """Load more of the case, by field name, unless it is loaded already."""

    @abstractmethod
    async def save(self, record: Record) -> None:
        """Write what has been told about in the record, and the clocks that were touched."""

    def hides(self, action: str, actor_id: str | None) -> bool:
        """Whether nobody is to learn who took a step of the root; then what follows from it does not name them."""
        return False

    def part(self, id: str | None) -> Stepped | None:
        return next((row for row in self.rows[1:] if row.id == id), None)

    def takes(self, action: str) -> bool:
        """Whether the root's state is one that the action starts from."""
        return self.root.state in steps_of(self.root)[action].starts

    def runs(self, kind: ClockKind, now: datetime) -> bool:
        """Whether such a clock runs and has time left."""
        return any(clock.kind == kind and now < clock.due_at for clock in self.clocks)

    def write_rows(self, writes: Writes, record: Record) -> set[str]:
        """Those that the record tells about; their ids."""
        told = {event.aggregate_id for event in record.events}
        for row in self.rows:
            if row.id in told:
                row.updated_at = record.now
                self._write(writes, row)
        return told

    def _write(self, writes: Writes, row: Stepped) -> None:
        if row.id in self.stored:
            writes.update(row, changed(row, self.stored[row.id]))
        else:
            writes.insert([row])
        self.stored[row.id] = values_in(row)

    def write_clocks(self, writes: Writes) -> None:
        """Of those that began and ended at once only what a score counts: a limit that was kept well."""
        for one in self.touched.values():
            if one._saved_in_db:
                writes.update(one, CHANGING)
        new = [one for one in self.touched.values() if not one._saved_in_db]
        writes.insert([one for one in new if one.stopped_at is None or one.kind in COUNTED])
        self.touched.clear()


CHANGING = ("due_at", "next_at", "stage", "remaining_s", "breached_at", "stopped_at")
