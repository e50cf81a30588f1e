"""How the facts of objects are gathered: those of many in a fixed number of queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tortoise.models import Model

from models import (
    Area,
    AuditEntry,
    BreakGlass,
    Claim,
    CoIssuer,
    Commitment,
    Credential,
    DutyItem,
    Evaluation,
    Event,
    Export,
    FlagEntry,
    FollowUp,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Honour,
    Inspection,
    InspectionPlan,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Objection,
    Pairing,
    PolicyVersion,
    Publication,
    Reporter,
    Request,
    RequestCategory,
    ScoreLock,
    Summons,
    Task,
    TaskScore,
    Template,
    Unit,
    Webhook,
    WebhookDelivery,
    WorkOrder,
)
from policies.facts import (
    Facts,
    area_facts,
    category_facts,
    claim_facts,
    commitment_facts,
    duty_item_facts,
    evaluation_facts,
    grant_facts,
    list_item_facts,
    member_facts,
    order_facts,
    own_facts,
    pairing_facts,
    policy_facts,
    publication_facts,
    request_facts,
    summons_facts,
    task_facts,
    unit_facts,
)
from policies.subjects import is_inside, subjects_of

R = TypeVar("R", bound=Model)


async def facts_of_many(objects: Sequence[Model]) -> list[Facts]:
    """In the order of the objects, in a fixed number of queries however many there are.

    The facts of an event are those of what it is about, as it was then; none, when that is gone.
    """
    subjects = await subjects_of(objects)
    around = await _surroundings(subjects)
    pairs = zip(objects, subjects, strict=True)
    return [_as_of(thing, around.facts(subject)) for thing, subject in pairs]


def _as_of(thing: Model, facts: Facts) -> Facts:
    """What happened before something was public does not become public with it."""
    return replace(facts, published=False) if isinstance(thing, Event) and is_inside(thing) else facts


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Rows beside some objects that their facts are made of.

    Tasks and co-issuers by summons, seats by area, reporters by request, units by the village.
    """

    summonses: dict[str, Summons]
    tasks: dict[str, list[Task]]
    co_issuers: dict[str, list[CoIssuer]]
    seats: dict[str, list[FollowUpGroupMember]]
    units: dict[str, Unit]
    accounts: dict[str, Member]
    reporters: dict[str, list[Reporter]]
    paired: dict[str, list[str]]

    def facts(self, subject: Model | None) -> Facts:
        if (of_row := OF_ROW.get(subject.__class__)) is not None:
            return of_row(subject)
        match subject:
            case Task():
                return self._task(subject)
            case Summons():
                return self._summons(subject)
            case FollowUp(summons_id=summons_id):
                return self._summons(self.summonses[summons_id])
            case FollowUpGroup(path=path):
                return Facts(area_path=path, group_ids=tuple(self._group(path)))
            case Evaluation() | TaskScore():
                lines, joined = self._lines([subject.unit_id]), self.co_issuers.get(subject.summons_id, [])
                return evaluation_facts(subject, joined, unit_lines=lines)
            case Credential(member_id=account):
                return member_facts(self.accounts[account])
            case Grant(unit_id=unit_id):
                return grant_facts(subject, self.units.get(unit_id or ""))
            case MetricSnapshot(path=path, unit_id=unit_id) | Notice(path=path, unit_id=unit_id):
                return Facts(area_path=path, unit_id=unit_id)
            case Request(id=id):
                return request_facts(subject, self.reporters.get(id, []))
            case WorkOrder(village=village):
                return order_facts(subject, paired=self.paired.get(village or "", ()))
            case FlagEntry(path=path, member_id=member_id) | Honour(path=path, member_id=member_id):
                return Facts(area_path=path, member_id=member_id)
            case AuditEntry() | Objection() | ScoreLock() | Template() | Webhook() | WebhookDelivery():
                return Facts(area_path=subject.path)
            case Inspection(path=path) | InspectionPlan(path=path):
                return Facts(area_path=path)
            case DutyItem(unit_id=unit_id):
                return duty_item_facts(subject, self.units.get(unit_id or ""))
        return Facts()

    def _task(self, task: Task) -> Facts:
        return task_facts(
            task,
            self.co_issuers.get(task.summons_id, []),
            unit_lines=self._lines([task.unit_id]),
            group_ids=self._group(task.path),
        )

    def _summons(self, summons: Summons) -> Facts:
        tasks = self.tasks.get(summons.id, [])
        return summons_facts(
            summons,
            tasks,
            self.co_issuers.get(summons.id, []),
            unit_lines=self._lines([task.unit_id for task in tasks]),
            group_ids=self._group(summons.path),
        )

    def _lines(self, unit_ids: Iterable[str]) -> list[str]:
        return [self.units[unit_id].line for unit_id in unit_ids if unit_id in self.units]

    def _group(self, issuer_path: str) -> list[str]:
        return [seat.member_id for seat in self.seats.get(_code(issuer_path), [])]


