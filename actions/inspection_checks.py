"""What plans of visits and single visits have in common in what callers give: place, time, and who goes."""

import re
from datetime import date, timedelta

from actions.admin import find_area
from actions.checks import TITLE_LENGTH, check_text, check_words
from actions.record import Record
from actions.turn import Faults
from models import Area, AreaLevel, Member, clock
from policies.actor import Actor
from policies.facts import Facts
from policies.guard import may
from policies.loading import load_actor
from policies.scopes import readable

PLAN, RECORD = ("inspection", "plan"), ("inspection", "record")
TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
FURTHEST = timedelta(days=366)


async def find_place(record: Record, actor: Actor, faults: Faults, code: str) -> Area | None:
    """The village or grid in which the actor plans visits. Raises NotAllowed."""
    area = await find_area(actor, faults, code, "area")
    if area is not None:
        record.require(actor, *PLAN, Facts(area_path=area.path))
        if area.level not in (AreaLevel.VILLAGE, AreaLevel.GRID):
            faults.add("INSPECTION_LEVEL", "area")
    return area


def check_title(faults: Faults, title: str | None) -> None:
    check_text(faults, title, "title", TITLE_LENGTH)


def check_where_and_when(faults: Faults, place: str | None, time_of_day: str | None) -> None:
    check_words(faults, place, "place", TITLE_LENGTH)
    if time_of_day is not None and not TIME.fullmatch(time_of_day):
        faults.add("TIME_MALFORMED", "timeOfDay")


def check_day(faults: Faults, day: date, today: date, path: str) -> None:
    """From today on, and not further ahead than a year."""
    if day < today:
        faults.add("VISIT_DAY_PAST", path)
    elif day > today + FURTHEST:
        faults.add("VISIT_DAY_TOO_FAR", path)


async def check_visitor(actor: Actor, faults: Faults, id: str | None, area_path: str | None) -> None:
    """Whoever goes, if somebody is named, could record the visit."""
    if id is None:
        return
    if not await readable(Member, actor).filter(id=id).exists():
        faults.missing("Member", "visitor")
    elif area_path and not may(await load_actor(id, clock.now()), *RECORD, Facts(area_path=area_path)):
        faults.add("VISITOR_LACKS_RIGHT", "visitor")
