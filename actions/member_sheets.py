"""Members from a table, with their posts and roles: entering many, or adding to those that are there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from tortoise.queryset import QuerySet

from actions.admin import is_live
from actions.logins import login_fault
from actions.members import LONGEST_NAME
from actions.record import Record, recording
from actions.responsibility import give_up_tasks
from actions.service_roles import SERVICE_ONLY
from actions.sheets import Imported, Progress, Sheet, batches, no_progress, refuse_in_line_order
from actions.texts import name_fault
from actions.turn import Faults
from models import Area, Grant, Member, Post, PostKind, Rank, Unit
from policies.actor import SYSTEM
from policies.scopes import whole
from policies.vocabulary import ROLES, UNIT_LEVEL

SHEET = Sheet(("login", "name", "unit_code", "area", "title", "rank", "roles"))
LONGEST_TITLE = 80
BATCH = 1_000


class Row(NamedTuple):
    """A line of the table, as it was written. `roles` is like ``unit_head@unit:U-1|village_secretary@area:4406…``."""

    line: int
    login: str
    name: str
    unit: str
    area: str
    title: str
    rank: str
    roles: str

    @property
    def holdings(self) -> Iterator[tuple[str, str, str]]:
        """Role, "unit" or "area", and code of each; empty strings where the text does not say."""
        for part in filter(None, (part.strip() for part in self.roles.split("|"))):
            role, _, place = part.partition("@")
            kind, _, code = place.partition(":")
            yield role, kind, code


@dataclass(slots=True)
class Plan:
    """The rows by login, and what the database has of their members, units and areas."""

    rows: dict[str, Row] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)

    @property
    def imported(self) -> Imported:
        return Imported(len(self.rows), sum(login not in self.members for login in self.rows))

    def home(self, row: Row) -> Area | None:
        """The home of the row's unit, else the area it names."""
        unit = self.units.get(row.unit)
        return self.areas.get(unit.home_area_id if unit else row.area)

    def territory(self, unit: Unit) -> Area:
        return self.areas[unit.command_area_id or unit.home_area_id]


