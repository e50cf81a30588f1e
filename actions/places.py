"""The end of the log, where events and audit entries get their places, one writer at a time."""

from collections.abc import Sequence
from typing import cast

from tortoise.backends.base.client import BaseDBAsyncClient

from actions.audit import chained
from models import AuditEntry, Event, Unplaced
from models.writes import Values, Writes

LOG_LOCK = 0x62616F6461  # any fixed number: the key of the advisory lock on the log's end
RIGHTS_LOCK = 0x72696768
"""Held by whoever writes: shared by steps that the sequencer orders, alone by everything else."""
CHANNEL = "baodao"
"""Where PostgreSQL tells the other processes that the log grew."""


HOLD = "pg_advisory_xact_lock($1), pg_notify($2, '')"
HOLD_ALONE = (
    f"SELECT {HOLD}, pg_advisory_xact_lock($3), EXISTS (SELECT FROM {Unplaced._meta.db_table}) AS left"
)


async def hold_log_end(connection: BaseDBAsyncClient) -> None:
    """Until the transaction ends; its listeners are told then."""
    await connection.execute_query(f"SELECT {HOLD}", [LOG_LOCK, CHANNEL])


async def hold_log_end_alone(connection: BaseDBAsyncClient) -> bool:
    """As nobody may change rights meanwhile. Whether something without a position waits, to go before.

    (A former version of whatever the caller changed was committed before this statement began, so it is seen.)
    SQLite has one writer at a time anyway, and no sequencer.
    """
    if connection.capabilities.dialect != "postgres":
        return False
    [told] = await connection.execute_query_dict(HOLD_ALONE, [LOG_LOCK, CHANNEL, RIGHTS_LOCK])
    return bool(told["left"])


async def place(events: Sequence[Values], entries: Sequence[Values]) -> list[int]:
    """The positions of the events, written with their audit entries. The caller holds the log's end."""
    writes = Writes()
    writes.insert_values(AuditEntry, await chained(entries))
    writes.insert_values(Event, events)
    return [cast(int, numbers["pos"]) for numbers in await writes.send()]
