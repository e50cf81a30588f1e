"""Mutations of the menus of categories (诉求菜单)."""

import strawberry

from resolvers import menus as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, REASON

SCHEMA = (
    "The form it asks for, as a JSON schema (draft 2020-12) of an object, written as JSON; at most 20,000 characters. "
    "It refers to nothing outside itself."
)


@strawberry.input(description="A new entry of a menu (新增菜单项).")
class CreateRequestCategoryInput(Repeatable):
    area: AreaCode = needed("Code of the area whose menu it is of; it counts for everything below, too.")
    name: str = needed("What it is called; at most 80 characters.")
    parent_category: ID | None = given("The entry it lies below, of the same menu or one further up.")
    schema: str | None = given(SCHEMA)
    needs_evidence: bool = given("Whether a work order must prove that it was done.", default=False)


@strawberry.input(description="A change of one entry of a menu; what is left out stays (修改菜单项).")
class UpdateRequestCategoryInput(Guarded):
    request_category: ID = needed("Id of the entry that is to change.")
    name: str | None = given("What it is called; at most 80 characters.")
    schema: str | None = given(f"{SCHEMA} Requests keep the forms they were given.")
    needs_evidence: bool | None = given("Whether a work order must prove that it was done.")


@strawberry.input(description="An entry that nothing new is sorted under any more, and why (停用菜单项).")
class CloseRequestCategoryInput(Guarded):
    request_category: ID = needed("Id of the entry that is to close.")
    reason: str = needed(REASON)


@strawberry.type
class MenuChanges:
    create_request_category = change(
        "category",
        CreateRequestCategoryInput,
        resolve.create_category,
        "Add an entry to a menu (新增菜单项), perhaps with a form. For cadres of the village.",
    )
    update_request_category = change(
        "category",
        UpdateRequestCategoryInput,
        resolve.update_category,
        "Rename an entry, or ask for another form (修改菜单项).",
    )
    close_request_category = change(
        "category",
        CloseRequestCategoryInput,
        resolve.close_category,
        "Let nothing new be sorted under an entry (停用菜单项), after those below it.",
    )
