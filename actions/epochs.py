"""A new epoch of the log after a restore: no cursor of before holds any longer, nor what processes keep."""

from secrets import randbelow

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.generations import counting
from models.ids import new_id

BEYOND = 1 << 40
"""A restored count must meet none that a process may remember: it jumps anywhere up to here."""


def epoch_renewed() -> str:
    """SQL: every cursor that was given out before is answered by CURSOR_EXPIRED from then on."""
    return f"UPDATE log_epoch SET epoch = '{new_id()}'"


def counted_beyond() -> str:
    """SQL, for databases that have the table `generation`: whatever is kept of any table counts no more."""
    return counting(1 + randbelow(BEYOND))


async def begin_epoch() -> None:
    """Both, in one transaction."""
    async with in_transaction():
        for statement in (epoch_renewed(), counted_beyond()):
            await get_connection("default").execute_query(statement)
