"""Rows that several fields of one operation ask for: fetched together, and each only once."""

from collections.abc import Iterable
from functools import cached_property, partial
from typing import TypeVar

from tortoise.models import Model

from actions import inspections
from actions.available import Available, available_actions
from actions.break_glass import look_at_reporters, phones_for
from actions.followup_visits import available_on
from actions.notices_by_hand import available_on as available_on_notices
from models import (
    Area,
    Attendance,
    Claim,
    CoIssuer,
    Credential,
    Decline,
    DutyItem,
    Evaluation,
    FollowUp,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Inspection,
    ListItem,
    LogEpoch,
    Member,
    MetricSnapshot,
    Notice,
    PolicyVersion,
    Proposal,
    Reporter,
    Request,
    RequestCategory,
    Summons,
    Task,
    TaskScore,
    Unit,
    WorkOrder,
)
from models.kept import Kept
from models.ledger import Ledger
from models.workflow import Stepped
from policies.scopes import seeing
from resolvers import lookups
from resolvers.booked import Booked, ledgers_of
from resolvers.cursors import LogCursors
from resolvers.later import DataLoader, KeptLoader
from resolvers.likeness import Likeness, alike_for
from resolvers.loading import Loading, groups_of
from resolvers.statistics import (
    Asked,
    Figures,
    FollowedUp,
    figures_of,
    followed_up_of,
    orphans_below,
    satisfaction_of,
)
from resolvers.tallies import Counts, counts_of, numbers_of_scores

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")


