"""The program as it was before its newest migration: it knows nothing of snapshots of figures."""

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationTarget

import baodao.asgi
import baodao.cli
from baodao.database import APPS, _Migrations, database, furnish
from models.seals import SEALS

NEWEST, LATER = "0019_publicity", "snapshot"


async def migrate(url: str) -> None:
    """As far as that program did."""
    later = SEALS.pop(LATER)
    try:
        async with database(url):
            steps = _Migrations(get_connection("default"), APPS)
            await steps.migrate([MigrationTarget("models", NEWEST)], direction="forward")
            await furnish()
    finally:
        SEALS[LATER] = later


def former() -> None:
    baodao.asgi.migrate = baodao.cli.migrate = migrate
