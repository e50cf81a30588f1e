"""Claims (认领): somebody takes an item of a list on, does it, and the village verifies it."""

from dataclasses import dataclass

from actions.admin import check_reason, check_version, find_open_unit, locked
from actions.checks import TEXT_LENGTH, are_paired, check_text, check_words
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Area, Claim, ClaimState, ListItem, ListKind, WrongState
from models.list_items import LIVE_CLAIMS
from policies.actor import Actor
from policies.facts import Facts, claim_facts
from policies.guard import may
from policies.scopes import whole

CLAIM, VERIFY = ("list_item", "claim"), ("list_item", "edit")


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Which item the actor takes on, in a unit's name where one is named."""

    item: str
    unit: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimEnd:
    """What became of a claim: `text`, how it was done; `reason`, why it is dropped; `note`, what the village says."""

    claim: str
    text: str | None = None
    reason: str | None = None
    note: str | None = None
    version: int | None = None
    key: str | None = None


async def claim_item(actor: Actor, new: NewClaim) -> Done:
    """Needs `list_item.claim`: in the village, or by what is held in the unit, which must be paired with it."""

    async def work(record: Record) -> Done:
        item = await locked(record, ListItem, actor, new.item, CLAIM, "item")
        await _require(record, actor, new, item)
        await _check_free(actor, new, item)
        claim = Claim(
            item_id=item.id, path=item.path, unit_id=new.unit, member_id=actor.id, claimed_at=record.now
        )
        area = await whole(Area).get(code=item.area_id)
        event = record.tell_of_admin(claim, "claim.made", actor, area, item=item.id)
        await claim.save(force_create=True)
        return Done("Claim", claim.id, event.id)

    return await once(actor, new.key, ("claimListItem", new), work)


async def _require(record: Record, actor: Actor, new: NewClaim, item: ListItem) -> None:
    if new.unit is None:
        record.require(actor, *CLAIM, Facts(area_path=item.path))
        return
    faults = Faults()
    unit = await find_open_unit(actor, faults, new.unit, "unit")
    if unit is not None:
        record.require(actor, *CLAIM, Facts(paired_unit_ids=(unit.id,)))
        if not await are_paired(unit.id, item.area_id):
            faults.add("UNIT_NOT_PAIRED", "unit")
    faults.refuse()


async def _check_free(actor: Actor, new: NewClaim, item: ListItem) -> None:
    """A need is claimed once; a resource by each who wants it, once at a time. Services are asked for by orders."""
    if item.closed_at is not None:
        raise WrongState("claim", "CLOSED", "ITEM_CLOSED")
    if item.kind == ListKind.SERVICE:
        raise WrongState("claim", "OPEN", "SERVICE_IS_ORDERED")
    claims = whole(Claim).filter(item_id=item.id)
    if item.kind == ListKind.NEED:
        claims = claims.filter(state__not=ClaimState.DROPPED)
    elif new.unit is not None:
        claims = claims.filter(state__in=LIVE_CLAIMS, unit_id=new.unit)
    else:
        claims = claims.filter(state__in=LIVE_CLAIMS, unit_id=None, member_id=actor.id)
    if await claims.exists():
        raise WrongState("claim", "CLAIMED", "ALREADY_CLAIMED")


async def complete_claim(actor: Actor, end: ClaimEnd) -> Done:
    """For whoever claimed it."""

    async def work(record: Record) -> Done:
        claim = await _own_claim(record, actor, end, "complete")
        faults = Faults()
        check_text(faults, end.text, "text", TEXT_LENGTH)
        faults.refuse()
        claim.result, claim.done_at = end.text, record.now
        return await _moved(record, actor, claim, ClaimState.DONE, "claim.done")

    return await once(actor, end.key, ("completeClaim", end), work)


async def drop_claim(actor: Actor, end: ClaimEnd) -> Done:
    """For whoever claimed it; somebody else may claim the item then."""

    async def work(record: Record) -> Done:
        claim = await _own_claim(record, actor, end, "drop")
        faults = Faults()
        check_reason(faults, end.reason)
        faults.refuse()
        return await _moved(record, actor, claim, ClaimState.DROPPED, "claim.dropped", end.reason)

    return await once(actor, end.key, ("dropClaim", end), work)


async def _own_claim(record: Record, actor: Actor, end: ClaimEnd, action: str) -> Claim:
    claim = await locked(record, Claim, actor, end.claim, CLAIM)
    theirs = Facts(paired_unit_ids=(claim.unit_id,)) if claim.unit_id else Facts(area_path=claim.path)
    record.require(actor, *CLAIM, theirs)
    check_version(end.version, claim.version)
    if claim.state != ClaimState.CLAIMED:
        raise WrongState(action, claim.state)
    if claim.unit_id is None and not actor.is_(claim.member_id):
        raise WrongState(action, claim.state, "NOT_YOUR_CLAIM")
    return claim


async def verify_claim(actor: Actor, end: ClaimEnd) -> Done:
    """Needs `list_item.edit` in the village. Nobody verifies what they, or a unit of theirs, did."""

    async def work(record: Record) -> Done:
        claim = await locked(record, Claim, actor, end.claim, VERIFY)
        record.require(actor, *VERIFY, claim_facts(claim))
        check_version(end.version, claim.version)
        if claim.state != ClaimState.DONE:
            raise WrongState("verify", claim.state)
        if actor.stands_for(claim.member_id) or _acts_for(actor, claim.unit_id):
            raise WrongState("verify", claim.state, "OWN_CLAIM")
        faults = Faults()
        check_words(faults, end.note, "note")
        faults.refuse()
        claim.verified_by_id = actor.id
        return await _moved(record, actor, claim, ClaimState.VERIFIED, "claim.verified", end.note)

    return await once(actor, end.key, ("verifyClaim", end), work)


def _acts_for(actor: Actor, unit_id: str | None) -> bool:
    return unit_id is not None and may(actor, *CLAIM, Facts(paired_unit_ids=(unit_id,)))


async def _moved(
    record: Record, actor: Actor, claim: Claim, state: ClaimState, type: str, note: str | None = None
) -> Done:
    item = await whole(ListItem).get(id=claim.item_id).select_related("area")
    event = record.tell_of_admin(claim, type, actor, item.area, note)
    event.from_state, event.to_state = str(claim.state), str(state)
    claim.state = state
    await claim.save()
    return Done("Claim", claim.id, event.id)
