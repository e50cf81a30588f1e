"""The steps that bring a summons from the draft to the units: review, signatures, gate, issue."""

from actions import limits
from actions.checks import check_resolution, check_text, check_words, find_units
from actions.remembered import Remembered
from actions.turn import AnyCase, Faults, Need, Turn, View, summons_step
from actions.units_of_case import open_task
from models import ClockKind as C
from models import CoIssuer, CoIssuerState, DutyItem, DutyKind, Summons, Tier, Unit
from policies.facts import Facts
from policies.guard import may
from policies.scopes import readable, whole

TARGETS_NAMED = Need("TARGETS_MISSING", lambda view: bool(view.summons.target_ids))
NO_CO_ISSUERS = Need("HAS_CO_ISSUERS", lambda view: not view.case.unsigned)
CO_ISSUERS_NAMED = Need("NO_CO_ISSUER", lambda view: bool(view.case.unsigned))
NO_GATE = Need("GATE_REQUIRED", lambda view: not needs_gate(view))
GATE = Need("GATE_NOT_REQUIRED", lambda view: needs_gate(view))
NOT_YET_SIGNED = Need("ALREADY_SIGNED", lambda view: bool(signatures_of(view)))
OTHERS_UNSIGNED = Need("LAST_SIGNATURE", lambda view: len(view.case.unsigned) > 1)
LAST_UNSIGNED = Need("OTHERS_MISSING", lambda view: len(view.case.unsigned) <= 1)
NOT_RETURNED_BEFORE = Need("GATE_RETURNED_BEFORE", lambda view: not view.summons.gate_returned)
IS_EMERGENCY = Need("TIER_NOT_EMERGENCY", lambda view: view.summons.tier == Tier.EMERGENCY)
WAS_EMERGENCY = Need("NOT_EMERGENCY", lambda view: view.summons.tier == Tier.EMERGENCY)
NOT_RATIFIED = Need("ALREADY_RATIFIED", lambda view: view.summons.resolution_at is None)


def needs_gate(view: View) -> bool:
    """A village's summons passes the town's gate where the area says so; a town has nobody above to ask."""
    return view.case.settings.require_town_gate and view.case.issuer_is_village


def signatures_of(view: View) -> list[CoIssuer]:
    """The missing signatures that the actor may give."""
    return [
        joined
        for joined in view.case.unsigned
        if may(view.actor, "summons", "cosign", Facts(co_issuer_paths=(joined.path,)))
    ]


async def needs_reason(turn: Turn[AnyCase], faults: Faults) -> None:
    check_text(faults, turn.given.reason, "reason")


async def may_have_note(turn: Turn[AnyCase], faults: Faults) -> None:
    check_words(faults, turn.given.note, "note")


async def _load_negative_list() -> list[DutyItem]:
    return await whole(DutyItem).filter(kind=DutyKind.VILLAGE_NEGATIVE)


NEGATIVE_LIST = Remembered(_load_negative_list)


async def _check_submission(turn: Turn, faults: Faults) -> None:
    await find_units(turn.actor, faults, turn.summons.target_ids)
    check_resolution(faults, turn.given.resolution, turn.now)
    check_words(faults, turn.given.note, "note")
    await _check_duplicate(turn, faults)
    if any(item.title in turn.summons.title for item in await NEGATIVE_LIST.get()):
        faults.add("ON_NEGATIVE_LIST", "summons")


async def _check_duplicate(turn: Turn, faults: Faults) -> None:
    original = turn.given.duplicate_of
    if original == turn.summons.id:
        faults.add("DUPLICATE_OF_ITSELF", "duplicateOf")
    elif original and not await readable(Summons, turn.actor).filter(id=original).exists():
        faults.missing("Summons", "duplicateOf")


@summons_step("submitForReview", needs=[TARGETS_NAMED], check=_check_submission)
async def submit_for_review(turn: Turn) -> None:
    _keep_resolution(turn)
    turn.summons.duplicate_of_id = turn.given.duplicate_of
    await limits.stop(turn)
    await limits.start(turn, C.REVIEW)


@summons_step("sendBack", check=needs_reason)
async def send_back(turn: Turn) -> None:
    await _back_to_draft(turn)


@summons_step("reviewTimeout")
async def review_timeout(turn: Turn) -> None:
    await _back_to_draft(turn)


@summons_step("gateReturn", needs=[NOT_RETURNED_BEFORE], check=needs_reason)
async def gate_return(turn: Turn) -> None:
    turn.summons.gate_returned = True
    await _back_to_draft(turn)


async def _back_to_draft(turn: Turn) -> None:
    await limits.stop(turn)
    await limits.start(turn, C.DRAFT_IDLE)


