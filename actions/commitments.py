"""Commitments (承诺践诺): made by a registered member, found kept by the village."""

from dataclasses import dataclass, replace

from actions.admin import check_version, locked
from actions.checks import TEXT_LENGTH, check_text, check_words
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Area, Commitment, WrongState
from policies.actor import Actor
from policies.facts import Facts, commitment_facts
from policies.guard import may
from policies.scopes import readable, whole

CREATE, CONFIRM = ("commitment", "create"), ("commitment", "confirm")


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """What the actor promises the village `area`."""

    area: str
    text: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Which commitment was kept."""

    commitment: str
    note: str | None = None
    version: int | None = None
    key: str | None = None


async def make_commitment(actor: Actor, new: NewCommitment) -> Done:
    """Needs `commitment.create` by what the actor holds in that very village: NOT_REGISTERED_THERE otherwise."""

    async def work(record: Record) -> Done:
        area = await _checked(record, actor, new)
        commitment = Commitment(
            member_id=actor.id, area_id=area.code, path=area.path, text=new.text, made_at=record.now
        )
        event = record.tell_of_admin(commitment, "commitment.made", actor, area)
        await commitment.save(force_create=True)
        return Done("Commitment", commitment.id, event.id)

    return await once(actor, new.key, ("makeCommitment", new), work)


async def _checked(record: Record, actor: Actor, new: NewCommitment) -> Area:
    faults = Faults()
    area = await readable(Area, actor).get_or_none(code=new.area)
    record.require(actor, *CREATE, Facts(area_path=area.path if area else None, member_id=actor.id))
    if area is None:
        faults.missing("Area", "area")
    elif not _is_at_home(actor, area):
        faults.add("NOT_REGISTERED_THERE", "area")
    check_text(faults, new.text, "text", TEXT_LENGTH)
    faults.refuse()
    assert area is not None, "a missing area is a fault"
    return area


def _is_at_home(actor: Actor, area: Area) -> bool:
    """The rule looks at the member alone; where they may promise something is where it gives them the right."""
    there = replace(actor, grants=tuple(one for one in actor.grants if one.path == area.path), scopes={})
    return may(there, *CREATE, Facts(area_path=area.path, member_id=actor.id))


async def confirm_commitment(actor: Actor, confirmation: Confirmation) -> Done:
    """Needs `commitment.confirm` in the village. WrongState COMMITMENT_KEPT or, for one's own, OWN_COMMITMENT."""

    async def work(record: Record) -> Done:
        commitment = await locked(record, Commitment, actor, confirmation.commitment, CONFIRM)
        record.require(actor, *CONFIRM, commitment_facts(commitment))
        check_version(confirmation.version, commitment.version)
        _check_open(actor, commitment)
        faults = Faults()
        check_words(faults, confirmation.note, "note")
        faults.refuse()
        commitment.kept_at, commitment.confirmed_by_id = record.now, actor.id
        area = await whole(Area).get(code=commitment.area_id)
        event = record.tell_of_admin(commitment, "commitment.kept", actor, area, confirmation.note)
        await commitment.save()
        return Done("Commitment", commitment.id, event.id)

    return await once(actor, confirmation.key, ("confirmCommitment", confirmation), work)


def _check_open(actor: Actor, commitment: Commitment) -> None:
    if commitment.kept_at is not None:
        raise WrongState("confirm", "KEPT", "COMMITMENT_KEPT")
    if actor.stands_for(commitment.member_id):
        raise WrongState("confirm", "MADE", "OWN_COMMITMENT")
