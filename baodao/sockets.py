"""Open WebSockets and who sits at them: closed when the token expires or its member is disabled."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from models import Member, clock

LOOK_EVERY = 2.0
"""Seconds between two looks; so long a disabled member's socket may live on."""
FORBIDDEN = 4403
log = logging.getLogger(__name__)


class Socket(Protocol):
    """What can be closed."""

    async def close(self, code: int, reason: str) -> None: ...


@dataclass(eq=False, slots=True)
class Seat:
    """A socket, the member who opened it, and when their token ends."""

    socket: Socket
    member_id: str
    until: datetime


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
        """One query for all sockets together."""
        if not self.seats:
            return
        members = list({seat.member_id for seat in self.seats})
        gone = {member.id for member in await Member.filter(id__in=members, disabled_at__isnull=False)}
        for seat in [seat for seat in self.seats if seat.member_id in gone or seat.until <= clock.now()]:
            self.seats.discard(seat)
            await _close(
                seat, "This member is disabled" if seat.member_id in gone else "The token has expired"
            )


async def _close(seat: Seat, reason: str) -> None:
    try:
        await seat.socket.close(FORBIDDEN, reason)
    except Exception:  # the other side may have left meanwhile, in several ways
        log.debug("a socket was gone already", exc_info=True)


SOCKETS = Sockets()
