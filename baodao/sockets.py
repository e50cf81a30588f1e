"""Open streams and who sits at them: closed when the token or key ends, the member is disabled, or we stop."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tortoise.expressions import Q

from models import Credential, Member, clock
from policies.scopes import whole

LOOK_EVERY = 2.0
"""Seconds between two looks; so long the socket of a disabled member or a revoked key may live on."""
FORBIDDEN, RESTARTING = 4403, 1012
DISABLED = "This member is disabled"
CLOSED_WITHIN = 2.0
"""Seconds that a socket may take to be closed: nobody waits longer for one that does not read."""
GO_ON = "The service restarts; go on after the last cursor"
FINISHED_WITHIN = 3.0
"""Seconds that queries and mutations over WebSockets may still take when the process is to end."""
log = logging.getLogger(__name__)


class Socket(Protocol):
    """What can be closed."""

    async def close(self, code: int, reason: str) -> None: ...


@dataclass(eq=False, slots=True)
class Seat:
    """A socket or stream, the member who opened it, when their token or key ends, and which key it was, if any."""

    socket: Socket
    member_id: str
    until: datetime
    credential_id: str | None = None


@dataclass(slots=True)
class Sockets:
    """The sockets and streams of this process."""

    seats: set[Seat] = field(default_factory=set)
    draining: bool = False
    _at_work: set[asyncio.Task[object]] = field(default_factory=set)

    async def take(self, seat: Seat) -> None:
        """Nobody sits down any more while the process ends."""
        if self.draining:
            await _close(seat, RESTARTING, GO_ON)
        else:
            self.seats.add(seat)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Around what is asked once over a WebSocket and has to be answered before it is closed."""
        task = asyncio.current_task()
        assert task is not None, "every operation has its own"
        self._at_work.add(task)
        try:
            yield
        finally:
            self._at_work.discard(task)

    async def drain(self) -> None:
        """Let what was asked once be answered, then close everything."""
        self.draining = True
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=FINISHED_WITHIN)
        await self._turn_out({seat: GO_ON for seat in self.seats}, RESTARTING)

    async def watch(self) -> None:
        """Close what must be closed, for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except Exception:
                log.exception("cannot look after the sockets")

    async def look(self) -> None:
        """One query for all sockets together, and one more for those that were opened with keys."""
        if not self.seats:
            return
        gone, ended = await self._gone(), await self._ended()
        reasons = {seat: _reason(seat, gone, ended) for seat in self.seats}
        await self._turn_out({seat: reason for seat, reason in reasons.items() if reason}, FORBIDDEN)

    async def _turn_out(self, reasons: dict[Seat, str], code: int) -> None:
        self.seats -= reasons.keys()
        await asyncio.gather(*(_close(seat, code, reason) for seat, reason in reasons.items()))

    async def _gone(self) -> set[str]:
        members = list({seat.member_id for seat in self.seats})
        return {member.id for member in await whole(Member).filter(id__in=members, disabled_at__isnull=False)}

    async def _ended(self) -> set[str]:
        """Keys that were revoked, or have run out since they were rotated."""
        keys = {seat.credential_id for seat in self.seats} - {None}
        if not keys:
            return set()
        over = Q(revoked_at__isnull=False) | Q(until__lte=clock.now())
        return {credential.id for credential in await whole(Credential).filter(over, id__in=list(keys))}


def _reason(seat: Seat, gone: set[str], ended: set[str]) -> str | None:
    if seat.member_id in gone:
        return DISABLED
    if seat.credential_id in ended:
        return "The key has ended"
    return "The token has expired" if seat.until <= clock.now() else None


async def _close(seat: Seat, code: int, reason: str) -> None:
    try:
        async with asyncio.timeout(CLOSED_WITHIN):
            await seat.socket.close(code, reason)
    except Exception:  # the other side may have left meanwhile, in several ways
        log.debug("a socket was gone already", exc_info=True)


SOCKETS = Sockets()
