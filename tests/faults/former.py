"""The program as it was before its newest migration, which is to change nothing that the present program needs."""

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationTarget

import baodao.asgi
import baodao.cli
from baodao.database import APPS, _Migrations, database, furnish

NEWEST = "0025_corrections"


async def migrate(url: str) -> None:
    """As far as that program did."""
    async with database(url):
        steps = _Migrations(get_connection("default"), APPS)
        await steps.migrate([MigrationTarget("models", NEWEST)], direction="forward")
        await furnish()


def former() -> None:
    baodao.asgi.migrate = baodao.cli.migrate = migrate
