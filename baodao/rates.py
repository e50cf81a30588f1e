"""How often strangers may ask: by their address and by what they hold. `actions.tries` counts for all processes."""

import time
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

OF_ADDRESS = tuple(parse_many("10/minute; 60/hour"))
OF_TOKEN = tuple(parse_many("5/minute; 20/hour"))
NETWORK_OF_ONE = 64
"""Bits: an IPv6 network of that size is one household's or one office's."""


class Rates:
    """Counts the tries of whoever is named, and tells when they were too many."""

    def __init__(self) -> None:
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    async def wait(self, limits: Iterable[RateLimitItem], name: str) -> int:
        """Seconds after which another try is welcome; 0 at once, and then this one counts."""
        for limit in limits:
            if not await self._counter.hit(limit, name):
                reset, _ = await self._counter.get_window_stats(limit, name)
                return max(1, round(reset - time.time()))
        return 0


def name_of(host: str | None) -> str:
    """Of an address; neighbours in a small IPv6 network share it, as they could change addresses at will."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, NETWORK_OF_ONE), strict=False))
    return str(address)
