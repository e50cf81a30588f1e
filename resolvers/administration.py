"""Mutations of units, members and grants."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from actions import grants, members, units
from actions.once import Done
from policies.actor import Actor
from resolvers.changes import Answer, Changed, Said, left_by, made, read
from resolvers.context import Info

Wanted = TypeVar("Wanted")


def answer(wanted: Callable[..., Wanted], action: Callable[[Actor, Wanted], Awaitable[Done]]) -> Answer:
    async def answered(info: Info, said: Said) -> Changed:
        return await left_by(info, await action(info.context.actor, made(wanted, read(said))))

    return answered


create_unit = answer(units.NewUnit, units.create_unit)
update_unit = answer(units.UnitChange, units.update_unit)
close_unit = answer(units.UnitClosing, units.close_unit)

create_member = answer(members.NewMember, members.create_member)
update_member = answer(members.MemberChange, members.update_member)
disable_member = answer(members.MemberDisabling, members.disable_member)

revoke_grant = answer(grants.Revocation, grants.revoke_grant)
_give = answer(grants.NewGrant, grants.grant_role)


async def grant_role(info: Info, said: Said) -> Changed:
    """The holder is one of two: an area or a unit."""
    rest = {name: value for name, value in said.items() if name != "holder"}
    holder = {f"holder.{name}": value or None for name, value in vars(said["holder"]).items()}
    return await _give(info, rest | holder)
