"""Tables that are only added to, as changed by somebody who owns the database: they take the seal off first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise import Tortoise

from models.seals import SEALS, seal_tables


@asynccontextmanager
async def unsealed(seal: str) -> AsyncIterator[None]:
    """For as long as the block runs."""
    database = Tortoise.get_connection("default")
    triggers = {
        "sqlite": [f"{seal}_UPDATE", f"{seal}_DELETE"],
        "postgres": [f"{seal}_sealed ON {SEALS[seal]}"],
    }
    for trigger in triggers[database.capabilities.dialect]:
        await database.execute_query(f"DROP TRIGGER IF EXISTS {trigger}")
    yield
    await seal_tables()
