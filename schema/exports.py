"""Exports of ledgers, as those see them who asked for them."""

from datetime import datetime
from enum import StrEnum

import strawberry
from strawberry.utils.str_converters import to_snake_case

from models import ExportFormat, ExportState
from resolvers import exports as resolve
from resolvers.ledgers import LEDGERS
from schema.areas import Area
from schema.fields import attribute, field, publish
from schema.nodes import PAGED, Connection, Node

NAMES = {to_snake_case(name).upper(): name for name in LEDGERS}
Ledger = StrEnum("Ledger", NAMES)  # type: ignore[misc]  # as many as there are
publish(
    Ledger,
    "A list that can be exported as a table (台账), named as its field of Query.",
    **{written: LEDGERS[name].words for written, name in NAMES.items()},
)

publish(
    ExportFormat,
    "What sort of file a ledger is exported as.",
    CSV="Text in UTF-8 with a byte order mark, cells separated by commas, for spreadsheets (逗号分隔).",
    XLSX="A workbook for Excel, with dates as dates, and a second sheet about the export (电子表格).",
    NDJSON="One JSON object a line, with stable keys, for programs (逐行JSON).",
)
publish(
    ExportState,
    "Where an export stands.",
    QUEUED="It waits until somebody begins to write it (排队中).",
    RUNNING="It is being written (导出中).",
    DONE="The file can be fetched until it expires (已完成).",
    FAILED="There is no file, and none will come; `failure` says why (已失败).",
    EXPIRED="The file was deleted when its time was over, or it was withdrawn (已过期).",
)


@strawberry.type(
    description=(
        "A ledger that somebody has asked for as a file (导出任务): what it is of, how far it is, and where the file "
        "is fetched. Only they see it."
    )
)
class Export(Node):
    ledger: Ledger = attribute("Which list it is.")
    format: ExportFormat = attribute("What sort of file it is.")
    area: Area = field(resolve.area, "The area it is of, with everything below it.")
    state: ExportState = attribute("Where it stands.")
    failure: str | None = attribute("Why it failed, as a stable code; null unless it did.")
    reason: str | None = field(
        resolve.reason, "Why it failed, in words of the caller's language; null unless it did."
    )
    rows_done: int = attribute("Number of rows that were written by now; noted about once a second.")
    rows_total: int | None = attribute(
        "How many rows there were when it was begun; null before, and for the event log."
    )
    bytes: float = attribute("Size of the file in bytes; 0 before it is done.")
    created_at: datetime = attribute("When it was asked for.")
    done_at: datetime | None = attribute("When it was done, or failed; null before.")
    expires_at: datetime | None = attribute("When the file is deleted; null before it is done.")
    url: str | None = field(
        resolve.url,
        "Where the file is fetched by GET, as a path at this service, until it expires, is withdrawn, or what the "
        "caller may read of the ledger changes. Whoever has it needs no sign-in, so treat it like the file; null "
        "unless there is a file.",
    )
    version: int = attribute("Counts its events from 1: asked for, done, fetched and so on.")


@strawberry.type
class ExportLists:
    export: Export | None = field(
        resolve.export,
        "An export of a ledger (导出任务) by its id; null when there is none or it is not the caller's.",
        id="Id of the export; an id of another type is refused.",
    )
    exports: Connection[Export] | None = field(
        resolve.exports, "The caller's own exports, newest first.", **PAGED
    )
