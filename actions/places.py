"""The end of the log, where events and audit entries get their places, one writer at a time."""

from collections.abc import Sequence
from typing import cast

from tortoise.backends.base.client import BaseDBAsyncClient

from actions.audit import chained
from models import AuditEntry, Event
from models.writes import Values, Writes

LOG_LOCK = 0x62616F6461  # any fixed number: the key of the advisory lock on the log's end
CHANNEL = "baodao"
"""Where PostgreSQL tells the other processes that the log grew."""


async def hold_log_end(connection: BaseDBAsyncClient) -> None:
    """Until the transaction ends; its listeners are told then. SQLite has one writer at a time anyway."""
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query(
            "SELECT pg_advisory_xact_lock($1), pg_notify($2, '')", [LOG_LOCK, CHANNEL]
        )


async def place(events: Sequence[Values], entries: Sequence[Values]) -> list[int]:
    """The positions of the events, written with their audit entries. The caller holds the log's end."""
    writes = Writes()
    writes.insert_values(AuditEntry, await chained(entries))
    writes.insert_values(Event, events)
    return [cast(int, numbers["pos"]) for numbers in await writes.send()]
