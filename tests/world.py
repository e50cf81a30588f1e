"""One small world for the tests: a district with two towns and four villages, five units, and everybody who acts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from copied import copied
from tortoise import Tortoise
from tortoise.models import Model

from actions.settings_of_area import SETTINGS
from actions.tick import tick
from models import (
    Area,
    AreaLevel,
    AreaSettings,
    BreakGlass,
    Credential,
    DutyItem,
    DutyKind,
    Evaluation,
    Export,
    FollowUp,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Member,
    PolicyVersion,
    Post,
    Rank,
    RatingTry,
    RequestCategory,
    Unit,
    UnitKind,
    UnitLevel,
    Webhook,
    WebhookDelivery,
    clock,
)
from policies.actor import Actor
from policies.loading import load_actor
from resolvers.ids import Shown, global_id

MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
"""A working day like many; no holiday for a month around it."""

AREAS = [
    ("44", "广东省", AreaLevel.PROVINCE),
    ("4406", "佛山市", AreaLevel.CITY),
    ("440606", "顺德区", AreaLevel.DISTRICT),
    ("440606106", "均安镇", AreaLevel.TOWN),
    ("440606106004", "天湖社区", AreaLevel.VILLAGE),
    ("440606106004001", "天湖第一网格", AreaLevel.GRID),
    ("440606106201", "沙浦村", AreaLevel.VILLAGE),
    ("440606104", "龙江镇", AreaLevel.TOWN),
    ("440606104219", "万安村", AreaLevel.VILLAGE),
    ("440606104217", "麦朗村", AreaLevel.VILLAGE),
]

UNITS = [
    ("zr", "自然资源局均安管理所", UnitKind.STATIONED_AGENCY, UnitLevel.TOWN, "440606", "440606106", True),
    ("zf", "均安镇综合行政执法办", UnitKind.TOWN_OFFICE, UnitLevel.TOWN, "440606106", None, True),
    ("cj", "均安镇城建办", UnitKind.TOWN_OFFICE, UnitLevel.TOWN, "440606106", None, True),
    ("jt", "区交通运输局", UnitKind.GOV_DEPARTMENT, UnitLevel.DISTRICT, "440606", None, True),
    ("agri", "市农业农村局", UnitKind.GOV_DEPARTMENT, UnitLevel.CITY, "4406", None, True),
    ("party", "天湖社区党委", UnitKind.VILLAGE_COMMITTEE, UnitLevel.VILLAGE, "440606106004", None, False),
]

ROLES = [
    ("tianhu.secretary", "village_secretary", "440606106004"),
    ("tianhu.cadre", "village_cadre", "440606106004"),
    ("shapu.secretary", "village_secretary", "440606106201"),
    ("wanan.secretary", "village_secretary", "440606104219"),
    ("mailang.secretary", "village_secretary", "440606104217"),
    ("junan.leader", "town_leader", "440606106"),
    ("junan.coordinator", "town_coordinator", "440606106"),
    ("longjiang.coordinator", "town_coordinator", "440606104"),
    ("shunde.org", "district_org_dept", "440606"),
    ("shunde.supervision", "district_supervision", "440606"),
    ("shunde.leader", "district_leader", "440606"),
    ("shunde.policy", "policy_admin", "440606"),
    ("shunde.auditor", "discipline_auditor", "440606"),
    ("junan.observer", "observer", "440606106"),
    ("junan.system", "integration_client", "440606106"),
    ("tianhu.resident", "resident", "440606106004"),
    ("tianhu.delegate", "followup_member", "440606106004"),
]

CREW = [
    ("head", "unit_head", Rank.HEAD),
    ("liaison", "unit_liaison", Rank.SECTION),
    ("member", "responsible_member", Rank.SECTION),
]


RESIDENT, SYSTEM = "tianhu.resident", "junan.system"


class World:
    """Look up anything by the short names above: `areas["440606"]`, `units["zr"]`, `members["zr.head"]`.

    `grants` has the grant that was given last to each login, `credentials` the key (unusable) of a client system.
    """

    def __init__(self) -> None:
        self.areas: dict[str, Area] = {}
        self.units: dict[str, Unit] = {}
        self.members: dict[str, Member] = {}
        self.duties: dict[str, DutyItem] = {}
        self.grants: dict[str, Grant] = {}
        self.credentials: dict[str, Credential] = {}
        self.accesses: dict[str, BreakGlass] = {}
        self.policies: dict[str, PolicyVersion] = {}
        self.categories: dict[str, RequestCategory] = {}
        self.evaluations: dict[str, Evaluation] = {}
        self.exports: dict[str, Export] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.deliveries: dict[str, WebhookDelivery] = {}
        self.groups: dict[str, FollowUpGroup] = {}
        self.followups: dict[str, FollowUp] = {}

    async def actor(self, login: str) -> Actor:
        return await load_actor(self.members[login], clock.now())

    async def hold(self, login: str, role: str, *, area: str | None = None, unit: str | None = None) -> Grant:
        """Give the role, held since yesterday."""
        grant = self.grant(login, role, area=area, unit=unit)
        await grant.save(force_create=True)
        return grant

    def grant(self, login: str, role: str, *, area: str | None = None, unit: str | None = None) -> Grant:
        """The same, not yet written down."""
        place = self.areas[area] if area else None
        crew = self.units[unit] if unit else None
        self.grants[login] = Grant(
            member_id=self.members[login].id,
            role=role,
            area_id=area,
            unit_id=crew.id if crew else None,
            level=place.level.value if place else "UNIT",
            path=place.path if place else crew.line if crew else "",
            since=clock.now() - timedelta(days=1),
        )
        return self.grants[login]

    async def enter(self, login: str, area: str, unit: str | None = None, rank: Rank | None = None) -> Member:
        """A new member; with a rank, a post too."""
        member = self.member(login, area, unit, official=rank is not None)
        await member.save(force_create=True)
        if rank is not None:
            await self.post(login, rank).save(force_create=True)
        return member

    def member(self, login: str, area: str, unit: str | None = None, *, official: bool) -> Member:
        home = self.areas[area]
        self.members[login] = Member(
            login=login,
            name=login,
            unit_id=self.units[unit].id if unit else None,
            area_id=area,
            area_path=home.path,
            official=official,
            created_at=clock.now(),
            service_since=clock.now() if login == SYSTEM else None,
        )
        return self.members[login]

    def post(self, login: str, rank: Rank) -> Post:
        member = self.members[login]
        return Post(
            member_id=member.id, unit_id=member.unit_id, title=login, rank=rank, since=member.created_at
        )

    async def decide(self, area: str, **settings: object) -> None:
        """The area decides something for itself: `require_town_gate=True`."""
        await AreaSettings.update_or_create(settings, area_id=area)
        SETTINGS.forget()

    def ids(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """An input with ids in place of the short names; whatever is no short name stays."""
        return {key: self._id(key, value) for key, value in given.items()}

    def _id(self, key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._id(key, one) for one in value]
        if isinstance(value, dict):
            return self.ids(value)
        known: Mapping[str, Shown] = getattr(self, REFERENCES[key]) if key in REFERENCES else {}
        return global_id(known[value]) if isinstance(value, str) and value in known else value

    def name_of(self, unit_id: str) -> str:
        """The short name of the unit with that id."""
        return next(name for name, unit in self.units.items() if global_id(unit) == unit_id)


REFERENCES = {
    **dict.fromkeys(("unit", "units", "leadUnit", "suggestedUnit", "reassignTo", "parent"), "units"),
    **dict.fromkeys(("account", "assignee", "member", "object", "responsible", "to"), "members"),
    **dict.fromkeys(("add", "members", "remove", "visitor"), "members"),
    "followUp": "followups",
    "group": "groups",
    "access": "accesses",
    "parentCategory": "categories",
    "requestCategory": "categories",
    "service": "categories",
    "credential": "credentials",
    "policy": "policies",
    "delegation": "grants",
    "grant": "grants",
    "dutyItem": "duties",
    "evaluation": "evaluations",
    "export": "exports",
    "webhook": "webhooks",
    "delivery": "deliveries",
}
"""Inputs that refer to something of the world, and to what."""


async def everything() -> dict[str, list[Any]]:
    """Every row of every table, but for counts of tries, which grow whatever happens."""
    models = [model for model in Tortoise.apps["models"].values() if model is not RatingTry]
    return {model.__name__: await model.all().values() for model in models}


class Time:
    """The time of the tests, which stands still until it is moved. Moments are Shanghai's, such as "03-04 09:00"."""

    def __init__(self, moving: clock.Moving) -> None:
        self._moving = moving

    def pass_to(self, moment: str) -> None:
        year = clock.local_date(self._moving.moment).year
        self._moving.move_to(datetime.fromisoformat(f"{year}-{moment}:00+08:00"))

    def wait(self, span: timedelta) -> None:
        self._moving.advance(span)

    async def tick_at(self, moment: str) -> int:
        """Move there and take what fell due; how many clocks rang."""
        self.pass_to(moment)
        return await tick()


