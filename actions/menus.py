"""The menus of categories: entering, changing and closing an entry."""

from dataclasses import dataclass

from actions.admin import check_name, check_reason, check_version, find_area, locked
from actions.form_schemas import check_schema
from actions.forms import Json, read_object
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Area, RequestCategory, WrongState
from policies.actor import Actor
from policies.facts import Facts, category_facts
from policies.guard import require
from policies.scopes import readable, whole

CREATE, EDIT = ("list_item", "create"), ("list_item", "edit")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class NewCategory:
    """An entry to be: of the menu of `area` (a code), below `parent` (an id) if there is one; `schema` is JSON."""

    area: str
    name: str
    parent: str | None = None
    schema: str | None = None
    needs_evidence: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """What is to be different; None leaves it as it is."""

    category_id: str
    name: str | None = None
    schema: str | None = None
    needs_evidence: bool | None = None
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryClosing:
    """Which entry nothing new is sorted under any more, and why."""

    category_id: str
    reason: str
    version: int | None = None
    key: str | None = None


async def create_category(actor: Actor, new: NewCategory) -> Done:
    """Needs `list_item.create` where the menu is of. Raises every fault of the input at once."""

    async def work(record: Record) -> Done:
        area, schema = await _checked(actor, new)
        record.require(actor, *CREATE, Facts(area_path=area.path))
        category = RequestCategory(
            area_id=area.code,
            path=area.path,
            name=new.name,
            parent_id=new.parent,
            schema=schema,
            needs_evidence=new.needs_evidence,
            created_at=record.now,
            version=0,
        )
        event = record.tell_of_admin(category, "category.created", actor, area)
        await category.save(force_create=True)
        return Done("RequestCategory", category.id, event.id)

    return await once(actor, new.key, ("createRequestCategory", new), work)


async def _checked(actor: Actor, new: NewCategory) -> tuple[Area, Json | None]:
    faults = Faults()
    area = await find_area(actor, faults, new.area, "area")
    if area is not None:
        require(actor, *CREATE, Facts(area_path=area.path))
    check_name(faults, new.name, LONGEST_NAME)
    schema = _read_schema(faults, new.schema)
    await _check_parent(actor, faults, new.parent, area)
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area, schema


def _read_schema(faults: Faults, text: str | None) -> Json | None:
    schema = read_object(faults, text, "schema")
    if schema is not None:
        check_schema(faults, schema, "schema")
    return schema


async def _check_parent(actor: Actor, faults: Faults, id: str | None, area: Area | None) -> None:
    """An entry lies below one of the same menu, or of one further up."""
    if id is None:
        return
    parent = await readable(RequestCategory, actor).get_or_none(id=id)
    if parent is None:
        faults.missing("RequestCategory", "parentCategory")
    elif parent.closed_at is not None:
        faults.add("CATEGORY_CLOSED", "parentCategory")
    elif area is not None and not area.path.startswith(parent.path):
        faults.add("CATEGORY_ELSEWHERE", "parentCategory")


async def update_category(actor: Actor, change: CategoryChange) -> Done:
    """Needs `list_item.edit`. Requests keep the forms they were given."""

    async def work(record: Record) -> Done:
        category = await _open_one(record, actor, change.category_id, change.version)
        faults = Faults()
        check_name(faults, change.name, LONGEST_NAME)
        schema = _read_schema(faults, change.schema)
        faults.refuse()
        event = record.tell_of_admin(category, "category.updated", actor, await _area_of(category))
        category.name, category.schema = change.name or category.name, schema or category.schema
        if change.needs_evidence is not None:
            category.needs_evidence = change.needs_evidence
        await category.save()
        return Done("RequestCategory", category.id, event.id)

    return await once(actor, change.key, ("updateRequestCategory", change), work)


async def close_category(actor: Actor, closing: CategoryClosing) -> Done:
    """Needs `list_item.edit`. What lies below it is closed first."""

    async def work(record: Record) -> Done:
        category = await _open_one(record, actor, closing.category_id, closing.version)
        faults = Faults()
        check_reason(faults, closing.reason)
        faults.refuse()
        if await whole(RequestCategory).filter(parent_id=category.id, closed_at=None).exists():
            raise WrongState("close", "OPEN", "CATEGORY_HAS_ENTRIES")
        area = await _area_of(category)
        event = record.tell_of_admin(category, "category.closed", actor, area, closing.reason)
        category.closed_at = record.now
        await category.save()
        return Done("RequestCategory", category.id, event.id)

    return await once(actor, closing.key, ("closeRequestCategory", closing), work)


async def _open_one(record: Record, actor: Actor, id: str, version: int | None) -> RequestCategory:
    category = await locked(record, RequestCategory, actor, id, EDIT, "requestCategory")
    record.require(actor, *EDIT, category_facts(category))
    check_version(version, category.version)
    if category.closed_at is not None:
        raise WrongState("edit", "CLOSED", "CATEGORY_CLOSED")
    return category


async def _area_of(category: RequestCategory) -> Area:
    return await whole(Area).get(code=category.area_id)
