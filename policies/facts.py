"""What the rules look at: the facts of one object, whatever its type, and how they are gathered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tortoise.models import Model

from models import (
    Area,
    AuditEntry,
    BreakGlass,
    CoIssuer,
    Credential,
    DutyItem,
    Evaluation,
    FollowUpGroupMember,
    Grant,
    Member,
    MetricSnapshot,
    PolicyVersion,
    Summons,
    Task,
    Unit,
    Webhook,
    WebhookDelivery,
)
from policies.subjects import subjects_of
from policies.vocabulary import DIGITS, UNIT_LEVEL

R = TypeVar("R", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything is optional; what an object does not have matches no relation and no condition.

    Paths and lines end with a dot. `unit_ids` are the summoned (or evaluated) units and `unit_lines` their lines of
    command; `unit_id` is the unit something belongs to, `principal_id` in whose name a grant is used.
    `disputed_path` is the smallest area around all units in dispute. `rank`: see `vocabulary.DIGITS`.
    """

    area_path: str | None = None
    area_level: str | None = None
    issuer_path: str | None = None
    co_issuer_paths: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()
    unit_lines: tuple[str, ...] = ()
    lead_unit_id: str | None = None
    territory: str | None = None
    disputed_path: str | None = None
    responsible_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    member_id: str | None = None
    principal_id: str | None = None
    unit_id: str | None = None
    paired_unit_ids: tuple[str, ...] = ()
    reporter_id: str | None = None
    author_id: str | None = None
    grantee_id: str | None = None
    rank: int | None = None
    official: bool = False
    published: bool = False
    reason: bool = False
    town_party: bool = False


def area_facts(area: Area) -> Facts:
    """An area lies in itself."""
    return Facts(area_path=area.path, area_level=area.level)


def unit_facts(unit: Unit) -> Facts:
    """A unit lies in its territory, wherever its home is."""
    return Facts(area_path=unit.territory, territory=unit.territory, unit_id=unit.id)


def member_facts(member: Member) -> Facts:
    """A member lies in the area they belong to."""
    return Facts(
        area_path=member.area_path, member_id=member.id, unit_id=member.unit_id, official=member.official
    )


def policy_facts(policy: PolicyVersion) -> Facts:
    """A version of the rules lies where what it changes is in force."""
    return Facts(area_path=policy.path, author_id=policy.author_id, published=policy.published)


def duty_item_facts(item: DutyItem, unit: Unit | None) -> Facts:
    """`unit` is the item's unit, if it has one."""
    return Facts(area_path=unit.territory if unit else None, unit_id=item.unit_id)


def grant_facts(grant: Grant, unit: Unit | None) -> Facts:
    """`unit` is the grant's unit, if it is held in one: it then lies in the unit's territory and ranks with it."""
    return Facts(
        area_path=unit.territory if unit else _place(grant),
        rank=DIGITS.get(unit.level if unit else grant.level),
        member_id=grant.member_id,
        principal_id=grant.principal_id,
        grantee_id=grant.member_id,
        unit_id=grant.unit_id,
    )


def break_glass_facts(access: BreakGlass) -> Facts:
    """An emergency access belongs to who opened it, and lies where its object did."""
    return Facts(area_path=access.path, member_id=access.member_id)


def _place(grant: Grant) -> str | None:
    return None if grant.level == UNIT_LEVEL else grant.path


def summons_facts(
    summons: Summons,
    tasks: Sequence[Task],
    co_issuers: Sequence[CoIssuer],
    *,
    unit_lines: Iterable[str],
    group_ids: Iterable[str] = (),
) -> Facts:
    """`tasks`: all of its tasks; `unit_lines`: of their units; `group_ids`: who sits in the issuer's groups."""
    return Facts(
        area_path=summons.path,
        issuer_path=summons.path,
        co_issuer_paths=tuple(village.path for village in co_issuers),
        unit_ids=tuple(task.unit_id for task in tasks),
        unit_lines=tuple(unit_lines),
        lead_unit_id=summons.lead_unit_id,
        responsible_ids=tuple(task.responsible_id for task in tasks if task.responsible_id),
        group_ids=tuple(group_ids),
    )