async def small_world() -> World:
    """As it is built at this moment."""
    return await copied(build, "small", clock.now())


async def build() -> World:
    """Enter everything above into an empty database, table by table."""
    world = World()
    await _enter_all(Area, [_area(world, *area) for area in AREAS])
    await _enter_all(Unit, [_unit(world, *unit) for unit in UNITS])
    await _enter_all(DutyItem, [_duty(world, short) for short in world.units])
    crews = [
        (f"{short}.{suffix}", role, rank, home, short)
        for short, _, _, _, home, _, summonable in UNITS
        for suffix, role, rank in (CREW if summonable else [])
    ]
    people = [(login, Rank.HEAD, code) for login, _, code in ROLES if login not in (RESIDENT, SYSTEM)]
    await _enter_all(
        Member,
        [
            *(world.member(login, home, short, official=True) for login, _, _, home, short in crews),
            *(
                world.member(login, code, official=login not in (RESIDENT, SYSTEM))
                for login, _, code in ROLES
            ),
        ],
    )
    await _enter_all(
        Post,
        [world.post(login, rank) for login, rank, _ in [*((one[0], one[2], "") for one in crews), *people]],
    )
    await _enter_all(
        Grant,
        [
            *(world.grant(login, role, unit=short) for login, role, _, _, short in crews),
            *(world.grant(login, role, area=code) for login, role, code in ROLES),
        ],
    )
    await _enter_all(Credential, [_credential(world, SYSTEM)])
    await _enter_group(world)
    return world


