"""A right that was taken away is gone: nothing is written after the revocation was acknowledged."""

import os
from asyncio import gather, sleep
from collections.abc import Awaitable
from random import Random
from typing import TypeVar

import pytest
from matter import Matter
from tortoise.transactions import in_transaction
from world import World, everything

from actions.given import Given
from actions.grants import Revocation, revoke_grant
from actions.members import MemberDisabling, disable_member
from actions.take_step import take_step
from models import (
    Conflict,
    Event,
    Grant,
    Member,
    NotAllowed,
    NotFound,
    PolicyVersion,
    Summons,
    Task,
    WrongState,
    clock,
)
from policies.actor import Actor
from policies.loading import load_actor
from resolvers.ids import key_of

pytest_plugins = ["monday"]

RACES = int(os.environ.get("BAODAO_RACES", "150"))
AT_ONCE = 6
"""Races run side by side; each needs two connections."""
LONGEST_WAIT = 0.04
JITTER = Random("baodao")
T = TypeVar("T")


async def accept(actor: Actor, task_id: str) -> bool:
    try:
        await take_step(actor, "task", ("accept",), task_id, Given())
    except (Conflict, NotAllowed, NotFound, WrongState):
        return False
    return True


@pytest.fixture
async def task_id(world: World) -> str:
    return key_of(await (await Matter.issued(world, "zr")).task_id("zr"), Task, "task")


async def test_who_lost_the_right_after_signing_in_writes_nothing(world: World, task_id: str) -> None:
    liaison, admin = await world.actor("zr.liaison"), await world.actor("shunde.policy")
    await revoke_grant(admin, Revocation(world.grants["zr.liaison"].id, "调离。"))
    before = await everything()
    with pytest.raises(Conflict, match="RIGHTS_CHANGED"):
        await take_step(liaison, "task", ("accept",), task_id, Given())
    assert await everything() == before


async def test_who_was_disabled_after_signing_in_writes_nothing(world: World, task_id: str) -> None:
    liaison, org = await world.actor("zr.liaison"), await world.actor("shunde.org")
    await disable_member(org, MemberDisabling(world.members["zr.liaison"].id, "调离。"))
    with pytest.raises(Conflict, match="RIGHTS_CHANGED"):
        await take_step(liaison, "task", ("accept",), task_id, Given())


async def test_what_was_decided_by_former_rules_is_not_written(world: World, task_id: str) -> None:
    liaison = await world.actor("zr.liaison")
    await PolicyVersion.filter(state="PUBLISHED").update(hash="0" * 64)
    with pytest.raises(Conflict, match="RIGHTS_CHANGED"):
        await take_step(liaison, "task", ("accept",), task_id, Given())
    await PolicyVersion.filter(state="PUBLISHED").update(hash=liaison.policy)


async def test_a_revoked_grant_is_dead_for_whoever_has_a_slow_clock(world: World) -> None:
    await revoke_grant(
        await world.actor("shunde.policy"), Revocation(world.grants["zr.liaison"].id, "调离。")
    )
    early = clock.now().replace(hour=0)
    assert (await load_actor(world.members["zr.liaison"], early)).grants == ()


async def copies(task_id: str, number: int) -> list[Task]:
    """So many fresh summonses with a task each, like the first."""
    task = await Task.get(id=task_id)
    summons = await Summons.get(id=task.summons_id)
    summonses = [summons.clone(pk=f"S{at:025}") for at in range(number)]
    for at, one in enumerate(summonses):
        one.number = f"{summons.number}-{at}"
    tasks = [task.clone(pk=f"T{at:025}") for at in range(number)]
    for one, its in zip(tasks, summonses, strict=True):
        one.summons_id = its.id
    await Summons.bulk_create(summonses)
    await Task.bulk_create(tasks)
    return tasks


async def liaisons(world: World, number: int) -> list[Grant]:
    """So many new liaisons of the unit, by their grants."""
    first, grant = world.members["zr.liaison"], world.grants["zr.liaison"]
    members = [first.clone(pk=f"M{at:025}") for at in range(number)]
    grants = [grant.clone(pk=f"G{at:025}") for at in range(number)]
    for at, member in enumerate(members):
        member.login = f"liaison-{at}"
        grants[at].member_id = member.id
    await Member.bulk_create(members)
    await Grant.bulk_create(grants)
    return grants


async def after(share: float, work: Awaitable[T]) -> T:
    await sleep(share * LONGEST_WAIT)
    return await work


async def race(admin: Actor, task: Task, grant: Grant) -> bool:
    """The liaison accepts while the role is revoked, and tries again once that was acknowledged; if they won."""
    liaison = await load_actor(grant.member_id, clock.now())
    first, _ = await gather(
        after(JITTER.random(), accept(liaison, task.id)),
        after(JITTER.random(), revoke_grant(admin, Revocation(grant.id, "调离。"))),
    )
    assert not await accept(liaison, task.id)
    return first


async def test_no_race_writes_after_an_acknowledged_revocation(world: World, task_id: str) -> None:
    async with in_transaction():
        tasks, grants = await copies(task_id, RACES), await liaisons(world, RACES)
    admin, won = await world.actor("shunde.policy"), 0
    for at in range(0, RACES, AT_ONCE):
        pairs = list(zip(tasks[at : at + AT_ONCE], grants[at : at + AT_ONCE], strict=True))
        won += sum(await gather(*(race(admin, task, grant) for task, grant in pairs)))
    revoked = {event.aggregate_id: event.pos for event in await Event.filter(type="grant.revoked")}
    accepted = {str(event.actor_id): event.pos for event in await Event.filter(type="task.accepted")}
    late = [grant.id for grant in grants if accepted.get(grant.member_id, 0) > revoked[grant.id]]
    print(
        f"{RACES} races: {won} accepted before the revocation, {RACES - won} refused, {len(late)} written after it"
    )
    assert late == [] and len(accepted) == won
    assert won > 0