@summons_step("issue", needs=[NO_CO_ISSUERS, NO_GATE], check=may_have_note)
async def issue(turn: Turn) -> None:
    await _issue(turn)


@summons_step("requestCosign", needs=[CO_ISSUERS_NAMED], check=may_have_note)
async def request_cosign(turn: Turn) -> None:
    await limits.stop(turn)
    await limits.start(turn, C.COSIGN)


@summons_step("cosign", when=[OTHERS_UNSIGNED], needs=[NOT_YET_SIGNED], check=may_have_note)
async def cosign(turn: Turn) -> None:
    await _sign(turn)


@summons_step("cosignLast", when=[LAST_UNSIGNED, NO_GATE], needs=[NOT_YET_SIGNED], check=may_have_note)
async def cosign_last(turn: Turn) -> None:
    await _sign(turn)
    await _issue(turn)


@summons_step("cosignLastGated", when=[LAST_UNSIGNED, GATE], needs=[NOT_YET_SIGNED], check=may_have_note)
async def cosign_last_gated(turn: Turn) -> None:
    await _sign(turn)
    await _ask_gate(turn)


@summons_step("refuseCosign", needs=[NOT_YET_SIGNED], check=needs_reason)
async def refuse_cosign(turn: Turn) -> None:
    await _drop(turn, signatures_of(turn)[:1])
    await limits.stop(turn)
    await limits.start(turn, C.REVIEW, limit=limits.REVIEW_AGAIN)


@summons_step("cosignTimeout", when=[NO_GATE])
async def cosign_timeout(turn: Turn) -> None:
    await _drop(turn, turn.case.unsigned)
    await _issue(turn)


@summons_step("cosignTimeoutGated", when=[GATE])
async def cosign_timeout_gated(turn: Turn) -> None:
    await _drop(turn, turn.case.unsigned)
    await _ask_gate(turn)


@summons_step("requestGate", needs=[NO_CO_ISSUERS, GATE], check=may_have_note)
async def request_gate(turn: Turn) -> None:
    await _ask_gate(turn)


@summons_step("passGate", check=may_have_note)
async def pass_gate(turn: Turn) -> None:
    await _issue(turn)


@summons_step("gateTimeout")
async def gate_timeout(turn: Turn) -> None:
    await _issue(turn)


async def _check_emergency(turn: Turn, faults: Faults) -> None:
    await needs_reason(turn, faults)
    await find_units(turn.actor, faults, turn.summons.target_ids)


@summons_step("issueEmergency", needs=[IS_EMERGENCY, TARGETS_NAMED], check=_check_emergency)
async def issue_emergency(turn: Turn) -> None:
    await _drop(turn, turn.case.unsigned)
    await _issue(turn)
    if turn.summons.resolution_at is None:
        await limits.start(turn, C.RATIFY)


async def _check_ratification(turn: Turn, faults: Faults) -> None:
    check_resolution(faults, turn.given.resolution, turn.now)


@summons_step("ratify", needs=[WAS_EMERGENCY, NOT_RATIFIED], check=_check_ratification)
async def ratify(turn: Turn) -> None:
    _keep_resolution(turn)
    turn.summons.ratified_at = turn.now
    await limits.stop(turn, C.RATIFY)


def _keep_resolution(turn: Turn) -> None:
    record = turn.given.resolution
    assert record is not None, "checked"
    turn.summons.resolution_at = record.meeting_at
    turn.summons.resolution_present = record.present
    turn.summons.resolution_minutes = record.minutes


async def _issue(turn: Turn) -> None:
    """Turn the units of the draft into tasks, but for those that were closed meanwhile.

    The first issue counts in the figures, whatever comes after.
    """
    await limits.stop(turn)
    if turn.summons.issued_at is None:
        turn.summons.issued_at = turn.summons.listed_at = turn.now
    still_there = whole(Unit).filter(id__in=turn.summons.target_ids, closed_at=None, summonable=True)
    units = {unit.id: unit for unit in await still_there}
    for id in turn.summons.target_ids:
        if id in units:
            await open_task(turn, units[id])


async def _ask_gate(turn: Turn) -> None:
    await limits.stop(turn)
    await limits.start(turn, C.GATE)


async def _sign(turn: Turn) -> None:
    joined = signatures_of(turn)[0]
    joined.state, joined.signed_by_id, joined.signed_at = CoIssuerState.SIGNED, turn.actor.id, turn.now
    await joined.save()


async def _drop(turn: Turn, leaving: list[CoIssuer]) -> None:
    for joined in leaving:
        await joined.delete()
        turn.case.co_issuers.remove(joined)
    turn.summons.joint = bool(turn.case.co_issuers)
    turn.event.payload["dropped"] = [joined.area_id for joined in leaving]
