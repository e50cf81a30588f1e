"""Sorting requests under a menu's categories, with the form that a category asks for."""

from dataclasses import dataclass

from actions.forms import Json, check_form, read_object
from actions.given import Given
from actions.request_case import RequestCase
from actions.turn import Faults, Turn
from models import Request, RequestCategory
from policies.actor import Actor
from policies.scopes import readable


@dataclass(frozen=True, slots=True)
class Sorting:
    """The category that was named, if any, and the form filled in for it."""

    category: RequestCategory | None = None
    form: Json | None = None

    def apply(self, request: Request) -> None:
        if self.category is not None:
            request.category_id, request.form = self.category.id, self.form


async def check_sorting(actor: Actor, faults: Faults, given: Given, path: str) -> Sorting:
    """`path`: of the request. A form comes with its category; a category without the form it asks for is a fault."""
    form = read_object(faults, given.form, "form")
    if given.category_id is None:
        if given.form is not None:
            faults.add("FORM_NOT_ASKED", "form")
        return Sorting()
    category = await find_category(actor, faults, given.category_id, path, "requestCategory")
    if category is not None and (given.form is None or form is not None):
        check_form(faults, category.schema, form, "form")
    return Sorting(category, form)


async def find_category(
    actor: Actor, faults: Faults, id: str, path: str, name: str
) -> RequestCategory | None:
    """An open entry of the menu of the place with that path, or of one further up. `name`: of the input."""
    category = await readable(RequestCategory, actor).get_or_none(id=id)
    if category is None:
        faults.missing("RequestCategory", name)
    elif category.closed_at is not None:
        faults.add("CATEGORY_CLOSED", name)
    elif path and not path.startswith(category.path):
        faults.add("CATEGORY_ELSEWHERE", name)
    else:
        return category
    return None


async def read_sorting(turn: Turn[RequestCase]) -> Sorting:
    """Of an input that was checked."""
    return await check_sorting(turn.actor, Faults(), turn.given, turn.case.request.path)