OF_ROW: dict[type, Callable[..., Facts]] = {
    Publication: publication_facts,
    Commitment: commitment_facts,
    Pairing: pairing_facts,
    ListItem: list_item_facts,
    Claim: claim_facts,
    Area: area_facts,
    Unit: unit_facts,
    Member: member_facts,
    PolicyVersion: policy_facts,
    BreakGlass: own_facts,
    Export: own_facts,
    RequestCategory: category_facts,
}
"""Those whose facts follow from the row alone."""


async def _surroundings(subjects: Sequence[Model | None]) -> _Surroundings:
    followed = _values(subjects, "summons_id", FollowUp)
    spawned = await _beside(Task, "summons_id", _values(subjects, "id", Summons) | followed)
    summons_ids = _values(subjects, "id", Summons) | _values(
        subjects, "summons_id", Task, Evaluation, TaskScore, FollowUp
    )
    codes = {_code(path) for path in _values(subjects, "path", Summons, Task, FollowUp, FollowUpGroup)}
    unit_ids = _values([*subjects, *spawned], "unit_id", Task, Evaluation, TaskScore, Grant, DutyItem)
    villages = await _beside(CoIssuer, "summons_id", summons_ids)
    accounts = await _beside(Member, "id", _values(subjects, "member_id", Credential))
    reporters = await _beside(Reporter, "request_id", _values(subjects, "id", Request))
    pairings = await _paired_with(_values(subjects, "village", WorkOrder))
    return _Surroundings(
        summonses={summons.id: summons for summons in await _beside(Summons, "id", followed)},
        tasks=_by(spawned, lambda task: task.summons_id),
        co_issuers=_by(villages, lambda village: village.summons_id),
        seats=_by(await _beside(FollowUpGroupMember, "area_id", codes), lambda seat: seat.area_id),
        units={unit.id: unit for unit in await _beside(Unit, "id", unit_ids)},
        accounts={member.id: member for member in accounts},
        reporters=_by(reporters, lambda reporter: reporter.request_id),
        paired={code: [one.unit_id for one in some] for code, some in pairings.items()},
    )


async def _paired_with(villages: set[str]) -> dict[str, list[Pairing]]:
    """By the village."""
    found = await _beside(Pairing, "area_id", villages)
    return _by([one for one in found if one.ended_at is None], lambda one: one.area_id)


def _values(subjects: Iterable[Model | None], attribute: str, *models: type[Model]) -> set[str]:
    return {getattr(subject, attribute) for subject in subjects if isinstance(subject, models)} - {None}


async def _beside(model: type[R], column: str, values: set[str]) -> list[R]:
    return await model.filter(**{f"{column}__in": values}) if values else []


def _code(path: str) -> str:
    """The area's own code: the last part of its path."""
    return path.rstrip(".").rpartition(".")[2]


def _by(rows: Iterable[R], key: Callable[[R], str]) -> dict[str, list[R]]:
    grouped: dict[str, list[R]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return grouped
