"""A case: one summons with its tasks and everything a step looks at, held under one lock."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from tortoise.expressions import Q

from actions.record import Record
from actions.settings_of_area import Settings
from models import (
    LIVE,
    ClockKind,
    CoIssuer,
    CoIssuerState,
    Decline,
    Evaluation,
    FollowUpGroupMember,
    Grant,
    Proposal,
    ProposalKind,
    ProposalState,
    SlaClock,
    Standing,
    Summons,
    Task,
    TaskState,
    Unit,
    clock,
)
from models.writes import Writes, changed, values_in
from policies.facts import Facts, summons_facts, task_facts
from policies.scopes import whole


@dataclass(slots=True)
class Case:
    """`clocks` are those that have not ended, of the summons and all its tasks.

    From `proposals` (the open ones) on, the fields are empty until they are read: `heads` has the longest-serving
    head of each unit that has one, `lines` the units' lines of command, `group_ids` the members of the issuer's
    follow-up groups. `known` names what was read, `touched` holds the clocks that were started or changed, `stored`
    the values of the summons and its tasks as they are in the database, by id.
    """

    summons: Summons
    tasks: list[Task]
    co_issuers: list[CoIssuer]
    clocks: list[SlaClock]
    settings: Settings
    proposals: list[Proposal] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    declines: list[Decline] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    group_ids: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    touched: dict[str, SlaClock] = field(default_factory=dict)
    stood: tuple[bool, datetime | None] = field(init=False)
    stored: dict[str, tuple[object, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.stood = (self.summons.resolved, self.summons.due_at)
        self.stored = {row.id: values_in(row) for row in self.rows if row._saved_in_db}

    @property
    def rows(self) -> list[Summons | Task]:
        return [self.summons, *self.tasks]

    def task(self, id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == id), None)

    @property
    def issuer_is_village(self) -> bool:
        return len(self.summons.issuer_id) == VILLAGE_DIGITS

    @property
    def live_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.state in LIVE]

    def live_task_of(self, unit_id: str) -> Task | None:
        return next((task for task in self.live_tasks if task.unit_id == unit_id), None)

    @property
    def unsigned(self) -> list[CoIssuer]:
        return [joined for joined in self.co_issuers if joined.state == CoIssuerState.ASKED]

    @property
    def evaluating_areas(self) -> list[str]:
        """Codes of the issuer and of the co-issuers who signed: each scores the tasks."""
        signed = [joined.area_id for joined in self.co_issuers if joined.state == CoIssuerState.SIGNED]
        return [self.summons.issuer_id, *signed]

    def facts(self, task: Task | None) -> Facts:
        """What rules look at: the task's facts, or the summons's own."""
        if task is None:
            lines = self._lines(*self.tasks)
            return summons_facts(
                self.summons, self.tasks, self.co_issuers, unit_lines=lines, group_ids=self.group_ids
            )
        return task_facts(task, self.co_issuers, unit_lines=self._lines(task), group_ids=self.group_ids)

    def facts_for_scoring(self, task: Task, area_code: str) -> Facts:
        """The task's facts as if only this one of the evaluating areas had issued the summons."""
        path = next((one.path for one in self.co_issuers if one.area_id == area_code), self.summons.path)
        return Facts(issuer_path=path, unit_ids=(task.unit_id,), unit_lines=tuple(self._lines(task)))

    def _lines(self, *tasks: Task) -> list[str]:
        return [self.lines[task.unit_id] for task in tasks if task.unit_id in self.lines]

    def proposal(self, task: Task, kind: ProposalKind) -> Proposal | None:
        return next((one for one in self.proposals if one.task_id == task.id and one.kind == kind), None)

    def missing_evaluations(self, task: Task) -> list[str]:
        """Codes of the areas that have not scored the task in its current round."""
        done = {one.area_id for one in self.evaluations if (one.task_id, one.round) == (task.id, task.round)}
        return [area for area in self.evaluating_areas if area not in done]

    async def read(self, names: Iterable[str]) -> None:
        """Load more of the case, by field name, unless it is loaded already."""
        await read([self], [name for name in names if name not in self.known])

    async def save(self, record: Record) -> None:
        """Write what has been told about in the record, the clocks that were touched, and how the case stands."""
        self._derive()
        writes, stands = Writes(), (self.summons.resolved, self.summons.due_at)
        told = {event.aggregate_id for event in record.events}
        for row in self.rows:
            if row.id in told:
                row.updated_at = record.now
                self._write(writes, row)
        self._write_clocks(writes)
        if self.stood != stands:
            if self.summons.id not in told:
                writes.update(self.summons, ["resolved", "due_at"])
            _change_standing(writes, self.summons, record.now)
        await writes.send()
        self.stood = stands

    def _write(self, writes: Writes, row: Summons | Task) -> None:
        if row.id in self.stored:
            writes.update(row, changed(row, self.stored[row.id]))
        else:
            writes.insert([row])
        self.stored[row.id] = values_in(row)

    def _write_clocks(self, writes: Writes) -> None:
        for one in self.touched.values():
            if one._saved_in_db:
                writes.update(one, CHANGING)
        writes.insert(
            [one for one in self.touched.values() if not one._saved_in_db and one.stopped_at is None]
        )
        self.touched.clear()

    def _derive(self) -> None:
        """Set what follows from the rest: the tasks' running limits, and how the summons stands in the figures."""
        for task in self.tasks:
            task.due_at = min(
                (one.due_at for one in self.clocks if one.task_id == task.id and _shows(one)), default=None
            )
        if not self.summons.closed_unresolved:
            counted = [task for task in self.tasks if task.state in LIVE or task.state == TaskState.EVALUATED]
            self.summons.due_at = max((task.limit_at for task in counted if task.limit_at), default=None)
            self.summons.resolved = bool(counted) and all(task.state in RESOLVED for task in counted)


