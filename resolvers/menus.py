"""Fields about the menus of categories, their list and their mutations."""

import orjson
from strawberry import ID

from actions import menus
from models import Area, Request, RequestCategory
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later, then
from resolvers.pages import By, Order, Page, page

BY_NAME = Order("categories", By("name"), By("id"))
MOST_ENTRIES = 100


async def categories(
    info: Info,
    area: AreaCode,
    parent: ID | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[RequestCategory]:
    """Of the area's own menu and of those further up."""
    place = await info.context.loaders.areas.load(area)
    codes = [*place.ancestor_codes, place.code] if place else []
    parent_id = key_of(parent, RequestCategory, "parent") if parent is not None else None
    rows = readable(RequestCategory, info.context.actor)
    open_ones = rows.filter(area_id__in=codes, parent_id=parent_id, closed_at=None)
    return await page(info, open_ones, BY_NAME, first, after)


def category_of_request(root: Request, info: Info) -> Later[RequestCategory | None]:
    return info.context.loaders.categories.find(root.category_id) if root.category_id else None


def form(root: Request) -> str | None:
    return _json(root.form)


def schema(root: RequestCategory) -> str | None:
    return _json(root.schema)


def _json(value: object) -> str | None:
    """With sorted keys, as not every database keeps their order."""
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def area(root: RequestCategory, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def parent(root: RequestCategory, info: Info) -> Later[RequestCategory | None]:
    return info.context.loaders.categories.find(root.parent_id) if root.parent_id else None


def children(root: RequestCategory, info: Info) -> Later[list[RequestCategory]]:
    found = info.context.loaders.categories_below.find(root.id)
    return then(found, lambda rows: rows[:MOST_ENTRIES])


create_category = answer(menus.NewCategory, menus.create_category)
update_category = answer(menus.CategoryChange, menus.update_category)
close_category = answer(menus.CategoryClosing, menus.close_category)
