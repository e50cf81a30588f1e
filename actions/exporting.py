"""The books of whoever writes exports (`baodao/exports.py`): what waits, how far it is, its file, when it expires."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import IO

from tortoise.transactions import in_transaction

from actions.exports import UNFINISHED, tell
from actions.record import recording
from models import Export, ExportChunk, ExportState, clock
from policies.scopes import whole

CHUNK = 256 * 1024
MOST_ATTEMPTS = 3
GIVEN_UP = "EXPORT_GIVEN_UP"
Progress = Callable[[int, int | None], Awaitable[None]]


async def unfinished() -> list[Export]:
    """The oldest first. One that runs, for whoever has just begun to lead, was begun by a process that is gone."""
    return await whole(Export).filter(state__in=UNFINISHED).order_by("created_at", "id").limit(100)


async def begin(export: Export) -> Export | None:
    """The next attempt, without anything that a former one left; None once there were three."""
    async with in_transaction():
        row = await whole(Export).select_for_update(no_key=True).get(id=export.id)
        if row.state not in UNFINISHED or row.attempts >= MOST_ATTEMPTS:
            return None
        row.state, row.rows_done, row.rows_total = ExportState.RUNNING, 0, None
        row.attempts += 1
        await row.save(update_fields=["state", "rows_done", "rows_total", "attempts"])
        await ExportChunk.filter(export_id=row.id).delete()
    return row


async def note_rights(export: Export, rights: str) -> None:
    """As marked when the attempt was begun; not told in the log."""
    await whole(Export).filter(id=export.id, attempts=export.attempts).update(rights=rights)


def progress_of(export: Export) -> Progress:
    """Notes how many rows are written, and how many there are if that is known; not told in the log."""

    async def note(done: int, total: int | None) -> None:
        same = whole(Export).filter(id=export.id, attempts=export.attempts)
        await same.update(rows_done=done, rows_total=total)

    return note


async def keep(export: Export, file: IO[bytes]) -> int:
    """Store the file from its beginning, piece by piece, each in a transaction of its own; how many bytes."""
    size = number = 0
    while content := file.read(CHUNK):
        await ExportChunk.create(export_id=export.id, attempt=export.attempts, number=number, content=content)
        size, number = size + len(content), number + 1
    return size


async def finish(export: Export, rows: int, size: int, lasting: timedelta) -> None:
    """The file is there. Nothing happens when another attempt has begun meanwhile."""
    async with recording() as record:
        row = await whole(Export).select_for_update(no_key=True).get(id=export.id)
        if row.attempts != export.attempts or row.state != ExportState.RUNNING:
            return
        record.watch(row)
        row.state, row.rows_done, row.bytes = ExportState.DONE, rows, size
        row.done_at, row.expires_at = record.now, record.now + lasting
        await tell(record, row, "export.done", rows=rows, bytes=size)
        await row.save(update_fields=["state", "rows_done", "bytes", "done_at", "expires_at", "version"])


async def fail(export: Export, reason_code: str) -> None:
    """No attempt follows; whatever was written is deleted."""
    async with recording() as record:
        row = await whole(Export).select_for_update(no_key=True).get(id=export.id)
        if row.state not in UNFINISHED or row.attempts != export.attempts:
            return
        record.watch(row)
        row.state, row.failure, row.done_at = ExportState.FAILED, reason_code, record.now
        await tell(record, row, "export.failed", reason=reason_code)
        await row.save(update_fields=["state", "failure", "done_at", "version"])
        await ExportChunk.filter(export_id=row.id).delete()


async def expire_exports() -> int:
    """Delete the files whose time is over; how many."""
    over = whole(Export).filter(state=ExportState.DONE, expires_at__lte=clock.now())
    expired = await over.order_by("expires_at", "id").limit(100)
    for one in expired:
        async with recording() as record:
            row = await whole(Export).select_for_update(no_key=True).get(id=one.id)
            if row.state != ExportState.DONE:
                continue
            record.watch(row)
            row.state = ExportState.EXPIRED
            await tell(record, row, "export.expired")
            await row.save(update_fields=["state", "version"])
            await ExportChunk.filter(export_id=row.id).delete()
    return len(expired)


async def pieces(export: Export) -> AsyncIterator[bytes]:
    """The file, piece by piece. Raises EOFError when it expires meanwhile: what was sent must not look whole."""
    sent = number = 0
    while sent < export.bytes:
        piece = ExportChunk.filter(export_id=export.id, attempt=export.attempts, number=number)
        found = await piece.first()
        if found is None:
            raise EOFError(f"export {export.id} is gone")
        yield found.content
        sent, number = sent + len(found.content), number + 1
