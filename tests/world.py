"""One small world for the tests: a district with two towns and four villages, five units, and everybody who acts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from actions.settings_of_area import SETTINGS
from actions.tick import tick
from models import (
    Area,
    AreaLevel,
    AreaSettings,
    DutyItem,
    DutyKind,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Member,
    Post,
    Rank,
    Unit,
    UnitKind,
    UnitLevel,
    clock,
)
from policies.actor import Actor, load_actor
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


class World:
    """Look up anything by the short names above: `areas["440606"]`, `units["zr"]`, `members["zr.head"]`."""

    def __init__(self) -> None:
        self.areas: dict[str, Area] = {}
        self.units: dict[str, Unit] = {}
        self.members: dict[str, Member] = {}
        self.duties: dict[str, DutyItem] = {}

    async def actor(self, login: str) -> Actor:
        return await load_actor(self.members[login], clock.now())

    async def hold(self, login: str, role: str, *, area: str | None = None, unit: str | None = None) -> Grant:
        """Give the role, held since yesterday."""
        place = self.areas[area] if area else None
        crew = self.units[unit] if unit else None
        return await Grant.create(
            member=self.members[login],
            role=role,
            area=place,
            unit=crew,
            level=place.level.value if place else "UNIT",
            path=place.path if place else crew.line if crew else "",
            since=clock.now() - timedelta(days=1),
        )

    async def enter(self, login: str, area: str, unit: str | None = None, rank: Rank | None = None) -> Member:
        """A new member; with a rank, a post too."""
        home = self.areas[area]
        member = await Member.create(
            login=login,
            name=login,
            unit=self.units[unit] if unit else None,
            area=home,
            area_path=home.path,
            official=rank is not None,
            created_at=clock.now(),
        )
        if rank is not None:
            await Post.create(
                member=member, unit=member.unit, title=login, rank=rank, since=member.created_at
            )
        self.members[login] = member
        return member

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
        known: Mapping[str, Shown] = getattr(self, REFERENCES[key]) if key in REFERENCES else {}
        return global_id(known[value]) if isinstance(value, str) and value in known else value

    def name_of(self, unit_id: str) -> str:
        """The short name of the unit with that id."""
        return next(name for name, unit in self.units.items() if global_id(unit) == unit_id)


REFERENCES = {
    **dict.fromkeys(("unit", "units", "leadUnit", "suggestedUnit", "reassignTo", "parent"), "units"),
    **dict.fromkeys(("member", "responsible"), "members"),
    "dutyItem": "duties",
}
"""Inputs that refer to something of the world, and to what."""


class Time:
    """The time of the tests, which stands still until it is moved. Moments are Shanghai's, such as "03-04 09:00"."""

    def __init__(self, moving: clock.Moving) -> None:
        self._moving = moving

    def pass_to(self, moment: str) -> None:
        year = clock.local_date(self._moving.moment).year
        self._moving.move_to(datetime.fromisoformat(f"{year}-{moment}:00+08:00"))

    async def tick_at(self, moment: str) -> int:
        """Move there and take what fell due; how many clocks rang."""
        self.pass_to(moment)
        return await tick()


async def build() -> World:
    """Enter everything above into an empty database."""
    world = World()
    for code, name, level in AREAS:
        parent = world.areas.get(next((up for up in reversed(world.areas) if code.startswith(up)), ""))
        world.areas[code] = await Area.create(
            code=code,
            name=name,
            level=level,
            parent=parent,
            path=f"{parent.path if parent else ''}{code}.",
            depth=parent.depth + 1 if parent else 1,
        )
    for short, name, kind, level, home, command, summonable in UNITS:
        await _enter_unit(world, short, name, kind, level, home, command, summonable)
    for login, role, code in ROLES:
        await world.enter(login, code, rank=Rank.HEAD if login != "tianhu.resident" else None)
        await world.hold(login, role, area=code)
    await _enter_group(world)
    return world


async def _enter_unit(
    world: World,
    short: str,
    name: str,
    kind: UnitKind,
    level: UnitLevel,
    home: str,
    command: str | None,
    summonable: bool,
) -> None:
    unit = Unit(
        code=short,
        name=name,
        kind=kind,
        level=level,
        home_area=world.areas[home],
        command_area=world.areas[command] if command else None,
        territory=world.areas[command or home].path,
        summonable=summonable,
        created_at=clock.now(),
    )
    unit.line = f"{unit.id}."
    await unit.save(force_create=True)
    world.units[short] = unit
    world.duties[short] = await DutyItem.create(
        code=f"{short}-1", title=f"{name}职责", kind=DutyKind.UNIT_POWER, unit=unit
    )
    for suffix, role, rank in CREW if summonable else []:
        await world.enter(f"{short}.{suffix}", home, short, rank)
        await world.hold(f"{short}.{suffix}", role, unit=short)


async def _enter_group(world: World) -> None:
    group = await FollowUpGroup.create(area=world.areas["440606106004"], name="天湖社区回访小组")
    await FollowUpGroupMember.create(
        group=group, area_id="440606106004", member=world.members["tianhu.delegate"]
    )
