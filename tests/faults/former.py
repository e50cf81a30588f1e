"""The program as it was before its newest migrations: nothing in it knows of tallies, webhooks or unplaced events."""

import asyncio

from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationTarget

import actions.places as places
import baodao.asgi
import baodao.cli
from actions.audit import seal_audit
from actions.calendars import seed_calendar
from actions.packaged_rules import store_packaged_rules
from baodao.database import APPS, _Migrations, database
from models import LogEpoch
from models.generations import count_generations

NEWEST = "0003_generations"


async def migrate(url: str) -> None:
    """As far as that program did."""
    async with database(url):
        steps = _Migrations(get_connection("default"), APPS)
        await steps.migrate([MigrationTarget("models", NEWEST)], direction="forward")
        await LogEpoch.get_or_create(id=1)
        await seed_calendar()
        await store_packaged_rules()
        await seal_audit()
        await count_generations()


def former() -> None:
    """What the present program does with the newer tables is undone."""
    baodao.asgi.migrate = baodao.cli.migrate = migrate
    baodao.asgi.place_waiting = _nothing_waits
    baodao.asgi.deliver = _never
    places.HOLD_ALONE = f"SELECT {places.HOLD}, pg_advisory_xact_lock($3), false AS left"


async def _nothing_waits() -> int:
    return 0


async def _never(_: str) -> None:
    await asyncio.Event().wait()
