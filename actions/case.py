"""A case: one summons with its tasks and everything a step looks at, held under one lock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from actions.case_reading import ANSWERS, READERS, read
from actions.held import Held, Limited
from actions.record import Record
from actions.settings_of_area import Settings
from actions.templates_of_area import template_in
from models import (
    LIVE,
    CoIssuer,
    CoIssuerState,
    Decline,
    Evaluation,
    FollowUp,
    Proposal,
    ProposalKind,
    SlaClock,
    Standing,
    Summons,
    Task,
    TaskScore,
    TaskState,
    Template,
    clock,
)
from models.workflow import AUTOMATIC, Stepped
from models.writes import Writes, values_in
from policies.facts import Facts, evaluation_facts, summons_facts, task_facts


@dataclass(slots=True)
class Case(Held):
    """A summons and its tasks.

    From `proposals` (the open ones) on, the fields are empty until they are read: `heads` has the longest-serving
    head of each unit that has one, `lines` the units' lines of command, `stationed` the stationed agencies among them,
    `scores` what came of the evaluations, `templates` all there are, `group_ids` the members of the issuer's follow-up
    groups, `followup` is the one that is planned.
    """

    CONSEQUENCES: ClassVar = AUTOMATIC
    SHOWN_BY: ClassVar = ("group_ids",)

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
    stationed: frozenset[str] = frozenset()
    scores: list[TaskScore] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)
    group_ids: list[str] = field(default_factory=list)
    followup: FollowUp | None = None
    known: set[str] = field(default_factory=set)
    touched: dict[str, SlaClock] = field(default_factory=dict)
    stood: tuple[bool, datetime | None] = field(init=False)
    stored: dict[str, tuple[object, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.stood = (self.summons.resolved, self.summons.due_at)
        self.stored = {row.id: values_in(row) for row in self.rows if row._saved_in_db}

    @property
    def root(self) -> Summons:
        return self.summons

    @property
    def rows(self) -> list[Stepped]:
        return [self.summons, *self.tasks, *self.evaluations]

    @property
    def limited(self) -> Limited:
        return Limited(self.summons.path, self.summons.category, self.summons.tier)

    def task(self, id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == id), None)

    def task_of(self, about: Task | Evaluation) -> Task:
        """The task that is evaluated, or the task itself."""
        return (
            about if isinstance(about, Task) else next(one for one in self.tasks if one.id == about.task_id)
        )

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

    def facts(self, about: Stepped | None) -> Facts:
        if isinstance(about, Evaluation):
            return evaluation_facts(about, self.co_issuers, unit_lines=self._lines(self.task_of(about)))
        if not isinstance(about, Task):
            lines = self._lines(*self.tasks)
            return summons_facts(
                self.summons, self.tasks, self.co_issuers, unit_lines=lines, group_ids=self.group_ids
            )
        return task_facts(about, self.co_issuers, unit_lines=self._lines(about), group_ids=self.group_ids)

    def columns_of_event(self, about: Stepped | None) -> dict[str, object]:
        task = self.task_of(about) if isinstance(about, Task | Evaluation) else None
        return {
            "aggregate": (about or self.summons).__class__.__name__,
            "area_id": self.summons.issuer_id,
            "path": self.summons.path,
            "summons_id": self.summons.id,
            "task_id": task.id if task else None,
            "unit_id": task.unit_id if task else None,
        }

    def owner_of_clock(self, about: Stepped | None) -> dict[str, str | None]:
        return {
            "summons_id": self.summons.id,
            "task_id": about.id if isinstance(about, Task) else None,
            "evaluation_id": about.id if isinstance(about, Evaluation) else None,
        }

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

    def score(self, task: Task) -> TaskScore | None:
        return next((one for one in self.scores if (one.task_id, one.round) == (task.id, task.round)), None)

    def template(self, task: Task) -> Template:
        """What the task is scored by: once scored in part, always the same; else what was in force at its result."""
        if score := self.score(task):
            return next(one for one in self.templates if one.id == score.template_id)
        day = clock.local_date(task.result_at or clock.now())
        return template_in(self.templates, self.summons.path, day, stationed=task.unit_id in self.stationed)

    async def read(self, names: Iterable[str]) -> None:
        wanted = set(names) - self.known
        await read([self], [name for name in READERS if name in wanted])

    async def save(self, record: Record) -> None:
        """Also how the case stands, if that has changed."""
        self._derive()
        writes, stands = Writes(), (self.summons.resolved, self.summons.due_at)
        told = self.write_rows(writes, record)
        self.write_clocks(writes)
        if self.stood != stands:
            if self.summons.id not in told:
                writes.update(self.summons, ["resolved", "due_at"])
            _change_standing(writes, self.summons, record.now)
        await writes.send()
        self.stood = stands

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


def _shows(limit: SlaClock) -> bool:
    """Whether the clock's limit is the one that its task is shown with."""
    return limit.remaining_s is None and limit.kind not in ANSWERS


def _change_standing(writes: Writes, summons: Summons, now: datetime) -> None:
    new = {"since": now, "until": None, "resolved": summons.resolved, "limit_at": summons.due_at}
    writes.update_values(Standing, {"until": now}, {"summons_id": summons.id, "until": None})
    writes.insert_values(Standing, [{"summons_id": summons.id, **new}])