def task_facts(
    task: Task, co_issuers: Sequence[CoIssuer], *, unit_lines: Iterable[str], group_ids: Iterable[str] = ()
) -> Facts:
    """`co_issuers` and `group_ids` are those of its summons, `unit_lines` holds the line of the task's unit."""
    return Facts(
        area_path=task.path,
        issuer_path=task.path,
        co_issuer_paths=tuple(village.path for village in co_issuers),
        unit_ids=(task.unit_id,),
        unit_lines=tuple(unit_lines),
        lead_unit_id=task.unit_id if task.lead else None,
        territory=task.territory,
        disputed_path=task.disputed_path,
        responsible_ids=(task.responsible_id,) if task.responsible_id else (),
        group_ids=tuple(group_ids),
    )


def evaluation_facts(
    evaluation: Evaluation, co_issuers: Sequence[CoIssuer], *, unit_lines: Iterable[str]
) -> Facts:
    """`co_issuers` are those of its summons, `unit_lines` holds the line of the evaluated unit."""
    return Facts(
        area_path=evaluation.path,
        issuer_path=evaluation.path,
        co_issuer_paths=tuple(village.path for village in co_issuers),
        unit_ids=(evaluation.unit_id,),
        unit_lines=tuple(unit_lines),
    )


async def facts_of_many(objects: Sequence[Model]) -> list[Facts]:
    """In the order of the objects, in a fixed number of queries however many there are.

    The facts of an event are those of what it is about; none, when that is gone.
    """
    subjects = await subjects_of(objects)
    around = await _surroundings(subjects)
    return [around.facts(subject) for subject in subjects]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Rows beside some objects that their facts are made of; tasks and co-issuers by summons, seats by area."""

    tasks: dict[str, list[Task]]
    co_issuers: dict[str, list[CoIssuer]]
    seats: dict[str, list[FollowUpGroupMember]]
    units: dict[str, Unit]
    accounts: dict[str, Member]

    def facts(self, subject: Model | None) -> Facts:
        match subject:
            case Task():
                return self._task(subject)
            case Summons():
                return self._summons(subject)
            case Evaluation(summons_id=summons_id, unit_id=unit_id):
                lines = self._lines([unit_id])
                return evaluation_facts(subject, self.co_issuers.get(summons_id, []), unit_lines=lines)
            case Unit():
                return unit_facts(subject)
            case Member():
                return member_facts(subject)
            case Credential(member_id=account):
                return member_facts(self.accounts[account])
            case Area():
                return area_facts(subject)
            case Grant(unit_id=unit_id):
                return grant_facts(subject, self.units.get(unit_id or ""))
            case BreakGlass():
                return break_glass_facts(subject)
            case MetricSnapshot(path=path, unit_id=unit_id):
                return Facts(area_path=path, unit_id=unit_id)
            case PolicyVersion():
                return policy_facts(subject)
            case AuditEntry(path=path) | Webhook(path=path) | WebhookDelivery(path=path):
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


async def _surroundings(subjects: Sequence[Model | None]) -> _Surroundings:
    spawned = await _beside(Task, "summons_id", _values(subjects, "id", Summons))
    summons_ids = _values(subjects, "id", Summons) | _values(subjects, "summons_id", Task, Evaluation)
    codes = {_code(path) for path in _values(subjects, "path", Summons, Task)}
    unit_ids = _values([*subjects, *spawned], "unit_id", Task, Evaluation, Grant, DutyItem)
    villages = await _beside(CoIssuer, "summons_id", summons_ids)
    accounts = await _beside(Member, "id", _values(subjects, "member_id", Credential))
    return _Surroundings(
        tasks=_by(spawned, lambda task: task.summons_id),
        co_issuers=_by(villages, lambda village: village.summons_id),
        seats=_by(await _beside(FollowUpGroupMember, "area_id", codes), lambda seat: seat.area_id),
        units={unit.id: unit for unit in await _beside(Unit, "id", unit_ids)},
        accounts={member.id: member for member in accounts},
    )


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
