"""The program as it was before its newest migration: it knows nothing of visits that come round."""

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationTarget

import actions.tick
import baodao.asgi
import baodao.cli
from baodao.database import APPS, _Migrations, database, furnish

NEWEST = "0020_metric_snapshots"


async def migrate(url: str) -> None:
    """As far as that program did."""
    async with database(url):
        steps = _Migrations(get_connection("default"), APPS)
        await steps.migrate([MigrationTarget("models", NEWEST)], direction="forward")
        await furnish()


async def _no_plans(failed: set[str]) -> int:
    return 0


def former() -> None:
    baodao.asgi.migrate = baodao.cli.migrate = migrate
    actions.tick.keep_plans = _no_plans
