"""Lists of villages: needs and resources that the village enters, services that units and members offer it."""

from dataclasses import dataclass

from actions.admin import check_reason, check_version, find_area, find_open_unit, locked
from actions.checks import TEXT_LENGTH, TITLE_LENGTH, are_paired, check_text, check_words
from actions.once import Done, once
from actions.record import Record
from actions.sorting import find_category
from actions.turn import Faults
from models import Area, AreaLevel, Claim, ListItem, ListKind, WrongState
from models.list_items import LIVE_CLAIMS
from policies.actor import Actor
from policies.facts import Facts, list_item_facts
from policies.scopes import whole

CREATE, EDIT, OFFER = ("list_item", "create"), ("list_item", "edit"), ("list_item", "offer")


@dataclass(frozen=True, slots=True)
class NewItem:
    """A need or a resource of the village `area`."""

    area: str
    kind: ListKind
    title: str
    text: str | None = None
    category_id: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A service for the village `area`, of a unit, or of the actor themself where none is named."""

    area: str
    category_id: str
    title: str
    text: str | None = None
    unit: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What is to be different; None leaves it as it is."""

    item: str
    title: str | None = None
    text: str | None = None
    category_id: str | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ItemClosing:
    """Which item is not there any more, and why."""

    item: str
    reason: str
    version: int | None = None
    key: str | None = None


async def create_item(actor: Actor, new: NewItem) -> Done:
    """Needs `list_item.create` in the village."""

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await _village(actor, faults, new.area)
        if area is not None:
            record.require(actor, *CREATE, Facts(area_path=area.path))
        if new.kind == ListKind.SERVICE:
            faults.add("SERVICE_IS_OFFERED", "kind")
        await _check_words(actor, faults, new, area.path if area else None)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        item = ListItem(kind=new.kind, **_content(record, new, area))
        return await _entered(record, actor, item, "item.created", area)

    return await once(actor, new.key, ("createListItem", new), work)


async def offer_service(actor: Actor, new: NewOffer) -> Done:
    """Needs `list_item.offer`: by what is held in the unit, which is paired with the village, or in the village."""

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await _village(actor, faults, new.area)
        unit = await find_open_unit(actor, faults, new.unit, "unit")
        if new.unit is None and area is not None:
            record.require(actor, *OFFER, Facts(area_path=area.path))
        elif unit is not None and area is not None:
            record.require(actor, *OFFER, Facts(paired_unit_ids=(unit.id,)))
            if not await are_paired(unit.id, area.code):
                faults.add("UNIT_NOT_PAIRED", "unit")
        await _check_words(actor, faults, new, area.path if area else None)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        item = ListItem(kind=ListKind.SERVICE, **_content(record, new, area))
        item.unit_id, item.member_id = new.unit, None if new.unit else actor.id
        return await _entered(record, actor, item, "item.offered", area)

    return await once(actor, new.key, ("offerService", new), work)


async def _village(actor: Actor, faults: Faults, code: str) -> Area | None:
    area = await find_area(actor, faults, code, "area")
    if area is not None and area.level != AreaLevel.VILLAGE:
        faults.add("LIST_LEVEL", "area")
    return area


async def _check_words(
    actor: Actor, faults: Faults, given: NewItem | NewOffer | ItemChange, path: str | None
) -> None:
    if given.title is not None:
        check_text(faults, given.title, "title", TITLE_LENGTH)
    check_words(faults, given.text, "text", TEXT_LENGTH)
    if given.category_id is not None:
        await find_category(actor, faults, given.category_id, path or "", "requestCategory")


def _content(record: Record, new: NewItem | NewOffer, area: Area) -> dict[str, object]:
    return {
        "area_id": area.code,
        "path": area.path,
        "title": new.title,
        "text": new.text,
        "category_id": new.category_id,
        "created_at": record.now,
    }


async def _entered(record: Record, actor: Actor, item: ListItem, type: str, area: Area) -> Done:
    event = record.tell_of_admin(item, type, actor, area)
    await item.save(force_create=True)
    return Done("ListItem", item.id, event.id)


async def change_item(actor: Actor, change: ItemChange) -> Done:
    """Needs `list_item.edit`: the village's, or that of whoever offers it."""

    async def work(record: Record) -> Done:
        item = await _open_item(record, actor, change.item, change.version)
        faults = Faults()
        await _check_words(actor, faults, change, item.path)
        faults.refuse()
        area = await whole(Area).get(code=item.area_id)
        event = record.tell_of_admin(item, "item.changed", actor, area)
        item.title, item.text = change.title or item.title, change.text or item.text
        item.category_id = change.category_id or item.category_id
        await item.save()
        return Done("ListItem", item.id, event.id)

    return await once(actor, change.key, ("changeListItem", change), work)


async def close_item(actor: Actor, closing: ItemClosing) -> Done:
    """Needs `list_item.edit`. Claims are seen to first. Orders that were claimed by an offer stay claimed."""

    async def work(record: Record) -> Done:
        item = await _open_item(record, actor, closing.item, closing.version)
        if await whole(Claim).filter(item_id=item.id, state__in=LIVE_CLAIMS).exists():
            raise WrongState("close", "OPEN", "ITEM_HAS_CLAIMS")
        faults = Faults()
        check_reason(faults, closing.reason)
        faults.refuse()
        area = await whole(Area).get(code=item.area_id)
        event = record.tell_of_admin(item, "item.closed", actor, area, closing.reason)
        item.closed_at = record.now
        await item.save()
        return Done("ListItem", item.id, event.id)

    return await once(actor, closing.key, ("closeListItem", closing), work)


async def _open_item(record: Record, actor: Actor, id: str, version: int | None) -> ListItem:
    item = await locked(record, ListItem, actor, id, EDIT, "item")
    record.require(actor, *EDIT, list_item_facts(item))
    check_version(version, item.version)
    if item.closed_at is not None:
        raise WrongState("edit", "CLOSED", "ITEM_CLOSED")
    return item
