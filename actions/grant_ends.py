"""How grants end before their time, and what follows: for the deputies they were lent to, and for tasks."""

from datetime import datetime

from tortoise.expressions import Q

from actions.checks import may_be_responsible
from actions.record import Record
from actions.responsibility import give_up_tasks
from actions.units import territory_of
from models import Area, Event, Grant, Member, Unit
from policies.actor import Actor
from policies.scopes import whole

REVOKED, DELEGATION_ENDED = "grant.revoked", "grant.delegationEnded"


def is_over(grant: Grant, now: datetime) -> bool:
    return grant.revoked_at is not None or (grant.until is not None and grant.until <= now)


async def end_grant(record: Record, actor: Actor, grant: Grant, type: str, reason: str | None) -> Event:
    """Now and for good; the row is locked and watched. Whoever can no longer be responsible gives the task back."""
    grant.until = grant.revoked_at = record.now
    place = await place_of(grant)
    event = record.tell_of_admin(grant, type, actor, place, reason, role=grant.role)
    await grant.save()
    await _give_up_what_needs_the_role(record, grant)
    return event


async def end_delegations(record: Record, actor: Actor, which: Q, reason: str | None = None) -> None:
    """End those among these grants that are delegations and not over yet, with an event each."""
    live = whole(Grant).filter(
        which, principal_id__isnull=False, revoked_at__isnull=True, until__gt=record.now
    )
    for delegation in await live.order_by("id").select_for_update():
        record.watch(delegation)
        await end_grant(record, actor, delegation, DELEGATION_ENDED, reason)


async def place_of(grant: Grant) -> Area:
    """The area in which its events are told; for a role over the whole tree, the one its holder belongs to."""
    if grant.unit_id is not None:
        return await territory_of(await whole(Unit).get(id=grant.unit_id))
    holder = None if grant.area_id else await whole(Member).get(id=grant.member_id)
    return await whole(Area).get(code=holder.area_id if holder else grant.area_id)


async def _give_up_what_needs_the_role(record: Record, grant: Grant) -> None:
    if grant.unit_id is None:
        return
    member = await whole(Member).get(id=grant.member_id)
    if not await may_be_responsible(member, grant.unit_id, record.now):
        await give_up_tasks(record, member.id, [grant.unit_id])
