"""Drafting a summons, and changing the draft."""

from actions import limits
from actions.case import Case
from actions.checks import (
    TEXT_LENGTH,
    TITLE_LENGTH,
    check_appointment,
    check_text,
    find_co_issuers,
    find_issuer,
    find_units,
)
from actions.given import Given
from actions.numbers import next_number
from actions.once import Done, once
from actions.record import Record
from actions.settings_of_area import settings_for
from actions.turn import Faults, Turn, summons_step, take
from models import Area, CoIssuer, Summons, Tier, clock
from models import ClockKind as C
from models.workflow import SUMMONS_STEPS
from policies.actor import Actor
from policies.facts import Facts
from policies.scopes import whole


async def draft_summons(actor: Actor, given: Given) -> Done:
    """A new summons of `given.issuer`, as a draft. Raises NotAllowed, or every fault of the input at once."""

    async def work(record: Record) -> Done:
        turn = await new_draft(record, actor, given, await _issuer(record, actor, given))
        return Done("Summons", turn.summons.id, turn.event.id)

    return await once(actor, given.key, ("create", given), work)


async def new_draft(
    record: Record, actor: Actor, given: Given, issuer: Area, *, requested: bool = False
) -> Turn:
    """Written down in the record's transaction; whoever calls has checked everything. `requested`: for requests."""
    turn = await _turn(record, actor, given, issuer, requested)
    await take(turn)
    await turn.case.save(record)
    return turn


async def check_draft(faults: Faults, actor: Actor, given: Given, issuer: str) -> None:
    """Everything in the input but the issuer."""
    await _check_words(faults, given)
    await _check_others(faults, actor, given, issuer)


async def _issuer(record: Record, actor: Actor, given: Given) -> Area:
    """The issuing area, with everything else in the input checked too."""
    faults = Faults()
    area = await find_issuer(actor, faults, given.issuer)
    if area is not None:
        record.require(actor, "summons", "create", Facts(area_path=area.path, issuer_path=area.path))
    await check_draft(faults, actor, given, given.issuer or "")
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area


async def _check_words(faults: Faults, given: Given, *, all_of_them: bool = True) -> None:
    if all_of_them or given.title is not None:
        check_text(faults, given.title, "title", TITLE_LENGTH)
    if all_of_them or given.text is not None:
        check_text(faults, given.text, "text", TEXT_LENGTH)


async def _check_others(
    faults: Faults, actor: Actor, given: Given, issuer: str, units: list[str] | None = None
) -> None:
    chosen = list(given.units) if given.units is not None else units or []
    if given.units is not None:
        await find_units(actor, faults, chosen)
    if given.lead_unit is not None and given.lead_unit not in chosen:
        faults.add("LEAD_NOT_AMONG_UNITS", "leadUnit")
    await find_co_issuers(actor, faults, given.co_issuers or (), issuer)
    check_appointment(faults, given.appointment, clock.now())


async def _turn(record: Record, actor: Actor, given: Given, issuer: Area, requested: bool) -> Turn:
    summons = Summons(
        number=await next_number(f"{issuer.code}-{clock.local_date(record.now).year}"),
        issuer_id=issuer.code,
        path=issuer.path,
        tier=given.tier or Tier.NORMAL,
        category=given.category,
        title=given.title,
        text=given.text,
        requested=requested,
        created_by_id=actor.id,
        created_at=record.now,
        listed_at=record.now,
        updated_at=record.now,
    )
    await summons.save(force_create=True)
    case = Case(summons, [], [], [], await settings_for(issuer.path))
    return Turn(case, actor, record.now, SUMMONS_STEPS["create"], None, given, record)


@summons_step("create")
async def create(turn: Turn) -> None:
    await _keep(turn)


async def _check_edit(turn: Turn, faults: Faults) -> None:
    await _check_words(faults, turn.given, all_of_them=False)
    await _check_others(faults, turn.actor, turn.given, turn.summons.issuer_id, turn.summons.target_ids)


@summons_step("edit", check=_check_edit)
async def edit(turn: Turn) -> None:
    """Only what is given changes; a new list of units or co-issuers replaces the old one."""
    given, summons = turn.given, turn.summons
    summons.title = given.title or summons.title
    summons.text = given.text or summons.text
    summons.category = given.category or summons.category
    summons.tier = given.tier or summons.tier
    await _keep(turn)


async def _keep(turn: Turn) -> None:
    given, summons = turn.given, turn.summons
    if given.units is not None:
        summons.target_ids = list(given.units)
    summons.lead_unit_id = given.lead_unit or _still_named(summons)
    if given.appointment is not None:
        summons.appointment_from, summons.appointment_to = given.appointment.start, given.appointment.end
        summons.appointment_place = given.appointment.place
    if given.co_issuers is not None:
        await _replace_co_issuers(turn, given.co_issuers)
    await limits.start(turn, C.DRAFT_IDLE)


def _still_named(summons: Summons) -> str | None:
    return summons.lead_unit_id if summons.lead_unit_id in summons.target_ids else None


async def _replace_co_issuers(turn: Turn, codes: tuple[str, ...]) -> None:
    await CoIssuer.filter(summons_id=turn.summons.id).delete()
    areas = await whole(Area).filter(code__in=list(codes))
    turn.case.co_issuers[:] = [
        await CoIssuer.create(summons_id=turn.summons.id, area_id=area.code, path=area.path) for area in areas
    ]
    turn.summons.joint = bool(codes)
