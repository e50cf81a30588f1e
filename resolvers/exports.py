"""Exports: their fields, the list of one's own, and the mutation that asks for one."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from inspect import signature

from strawberry import ID
from strawberry.utils.str_converters import to_camel_case

from actions import exports as actions
from actions.export_links import LINKS
from models import Area, Export, ExportFormat, ExportState, InvalidInput, clock
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.changes import Changed, Said, left_by
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.exportable import Ledger
from resolvers.ids import key_of
from resolvers.later import Later
from resolvers.ledgers import LEDGERS
from resolvers.pages import By, Order, Page, page
from resolvers.words import words

NEWEST_FIRST = Order("exports", By("created_at", datetime, descending=True), By("id", descending=True))


async def export(info: Info, id: ID) -> Export | None:
    row = await info.context.loaders.rows_of(Export).load(key_of(id, Export, "id"))
    return row if isinstance(row, Export) else None


async def exports(info: Info, first: int | None = None, after: Cursor | None = None) -> Page[Export]:
    return await page(info, readable(Export, info.context.actor), NEWEST_FIRST, first, after)


def area(root: Export, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def url(root: Export, info: Info) -> str | None:
    """Whoever has it needs nothing else, so only who asked for the export is told."""
    live = root.state == ExportState.DONE and root.expires_at is not None and root.expires_at > clock.now()
    mine = info.context.actor.is_(root.member_id)
    return f"/exports/{LINKS.token(root.id)}" if live and mine else None


def reason(root: Export, info: Info) -> str | None:
    return words(root.failure, info.context.language) if root.failure else None


async def export_ledger(info: Info, said: Said) -> Changed:
    """What narrows it is tried at once, so that a fault in it is told before anything is written."""
    ledger = LEDGERS[str(said["ledger"])]
    conditions = _conditions(ledger, said["filter"])
    new = actions.NewExport(
        ledger=ledger.name,
        format=ExportFormat(str(said["format"])),
        area=str(said["area"]),
        asked={to_camel_case(name): _told(value) for name, value in conditions.items()},
        key=said["idempotency_key"],  # type: ignore[arg-type]  # a text, as its type says
    )
    await _try(info, ledger, said["area"], conditions)
    return await left_by(info, await actions.export_ledger(info.context.actor, new))


withdraw_export = answer(actions.Withdrawal, actions.withdraw_export)


async def _try(info: Info, ledger: Ledger, area: object, conditions: dict[str, object]) -> None:
    """Raises what the list does, with the place of the fault as this mutation's input has it."""
    try:
        await ledger.list(info, area=area, first=1, **conditions)
    except InvalidInput as fault:
        place = fault.path[1:] if fault.path[:1] == ("filter",) else fault.path
        raise InvalidInput(fault.reason_code, "filter", ledger.name, *place) from fault


def _conditions(ledger: Ledger, filter: object) -> dict[str, object]:
    """As the list takes them. InvalidInput FILTER_OF_ANOTHER_LEDGER."""
    given = {to_camel_case(name): value for name, value in vars(filter).items() if value} if filter else {}
    if others := given.keys() - {ledger.name}:
        raise InvalidInput("FILTER_OF_ANOTHER_LEDGER", "filter", *others)
    if not given:
        return {}
    if "filter" in signature(ledger.list).parameters:
        return {"filter": given[ledger.name]}
    return {name: value for name, value in vars(given[ledger.name]).items() if value is not None}


def _told(value: object) -> object:
    """As a client would have written it in JSON."""
    if is_dataclass(value):
        parts = ((to_camel_case(part.name), getattr(value, part.name)) for part in fields(value))
        return {name: _told(part) for name, part in parts if part is not None}
    if isinstance(value, list):
        return [_told(one) for one in value]
    if isinstance(value, Enum):
        return value.name
    return value.isoformat() if isinstance(value, datetime) else value
