"""What no rule can lift about giving roles: only what lies inside one's own, to others, and not for longer."""

from dataclasses import replace
from datetime import datetime

from actions.admin import is_live
from actions.record import Record
from models import Grant, InvalidInput, NotAllowed
from policies.actor import Actor, LiveGrant
from policies.facts import Facts
from policies.guard import may
from policies.scopes import whole
from policies.vocabulary import DIGITS, UNIT_LEVEL


def refuse_deputies(record: Record, right: tuple[str, str]) -> None:
    """Raises NotAllowed when the right that `record` found rests on a grant held in somebody else's name."""
    title = record.warrant.title
    if title is not None and title[1].principal_id is not None:
        raise NotAllowed(right[1], "NOT_AS_DEPUTY")


async def check_appointment(
    actor: Actor, grant: Grant, facts: Facts, right: tuple[str, str], now: datetime
) -> None:
    """Whatever the rules say, a grant is given by one of the actor's own that has the right and holds it inside.

    Raises NotAllowed, and InvalidInput when it would outlast every such grant. Nobody gives a role to themselves,
    nor to a member in whose name they act.
    """
    if actor.system:
        return
    if actor.is_(grant.member_id):
        raise NotAllowed(right[1], "OWN_GRANT")
    if actor.is_deputy_of(grant.member_id):
        raise NotAllowed(right[1], "GRANT_TO_PRINCIPAL")
    own = await whole(Grant).filter(member_id=actor.id, principal_id__isnull=True, revoked_at__isnull=True)
    giving = [held for held in own if is_live(held.since, held.until, now) and _holds_inside(held, facts)]
    giving = [held for held in giving if _has_right(actor, held, right, facts)]
    if not giving:
        raise NotAllowed(right[1], "OUTSIDE_YOUR_GRANTS")
    _check_end(grant, [held.until for held in giving])


def _holds_inside(held: Grant, facts: Facts) -> bool:
    """An area's role: what lies at or below it and ranks no higher. A unit's role: what is held in that unit."""
    if held.level == UNIT_LEVEL:
        return held.unit_id is not None and held.unit_id == facts.unit_id
    inside = facts.area_path is not None and facts.area_path.startswith(held.path)
    return inside and facts.rank is not None and facts.rank >= DIGITS[held.level]


def _has_right(actor: Actor, held: Grant, right: tuple[str, str], facts: Facts) -> bool:
    alone = LiveGrant(held.role, held.level, held.path, held.area_id, held.unit_id)
    return may(replace(actor, grants=(alone,), scopes={}), *right, facts)


def _check_end(grant: Grant, ends: list[datetime | None]) -> None:
    latest = max((end for end in ends if end is not None), default=None)
    if None in ends or latest is None:
        return
    if grant.until is None or grant.until > latest:
        raise InvalidInput("UNTIL_BEYOND_YOURS", "until")
