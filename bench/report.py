"""The table: one row for each target."""

import os
import platform
from collections.abc import Iterable
from typing import NamedTuple

from bench.timing import Timed
from models import clock


class Row(NamedTuple):
    """`met`: whether the middle of the rounds meets the target, and whether the least does; None: not measured."""

    what: str
    target: str
    figure: str
    met: tuple[bool, bool] | None
    note: str = ""


def below(timed: Timed, most: float) -> tuple[bool, bool]:
    """Whether the middle, and the least, is at most so many seconds."""
    return timed.middle <= most, timed.least <= most


def table(rows: Iterable[Row]) -> str:
    lines = ["| | target | measured | met | |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.target} | {row.figure} | {_mark(row.met)} | {row.note} |" for row in rows]
    return "\n".join(lines)


def _mark(met: tuple[bool, bool] | None) -> str:
    if met is None:
        return "–"
    by_middle, by_least = met
    return "yes" if by_middle else "**no**, only by the least" if by_least else "**no**"


def machine() -> str:
    """The day and what it ran on, without names."""
    python = platform.python_version()
    return f"{clock.now():%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), Python {python}"
