"""Tables that come as CSV: their columns, their rows, and faults that name the line and the column."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from tortoise.models import Model

from actions.turn import Faults
from policies.scopes import whole

HEADER = "1"
Row = TypeVar("Row")
M = TypeVar("M", bound=Model)
LOOKED_UP = 1_000

Progress = Callable[[int, int], None]
"""Called now and then with the rows done and the rows there are."""


def no_progress(done: int, total: int) -> None:
    """For callers whom it does not interest."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held, and how many of its rows were not in the database before."""

    rows: int
    new: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of a kind of file. Every fault found in it has the path (line, column)."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def read(self, file: Iterable[str], faults: Faults) -> Iterator[tuple[int, list[str]]]:
        """Line number and trimmed cells of each row, in the order of `required` and `optional`, "" for none.

        A row with too few or too many cells is a fault and left out, a wrong header ends the reading.
        """
        reader = csv.reader(file)
        try:
            places = self._places([name.strip() for name in next(reader, [])], faults)
            width = sum(at is not None for at in places.values())
            for cells in reader if places else ():
                if len(cells) == width:
                    yield (
                        reader.line_num,
                        [cells[at].strip() if at is not None else "" for at in places.values()],
                    )
                elif cells:
                    faults.add("CELL_COUNT", str(reader.line_num))
        except UnicodeDecodeError:
            faults.add("NOT_UTF8", str(reader.line_num + 1))
        except csv.Error:
            faults.add("NOT_CSV", str(reader.line_num))

    def _places(self, header: Sequence[str], faults: Faults) -> dict[str, int | None]:
        """Where each column stands in the file; empty when the header will not do."""
        wrong = [("COLUMN_MISSING", name) for name in self.required if name not in header]
        wrong += [("COLUMN_UNKNOWN", name) for name in header if name not in self.required + self.optional]
        wrong += [("COLUMN_TWICE", name) for name in {*header} if header.count(name) > 1]
        for reason_code, name in wrong:
            faults.add(reason_code, HEADER, name)
        if wrong:
            return {}
        return {
            name: header.index(name) if name in header else None for name in self.required + self.optional
        }


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of at most `size`."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


async def rows_with(model: type[M], column: str, values: Iterable[str]) -> list[M]:
    """The rows whose column has one of the values, few at a time: databases take 32,766 in a statement, or fewer."""
    found: list[M] = []
    for some in batches(values, LOOKED_UP):
        found += await whole(model).filter(**{f"{column}__in": some})
    return found


def refuse_in_line_order(faults: Faults) -> None:
    """Raise the faults of a sheet, if there are any, from the first line to the last."""
    faults.sort(key=lambda fault: int(fault.path[0]))
    faults.refuse()
