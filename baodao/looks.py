"""Figures that are looked up when somebody asks for them: in this process, and in the database for all of them."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from tortoise.connection import get_connection

from baodao import metrics
from baodao.answers import MEMORY
from baodao.fanout import FANOUTS
from baodao.metrics import Carried
from baodao.sockets import SOCKETS
from models import (
    DeliveryState,
    Event,
    PolicyState,
    PolicyVersion,
    SlaClock,
    Unplaced,
    Webhook,
    WebhookDelivery,
    WebhookState,
    clock,
)
from models.orphans import orphans
from models.postgres import SparingClient
from models.sqlite import ImmediateSqliteClient
from policies.scopes import whole
from resolvers.stream import READING
from resolvers.tail import log_head
from resolvers.webhooks import lag

AT_MOST = 2.0
"""Seconds that a scrape waits for the database."""
FRESH_FOR = 5.0
"""Seconds for which what was looked up in the database is good enough."""
OFTEN = 2.0
SLOWEST = 20
"""Webhooks that are looked at: those whose place in the log is the furthest back."""
LATE = timedelta(seconds=10)
Look = Callable[[], Awaitable[None]]
log = logging.getLogger(__name__)

HERE: list[Look] = []
ANYWHERE: list[Look] = []
NEVER = float("-inf")
_looked_at = NEVER


def here(look: Look) -> Look:
    """Register what each worker knows of itself."""
    HERE.append(look)
    return look


def anywhere(look: Look) -> Look:
    """Register what the database tells whichever worker asks, such as how far webhooks are behind."""
    ANYWHERE.append(look)
    return look


async def look() -> None:
    """At everything. What cannot be told in time keeps its last value, and `baodao_database_up` is 0."""
    global _looked_at
    answered = await _all_of(HERE)
    if time.monotonic() - _looked_at > FRESH_FOR:
        answered &= await _all_of(ANYWHERE)
        _looked_at = time.monotonic() if answered else NEVER
    metrics.DATABASE.set(answered)


async def keep_looking() -> None:
    """For ever, at what only this worker knows, so that the others can tell it."""
    while True:
        await _all_of(HERE)
        await asyncio.sleep(OFTEN)


async def _all_of(looks: list[Look]) -> bool:
    """Whether all went well."""
    try:
        async with asyncio.timeout(AT_MOST):
            for one in looks:
                await one()
    except Exception as failed:
        log.warning("some figures cannot be told: %s", type(failed).__name__)
        return False
    return True


KEPT, MADE = Carried(metrics.ANSWERS.labels("kept")), Carried(metrics.ANSWERS.labels("made"))
SENT = Carried(metrics.STATEMENTS)


@here
async def _look_at_memory() -> None:
    KEPT.up_to(MEMORY.hits)
    MADE.up_to(MEMORY.misses)
    metrics.ANSWERS_BYTES.set(MEMORY.bytes)


@here
async def _look_at_connections() -> None:
    client = get_connection("default")
    if isinstance(client, SparingClient | ImmediateSqliteClient):
        SENT.up_to(client.sent.count)
    is_open, busy = client.occupied() if isinstance(client, SparingClient) else (0, 0)
    metrics.POOL.labels("open").set(is_open)
    metrics.POOL.labels("busy").set(busy)


@here
async def _look_at_listeners() -> None:
    groups = [group for fanout in FANOUTS for group in fanout.groups]
    listeners = [listener for group in groups for listener in group.listeners]
    metrics.SOCKETS.set(len(SOCKETS.seats))
    metrics.GROUPS.set(len(groups))
    metrics.LISTENERS.set(len(listeners))
    metrics.WAITING.set(max((listener.waiting for listener in listeners), default=0))
    told = [listener.position for listener in listeners] + [reader.position for reader in READING]
    await _look_behind(told)


async def _look_behind(told: list[int]) -> None:
    """How far the one who was told least is behind the log; nobody is when nobody listens."""
    metrics.LAG.set(await log_head() - min(told) if told else 0)
    missed = whole(Event).filter(pos__gt=min(told)).order_by("pos").first() if told else None
    event = await missed if missed is not None else None
    metrics.LAG_SECONDS.set(max(0.0, (clock.now() - event.at).total_seconds()) if event else 0)


@anywhere
async def _look_at_clocks() -> None:
    now = clock.now()
    metrics.CLOCKS_DUE.set(await SlaClock.filter(next_at__lte=now).count())
    metrics.CLOCKS_OVERDUE.set(await SlaClock.filter(next_at__lte=now - LATE).count())
    metrics.ORPHANS.set(await orphans())


@anywhere
async def _look_at_webhooks() -> None:
    """All together: of each of them the API tells, to those who may know of it."""
    for state in DeliveryState:
        number = await whole(WebhookDelivery).filter(state=state).count()
        metrics.DELIVERIES.labels(state.lower()).set(number)
    active = whole(Webhook).filter(state=WebhookState.ACTIVE, account__disabled_at__isnull=True)
    lags = [await lag(one) for one in await active.order_by("position", "id").limit(SLOWEST)]
    since = min((one.oldest_at for one in lags if one.oldest_at), default=None)
    metrics.WEBHOOK_LAG.set(max((one.events - one.waiting for one in lags), default=0))
    metrics.WEBHOOK_LAG_SECONDS.set(max(0.0, (clock.now() - since).total_seconds()) if since else 0)


@anywhere
async def _look_at_log_and_rules() -> None:
    metrics.LOG_HEAD.set(await log_head())
    metrics.UNPLACED.set(await whole(Unplaced).all().count())
    published = await whole(PolicyVersion).get_or_none(state=PolicyState.PUBLISHED)
    metrics.POLICY.set((published.number or 0) if published else 0)