async def check_members(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """What `import_members` would do. Raises all faults of the file at once."""
    return (await _checked(file)).imported


async def import_members(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """Enter the members, or change name, unit and post of those with the same login; all of them or none.

    Roles are added, never taken away. Whatever changes is told by its event.
    """
    async with recording() as record:
        plan = await _checked(file)
        imported = plan.imported
        await _enter(record, plan, progress)
        await _give_posts(record, plan)
        await _give_roles(record, plan)
    return imported


async def _checked(file: Iterable[str]) -> Plan:
    faults, plan = Faults(), Plan()
    for line, cells in SHEET.read(file, faults):
        row = Row(line, *cells)
        if row.login in plan.rows:
            faults.add("LOGIN_TWICE", str(line), "login")
        else:
            plan.rows[row.login] = row
    await _look_up(plan)
    for row in plan.rows.values():
        _check_words(row, faults)
        _check_places(row, plan, faults)
    refuse_in_line_order(faults)
    return plan


async def _look_up(plan: Plan) -> None:
    held = [holding for row in plan.rows.values() for holding in row.holdings]
    units = {row.unit for row in plan.rows.values()} | {code for _, kind, code in held if kind == "unit"}
    plan.units = {str(unit.code): unit for unit in await whole(Unit).filter(code__in=list(units))}
    areas = {row.area for row in plan.rows.values()} | {code for _, kind, code in held if kind == "area"}
    for unit in plan.units.values():
        areas |= {unit.home_area_id, unit.command_area_id or unit.home_area_id}
    plan.areas = {area.code: area for area in await whole(Area).filter(code__in=list(areas))}
    plan.members = {str(one.login): one for one in await whole(Member).filter(login__in=list(plan.rows))}


def _check_words(row: Row, faults: Faults) -> None:
    line = str(row.line)
    if fault := login_fault(row.login):
        faults.add(fault, line, "login")
    if fault := name_fault(row.name, LONGEST_NAME):
        faults.add(fault, line, "name")
    if row.title and (fault := name_fault(row.title, LONGEST_TITLE)):
        faults.add(fault, line, "title")
    if row.rank and row.rank not in Rank.__members__:
        faults.add("RANK_UNKNOWN", line, "rank")


def _check_places(row: Row, plan: Plan, faults: Faults) -> None:
    line = str(row.line)
    if row.unit and row.unit not in plan.units:
        faults.add("UNIT_UNKNOWN", line, "unit_code")
    elif row.area and row.area not in plan.areas:
        faults.add("AREA_UNKNOWN", line, "area")
    elif plan.home(row) is None:
        faults.add("UNIT_OR_AREA", line, "unit_code")
    if (known := plan.members.get(row.login)) and known.service_since is not None:
        faults.add("LOGIN_OF_SERVICE", line, "login")
    for role, kind, code in row.holdings:
        if fault := _holding_fault(role, kind, code, plan):
            faults.add(fault, line, "roles")


def _holding_fault(role: str, kind: str, code: str, plan: Plan) -> str | None:
    codes = {"unit": plan.units.keys(), "area": plan.areas.keys()}.get(kind)
    if codes is None:
        return "ROLE_MALFORMED"
    if role not in ROLES or not ROLES[role].held_at:
        return "ROLE_UNKNOWN"
    if role in SERVICE_ONLY:
        return "ROLE_FOR_SERVICE_ONLY"
    if code not in codes:
        return "UNIT_UNKNOWN" if kind == "unit" else "AREA_UNKNOWN"
    level = UNIT_LEVEL if kind == "unit" else plan.areas[code].level.value
    return None if level in ROLES[role].held_at else "ROLE_NOT_HELD_HERE"


async def _enter(record: Record, plan: Plan, progress: Progress) -> None:
    new = []
    for done, row in enumerate(plan.rows.values(), start=1):
        if member := plan.members.get(row.login):
            await _update(record, row, member, plan)
        else:
            member = plan.members[row.login] = Member(login=row.login, created_at=record.now, version=0)
            record.tell_of_admin(member, "member.created", SYSTEM, _fill(member, row, plan), name=row.name)
            new.append(member)
        progress(done, len(plan.rows))
    await Member.bulk_create(new, batch_size=BATCH)


def _fill(member: Member, row: Row, plan: Plan) -> Area:
    home, unit = plan.home(row), plan.units.get(row.unit)
    assert home is not None, "a missing place is a fault"
    member.name, member.unit_id = row.name, unit.id if unit else None
    member.area_id, member.area_path = home.code, home.path
    member.official = member.official or bool(row.title)
    return home


async def _update(record: Record, row: Row, member: Member, plan: Plan) -> None:
    before, left = _content(member), member.unit_id
    home = _fill(member, row, plan)
    if _content(member) == before:
        return
    record.tell_of_admin(member, "member.updated", SYSTEM, home, name=row.name)
    await member.save()
    if left is not None and left != member.unit_id:
        await give_up_tasks(record, member.id, [left])


def _content(member: Member) -> tuple[object, ...]:
    return member.name, member.unit_id, member.area_id, member.official


async def _give_posts(record: Record, plan: Plan) -> None:
    """A title that differs from the regular post held now ends that post."""
    held = await _by_member(Post.filter(kind=PostKind.REGULAR), record, plan)
    new = []
    for row in plan.rows.values():
        post, former = _post(record, row, plan), held[plan.members[row.login].id]
        if row.title and not any(_same_post(one, post) for one in former):
            await Post.filter(id__in=[one.id for one in former]).update(until=record.now)
            new.append(post)
    await Post.bulk_create(new, batch_size=BATCH)


def _post(record: Record, row: Row, plan: Plan) -> Post:
    member = plan.members[row.login]
    place = {"unit_id": member.unit_id} if member.unit_id else {"area_id": member.area_id}
    return Post(
        member_id=member.id,
        title=row.title,
        rank=Rank[row.rank or Rank.SECTION.name],
        since=record.now,
        **place,
    )


def _same_post(one: Post, other: Post) -> bool:
    return (one.title, one.rank, one.unit_id, one.area_id) == (
        other.title,
        other.rank,
        other.unit_id,
        other.area_id,
    )


async def _give_roles(record: Record, plan: Plan) -> None:
    held = await _by_member(whole(Grant), record, plan)
    new = []
    for row in plan.rows.values():
        member = plan.members[row.login]
        have = {(grant.role, grant.unit_id, grant.area_id) for grant in held[member.id]}
        for role, kind, code in row.holdings:
            grant, territory = _grant(record, member, role, kind, code, plan)
            if (role, grant.unit_id, grant.area_id) not in have:
                have.add((role, grant.unit_id, grant.area_id))
                record.tell_of_admin(grant, "grant.granted", SYSTEM, territory, role=role)
                new.append(grant)
    await Grant.bulk_create(new, batch_size=BATCH)


def _grant(record: Record, member: Member, role: str, kind: str, code: str, plan: Plan) -> tuple[Grant, Area]:
    grant = Grant(member_id=member.id, role=role, since=record.now, version=0)
    if kind == "unit":
        unit = plan.units[code]
        grant.unit_id, grant.level, grant.path = unit.id, UNIT_LEVEL, unit.line
        return grant, plan.territory(unit)
    area = plan.areas[code]
    grant.area_id, grant.level, grant.path = area.code, area.level.value, area.path
    return grant, area


Held = TypeVar("Held", Post, Grant)


async def _by_member(rows: QuerySet[Held], record: Record, plan: Plan) -> dict[str, list[Held]]:
    """What the members of the file hold now."""
    held = defaultdict(list)
    for some in batches(plan.members.values(), BATCH):
        for one in await rows.filter(member_id__in=[member.id for member in some]):
            if is_live(one.since, one.until, record.now):
                held[one.member_id].append(one)
    return held
