"""What tasks are scored by in an area: the templates that come with the program, and which one counts when."""

from collections.abc import Iterable, Set
from datetime import date

from actions.remembered import Remembered
from models import Party, Template, clock
from policies.scopes import whole

DIMENSIONS = (("RESPONSE", 20), ("ARRIVAL", 20), ("RESULT", 40), ("SATISFACTION", 20))
STATIONED = ((Party.TOWN, 50), (Party.VILLAGE, 30), (Party.OBJECTIVE, 20))
"""The town's half is 南充's rule for the agencies it commands; the rest of both is a guess (docs/decisions.md)."""
OTHERS = ((Party.VILLAGE, 60), (Party.OBJECTIVE, 20), (Party.RESIDENT, 10), (Party.TOWN, 10))
SINCE = date(2000, 1, 1)


async def store_packaged_templates() -> None:
    """Those that count wherever no area has made its own; they stay as they are once they are there."""
    kinds = {"packagedForStationed": (True, STATIONED), "packagedForOthers": (False, OTHERS)}
    rows = [
        Template(
            id=id,
            path="",
            stationed=stationed,
            number=1,
            valid_from=SINCE,
            dimensions=listed(DIMENSIONS),
            parties=listed(parties),
            created_at=clock.now(),
        )
        for id, (stationed, parties) in kinds.items()
    ]
    await Template.bulk_create(rows, ignore_conflicts=True)


def listed(weights: Iterable[tuple[str, int]]) -> list[list[str | int]]:
    return [[str(code), weight] for code, weight in weights]


async def _load() -> list[Template]:
    return await whole(Template).all()


TEMPLATES = Remembered(_load, "template")


async def templates_with(used: Set[str]) -> list[Template]:
    """All, with those that are used among them, though another process may just have made them."""
    if not used <= {one.id for one in await TEMPLATES.get()}:
        TEMPLATES.forget()
    return await TEMPLATES.get()


def template_in(templates: Iterable[Template], path: str, day: date, *, stationed: bool) -> Template:
    """Of the nearest area at or above `path` that has one in force on that day, the latest."""
    codes = path.split(".")[:-1]
    in_force = [
        one
        for one in templates
        if one.stationed is stationed and one.valid_from <= day and one.area_id in (None, *codes)
    ]
    return max(in_force, key=lambda one: (len(one.path), one.valid_from))
