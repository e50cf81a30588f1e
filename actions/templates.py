"""Making evaluation templates (评价模板)."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from actions.admin import find_area
from actions.once import Done, once
from actions.places_held import hold_places
from actions.record import Record
from actions.templates_of_area import TEMPLATES, listed
from actions.turn import Faults
from models import Area, Party, Template, clock
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import whole

MANAGE = ("evaluation_template", "manage")
WHOLE = 100
MOST_DIMENSIONS = 10
HEAVIEST_ISSUER = 10
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,29}", re.ASCII)

Weights = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """`dimensions` and `parties` are codes and percents; `issuer_weight` counts beside 1 for each co-issuer."""

    area: str
    valid_from: date
    dimensions: Weights
    parties: Weights
    stationed: bool = False
    issuer_weight: int = 1
    key: str | None = None


async def create_template(actor: Actor, new: NewTemplate) -> Done:
    """A template for the area and everything below it that has none of its own, from a day on, today or later.

    Tasks that were scored in part keep the template they were scored by. Raises every fault of the input at once.
    """

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await find_area(actor, faults, new.area, "area")
        if area is not None:
            record.require(actor, *MANAGE, Facts(area_path=area.path))
        check_weights(faults, new)
        if area is not None:
            await hold_places(area)
            await _check_day(faults, area, new, record.now)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        template = await _made(actor, new, area, record)
        event = record.tell_of_admin(template, "template.created", actor, area, number=template.number)
        await template.save(force_create=True)
        TEMPLATES.forget()
        return Done("Template", template.id, event.id)

    return await once(actor, new.key, ("createEvaluationTemplate", new), work)


def check_weights(faults: Faults, new: NewTemplate) -> None:
    """Of dimensions and of parties each weight is 1 to 100, none comes twice, and they sum to 100."""
    _check_sum(faults, "dimensions", new.dimensions)
    _check_sum(faults, "parties", new.parties)
    for index, (code, _) in enumerate(new.dimensions):
        if not CODE.fullmatch(code):
            faults.add("DIMENSION_CODE", "dimensions", str(index), "code")
    if len(new.dimensions) > MOST_DIMENSIONS:
        faults.add("TOO_MANY_DIMENSIONS", "dimensions")
    if {party for party, _ in new.parties} == {Party.OBJECTIVE}:
        faults.add("ONLY_OBJECTIVE", "parties")
    if not 1 <= new.issuer_weight <= HEAVIEST_ISSUER:
        faults.add("ISSUER_WEIGHT_RANGE", "issuerWeight")


def _check_sum(faults: Faults, name: str, weights: Weights) -> None:
    codes = [code for code, _ in weights]
    for index, (code, weight) in enumerate(weights):
        if not 1 <= weight <= WHOLE:
            faults.add("WEIGHT_RANGE", name, str(index), "weight")
        if code in codes[:index]:
            faults.add("WEIGHED_TWICE", name, str(index))
    if sum(weight for _, weight in weights) != WHOLE:
        faults.add("WEIGHTS_NOT_100", name)


async def _check_day(faults: Faults, area: Area, new: NewTemplate, now: datetime) -> None:
    """By what work of former days is scored was known when it was done."""
    if new.valid_from < clock.local_date(now):
        faults.add("TEMPLATE_IN_PAST", "validFrom")
    taken = whole(Template).filter(path=area.path, stationed=new.stationed, valid_from=new.valid_from)
    if await taken.exists():
        faults.add("TEMPLATE_DAY_TAKEN", "validFrom")


async def _made(actor: Actor, new: NewTemplate, area: Area, record: Record) -> Template:
    earlier = await whole(Template).filter(path=area.path, stationed=new.stationed).count()
    return Template(
        area_id=area.code,
        path=area.path,
        stationed=new.stationed,
        number=earlier + 1,
        valid_from=new.valid_from,
        dimensions=listed(new.dimensions),
        parties=listed(new.parties),
        issuer_weight=new.issuer_weight,
        created_by_id=actor.id,
        created_at=record.now,
        version=0,
    )
