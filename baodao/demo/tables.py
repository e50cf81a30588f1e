"""The demo's tables: the CSV files that lie beside this module."""

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

Row = dict[str, str]


@cache
def table(name: str) -> list[Row]:
    """The rows of `<name>.csv` as text, by column; "" for an empty cell."""
    with path_of(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def path_of(name: str) -> Path:
    return HERE / f"{name}.csv"
