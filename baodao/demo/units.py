"""The units of the demo: bureaus, town offices, stationed agencies, party committees and companies."""

from collections.abc import Iterator

from baodao.demo.places import LONGLI, SHUNDE, short_name, villages_of
from baodao.demo.tables import Row, table
from models import Area, DutyItem, DutyKind, Unit, UnitKind, UnitLevel, clock
from models.ids import new_id
from policies.scopes import whole

VILLAGE = "VILLAGE"
"""In the table of duties: the negative list of every village."""


async def enter_units() -> dict[str, Unit]:
    """By code. Parents come before their children."""
    paths = dict(await whole(Area).filter(level__not="GRID").values_list("code", "path"))
    units: dict[str, Unit] = {}
    for row in unit_rows():
        units[row["code"]] = _unit(row, units, paths)
    await Unit.bulk_create(units.values())
    return units


def unit_rows() -> Iterator[Row]:
    """`slug` begins the logins of the unit's members; "" for units without."""
    yield from table("units")
    for town in table("towns"):
        yield from (_of_town(town, row) for row in table("town_units"))
    yield from (_party_committee(village) for village in villages_of(SHUNDE))
    for district in table("areas"):
        if district["level"] == "DISTRICT" and district["code"] != SHUNDE:
            yield from (_of_district(district, row) for row in table("district_units"))
    yield from table("agencies")


def _of_town(town: Row, row: Row) -> Row:
    stationed = row["stationed"] == "yes"
    parent = row["parent"] if stationed or not row["parent"] else f"U-{row['parent']}-{town['short']}"
    return {
        "code": f"U-{row['stem']}-{town['short']}",
        "slug": f"{row['stem'].lower()}-{town['slug']}",
        "name": row["name"].format(
            town=town["name"], short=town["name"].removesuffix("街道").removesuffix("镇")
        ),
        "kind": row["kind"],
        "level": "TOWN",
        "parent": parent,
        "home": SHUNDE if stationed else town["code"],
        "command": town["code"] if stationed else "",
        "summonable": row["summonable"],
    }


def _party_committee(village: Row) -> Row:
    town = next(town for town in table("towns") if town["code"] == village["parent_code"])
    return {
        "code": f"U-V{village['code']}",
        "slug": "",
        "name": f"{short_name(village['name'])}党委",
        "kind": "PARTY_COMMITTEE",
        "level": "VILLAGE",
        "parent": f"U-DW-{town['short']}",
        "home": village["code"],
        "command": "",
        "summonable": "no",
    }


def _of_district(district: Row, row: Row) -> Row:
    return {
        "code": f"U-{row['stem']}-{district['code']}",
        "slug": f"{row['stem'].lower()}-longli" if district["code"] == LONGLI else "",
        "name": row["name"].format(district=district["name"]),
        "kind": "GOV_DEPARTMENT",
        "level": "DISTRICT",
        "parent": "",
        "home": district["code"],
        "command": "",
        "summonable": "yes",
    }


def _unit(row: Row, units: dict[str, Unit], paths: dict[str, str]) -> Unit:
    id, parent = new_id(), units.get(row["parent"])
    return Unit(
        id=id,
        code=row["code"],
        name=row["name"],
        kind=UnitKind(row["kind"]),
        level=UnitLevel(row["level"]),
        parent_id=parent.id if parent else None,
        line=f"{parent.line if parent else ''}{id}.",
        home_area_id=row["home"],
        command_area_id=row["command"] or None,
        territory=paths[row["command"] or row["home"]],
        summonable=row["summonable"] == "yes",
        created_at=clock.now(),
        version=0,
    )


async def enter_duties(units: dict[str, Unit]) -> dict[str, str]:
    """Ids by code: D-ZR-JA-1 is the first item of U-ZR-JA."""
    items = [*_duties_of_units(units), *_negative_list()]
    await DutyItem.bulk_create(items)
    return {item.code: item.id for item in items}


def _duties_of_units(units: dict[str, Unit]) -> Iterator[DutyItem]:
    for unit in units.values():
        code = (unit.code or "").removeprefix("U-")
        rows = _duties(code) or _duties(code.partition("-")[0])
        for number, row in enumerate(rows if unit.summonable else [], start=1):
            yield _item(f"D-{code}-{number}", row, DutyKind.UNIT_POWER, unit.id)


def _negative_list() -> Iterator[DutyItem]:
    for number, row in enumerate(_duties(VILLAGE), start=1):
        yield _item(f"D-VN-{number}", row, DutyKind.VILLAGE_NEGATIVE, None)


def _duties(stem: str) -> list[Row]:
    return [row for row in table("duties") if row["stem"] == stem]


def _item(code: str, row: Row, kind: DutyKind, unit_id: str | None) -> DutyItem:
    return DutyItem(code=code, title=row["title"], kind=kind, category=row["category"], unit_id=unit_id)
