"""Retries made safe: a mutation with an idempotency key happens once, and gives its first answer again."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from actions.characters import character_fault
from actions.record import Record, recording
from actions.sequencer import SEQUENCER
from models import Conflict, Event, IdempotencyKey, InvalidInput, clock
from policies.actor import Actor

LONGEST_KEY = 128
KEYS_LAST = timedelta(days=7)
"""Longer than the day that is promised."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a mutation left behind: the object it changed and the event that tells it; `again`: some time ago.

    `row` is that object and `event` that event as they were committed; None when that was some time ago.
    """

    kind: str
    object_id: str
    event_id: str
    again: bool = field(default=False, compare=False)
    row: Model | None = field(default=None, compare=False, repr=False)
    event: Event | None = field(default=None, compare=False, repr=False)


Work = Callable[[Record], Awaitable[Done]]


async def once(actor: Actor, key: str | None, body: object, work: Work) -> Done:
    """Do the work in one transaction; for a key that was used with the same body, give the first answer.

    `body` is hashed by its repr. Raises Conflict when the key was used for another body.
    """
    if key is None:
        async with recording(actor) as record:
            done = await work(record)
        return _in_hand(done, record)
    if not 0 < len(key) <= LONGEST_KEY or character_fault(key):
        raise InvalidInput("KEY_MALFORMED", "idempotencyKey")
    digest = hashlib.sha256(repr(body).encode()).hexdigest()
    try:
        async with recording(actor) as record:
            done = await _first_time(record, actor, key, digest, work)
        return _in_hand(done, record)
    except _KeyTaken:
        return await _answer_again(actor, key, digest)


def _in_hand(done: Done, record: Record) -> Done:
    rows = (change.row for change in record.changes if change.event.aggregate_id == done.object_id)
    events = (event for event in record.events if event.id == done.event_id)
    return replace(done, row=next(rows, None), event=next(events, None))


class _KeyTaken(Exception):
    """The key is in the table already, perhaps since a moment ago."""


async def _first_time(record: Record, actor: Actor, key: str, digest: str, work: Work) -> Done:
    try:
        claim = await IdempotencyKey.create(member_id=actor.id, key=key, body=digest, created_at=record.now)
    except IntegrityError as taken:
        raise _KeyTaken from taken
    done = await work(record)
    claim.kind, claim.object_id, claim.event_id = done.kind, done.object_id, done.event_id
    await claim.save(update_fields=["kind", "object_id", "event_id"])
    return done


async def _answer_again(actor: Actor, key: str, digest: str) -> Done:
    first = await IdempotencyKey.get(member_id=actor.id, key=key)
    if first.body != digest:
        raise Conflict("KEY_REUSED")
    assert first.kind and first.object_id and first.event_id, "written in the same transaction"
    if SEQUENCER.is_used:
        await SEQUENCER.positions([first.event_id])
    return Done(first.kind, first.object_id, first.event_id, again=True)


async def forget_old_keys() -> int:
    """How many; whoever repeats a mutation does so within minutes."""
    return await IdempotencyKey.filter(created_at__lt=clock.now() - KEYS_LAST).delete()