class Loaders(Loading):
    """One loader for each thing that several fields ask for."""

    @cached_property
    def areas(self) -> DataLoader[str, Area | None]:
        return self._kept_or_by_key(Area, AREAS)

    @cached_property
    def units(self) -> DataLoader[str, Unit | None]:
        return self._kept_or_by_key(Unit, UNITS)

    @cached_property
    def members(self) -> DataLoader[str, Member | None]:
        return self._kept_or_by_key(Member, MEMBERS)

    @cached_property
    def duty_items(self) -> DataLoader[str, DutyItem | None]:
        return self._by_key(DutyItem)

    @cached_property
    def summonses(self) -> DataLoader[str, Summons | None]:
        return self._by_key(Summons, partly=True)

    @cached_property
    def tasks(self) -> DataLoader[str, Task | None]:
        return self._by_key(Task, partly=True)

    @cached_property
    def requests(self) -> DataLoader[str, Request | None]:
        return self._by_key(Request)

    @cached_property
    def orders(self) -> DataLoader[str, WorkOrder | None]:
        return self._by_key(WorkOrder)

    @cached_property
    def published_figures(self) -> DataLoader[str, MetricSnapshot | None]:
        """For those who may read the publication that shows them."""
        return self._whole_by_key(MetricSnapshot)

    @cached_property
    def categories(self) -> DataLoader[str, RequestCategory | None]:
        return self._by_key(RequestCategory)

    @cached_property
    def categories_below(self) -> DataLoader[str, list[RequestCategory]]:
        return self._grouped(lookups.CATEGORIES_BELOW)

    @cached_property
    def list_items(self) -> DataLoader[str, ListItem | None]:
        return self._by_key(ListItem)

    @cached_property
    def claims_of_item(self) -> DataLoader[str, list[Claim]]:
        return self._grouped(lookups.CLAIMS_OF_ITEM)

    @cached_property
    def requests_of_summons(self) -> DataLoader[str, list[Request]]:
        return self._grouped(lookups.REQUESTS_OF_SUMMONS)

    @cached_property
    def merged_into_request(self) -> DataLoader[str, list[Request]]:
        return self._grouped(lookups.MERGED_INTO_REQUEST)

    @cached_property
    def alike(self) -> DataLoader[Request, list[Likeness]]:
        return DataLoader(partial(alike_for, self.actor))

    @cached_property
    def orders_of_request(self) -> DataLoader[str, list[WorkOrder]]:
        return self._grouped(lookups.ORDERS_OF_REQUEST)

    @cached_property
    def reporters_of_request(self) -> DataLoader[str, list[Reporter]]:
        return self._grouped(lookups.REPORTERS_OF_REQUEST)

    @cached_property
    def revealed_requests(self) -> DataLoader[Request, bool]:
        """To look is told in the log."""
        return DataLoader(partial(look_at_reporters, self.actor))

    @cached_property
    def areas_below(self) -> DataLoader[str, list[Area]]:
        """The areas whose parent has the code, by code."""
        if not self._trusting:
            return self._grouped(lookups.READABLE_BELOW)
        sees = seeing(self.actor, Area)
        each = None if sees is None else lambda areas: [one for one in areas if sees(one)]
        load = groups_of(self.actor, lookups.ALL_BELOW)
        return KeptLoader(load, AREAS_BELOW, each)  # type: ignore[return-value]  # there always is a list

    @cached_property
    def grants_of_member(self) -> DataLoader[str, list[Grant]]:
        return self._grouped(lookups.GRANTS_OF_MEMBER)

    @cached_property
    def grants(self) -> DataLoader[str, Grant | None]:
        return self._by_key(Grant)

    @cached_property
    def delegations_of_grant(self) -> DataLoader[str, list[Grant]]:
        return self._grouped(lookups.DELEGATIONS_OF_GRANT)

    @cached_property
    def phones(self) -> DataLoader[Member, str | None]:
        """As far as the actor may see them; to look is told in the log where it has to be."""

        return DataLoader(partial(phones_for, self.actor))

    @cached_property
    def credentials_of_member(self) -> DataLoader[str, list[Credential]]:
        return self._grouped(lookups.CREDENTIALS_OF_MEMBER)

    @cached_property
    def co_issuers_of_summons(self) -> DataLoader[str, list[CoIssuer]]:
        return self._grouped(lookups.CO_ISSUERS_OF_SUMMONS)

    @cached_property
    def tasks_of_summons(self) -> DataLoader[str, list[Task]]:
        """The lead first, then as they were made."""
        return self._grouped(lookups.TASKS_OF_SUMMONS)

    @cached_property
    def attendances_of_task(self) -> DataLoader[str, list[Attendance]]:
        return self._grouped(lookups.ATTENDANCES_OF_TASK)

    @cached_property
    def declines_of_task(self) -> DataLoader[str, list[Decline]]:
        return self._grouped(lookups.DECLINES_OF_TASK)

    @cached_property
    def open_proposals_of_task(self) -> DataLoader[str, list[Proposal]]:
        return self._grouped(lookups.OPEN_PROPOSALS_OF_TASK)

    @cached_property
    def ledgers(self) -> DataLoader[Booked, Ledger]:
        return DataLoader(partial(ledgers_of, self.actor))

    @cached_property
    def evaluations_of_task(self) -> DataLoader[str, list[Evaluation]]:
        return self._grouped(lookups.EVALUATIONS_OF_TASK)

    @cached_property
    def followups_of_summons(self) -> DataLoader[str, list[FollowUp]]:
        return self._grouped(lookups.FOLLOWUPS_OF_SUMMONS)

    @cached_property
    def followup_groups_of_area(self) -> DataLoader[str, list[FollowUpGroup]]:
        return self._grouped(lookups.FOLLOWUP_GROUPS_OF_AREA)

    @cached_property
    def seats_of_group(self) -> DataLoader[str, list[FollowUpGroupMember]]:
        return self._grouped(lookups.SEATS_OF_GROUP)

    @cached_property
    def available_on_followups(self) -> DataLoader[FollowUp, list[Available]]:
        return DataLoader(partial(available_on, self.actor))

    @cached_property
    def available_on_notices(self) -> DataLoader[Notice, list[Available]]:
        return DataLoader(partial(available_on_notices, self.actor))

    @cached_property
    def available_on_inspections(self) -> DataLoader[Inspection, list[Available]]:
        return DataLoader(partial(inspections.available_on, self.actor))

    @cached_property
    def scores_of_task(self) -> DataLoader[str, list[TaskScore]]:
        """Of each of its rounds."""
        return self._grouped(lookups.SCORES_OF_TASK)

    @cached_property
    def scores_of_lock(self) -> DataLoader[str, int]:
        """How many it holds."""
        return DataLoader(numbers_of_scores)

    @cached_property
    def policies_by_hash(self) -> DataLoader[str, PolicyVersion | None]:
        """The version published last of those with the same text."""
        versions = self._grouped(lookups.POLICIES_BY_HASH)

        async def load(hashes: list[str]) -> list[PolicyVersion | None]:
            return [found[-1] if found else None for found in await versions.load_many(hashes)]

        return DataLoader(load)

    @cached_property
    def available(self) -> DataLoader[Stepped, list[Available]]:
        return DataLoader(partial(available_actions, self.actor))

    @cached_property
    def figures(self) -> DataLoader[Asked, Figures]:
        return DataLoader(partial(figures_of, self.actor))

    @cached_property
    def satisfaction(self) -> DataLoader[Asked, float | None]:
        return DataLoader(partial(satisfaction_of, self.actor))

    @cached_property
    def orphans(self) -> DataLoader[str, int]:
        """In a subtree, by its path."""
        return DataLoader(orphans_below)

    @cached_property
    def followed_up(self) -> DataLoader[Asked, FollowedUp]:
        return DataLoader(partial(followed_up_of, self.actor))

    @cached_property
    def tallies(self) -> DataLoader[str, Counts]:
        """How many summonses of a subtree are in each state, by its path."""
        return DataLoader(partial(counts_of, self.actor))

    @cached_property
    def _epochs(self) -> DataLoader[int, LogCursors]:
        async def load(ids: list[int]) -> list[LogCursors]:
            return [LogCursors((await LogEpoch.get(id=id)).epoch) for id in ids]

        return DataLoader(load)

    async def log_cursors(self) -> LogCursors:
        return await self._epochs.load(1)


AREAS: Kept[Area] = Kept("area")
AREAS_BELOW: Kept[list[Area]] = Kept("area")
UNITS: Kept[Unit] = Kept("unit")
MEMBERS: Kept[Member] = Kept("member")


def present(rows: Iterable[Row | None]) -> list[Row]:
    """Those that were found."""
    return [row for row in rows if row is not None]
