"""What an area has decided for itself, with what it inherits from above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from actions.remembered import Remembered
from models import AreaSetting, AreaSettings

T = TypeVar("T")


async def _load() -> list[AreaSettings]:
    return await AreaSettings.all()


SETTINGS = Remembered(_load, "area_settings")


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


@dataclass(frozen=True, slots=True)
class Decided:
    """What counts somewhere, and the code of the area that decided each part of it; None where nobody did."""

    settings: Settings
    by: Mapping[AreaSetting, str | None]


async def settings_for(path: str) -> Settings:
    """The nearest value on the way up from the area with this path, else the default."""
    return (await settings_for_all([path]))[path]


async def settings_for_all(paths: Iterable[str]) -> dict[str, Settings]:
    """The same for many paths at once."""
    all_rows = await SETTINGS.get()
    return {path: _inherited(_nearest_first(path, all_rows)) for path in set(paths)}


async def decided_for(path: str) -> Decided:
    """What `settings_for` gives, with whose decision each is."""
    rows = _nearest_first(path, await SETTINGS.get())
    return Decided(_inherited(rows), {setting: _decider(rows, setting) for setting in AreaSetting})


def _nearest_first(path: str, all_rows: list[AreaSettings]) -> list[AreaSettings]:
    codes = path.split(".")[:-1]
    rows = [row for row in all_rows if row.area_id in codes]
    return sorted(rows, key=lambda row: codes.index(row.area_id), reverse=True)


def _inherited(rows: list[AreaSettings]) -> Settings:
    return Settings(
        require_town_gate=_nearest((row.require_town_gate for row in rows), False),
        followup_categories=frozenset(_nearest((row.followup_categories for row in rows), [])),
        followup_share=_nearest((row.followup_share for row in rows), 0.0),
        followup_shares=_nearest((row.followup_shares for row in rows), {}),
        pass_score=_nearest((row.pass_score for row in rows), 60),
    )


def _nearest(values: Iterable[T | None], default: T) -> T:
    return next((value for value in values if value is not None), default)


def _decider(rows: list[AreaSettings], setting: AreaSetting) -> str | None:
    return next((row.area_id for row in rows if getattr(row, setting.value) is not None), None)
