"""A text of rules as rows of cells, each with its place, and what is wrong with how they are written.

Each line is a row; \\n, \\r\\n and \\r end it, and nothing else does. A byte order mark at the start counts as no
character. A comma within brackets or quotes belongs to a condition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from policies.reading.characters import odd_characters

POLICY = Path(__file__).parent.parent / "policy.csv"

LONGEST_TEXT = 400_000
LONGEST_ROW = 2_000
MOST_ROWS = 5_000
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Fault:
    """Line and column count from 1; both are 0 for what the text as a whole is or lacks.

    A fault that is not `severe` is a warning: the rules can be published with it.
    """

    line: int
    column: int
    message: str
    suggestion: str | None = None
    severe: bool = True

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"{place}{self.message}{hint}"


class Cell(NamedTuple):
    """Text between two commas, without the blanks around it."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """A comment has no cells. A `broken` one has those before its first unbalanced bracket or quote.

    Behind the `last` one, nothing was looked at.
    """

    line: int
    text: str
    cells: tuple[Cell, ...] = ()
    faults: tuple[Fault, ...] = ()
    broken: bool = False
    last: bool = False

    @property
    def end(self) -> int:
        """The column after the last."""
        return len(self.text) + 1

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)

    def odd(self, cell: Cell) -> bool:
        """Whether a fault lies within the cell already."""
        end = cell.column + max(len(cell.text), 1)
        return any(cell.column <= fault.column < end for fault in self.faults)


def read_rows(text: str) -> Iterator[Row]:
    """Rows, and comments with faults. Stops where the text is too long: that row has a fault and no cells."""
    if len(text) > LONGEST_TEXT:
        yield _too_long(0, 0, f"longer than {LONGEST_TEXT:,} characters")
        return
    count = 0
    for number, line in enumerate(_lines(text), start=1):
        row = _row(number, line)
        count += bool(row.cells)
        if count > MOST_ROWS:
            yield _too_long(number, 1, f"more than {MOST_ROWS:,} rows")
            return
        if row.cells or row.faults:
            yield row


def _lines(text: str) -> list[str]:
    return text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _too_long(line: int, column: int, message: str) -> Row:
    return Row(line, "", faults=(Fault(line, column, message),), last=True)


def _row(number: int, line: str) -> Row:
    if not line.strip(" "):
        return Row(number, line)
    if len(line) > LONGEST_ROW:
        fault = Fault(number, LONGEST_ROW + 1, f"a line longer than {LONGEST_ROW:,} characters")
        return Row(number, line, faults=(fault,))
    comment = line.lstrip(" ").startswith("#")
    odd = tuple(
        Fault(number, offset + 1, message, meant) for offset, message, meant in odd_characters(line, comment)
    )
    if comment:
        return Row(number, line, faults=odd)
    cells, broken = _split(line)
    unbalanced = () if broken is None else (Fault(number, broken + 1, f"unbalanced {line[broken]}"),)
    return Row(number, line, tuple(cells), odd + unbalanced, broken is not None)


_MARKS = re.compile(r"[,()\[\]']")
_CLOSES = {")": "(", "]": "[", "'": "'"}
"""By closing mark, the one that opens."""


def _split(line: str) -> tuple[list[Cell], int | None]:
    """Cells, and the offset of a bracket or quote without its other half; the cell with it is left out."""
    cells: list[Cell] = []
    start, opened = 0, [("", -1)]
    for found in _MARKS.finditer(line):
        mark, inside = found[0], opened[-1][0]
        if inside and inside == _CLOSES.get(mark):
            opened.pop()
        elif inside == "'":
            continue
        elif mark in ")]":
            return cells, found.start()
        elif mark != ",":
            opened.append((mark, found.start()))
        elif not inside:
            cells.append(_cell(line, start, found.start()))
            start = found.end()
    if len(opened) > 1:
        return cells, opened[-1][1]
    return [*cells, _cell(line, start, len(line))], None


def _cell(line: str, start: int, end: int) -> Cell:
    text = line[start:end]
    blanks = len(text) - len(text.lstrip())
    return Cell(text.strip(), start + (blanks if blanks < len(text) else 0) + 1)
