"""Rows that several fields of one operation ask for: fetched together, and each only once."""

from asyncio import Future
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property
from typing import Generic, TypeVar

from strawberry.dataloader import DataLoader as LibraryLoader
from strawberry.dataloader import get_current_batch
from tortoise.models import Model
from tortoise.queryset import QuerySet

from actions.available import Available, available_actions
from actions.break_glass import phones_for
from models import (
    Area,
    Attendance,
    CoIssuer,
    Credential,
    Decline,
    DutyItem,
    Evaluation,
    Grant,
    LogEpoch,
    Member,
    PolicyVersion,
    Proposal,
    ProposalState,
    Summons,
    Task,
    Unit,
)
from policies.actor import Actor
from policies.scopes import readable
from resolvers.cursors import LogCursors
from resolvers.ids import key_column
from resolvers.statistics import Figures, Period, figures_of
from resolvers.tallies import Counts, counts_of

Row = TypeVar("Row", bound=Model)
Key = TypeVar("Key")
Found = TypeVar("Found")


class Promise(Future[Found]):
    """What several fields wait for. When one of them is given up, as a field beside it failed, the others go on."""

    def cancel(self, msg: object = None) -> bool:
        return False


class DataLoader(LibraryLoader[Key, Found], Generic[Key, Found]):
    """Strawberry's, where whoever is cancelled while waiting for a key cancels it for everybody."""

    def load(self, key: Key) -> Awaitable[Found]:
        promise = self.cache_map.get(key)
        if promise is None:
            promise = Promise(loop=self.loop)
            self.cache_map.set(key, promise)
            get_current_batch(self).add_task(key, promise)
        return promise


class Loaders:
    """Only what the actor may read: an unreadable row is None, or missing from its list."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._rows: dict[type[Model], DataLoader[str, Model | None]] = {}

    @cached_property
    def areas(self) -> DataLoader[str, Area | None]:
        return self._by_key(Area)

    @cached_property
    def units(self) -> DataLoader[str, Unit | None]:
        return self._by_key(Unit)

    @cached_property
    def members(self) -> DataLoader[str, Member | None]:
        return self._by_key(Member)

    @cached_property
    def duty_items(self) -> DataLoader[str, DutyItem | None]:
        return self._by_key(DutyItem)

    @cached_property
    def summonses(self) -> DataLoader[str, Summons | None]:
        return self._by_key(Summons)

    @cached_property
    def tasks(self) -> DataLoader[str, Task | None]:
        return self._by_key(Task)

    @cached_property
    def areas_below(self) -> DataLoader[str, list[Area]]:
        """The areas whose parent has the code, by code."""
        return _grouped("parent_id", lambda: readable(Area, self.actor).order_by("code"))

    @cached_property
    def grants_of_member(self) -> DataLoader[str, list[Grant]]:
        return _grouped("member_id", lambda: readable(Grant, self.actor).order_by("since", "id"))

    @cached_property
    def grants(self) -> DataLoader[str, Grant | None]:
        return self._by_key(Grant)

    @cached_property
    def delegations_of_grant(self) -> DataLoader[str, list[Grant]]:
        return _grouped("source_id", lambda: readable(Grant, self.actor).order_by("since", "id"))

    @cached_property
    def phones(self) -> DataLoader[Member, str | None]:
        """As far as the actor may see them; to look is told in the log where it has to be."""

        async def load(members: list[Member]) -> list[str | None]:
            return await phones_for(self.actor, members)

        return DataLoader(load)

    @cached_property
    def credentials_of_member(self) -> DataLoader[str, list[Credential]]:
        """The newest first."""
        return _grouped("member_id", lambda: readable(Credential, self.actor).order_by("-created_at", "-id"))

    @cached_property
    def co_issuers_of_summons(self) -> DataLoader[str, list[CoIssuer]]:
        return _grouped("summons_id", lambda: CoIssuer.all().order_by("area_id"))

    @cached_property
    def tasks_of_summons(self) -> DataLoader[str, list[Task]]:
        """The lead first, then as they were made."""
        return _grouped(
            "summons_id", lambda: readable(Task, self.actor).order_by("-lead", "created_at", "id")
        )

    @cached_property
    def attendances_of_task(self) -> DataLoader[str, list[Attendance]]:
        return _grouped("task_id", lambda: Attendance.all().order_by("arrived_at", "id"))

    @cached_property
    def declines_of_task(self) -> DataLoader[str, list[Decline]]:
        return _grouped("task_id", lambda: Decline.all().order_by("declined_at", "id"))

    @cached_property
    def open_proposals_of_task(self) -> DataLoader[str, list[Proposal]]:
        opened = Proposal.filter(state=ProposalState.OPEN)
        return _grouped("task_id", lambda: opened.order_by("proposed_at", "id"))

    @cached_property
    def evaluations_of_task(self) -> DataLoader[str, list[Evaluation]]:
        return _grouped("task_id", lambda: readable(Evaluation, self.actor).order_by("submitted_at", "id"))

    @cached_property
    def policies_by_hash(self) -> DataLoader[str, PolicyVersion | None]:
        """The version published last of those with the same text."""
        versions = _grouped("hash", lambda: readable(PolicyVersion, self.actor).order_by("number"))

        async def load(hashes: list[str]) -> list[PolicyVersion | None]:
            return [found[-1] if found else None for found in await versions.load_many(hashes)]

        return DataLoader(load)

    @cached_property
    def available(self) -> DataLoader[Summons | Task, list[Available]]:
        async def load(objects: list[Summons | Task]) -> list[list[Available]]:
            return await available_actions(self.actor, objects)

        return DataLoader(load)

    @cached_property
    def figures(self) -> DataLoader[tuple[str, Period], Figures]:
        """The figures of a subtree, by its path and the period."""

        async def load(keys: list[tuple[str, Period]]) -> list[Figures]:
            return await figures_of(self.actor, keys)

        return DataLoader(load)

    @cached_property
    def tallies(self) -> DataLoader[str, Counts]:
        """How many summonses of a subtree are in each state, by its path."""

        async def load(paths: list[str]) -> list[Counts]:
            return await counts_of(self.actor, paths)

        return DataLoader(load)

    @cached_property
    def _epochs(self) -> DataLoader[int, LogCursors]:
        async def load(ids: list[int]) -> list[LogCursors]:
            return [LogCursors((await LogEpoch.get(id=id)).epoch) for id in ids]

        return DataLoader(load)

    async def log_cursors(self) -> LogCursors:
        return await self._epochs.load(1)

    def rows_of(self, model: type[Model]) -> DataLoader[str, Model | None]:
        if model not in self._rows:
            self._rows[model] = self._by_key(model)
        return self._rows[model]

    def _by_key(self, model: type[Row]) -> DataLoader[str, Row | None]:
        column = key_column(model)

        async def load(keys: list[str]) -> list[Row | None]:
            rows = await readable(model, self.actor).filter(**{f"{column}__in": keys})
            found = {getattr(row, column): row for row in rows}
            return [found.get(key) for key in keys]

        return DataLoader(load)


def present(rows: Iterable[Row | None]) -> list[Row]:
    """Those that were found."""
    return [row for row in rows if row is not None]


def _grouped(column: str, rows: Callable[[], QuerySet[Row]]) -> DataLoader[str, list[Row]]:
    async def load(keys: list[str]) -> list[list[Row]]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in await rows().filter(**{f"{column}__in": keys}):
            groups[getattr(row, column)].append(row)
        return [groups[key] for key in keys]

    return DataLoader(load)
