"""Tables as files: CSV and XLSX for people, NDJSON for programs. Rows are written as they come, and not kept."""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Protocol

import orjson
import xlsxwriter

from baodao.ledgers import Column, Kind, Row, Table
from models import ExportFormat, clock

About = Mapping[str, str]
"""What is told of an export on a sheet of its own: labels and values."""
BETWEEN = "、"
YES, NO = "是", "否"
LOCAL = "%Y-%m-%d %H:%M:%S"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With one of these a text would begin that a spreadsheet may take for a formula when it opens a CSV file."""
MOST_ROWS = 1_048_575
"""Of a sheet of Excel, below its heading."""
LONGEST_CELL = 32_767
"""Of Excel, which refuses a file with a longer text."""
SPECIAL = (Kind.NUMBER, Kind.MOMENT, Kind.DAY)
"""Of what is no text in a workbook."""
WIDTHS = {Kind.MOMENT: 19, Kind.DAY: 11, Kind.NUMBER: 9, Kind.YES_NO: 8}
USUAL_WIDTH = 22


class Sheet(Protocol):
    """A file that is being written."""

    def add(self, rows: Iterable[Row]) -> None: ...

    def close(self, about: About) -> None:
        """The file is whole afterwards; the stream stays open."""


class Ndjson:
    """One object a line: the API's own values under the paths of their fields."""

    def __init__(self, file: IO[bytes], table: Table, folder: Path) -> None:
        self._file, self._keys = file, [column.key for column in table.columns]

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._file.write(
                orjson.dumps(dict(zip(self._keys, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
            )

    def close(self, about: About) -> None:
        pass


class Csv:
    """As RFC 4180 says, with the byte order mark that Excel knows UTF-8 by, and no text that could be a formula."""

    def __init__(self, file: IO[bytes], table: Table, folder: Path) -> None:
        self._text = TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
        self._writer = csv.writer(self._text)
        self._columns = table.columns
        self._writer.writerow([column.heading for column in table.columns])

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._writer.writerow([_cell(*one) for one in zip(self._columns, row, strict=True)])

    def close(self, about: About) -> None:
        self._text.detach()


def _cell(column: Column, value: object) -> object:
    if column.kind is Kind.NUMBER and not isinstance(value, list):
        return value
    return harmless(text_of(column, value))


def harmless(text: str) -> str:
    """With an apostrophe before whatever a spreadsheet could take for a formula, as OWASP advises."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def text_of(column: Column, value: object) -> str:
    """As people read it, moments by the clock in Shanghai."""
    if value is None:
        return ""
    if isinstance(value, list):
        return BETWEEN.join(text_of(column, one) for one in value)
    match column.kind:
        case Kind.YES_NO:
            return YES if value else NO
        case Kind.MOMENT:
            return local(value).strftime(LOCAL)
        case Kind.WORD:
            return column.words.get(str(value), str(value))
    return str(value)


def local(value: object) -> datetime:
    """Without a zone, as Excel knows none."""
    return datetime.fromisoformat(str(value)).astimezone(clock.SHANGHAI).replace(tzinfo=None, microsecond=0)


class Xlsx:
    """A workbook; what does not fit on one sheet goes on on the next. Texts stay texts, whatever they begin with."""

    def __init__(self, file: IO[bytes], table: Table, folder: Path, most_rows: int = MOST_ROWS) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(folder),
        }
        self._book = xlsxwriter.Workbook(file, options)
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._table, self._most, self._sheets = table, most_rows, 0
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        number = "" if self._sheets == 1 else f" {self._sheets}"
        self._sheet, self._row = self._book.add_worksheet(f"{self._table.ledger.title}{number}"), 0
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._table.columns):
            self._sheet.set_column(place, place, WIDTHS.get(column.kind, USUAL_WIDTH))
            self._sheet.write_string(0, place, column.heading, self._head)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._row == self._most:
                self._begin_sheet()
            self._row += 1
            for place, (column, value) in enumerate(zip(self._table.columns, row, strict=True)):
                self._write(place, column, value)

    def _write(self, place: int, column: Column, value: object) -> None:
        if value is None:
            return
        if isinstance(value, list) or column.kind not in SPECIAL:
            self._sheet.write_string(self._row, place, text_of(column, value)[:LONGEST_CELL])
        elif column.kind is Kind.NUMBER:
            self._sheet.write_number(self._row, place, value)
        elif column.kind is Kind.DAY:
            self._sheet.write_datetime(self._row, place, date.fromisoformat(str(value)), self._day)
        else:
            self._sheet.write_datetime(self._row, place, local(value), self._moment)

    def close(self, about: About) -> None:
        sheet = self._book.add_worksheet("说明")
        sheet.set_column(0, 1, 24)
        for row, (label, value) in enumerate(about.items()):
            sheet.write_string(row, 0, label, self._head)
            sheet.write_string(row, 1, value)
        self._book.close()


SHEETS: dict[ExportFormat, Callable[[IO[bytes], Table, Path], Sheet]] = {
    ExportFormat.CSV: Csv,
    ExportFormat.NDJSON: Ndjson,
    ExportFormat.XLSX: Xlsx,
}
MEDIA = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.NDJSON: "application/x-ndjson",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