VILLAGE_DIGITS = 12
RESOLVED = frozenset({TaskState.RESOLVED, TaskState.EVALUATED})
CHANGING = ("due_at", "next_at", "stage", "remaining_s", "breached_at", "stopped_at")
ANSWERS = frozenset(kind for kind in ClockKind if kind.endswith("_ANSWER"))


def _shows(limit: SlaClock) -> bool:
    """Whether the clock's limit is the one that its task is shown with."""
    return limit.remaining_s is None and limit.kind not in ANSWERS


def _change_standing(writes: Writes, summons: Summons, now: datetime) -> None:
    new = {"since": now, "until": None, "resolved": summons.resolved, "limit_at": summons.due_at}
    writes.update_values(Standing, {"until": now}, {"summons_id": summons.id, "until": None})
    writes.insert_values(Standing, [{"summons_id": summons.id, **new}])


async def read(cases: Sequence[Case], names: Iterable[str]) -> None:
    """Load more of the cases, by field name: one statement for each name."""
    for name in names:
        await READERS[name](cases)
        for case in cases:
            case.known.add(name)


class OfSummons(Protocol):
    """A row that belongs to a summons."""

    summons_id: str


Row = TypeVar("Row", bound=OfSummons)


def by_summons(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    sorted_out = defaultdict[str, list[Row]](list)
    for row in rows:
        sorted_out[row.summons_id].append(row)
    return sorted_out


def _ids(cases: Sequence[Case]) -> list[str]:
    return [case.summons.id for case in cases]


async def _read_proposals(cases: Sequence[Case]) -> None:
    """An open proposal has its answer's clock, so where no such clock is left there is nothing to look for."""
    ids = list({one.task_id for case in cases for one in case.clocks if one.kind in ANSWERS})
    rows = await Proposal.filter(task_id__in=ids, state=ProposalState.OPEN) if ids else []
    for case in cases:
        case.proposals = [row for row in rows if case.task(row.task_id)]


async def _read_evaluations(cases: Sequence[Case]) -> None:
    rows = by_summons(await whole(Evaluation).filter(summons_id__in=_ids(cases)))
    for case in cases:
        case.evaluations = rows[case.summons.id]


async def _read_declines(cases: Sequence[Case]) -> None:
    rows = by_summons(await Decline.filter(summons_id__in=_ids(cases)).order_by("declined_at", "id"))
    for case in cases:
        case.declines = rows[case.summons.id]


async def _read_heads(cases: Sequence[Case]) -> None:
    now, unit_ids = clock.now(), [task.unit_id for case in cases for task in case.live_tasks]
    held = whole(Grant).filter(
        unit_id__in=unit_ids, role="unit_head", since__lte=now, member__disabled_at=None
    )
    grants = await held.filter(Q(until=None) | Q(until__gt=now)).order_by("-since", "-id")
    heads = {str(grant.unit_id): grant.member_id for grant in grants}
    for case in cases:
        case.heads = heads


async def _read_lines(cases: Sequence[Case]) -> None:
    units = await whole(Unit).filter(id__in=list({task.unit_id for case in cases for task in case.tasks}))
    lines = {unit.id: unit.line for unit in units}
    for case in cases:
        case.lines = lines


async def _read_group_ids(cases: Sequence[Case]) -> None:
    seats = await FollowUpGroupMember.filter(area_id__in=list({case.summons.issuer_id for case in cases}))
    for case in cases:
        case.group_ids = [seat.member_id for seat in seats if seat.area_id == case.summons.issuer_id]


READERS: dict[str, Callable[[Sequence[Case]], Awaitable[None]]] = {
    "proposals": _read_proposals,
    "evaluations": _read_evaluations,
    "declines": _read_declines,
    "heads": _read_heads,
    "lines": _read_lines,
    "group_ids": _read_group_ids,
}
