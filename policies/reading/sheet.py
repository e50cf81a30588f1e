"""A text of rules taken apart into rows that can be read and faults, all at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from policies.conditions import parse
from policies.reading.heirs import link_faults
from policies.reading.spelling import COLUMNS, held_at, row_faults, unknown_action
from policies.reading.syntax import Fault, Row, read_rows

MOST_FAULTS = 1_000


@dataclass(slots=True)
class Sheet:
    """`rules` are the p rows that can be read, by line, and `links` the g rows.

    `faults` are why others cannot; `misfits` are of rows that can be read but not be published: an unknown action,
    the same twice, inheritance in a circle. `unclear` are the words of rows with a fault or an unknown action.
    When the text was too long or had too many faults, it is `cut`: the rest was not looked at.
    """

    rules: dict[int, Row] = field(default_factory=dict)
    links: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    misfits: list[Fault] = field(default_factory=list)
    unclear: set[str] = field(default_factory=set)
    cut: bool = False

    def fault(self, line: int, column: str, message: str, *, severe: bool = True) -> Fault:
        """A fault in one of COLUMNS of a rule."""
        cell = self.rules[line].cells[COLUMNS.index(column) + 1]
        return Fault(line, cell.column, message, severe=severe)


@lru_cache(maxsize=8)
def read_sheet(text: str) -> Sheet:
    """Cut after MOST_FAULTS. Nobody may change it: the same text gives the same sheet."""
    sheet = Sheet()
    first: dict[tuple[object, ...], int] = {}
    for row in read_rows(text):
        _take(sheet, row, first)
        sheet.cut = row.last
        if len(sheet.faults) + len(sheet.misfits) >= MOST_FAULTS:
            sheet.faults.append(Fault(row.line, row.end, "too many faults: the rest was not looked at"))
            sheet.cut = True
            break
    sheet.misfits += link_faults(sheet.links)
    return sheet


def _take(sheet: Sheet, row: Row, first: dict[tuple[object, ...], int]) -> None:
    faults, unknown = list(row_faults(row)), list(unknown_action(row))
    sheet.faults += faults
    sheet.misfits += unknown
    if faults or unknown:
        sheet.unclear.update(row.words)
    if not faults:
        sheet.misfits += _repeated(row, first)
        _keep(sheet, row)


def _keep(sheet: Sheet, row: Row) -> None:
    if row.words[0] == "p":
        sheet.rules[row.line] = row
    else:
        sheet.links.append(row)


def _repeated(row: Row, first: dict[tuple[object, ...], int]) -> Iterator[Fault]:
    line = first.setdefault(_meaning(row.words), row.line)
    if line != row.line:
        yield Fault(row.line, row.cells[0].column, f"the same as line {line}")


def _meaning(words: tuple[str, ...]) -> tuple[object, ...]:
    """The same for rows that say the same, whatever the order of levels and the blanks in the condition."""
    if words[0] != "p":
        return words
    return (words[1], held_at(words[2]), *words[3:6], parse(words[6]), words[7])