async def _enter_all(model: type[Model], rows: Sequence[Model]) -> None:
    await model.bulk_create(rows)
    for row in rows:
        row._saved_in_db = True  # Tortoise forgets to say so


def _credential(world: World, login: str) -> Credential:
    now = clock.now()
    world.credentials[login] = Credential(
        member_id=world.members[login].id, label="first", hash="-", created_at=now, until=now + timedelta(90)
    )
    return world.credentials[login]


def _area(world: World, code: str, name: str, level: AreaLevel) -> Area:
    parent = world.areas.get(next((up for up in reversed(world.areas) if code.startswith(up)), ""))
    world.areas[code] = Area(
        code=code,
        name=name,
        level=level,
        parent_id=parent.code if parent else None,
        path=f"{parent.path if parent else ''}{code}.",
        depth=parent.depth + 1 if parent else 1,
    )
    return world.areas[code]


def _unit(
    world: World,
    short: str,
    name: str,
    kind: UnitKind,
    level: UnitLevel,
    home: str,
    command: str | None,
    summonable: bool,
) -> Unit:
    world.units[short] = unit = Unit(
        code=short,
        name=name,
        kind=kind,
        level=level,
        home_area_id=home,
        command_area_id=command,
        territory=world.areas[command or home].path,
        summonable=summonable,
        created_at=clock.now(),
    )
    unit.line = f"{unit.id}."
    return unit


def _duty(world: World, short: str) -> DutyItem:
    unit = world.units[short]
    world.duties[short] = DutyItem(
        code=f"{short}-1", title=f"{unit.name}职责", kind=DutyKind.UNIT_POWER, unit_id=unit.id
    )
    return world.duties[short]


async def _enter_group(world: World) -> None:
    village = world.areas["440606106004"]
    world.groups["tianhu"] = group = await FollowUpGroup.create(
        area=village, path=village.path, name="天湖社区回访小组"
    )
    await FollowUpGroupMember.create(
        group=group, area_id="440606106004", member=world.members["tianhu.delegate"]
    )
