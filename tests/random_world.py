"""A random world for the tests of lists: every kind of row, and all the empty values the tables allow."""

from datetime import timedelta
from random import Random
from typing import TypeVar

from tortoise.models import Model
from tortoise.transactions import in_transaction

from models import (
    Area,
    AreaLevel,
    CoIssuer,
    DutyItem,
    Evaluation,
    Event,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Member,
    Summons,
    SummonsCategory,
    Task,
    TaskState,
    Unit,
    UnitKind,
    UnitLevel,
    clock,
)
from policies.actor import ANONYMOUS, SYSTEM, Actor, load_actors
from policies.facts import Facts, facts_of_many
from policies.vocabulary import ROLES

M = TypeVar("M", bound=Model)

CODES = "44 4406 440606 440606106 440606106004 440606106004001 440606106004001002 440606106201 440606104"
CODES += " 440606104219 440607 440607001 440607001200 51"
UNITS = {  # level, home, command area, parent
    "bureau": (UnitLevel.DISTRICT, "440606", None, None),
    "station": (UnitLevel.TOWN, "440606", "440606106", "bureau"),
    "brigade": (UnitLevel.DISTRICT, "440606", "440606106", "bureau"),
    "office": (UnitLevel.TOWN, "440606104", None, None),
    "city": (UnitLevel.CITY, "4406", None, None),
    "shop": (UnitLevel.VILLAGE, "440606106004", None, None),
    "far": (UnitLevel.CITY, "51", None, None),
}
LEVELS = {2: "PROVINCE", 4: "CITY", 6: "DISTRICT", 9: "TOWN", 12: "VILLAGE"}


