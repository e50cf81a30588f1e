"""The sender of webhooks: reads the log on behind each of them, and posts what is theirs.

The log is all it goes by; what it noted of a webhook was noted after it was sent. So whoever goes on after a crash
sends some again, and leaves out nothing.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from actions.deliveries import (
    Clearance,
    Fate,
    Outcome,
    clearance,
    due_webhooks,
    held_back,
    log_head,
    next_attempts,
    next_stretch,
    note_attempt,
    note_stretch,
)
from actions.feed import Bell
from baodao.database import is_embedded
from baodao.leader import lead, lead_beside
from baodao.messages import CannotShow, body_of, headers_of
from baodao.posting import Post
from models import Event, Webhook, WebhookDelivery, clock

DELIVERY_LOCK = 0x686F6F6B
LONGEST_SLEEP = 2.0
BETWEEN_LOOKS = 0.05
"""Seconds, at least: what is committed meanwhile is looked at together. A look costs as much as half an acceptance."""
AT_ONCE = 4
"""Messages to one webhook that are on their way at a time."""
MOST_SERVED = 200
"""Webhooks that are served at a time; each holds at most 24 events in memory."""
TRY_AGAIN_AFTER = 2.0
GONE = 410
log = logging.getLogger(__name__)

Done = TypeVar("Done")
Left = list[tuple[Event, Outcome]]


async def deliver(url: str) -> None:
    """For ever, by one process at a time."""
    if is_embedded(url):
        await lead_beside(Path(f"{url.partition('://')[2]}.webhooks"), _work)
    else:
        await lead(url, DELIVERY_LOCK, _work)


async def _work() -> None:
    async with Post() as post:
        await Sender(post).run()


@dataclass(slots=True)
class Sender:
    """`served`: by webhook, its round under way. `looked`: its place, and the log's end when nothing followed."""

    post: Post
    served: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    looked: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def run(self) -> None:
        """For ever. A fault is logged, and what it stopped is begun again."""
        with Bell() as bell:
            try:
                while True:
                    await self._look(bell)
                    await asyncio.sleep(BETWEEN_LOOKS)
                    await bell.wait(LONGEST_SLEEP)
            finally:
                await self._stop()

    async def _look(self, bell: Bell) -> None:
        try:
            head = await log_head()
            due, again = await due_webhooks(head, clock.now())
        except Exception:
            log.exception("cannot look which webhooks are due")
            return
        news = [one for one in due if one.id in again or self.looked.get(one.id) != (one.position, head)]
        free = [one for one in news if one.id not in self.served]
        for webhook in free[: MOST_SERVED - len(self.served)]:
            self.served[webhook.id] = asyncio.create_task(self._serve(webhook, head, bell))

    async def _stop(self) -> None:
        tasks = list(self.served.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, webhook: Webhook, head: int, bell: Bell) -> None:
        """One round. While there is more to do the bell is rung for the next."""
        try:
            if await self.round(webhook, head):
                bell.ring()
        except Exception:
            log.exception("webhook %s cannot be served", webhook.id)
            await asyncio.sleep(TRY_AGAIN_AFTER)
        finally:
            del self.served[webhook.id]

    async def round(self, webhook: Webhook, head: int) -> bool:
        """What is due again, then the next stretch of the log; whether there was anything."""
        again = await next_attempts(webhook.id, clock.now(), AT_ONCE)
        await together(self._try_again(*one) for one in again)
        return await self._go_on(webhook, head) or bool(again)

    async def _try_again(self, delivery: WebhookDelivery, event: Event | None) -> None:
        outcome = await self._attempt(delivery.webhook_id, event) if event else Outcome(Fate.NOT_OWN)
        await note_attempt(delivery, outcome)

    async def _go_on(self, webhook: Webhook, head: int) -> bool:
        place, seen = self.looked.get(webhook.id, (webhook.position, webhook.position))
        after = seen if place == webhook.position else webhook.position
        if after >= head:
            return False
        stretch = await next_stretch(webhook, after, head)
        held, places = await held_back(webhook.id), asyncio.Semaphore(AT_ONCE)
        lanes = stretch.lanes.items()
        left = await together(
            self._lane(webhook.id, events, places, held=subject in held) for subject, events in lanes
        )
        await note_stretch(webhook, stretch, [one for lane in left for one in lane])
        self.looked[webhook.id] = (webhook.position, after if stretch.lanes else stretch.until)
        return bool(stretch.lanes)

    async def _lane(self, id: str, events: list[Event], places: asyncio.Semaphore, *, held: bool) -> Left:
        """Events of one subject, in order, until one is not taken; what is left."""
        if held:
            return [(event, Outcome(Fate.STOPPED)) for event in events]
        for index, event in enumerate(events):
            async with places:
                outcome = await self._attempt(id, event)
            if outcome.fate not in (Fate.SENT, Fate.NOT_OWN):
                rest = events[index + 1 :]
                return [(event, outcome), *((later, Outcome(Fate.STOPPED)) for later in rest)]
        return []

    async def _attempt(self, id: str, event: Event) -> Outcome:
        cleared = await clearance(id, event)
        if not isinstance(cleared, Clearance):
            return Outcome(cleared)
        try:
            body = await body_of(event, cleared.account)
        except CannotShow as fault:
            log.error("webhook %s: %s", id, fault)
            return Outcome(Fate.FAILED, error="the event cannot be shown")
        if body is None:
            return Outcome(Fate.NOT_OWN)
        posted = await self.post.send(cleared.url, headers_of(event, body, cleared.secrets), body)
        if posted.status is not None and 200 <= posted.status < 300:
            return Outcome(Fate.SENT, posted.status)
        fate = Fate.GONE if posted.status == GONE else Fate.FAILED
        return Outcome(fate, posted.status, posted.error or f"answered {posted.status}")


async def together(duties: Iterable[Coroutine[None, None, Done]]) -> list[Done]:
    """What each gives; when one fails the others are given up."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(duty) for duty in duties]
    return [task.result() for task in tasks]
