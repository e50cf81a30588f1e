"""What an area has decided for itself, with what it inherits from above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from actions.remembered import Remembered
from models import AreaSettings

T = TypeVar("T")


async def _load() -> list[AreaSettings]:
    return await AreaSettings.all()


SETTINGS = Remembered(_load)


@dataclass(frozen=True, slots=True)
class Settings:
    """`followup_share`: 0.0–1.0 of the evaluated summonses, unless `followup_shares` has one for the category.

    `pass_score`: 0–100, a total below it is low.
    """

    require_town_gate: bool
    followup_categories: frozenset[str]
    followup_share: float
    followup_shares: Mapping[str, float]
    pass_score: int


async def settings_for(path: str) -> Settings:
    """The nearest value on the way up from the area with this path, else the default."""
    return (await settings_for_all([path]))[path]


async def settings_for_all(paths: Iterable[str]) -> dict[str, Settings]:
    """The same for many paths at once."""
    rows = await SETTINGS.get()
    return {path: _inherited(path.split(".")[:-1], rows) for path in set(paths)}


def _inherited(codes: list[str], all_rows: list[AreaSettings]) -> Settings:
    rows = [row for row in all_rows if row.area_id in codes]
    rows.sort(key=lambda row: codes.index(row.area_id), reverse=True)
    return Settings(
        require_town_gate=_nearest((row.require_town_gate for row in rows), False),
        followup_categories=frozenset(_nearest((row.followup_categories for row in rows), [])),
        followup_share=_nearest((row.followup_share for row in rows), 0.0),
        followup_shares=_nearest((row.followup_shares for row in rows), {}),
        pass_score=_nearest((row.pass_score for row in rows), 60),
    )


def _nearest(values: Iterable[T | None], default: T) -> T:
    return next((value for value in values if value is not None), default)
