"""The places of the demo: seven districts down to the village, their grids, and what some areas decided."""

from collections.abc import Iterator
from functools import cache

from actions.areas import import_areas
from actions.settings_of_area import SETTINGS
from baodao.demo.tables import Row, path_of, table
from models import AreaSettings, SummonsCategory

SHUNDE, LONGLI, SHUNQING = "440606", "522730", "511302"
GUANSHAN, BEICHENG = "522730001", "511302002"
CHENCUN, JUNAN = "440606101", "440606106"
FOLLOWED_UP = SummonsCategory.LAND_AND_CONSTRUCTION
"""What 均安's delegates look at once more."""
HEADER = "code,name,level,parent_code,kind"
NUMERALS = "一二三四五六七"
VILLAGE_DIGITS = 12
BIG_GRIDS = (7, 7, 6, 6, 6, 6, 6, 6, 6)
SMALL_GRIDS = (4,) * 4 + (3,) * 52
"""How many big grids a community of 龙里 has, and how many small ones a big one."""
COMMITTEES = ("居民委员会", "村民委员会", "居委会", "委会")


async def enter_areas() -> None:
    """Areas by the import that administrators use; grids come second, because their kind stands in the list."""
    with path_of("areas").open(encoding="utf-8", newline="") as file:
        await import_areas(file)
    await import_areas([HEADER, *_grids_of_shunde(), *_grids_of_longli()])
    await AreaSettings.bulk_create(
        [
            AreaSettings(area_id=CHENCUN, require_town_gate=True),
            AreaSettings(area_id=JUNAN, followup_categories=[FOLLOWED_UP.value]),
        ]
    )
    SETTINGS.forget()


@cache
def villages_of(district: str) -> list[Row]:
    return [row for row in table("areas") if row["level"] == "VILLAGE" and row["code"].startswith(district)]


def short_name(village: str) -> str:
    """天湖社区 for 天湖社区居委会, 万安村 for 万安村委会."""
    return village.removesuffix(next((ending for ending in COMMITTEES if village.endswith(ending)), ""))


def _grids_of_shunde() -> Iterator[str]:
    for village in villages_of(SHUNDE):
        yield from _grids(village["code"], "网格", NUMERALS[:3])


def _grids_of_longli() -> Iterator[str]:
    """56 big grids, and 172 small ones inside them."""
    numbers = iter(SMALL_GRIDS)
    for village, big_grids in zip(communities(), BIG_GRIDS, strict=True):
        for big in _grids(village["code"], "大网格", NUMERALS[:big_grids]):
            yield big
            yield from _grids(big.partition(",")[0], "小网格", NUMERALS[: next(numbers)])


def communities() -> list[Row]:
    """The nine of 冠山街道 that began with the four lists (四单)."""
    return [village for village in villages_of(GUANSHAN) if "社区" in village["name"]][: len(BIG_GRIDS)]


def small_grids() -> dict[str, list[tuple[str, str]]]:
    """Code and name of each one, by the code of its community."""
    rows = [row.split(",")[:4] for row in _grids_of_longli()]
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name, _, parent in rows:
        if len(parent) > VILLAGE_DIGITS:
            found.setdefault(parent[:VILLAGE_DIGITS], []).append((code, name))
    return found


def _grids(parent: str, kind: str, numerals: str) -> Iterator[str]:
    for number, numeral in enumerate(numerals, start=1):
        yield f"{parent}{number:03d},第{numeral}{kind},GRID,{parent},{kind}"
