"""What several commands need: the database around their work, and spans of time as words."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import typer

from actions.addresses import allow
from actions.sequencer import SEQUENCER
from baodao.database import database, is_embedded, migrate
from baodao.settings import settings
from resolvers.retention import RETENTION

Result = TypeVar("Result")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


async def inside(work: Callable[[], Awaitable[Result]]) -> Result:
    """With an open database; an embedded one is brought up to date first."""
    url = settings().database_url
    if is_embedded(url):
        await migrate(url)
    allow(settings().webhook_allow)
    SEQUENCER.is_used = settings().sequenced
    RETENTION.days = settings().retention
    async with database(url):
        return await work()


def span(text: str) -> timedelta:
    """Of 90s, 30m, 1h or 7d. Raises BadParameter, which names the option ``--for``."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if not match or int(match[1]) == 0:
        raise typer.BadParameter("write 90s, 30m, 1h or 7d", param_hint="--for")
    return timedelta(**{UNITS[match[2]]: int(match[1])})