class RandomWorld:
    """Every kind of row that can be read, with empty values wherever the tables allow them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: dict[type[Model], list[Model]] = {}
        self.now = clock.now()

    async def enter(self, row: M) -> M:
        await row.save(force_create=True)
        self.rows.setdefault(type(row), []).append(row)
        return row

    def any(self, model: type[M]) -> M:
        return self.random.choice([row for row in self.rows[model] if isinstance(row, model)])

    def perhaps(self, model: type[M]) -> M | None:
        return self.any(model) if self.random.random() < 0.6 else None

    async def build(self) -> None:
        """In one transaction, which is several times faster than many."""
        async with in_transaction():
            await self._build()

    async def _build(self) -> None:
        for code in CODES.split():
            await self._area(code)
        for code, (level, home, command, parent) in UNITS.items():
            await self._unit(code, level, home, command, parent)
        for index in range(15):
            await self._member(index)
            await self._duty_item(index)
        for role in [*ROLES.values(), ROLES["followup_member"]] * 3:
            if role.held_at:
                await self._grant(role.name, self.random.choice(role.held_at))
        await self._grant("observer", "SYSTEM")
        for _ in range(12):
            await self._seat()
        for index in range(16):
            await self._summons(index)
        for index, model in enumerate([Summons, Task, Unit, Member, Grant, Area, DutyItem] * 4):
            await self._event(index, self.any(model))

    async def _area(self, code: str) -> None:
        parent = next((up for up in reversed(self.rows.get(Area, [])) if code.startswith(up.pk)), None)
        path = f"{parent.path if isinstance(parent, Area) else ''}{code}."
        level = AreaLevel(LEVELS.get(len(code), "GRID"))
        depth = path.count(".")
        await self.enter(Area(code=code, name=code, level=level, parent=parent, path=path, depth=depth))

    async def _unit(
        self, code: str, level: UnitLevel, home: str, command: str | None, parent: str | None
    ) -> None:
        above = await Unit.get_or_none(code=parent)
        unit = Unit(code=code, name=code, kind=UnitKind.GOV_DEPARTMENT, level=level, parent=above)
        if code == "far":
            unit.id = "44"  # its line looks like the path of a province it does not lie in
        unit.home_area_id, unit.command_area_id, unit.created_at = home, command, self.now
        unit.line = f"{above.line if above else ''}{unit.id}."
        unit.territory = (await Area.get(code=command or home)).path
        await self.enter(unit)

    async def _member(self, index: int) -> None:
        home, official = self.any(Area), self.random.random() < 0.5
        unit = self.perhaps(Unit) if index else None
        member = Member(name=str(index), unit=unit, area=home, area_path=home.path, official=official)
        member.created_at, member.disabled_at = self.now, self.now if index % 8 == 7 else None
        await self.enter(member)

    async def _duty_item(self, index: int) -> None:
        await self.enter(DutyItem(code=str(index), title="duty", unit=self.perhaps(Unit)))

    async def _grant(self, role: str, level: str) -> None:
        day = timedelta(days=1)
        since, until = self.random.choice(
            [(-1, None), (-1, None), (-1, 1), (-2, -1), (1, None), (0, 1), (-1, 0)]
        )
        grant = Grant(member=self.any(Member), role=role, level=level, path="")
        grant.since, grant.until = self.now + since * day, None if until is None else self.now + until * day
        if level == "UNIT":
            unit = self.any(Unit)
            grant.unit_id, grant.path = unit.id, unit.line
        elif level != "SYSTEM":
            area = self.random.choice(await Area.filter(level=level).order_by("code"))
            grant.area_id, grant.path = area.code, area.path
        await self.enter(grant)

    async def _seat(self) -> None:
        area = (
            await Area.filter(level__in=["VILLAGE", "TOWN"])
            .order_by("code")
            .offset(self.random.randrange(5))
            .first()
        )
        group = await FollowUpGroup.create(area=area, name="group")
        await FollowUpGroupMember.create(group=group, area_id=group.area_id, member=self.any(Member))

    async def _summons(self, index: int) -> None:
        issuer = self.any(Area)
        summons = Summons(number=str(index), issuer=issuer, path=issuer.path, title="t", text="t")
        summons.category, summons.lead_unit = SummonsCategory.ECONOMY, self.perhaps(Unit)
        summons.created_at = summons.listed_at = summons.updated_at = self.now
        await self.enter(summons)
        for area in self.random.sample(await Area.all().order_by("code"), self.random.randrange(3)):
            await CoIssuer.create(summons=summons, area=area, path=area.path)
        for unit in self.random.sample(await Unit.all().order_by("code"), self.random.randrange(4)):
            await self._task(summons, unit)

    async def _task(self, summons: Summons, unit: Unit) -> None:
        task = Task(summons=summons, path=summons.path, unit=unit, territory=unit.territory)
        task.lead, task.state = self.random.random() < 0.5, self.random.choice(list(TaskState))
        task.responsible, disputed = self.perhaps(Member), self.perhaps(Area)
        task.disputed_path = disputed.path if disputed else None
        task.created_at = task.updated_at = self.now
        await self.enter(task)
        if self.random.random() < 0.5:
            evaluation = Evaluation(task=task, summons_id=summons.id, unit_id=unit.id, path=summons.path)
            evaluation.area_id, evaluation.scores, evaluation.total = summons.issuer_id, {}, 0
            evaluation.round, evaluation.submitted_at = self.random.choice([1, 2]), self.now
            await self.enter(evaluation)

    async def _event(self, version: int, about: Model) -> None:
        event = Event(type="t", aggregate=type(about).__name__, aggregate_id=about.pk, version=version)
        event.area_id, event.path, event.at = "44", "44.", self.now
        event.summons_id = about.id if isinstance(about, Summons) else getattr(about, "summons_id", None)
        event.task_id = about.id if isinstance(about, Task) else None
        await self.enter(event)

    async def facts(self, model: type[Model]) -> dict[str, Facts]:
        things = self.rows[model]
        return {thing.pk: facts for thing, facts in zip(things, await facts_of_many(things), strict=True)}

    async def actors(self) -> list[Actor]:
        """All members in the order of their making, the anonymous and the system."""
        members = [row.pk for row in self.rows[Member]]
        loaded = {actor.id: actor for actor in await load_actors(members, self.now)}
        return [*(loaded[member] for member in members), ANONYMOUS, SYSTEM]
