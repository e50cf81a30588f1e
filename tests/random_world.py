"""A random world for the tests of lists: every kind of row, and all the empty values the tables allow."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Self, TypeVar

from copied import copied
from tortoise.models import Model
from tortoise.transactions import in_transaction
from unsealed import unsealed

from models import (
    Area,
    AreaLevel,
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
    ExportFormat,
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
    PolicyState,
    PolicyVersion,
    Publication,
    Reporter,
    Request,
    RequestCategory,
    Summons,
    SummonsCategory,
    Task,
    TaskScore,
    TaskState,
    Template,
    Unit,
    UnitKind,
    UnitLevel,
    Webhook,
    WebhookDelivery,
    WorkOrder,
    clock,
)
from policies.actor import ANONYMOUS, SYSTEM, Actor
from policies.facts import Facts
from policies.gathering import facts_of_many
from policies.loading import load_actors
from policies.vocabulary import ROLES

M = TypeVar("M", bound=Model)

CODES = "44 4406 440606 440606106 440606106004 440606106004001 440606106004001002 440606106201 440606104"
CODES += " 440606104219 440607 440607001 440607001200 51"
TRAPS = {  # their paths differ from a neighbour's only by a digit more or less: level, parent
    "440": ("PROVINCE", None),
    "44060": ("DISTRICT", "4406"),
    "4406061060": ("TOWN", "440606"),
    "4406061060040": ("VILLAGE", "440606106"),
}
UNITS = {  # level, home, command area, parent
    "bureau": (UnitLevel.DISTRICT, "440606", None, None),
    "station": (UnitLevel.TOWN, "440606", "440606106", "bureau"),
    "brigade": (UnitLevel.DISTRICT, "440606", "440606106", "bureau"),
    "office": (UnitLevel.TOWN, "440606104", None, None),
    "city": (UnitLevel.CITY, "4406", None, None),
    "shop": (UnitLevel.VILLAGE, "440606106004", None, None),
    "far": (UnitLevel.CITY, "51", None, None),
    "station2": (UnitLevel.TOWN, "4406061060", None, "bureau"),
    "desk": (UnitLevel.VILLAGE, "440606106", "440606106004", "station"),
}
ULID = 26
LEVELS = {2: "PROVINCE", 4: "CITY", 6: "DISTRICT", 9: "TOWN", 12: "VILLAGE"}


class RandomWorld:
    """Every kind of row that can be read, with empty values wherever the tables allow them.

    The same seed makes the same rows, ids included. Grants run from or to days around `now`.
    """

    def __init__(self, seed: int, now: datetime | None = None) -> None:
        self.seed, self.random = seed, Random(seed)
        self.rows: dict[type[Model], list[Model]] = {}
        self.now = now or clock.now()

    async def enter(self, row: M) -> M:
        if isinstance(row.pk, str) and len(row.pk) == ULID:
            row.pk = f"{type(row).__name__.lower()}-{len(self.rows.get(type(row), []))}"
        await row.save(force_create=True)
        self.rows.setdefault(type(row), []).append(row)
        return row

    def any(self, model: type[M]) -> M:
        return self.random.choice([row for row in self.rows[model] if isinstance(row, model)])

    def perhaps(self, model: type[M]) -> M | None:
        return self.any(model) if self.random.random() < 0.6 else None

    async def build(self) -> None:
        """In one transaction, which is several times faster than many, or copied; a copy may be of minutes ago."""
        built = await copied(self._build, "random", self.seed, self.now.date())
        self.__dict__.update(vars(built))

    async def _build(self) -> Self:
        async with in_transaction():
            await self._enter_everything()
        return self

    async def _enter_everything(self) -> None:
        for code in CODES.split():
            above = [up.pk for up in self.rows.get(Area, []) if code.startswith(up.pk)]
            await self._area(code, LEVELS.get(len(code), "GRID"), above[-1] if above else None)
        for code, (area_level, above_it) in TRAPS.items():
            await self._area(code, area_level, above_it)
        for code, (level, home, command, parent) in UNITS.items():
            await self._unit(code, level, home, command, parent)
        for index in range(15):
            await self._member(index)
            await self._duty_item(index)
        for lasting in (True, False, False):
            for role in [*ROLES.values(), ROLES["followup_member"]]:
                if role.held_at:
                    await self._grant(role.name, self.random.choice(role.held_at), lasting)
        for role in ("observer", "integration_client", "role_of_old"):
            await self._grant(role, "SYSTEM")
        for _ in range(12):
            await self._seat()
            await self._access()
            await self._export()
            await self._version()
            await self._snapshot()
        for number in range(2, 8):
            await self._template(number)
        for seq in range(1, 1 if await AuditEntry.exists() else 8):
            await self._entry(seq)
        for index in range(16):
            await self._summons(index)
        for index in range(12):
            await self._request(index)
            await self._publication(index)
            await self._inspection()
        about = [Summons, Task, Unit, Member, Grant, Area, DutyItem, BreakGlass, Request, WorkOrder]
        about += [RequestCategory, MetricSnapshot, Export]
        about += [
            Publication,
            Notice,
            Commitment,
            Honour,
            Inspection,
            InspectionPlan,
            Pairing,
            ListItem,
            Claim,
        ]
        for index, model in enumerate(about * 4):
            await self._event(index, self.any(model))
        for member in self.rows[Member]:
            await self._event(1, await self._credential(member))
            await self._event(1, await self._webhook(member))

    async def clear(self) -> None:
        """Delete every row, the last one first. The audit log cannot be cleared: the next world has the same one."""
        async with unsealed("snapshot"), unsealed("flag"), in_transaction():
            for row in reversed([row for rows in self.rows.values() for row in rows]):
                if not isinstance(row, AuditEntry):
                    await row.delete()

    async def _area(self, code: str, level: str, above: str | None) -> None:
        parent = await Area.get_or_none(code=above)
        area = Area(code=code, name=code, level=AreaLevel(level), parent=parent)
        area.path = f"{parent.path if parent else ''}{code}."
        area.depth = area.path.count(".")
        await self.enter(area)

    async def _unit(
        self, code: str, level: UnitLevel, home: str, command: str | None, parent: str | None
    ) -> None:
        above = await Unit.get_or_none(code=parent)
        unit = Unit(code=code, name=code, kind=UnitKind.GOV_DEPARTMENT, level=level, parent=above)
        unit.id = (
            "44" if code == "far" else code
        )  # its line looks like the path of a province it does not lie in
        unit.home_area_id, unit.command_area_id, unit.created_at = home, command, self.now
        unit.line = f"{above.line if above else ''}{unit.id}."
        unit.territory = (await Area.get(code=command or home)).path
        await self.enter(unit)

    async def _member(self, index: int) -> None:
        home, official = self.any(Area), self.random.random() < 0.5
        unit = self.perhaps(Unit) if index else None
        member = Member(name=str(index), unit=unit, area=home, area_path=home.path, official=official)
        member.created_at, member.disabled_at = self.now, self.now if index % 5 == 4 else None
        await self.enter(member)

    async def _duty_item(self, index: int) -> None:
        await self.enter(DutyItem(code=str(index), title="duty", unit=self.perhaps(Unit)))

    async def _grant(self, role: str, level: str, lasting: bool = False) -> None:
        """A lasting one is in force for certain, unless its member is disabled."""
        day = timedelta(days=1)
        spans = [(-1, None), (-1, 1), (-1, 1), (-2, -1), (1, None), (0, 1), (-1, 0)]
        since, until = spans[0] if lasting else self.random.choice(spans)
        grant = Grant(member=self.any(Member), role=role, level=level, path="")
        if not lasting:
            grant.revoked_at = self.now if self.random.random() < 0.15 else None
            grant.principal_id = self.any(Member).id if self.random.random() < 0.3 else None
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
        group = await self.enter(FollowUpGroup(area=area, path=area.path, name="group"))
        seat = FollowUpGroupMember(group=group, area_id=group.area_id, member=self.any(Member))
        await self.enter(seat)

    async def _access(self) -> None:
        area = self.any(Area)
        access = BreakGlass(member=self.any(Member), kind="Member", object_id=self.any(Member).id)
        access.area_id, access.path, access.reason = area.code, area.path, "r"
        access.opened_at = access.until = self.now
        await self.enter(access)

    async def _export(self) -> None:
        area = self.any(Area)
        export = Export(member=self.any(Member), ledger="areas", format=ExportFormat.CSV, path=area.path)
        export.area_id, export.created_at = area.code, self.now
        await self.enter(export)

    async def _version(self) -> None:
        """Of rules; never the one in force, which everybody who is loaded would go by."""
        area, author = self.perhaps(Area), self.perhaps(Member)
        version = PolicyVersion(area=area, author=author, text="", hash="", path=area.path if area else "")
        version.state = self.random.choice([PolicyState.DRAFT, PolicyState.RETIRED])
        version.published, version.created_at = self.random.random() < 0.5, self.now
        await self.enter(version)

    async def _snapshot(self) -> None:
        area, day = self.any(Area), self.now.date()
        snapshot = MetricSnapshot(metric="CLOSING", area=area, path=area.path, unit=self.perhaps(Unit))
        snapshot.definition, snapshot.digest, snapshot.numerator, snapshot.denominator = {}, "", 0, 0
        snapshot.first_day, snapshot.last_day, snapshot.as_of, snapshot.taken_at = (
            day,
            day,
            self.now,
            self.now,
        )
        await self.enter(snapshot)

    async def _template(self, number: int) -> None:
        area = self.perhaps(Area)
        template = Template(area=area, path=area.path if area else "", stationed=False, number=number)
        template.valid_from, template.created_at = self.now.date() + timedelta(number), self.now
        template.dimensions = template.parties = []
        await self.enter(template)

    async def _entry(self, seq: int) -> None:
        area = self.perhaps(Area)
        entry = AuditEntry(seq=seq, at=self.now, event_id=str(seq), event="t", kind="Area", object_id="44")
        entry.path, entry.previous, entry.hash = area.path if area else "", "", ""
        await self.enter(entry)

    async def _credential(self, member: Model) -> Credential:
        credential = Credential(member=member, hash="")
        credential.created_at = credential.until = self.now
        return await self.enter(credential)

    async def _webhook(self, member: Model) -> Webhook:
        area = self.any(Area)
        webhook = Webhook(account=member, area=area, path=area.path, url="", created_at=self.now)
        await self.enter(webhook)
        await self.enter(WebhookDelivery(webhook=webhook, path=area.path, event_id="e", pos=1, subject="s"))
        return webhook

    async def _summons(self, index: int) -> None:
        issuer = self.any(Area)
        summons = Summons(number=str(index), issuer=issuer, path=issuer.path, title="t", text="t")
        summons.category, summons.lead_unit = SummonsCategory.ECONOMY, self.perhaps(Unit)
        summons.created_at = summons.listed_at = summons.updated_at = self.now
        await self.enter(summons)
        for area in self.random.sample(await Area.all().order_by("code"), self.random.randrange(3)):
            await self.enter(CoIssuer(summons=summons, area=area, path=area.path))
        for unit in self.random.sample(await Unit.all().order_by("code"), self.random.randrange(5)):
            await self._task(summons, unit)
        for round in range(1, self.random.randrange(3)):
            followup = FollowUp(summons=summons, path=summons.path, round=round)
            followup.due_at = followup.created_at = self.now
            await self.enter(followup)

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
            evaluation.town_party = self.random.random() < 0.5
            await self.enter(evaluation)
            score = TaskScore(task=task, summons_id=summons.id, unit_id=unit.id, path=summons.path)
            score.round, score.template = evaluation.round, self.any(Template)
            await self.enter(score)

    async def _request(self, index: int) -> None:
        area, member = self.any(Area), self.perhaps(Member)
        category = await self.enter(RequestCategory(area=area, path=area.path, name="c", created_at=self.now))
        request = Request(
            category=category, number=f"R{index}", area=area, path=area.path, channel="ONLINE", text="t"
        )
        request.transferred_to = self.perhaps(Unit)
        request.reporter, request.created_at, request.updated_at = member, self.now, self.now
        await self.enter(request)
        for one in {one.id: one for one in (member, self.perhaps(Member)) if one}.values():
            await self.enter(Reporter(request=request, origin=request, member=one, created_at=self.now))
        order = WorkOrder(request=request, path=area.path, mode="CLAIMABLE", text="t", round=1)
        order.created_at = order.updated_at = self.now
        order.unit = self.perhaps(Unit)
        place = self.any(Area).code
        order.village = place if len(place) <= 12 else None
        await self.enter(order)
        if doer := self.perhaps(Member):
            await self.enter(FlagEntry(order=order, member=doer, area=area, path=area.path, at=self.now))

    async def _inspection(self) -> None:
        area, day = self.any(Area), self.now.date()
        plan = InspectionPlan(area=area, path=area.path, kind="PATROL", title="t", first_day=day, weekday=1)
        plan.created_at = self.now
        await self.enter(plan)
        visit = Inspection(plan=self.perhaps(InspectionPlan), area=area, path=area.path, kind="PATROL")
        visit.title, visit.due_day, visit.due_at, visit.created_at = "t", day, self.now, self.now
        visit.due_day += timedelta(len(self.rows.get(Inspection, [])))
        await self.enter(visit)

    async def _publication(self, index: int) -> None:
        area, month = self.any(Area), date(2025, 1 + index, 1)
        publication = Publication(
            area=area, path=area.path, month=month, published=self.random.random() < 0.5
        )
        publication.created_at = publication.updated_at = self.now
        await self.enter(publication)
        objection = Objection(publication=publication, path=area.path, number=1, round=1, text="t")
        objection.member, objection.made_at = self.perhaps(Member), self.now
        await self.enter(objection)
        notice = Notice(kind="BOTTOM_TWO", publication=publication, area=area, path=area.path, occurrence=1)
        notice.unit, notice.issued_at = self.perhaps(Unit), self.now
        await self.enter(notice)
        honour = Honour(
            area=area, path=area.path, member=self.perhaps(Member), shown_as="t", month=month, flags=1
        )
        await self.enter(honour)
        commitment = Commitment(
            member=self.any(Member), area=area, path=area.path, text="t", made_at=self.now
        )
        await self.enter(commitment)
        pairing = Pairing(unit=self.any(Unit), area=area, path=area.path, since=self.now)
        await self.enter(pairing)
        item = ListItem(kind="SERVICE", area=area, path=area.path, title="t", created_at=self.now)
        item.unit, item.member = self.perhaps(Unit), self.perhaps(Member)
        await self.enter(item)
        claim = Claim(item=item, path=area.path, member=self.any(Member), claimed_at=self.now)
        await self.enter(claim)

    async def _event(self, version: int, about: Model) -> None:
        type_of = "publication.published" if version % 2 else "t"
        event = Event(type=type_of, aggregate=type(about).__name__, aggregate_id=about.pk, version=version)
        event.area_id, event.path, event.at = "44", "44.", self.now
        event.summons_id = about.id if isinstance(about, Summons) else getattr(about, "summons_id", None)
        event.task_id = about.id if isinstance(about, Task) else None
        await self.enter(event)

    async def facts(self, model: type[Model]) -> dict[str, Facts]:
        things = await model.all()
        return {thing.pk: facts for thing, facts in zip(things, await facts_of_many(things), strict=True)}

    async def actors(self) -> list[Actor]:
        """All members in the order of their making, the anonymous and the system."""
        members = [row.pk for row in self.rows[Member]]
        loaded = {actor.id: actor for actor in await load_actors(members, self.now)}
        return [*(loaded[member] for member in members), ANONYMOUS, SYSTEM]
