"""The district of the measurements: the real areas of 顺德, its units, and 26,000 members named by their office."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain, count, islice
from typing import NamedTuple

from baodao.demo.places import SHUNDE, short_name, villages_of
from baodao.demo.tables import Row, table
from baodao.demo.units import unit_rows
from models import Area, AreaLevel, Grant, Member, Unit, UnitKind, UnitLevel

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
GRIDS, UNITS, MEMBERS = 15, 700, 26_000
"""Grids of each village; units and members altogether."""
CADRES, GRID_WORKERS, LIAISONS, RESPONSIBLE, COORDINATORS, OBSERVERS, OFFICERS = 10, 15, 2, 8, 5, 20, 5
"""How many of them each village, unit, town and office of the district has."""


class Office(NamedTuple):
    """A member and the one role they hold; `place` is the code of an area, or a unit's."""

    login: str
    name: str
    unit: str | None
    place: str
    role: str


def numbered(kind: str, number: int) -> str:
    """An id of 26 characters, the same in every run."""
    return f"{kind}{number:025d}"


@cache
def areas() -> dict[str, Area]:
    """By code, parents first: everything in the demo's list, and the grids of 顺德."""
    found: dict[str, Area] = {}
    for row in chain(table("areas"), _grids()):
        above = found.get(row["parent_code"])
        found[row["code"]] = Area(
            code=row["code"],
            name=row["name"],
            level=AreaLevel(row["level"]),
            parent_id=above.code if above else None,
            path=f"{above.path if above else ''}{row['code']}.",
            depth=above.depth + 1 if above else 1,
        )
    return found


def _grids() -> Iterator[Row]:
    for village in villages_of(SHUNDE):
        for number in range(1, GRIDS + 1):
            code, name = f"{village['code']}{number:03d}", f"第{number}网格"
            yield {"code": code, "name": name, "level": "GRID", "parent_code": village["code"]}


@cache
def villages() -> list[str]:
    return [row["code"] for row in villages_of(SHUNDE)]


def towns() -> list[str]:
    return [row["code"] for row in table("towns")]


@cache
def units() -> dict[str, Unit]:
    """By code, parents first: the units of the demo, and property managements until there are 700."""
    found: dict[str, Unit] = {}
    for row in islice(chain(unit_rows(), _managements()), UNITS):
        found[row["code"]] = _unit(numbered("U", len(found)), row, found.get(row["parent"]))
    return found


def _managements() -> Iterator[Row]:
    for number in count(1):
        for village in villages_of(SHUNDE):
            yield {
                "code": f"U-WY-{village['code']}-{number}",
                "name": f"{short_name(village['name'])}第{number}物业管理处",
                "kind": "PROPERTY",
                "level": "VILLAGE",
                "parent": "",
                "home": village["code"],
                "command": "",
                "summonable": "yes",
            }


def _unit(id: str, row: Row, above: Unit | None) -> Unit:
    return Unit(
        id=id,
        code=row["code"],
        name=row["name"],
        kind=UnitKind(row["kind"]),
        level=UnitLevel(row["level"]),
        parent_id=above.id if above else None,
        line=f"{above.line if above else ''}{id}.",
        home_area_id=row["home"],
        command_area_id=row["command"] or None,
        territory=areas()[row["command"] or row["home"]].path,
        summonable=row["summonable"] == "yes",
        created_at=BEGINNING,
    )


@cache
def summonable() -> list[Unit]:
    return [unit for unit in units().values() if unit.summonable]


@cache
def offices() -> list[Office]:
    """Residents make up the number."""
    return list(islice(chain(_officials(), _residents()), MEMBERS))


def _officials() -> Iterator[Office]:
    yield from _each(SHUNDE, None, ("district_org_dept", "组织部专员", OFFICERS))
    yield from _each(SHUNDE, None, ("district_supervision", "督办专员", OFFICERS))
    for town in towns():
        yield from _each(
            town, None, ("town_leader", "书记", 1), ("town_coordinator", "统筹专员", COORDINATORS)
        )
        yield from _each(town, None, ("observer", "观察员", OBSERVERS))
    for village in villages():
        yield from _each(
            village, None, ("village_secretary", "党委书记", 1), ("village_cadre", "两委干部", CADRES)
        )
        yield from _each(village, None, ("grid_worker", "网格员", GRID_WORKERS))
    for code in units():
        yield from _each(code, code, ("unit_head", "负责人", 1), ("unit_liaison", "联络员", LIAISONS))
        yield from _each(code, code, ("responsible_member", "业务骨干", RESPONSIBLE))


def _each(place: str, unit: str | None, *posts: tuple[str, str, int]) -> Iterator[Office]:
    where = units()[unit].name if unit else short_name(areas()[place].name)
    for role, title, many in posts:
        for number in range(many):
            yield Office(login(role, place, number), f"{where}{title}{number + 1}", unit, place, role)


def _residents() -> Iterator[Office]:
    for number in count():
        for village in villages():
            name = f"{short_name(areas()[village].name)}居民{number + 1}"
            yield Office(login("resident", village, number), name, None, village, "resident")


def login(role: str, place: str, number: int = 0) -> str:
    return f"{place}.{role}.{number}"


@cache
def member_ids() -> dict[str, str]:
    """By login."""
    return {office.login: numbered("M", number) for number, office in enumerate(offices())}


def members() -> Iterator[Member]:
    for office in offices():
        unit = units()[office.unit] if office.unit else None
        area = areas()[unit.home_area_id if unit else office.place]
        yield Member(
            id=member_ids()[office.login],
            login=office.login,
            name=office.name,
            unit_id=unit.id if unit else None,
            area_id=area.code,
            area_path=area.path,
            official=office.role != "resident",
            created_at=BEGINNING,
        )


def grants() -> Iterator[Grant]:
    for number, office in enumerate(offices()):
        unit = units()[office.unit] if office.unit else None
        area = None if unit else areas()[office.place]
        yield Grant(
            id=numbered("G", number),
            member_id=member_ids()[office.login],
            role=office.role,
            area_id=area.code if area else None,
            unit_id=unit.id if unit else None,
            level=area.level.value if area else "UNIT",
            path=area.path if area else unit.line if unit else "",
            since=BEGINNING,
        )
