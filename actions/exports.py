"""Exports of ledgers (导出台账): asking for one, and telling of a download."""

from dataclasses import dataclass, field

from actions.once import Done, once
from actions.record import Record, recording
from models import (
    Area,
    Event,
    Export,
    ExportChunk,
    ExportFormat,
    ExportState,
    InvalidInput,
    NotFound,
    WrongState,
)
from policies.actor import Actor
from policies.facts import Facts, own_facts
from policies.guard import require
from policies.scopes import readable, whole

RUN, READ = ("export", "run"), ("export", "read")
MOST_UNFINISHED = 5
UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)


@dataclass(frozen=True, slots=True)
class NewExport:
    """Which ledger, of which area, as what sort of file; `asked` narrows it further, as variables of the API."""

    ledger: str
    format: ExportFormat
    area: str
    asked: dict[str, object] = field(default_factory=dict)
    key: str | None = None


async def export_ledger(actor: Actor, new: NewExport) -> Done:
    """Needs `export.run` in the area; what is in the file is what the actor may read of it, page by page.

    At most 5 of somebody's wait or run at a time. One process works them off (`baodao/exports.py`).
    """

    async def work(record: Record) -> Done:
        area = await readable(Area, actor).get_or_none(code=new.area)
        if area is None:
            raise NotFound("Area", "area")
        record.require(actor, *RUN, Facts(area_path=area.path))
        await _refuse_too_many(actor)
        export = Export(
            member_id=actor.id,
            ledger=new.ledger,
            format=new.format,
            area_id=area.code,
            path=area.path,
            asked=new.asked,
            created_at=record.now,
        )
        event = record.tell_of_admin(
            export, "export.requested", actor, area, ledger=new.ledger, format=new.format
        )
        await export.save(force_create=True)
        return Done("Export", export.id, event.id)

    return await once(actor, new.key, ("exportLedger", new), work)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Of a file that is there, before its time is over."""

    export: str
    key: str | None = None


async def withdraw_export(actor: Actor, withdrawal: Withdrawal) -> Done:
    """The file of one's own export is deleted, and its link good for nothing. WrongState unless there is a file."""

    async def work(record: Record) -> Done:
        row = await readable(Export, actor).select_for_update(no_key=True).get_or_none(id=withdrawal.export)
        if row is None or not actor.is_(row.member_id):
            raise NotFound("Export", "export")
        record.require(actor, *READ, own_facts(row))
        if row.state != ExportState.DONE:
            raise WrongState("withdraw", row.state)
        area = await whole(Area).get(code=row.area_id)
        record.watch(row)
        row.state, row.expires_at = ExportState.EXPIRED, record.now
        event = record.tell_of_admin(row, "export.withdrawn", actor, area)
        await row.save(update_fields=["state", "expires_at", "version"])
        await ExportChunk.filter(export_id=row.id).delete()
        return Done("Export", row.id, event.id)

    return await once(actor, withdrawal.key, ("withdrawExport", withdrawal), work)


async def _refuse_too_many(actor: Actor) -> None:
    mine = whole(Export).filter(member_id=actor.id, state__in=UNFINISHED)
    if await mine.count() >= MOST_UNFINISHED:
        raise InvalidInput("TOO_MANY_EXPORTS")


def require_right(actor: Actor, export: Export) -> None:
    """Raises NotAllowed when the actor may not export from that area any more."""
    require(actor, *RUN, Facts(area_path=export.path))


async def note_download(export: Export) -> None:
    """In the log and so in the audit log: that the file went out, not to whom, as the link is all that was shown."""
    async with recording() as record:
        row = await whole(Export).select_for_update(no_key=True).get(id=export.id)
        record.watch(row)
        await tell(record, row, "export.downloaded")
        await row.save(update_fields=["version"])


async def tell(record: Record, export: Export, type: str, **payload: object) -> Event:
    """An event about the export by the service itself; the caller saves the export."""
    area = await whole(Area).get(code=export.area_id)
    return record.tell_of_admin(export, type, record.actor, area, None, **payload)
