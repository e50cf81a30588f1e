"""The mutation that exports a ledger (导出台账)."""

import strawberry

from models import ExportFormat
from resolvers import exports as resolve
from resolvers.ids import AreaCode
from schema.changes import Repeatable, change
from schema.exports import Ledger
from schema.fields import given, needed
from schema.inputs import ID
from schema.ledger_filters import LedgerFilter


@strawberry.input(description="A ledger that is to be written into a file (导出台账).")
class ExportLedgerInput(Repeatable):
    ledger: Ledger = needed("Which list, named as its field of Query.")
    format: ExportFormat = needed("What sort of file to write.")
    area: AreaCode = needed(
        "Code of the area it is of, with everything below it; the caller must have the right to export there."
    )
    filter: LedgerFilter | None = given(  # type: ignore[valid-type]  # as many parts as there are ledgers
        "What else narrows it; it must be for the same ledger. Everything the caller may read when left out."
    )


@strawberry.input(description="A file that is to be deleted before its time is over (撤回导出文件).")
class WithdrawExportInput(Repeatable):
    export: ID = needed("Id of the export, one of the caller's own that is done.")


@strawberry.type
class ExportChanges:
    export_ledger = change(
        "export",
        ExportLedgerInput,
        resolve.export_ledger,
        "Have a list written into a file (导出台账): all that the caller may read of it, as the list shows it. It is "
        "done in the background: ask `export` how far it is, and for the link. At most 5 of the caller's at a time. "
        "Needs `export.run` in the area.",
    )
    withdraw_export = change(
        "export",
        WithdrawExportInput,
        resolve.withdraw_export,
        "Delete the file of one's own export (撤回导出文件), such as when its link went astray: the "
        " link is good for nothing from then on. Downloads that are under way break off.",
    )
