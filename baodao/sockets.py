"""Open WebSockets and who sits at them: closed when the token or key ends, or the member is disabled."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tortoise.expressions import Q

from models import Credential, Member, clock
from policies.scopes import whole

LOOK_EVERY = 2.0
"""Seconds between two looks; so long the socket of a disabled member or a revoked key may live on."""
FORBIDDEN = 4403
log = logging.getLogger(__name__)


class Socket(Protocol):
    """What can be closed."""

    async def close(self, code: int, reason: str) -> None: ...


@dataclass(eq=False, slots=True)
class Seat:
    """A socket, the member who opened it, when their token or key ends, and which key it was, if it was one."""

    socket: Socket
    member_id: str
    until: datetime
    credential_id: str | None = None


@dataclass(slots=True)
class Sockets:
    """The sockets of this process."""

    seats: set[Seat] = field(default_factory=set)

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
        for seat in list(self.seats):
            if reason := _reason(seat, gone, ended):
                self.seats.discard(seat)
                await _close(seat, reason)

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
        return "This member is disabled"
    if seat.credential_id in ended:
        return "The key has ended"
    return "The token has expired" if seat.until <= clock.now() else None


async def _close(seat: Seat, reason: str) -> None:
    try:
        await seat.socket.close(FORBIDDEN, reason)
    except Exception:  # the other side may have left meanwhile, in several ways
        log.debug("a socket was gone already", exc_info=True)


SOCKETS = Sockets()
