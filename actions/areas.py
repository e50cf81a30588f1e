"""Areas from a list of codes, such as the national list of the statistics office."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tortoise.transactions import in_transaction

from actions.bulk import upsert
from actions.sheets import Imported, Progress, Sheet, no_progress, refuse_in_line_order
from actions.texts import name_fault
from actions.turn import Faults
from models import Area, AreaLevel
from policies.scopes import whole

SHEET = Sheet(("code", "name", "level", "parent_code"), ("kind",))
COLUMNS = ("code", "name", "kind", "level", "parent_id", "path", "depth")
DEPTHS = {level.value: depth for depth, level in enumerate(AreaLevel, start=1)}
DIGITS = {2: "PROVINCE", 4: "CITY", 6: "DISTRICT", 9: "TOWN", 12: "VILLAGE"}
LONGEST_CODE, LONGEST_NAME, LONGEST_KIND = 30, 80, 16
ASKED_AT_ONCE = 5_000

TOWN_KINDS = ("街道", "镇", "乡")
VILLAGE_KINDS = {"社区": ("居委会", "居民委员会", "社区"), "村": ("村委会", "村民委员会", "村", "嘎查")}
COMMUNITIES, VILLAGES = range(1, 200), range(200, 400)


class Row(NamedTuple):
    """A line of the list; `parent` and `kind` may be empty."""

    line: int
    code: str
    name: str
    level: str
    parent: str
    kind: str


class Known(NamedTuple):
    """What the database says of an area that is there already."""

    path: str
    level: str


async def check_areas(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """What `import_areas` would do. Raises all faults of the file at once, as InvalidInput or Several."""
    rows, known = await _checked(file)
    return Imported(len(rows), sum(code not in known for code in rows))


async def import_areas(file: Iterable[str], progress: Progress = no_progress) -> Imported:
    """Enter the areas, or update name, kind and level of those that are there; all of them or none.

    An area is never moved. Without a `kind`, towns and villages get the one their name or code suggests.
    """
    async with in_transaction() as connection:
        rows, known = await _checked(file)
        records = _records(rows, known)
        await upsert(connection, "area", COLUMNS, records, len(rows), progress)
    return Imported(len(rows), sum(code not in known for code in rows))


async def _checked(file: Iterable[str]) -> tuple[dict[str, Row], dict[str, Known]]:
    faults = Faults()
    rows = _read(file, faults)
    known = await _known(rows)
    for row in rows.values():
        _check_place(row, rows, known, faults)
    refuse_in_line_order(faults)
    return rows, known


def _read(file: Iterable[str], faults: Faults) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for line, cells in SHEET.read(file, faults):
        row = Row(line, *cells)
        if row.code in rows:
            faults.add("CODE_TWICE", str(line), "code")
        elif _is_well_formed(row, faults):
            rows[row.code] = row
    return rows


def _is_well_formed(row: Row, faults: Faults) -> bool:
    before = len(faults)
    if row.level not in DEPTHS:
        faults.add("LEVEL_UNKNOWN", str(row.line), "level")
    elif _level_of(row.code) != row.level:
        faults.add("CODE_MALFORMED", str(row.line), "code")
    if fault := name_fault(row.name, LONGEST_NAME):
        faults.add(fault, str(row.line), "name")
    if row.kind and (fault := name_fault(row.kind, LONGEST_KIND)):
        faults.add(fault, str(row.line), "kind")
    return len(faults) == before


def _level_of(code: str) -> str | None:
    """The level that a code has by its length; grids append three digits for each nesting."""
    length = len(code)
    if not (code.isascii() and code.isdigit()) or length > LONGEST_CODE:
        return None
    return "GRID" if length > 12 and length % 3 == 0 else DIGITS.get(length)


async def _known(rows: dict[str, Row]) -> dict[str, Known]:
    """The areas of the list and their parents; for a long list it is quicker to read them all."""
    codes = rows.keys() | {row.parent for row in rows.values()}
    areas = whole(Area).filter(code__in=list(codes)) if len(codes) < ASKED_AT_ONCE else whole(Area)
    return {
        code: Known(path, level) for code, path, level in await areas.values_list("code", "path", "level")
    }


def _check_place(row: Row, rows: dict[str, Row], known: dict[str, Known], faults: Faults) -> None:
    if not row.parent:
        if row.level != "PROVINCE":
            faults.add("PARENT_MISSING", str(row.line), "parent_code")
        return
    parent = rows.get(row.parent) or known.get(row.parent)
    if parent is None:
        faults.add("PARENT_UNKNOWN", str(row.line), "parent_code")
    elif not _may_hold(row.parent, parent.level, row):
        faults.add("PARENT_WRONG", str(row.line), "parent_code")
    elif row.code in known and not known[row.code].path.endswith(f"{row.parent}.{row.code}."):
        faults.add("AREA_MOVED", str(row.line), "parent_code")


def _may_hold(code: str, level: str, row: Row) -> bool:
    """A parent's code begins its children's; levels may be skipped, but a grid lies in a village or in a grid."""
    if row.level == "GRID":
        return row.code.startswith(code) and level in ("VILLAGE", "GRID") and code != row.code
    return row.code.startswith(code) and DEPTHS[level] < DEPTHS[row.level]


def _records(rows: dict[str, Row], known: dict[str, Known]) -> Iterator[tuple[object, ...]]:
    """Sorted by code, so that every parent comes before its children."""
    paths: dict[str, str] = {}
    for code in sorted(rows):
        row = rows[code]
        parent_path = (paths.get(row.parent) or known[row.parent].path) if row.parent else ""
        path = paths[code] = f"{parent_path}{code}."
        yield code, row.name, row.kind or kind_of(row), row.level, row.parent or None, path, path.count(".")


def kind_of(row: Row) -> str | None:
    """The kind that the name says, else for a village the one that its code suggests."""
    if row.level == "TOWN":
        return next((kind for kind in TOWN_KINDS if row.name.endswith((kind, f"{kind}办事处"))), None)
    if row.level != "VILLAGE":
        return None
    named = (kind for kind, endings in VILLAGE_KINDS.items() if row.name.endswith(endings))
    return next(named, None) or _kind_by_code(int(row.code[-3:]))


def _kind_by_code(number: int) -> str | None:
    """001–199 are communities (99.9 % of the list), 200–399 villages (98.9 %)."""
    return "社区" if number in COMMUNITIES else "村" if number in VILLAGES else None
