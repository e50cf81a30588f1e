"""Which addresses webhooks may be sent to: public ones, and those that the operator allows."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from actions.characters import character_fault

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 500
NUMBERS = re.compile(r"(0[xX][0-9a-fA-F]*|[0-9]+)(\.(0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?")
"""Every way to write an IPv4 address that some resolver understands: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1."""
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa")
"""Names that never stand for anything public, with all below them."""
NEVER = tuple(ip_network(text) for text in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"))
"""Ways of writing an IPv4 address as an IPv6 one, which routers take apart again: 6to4, Teredo, NAT64."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts by name, and networks, that are good though they are not public, and also without TLS."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def __str__(self) -> str:
        """As it would be set."""
        return ",".join((*sorted(self.hosts), *map(str, self.networks)))

    def names(self, host: str) -> bool:
        return host in self.hosts

    def holds(self, address: Address) -> bool:
        return any(plain(address) in network for network in self.networks)


def read_allowed(parts: Iterable[str]) -> Allowed:
    """Host names, addresses, and networks as in 10.1.0.0/16. Raises ValueError for anything else."""
    hosts, networks = set(), []
    for part in parts:
        if "/" in part or ":" in part or _as_numbers(part) is not None:
            networks.append(ip_network(part))
        elif all(LABEL.fullmatch(label) for label in part.lower().split(".")):
            hosts.add(part.lower())
        else:
            raise ValueError(f"{part!r} is neither a host nor a network")
    return Allowed(frozenset(hosts), tuple(networks))


def allow(allowed: Allowed) -> None:
    """From now on, in the whole process."""
    global _allowed
    _allowed = allowed


def url_fault(text: str) -> str | None:
    """A reason code; None for an address that events may be sent to as far as its words tell.

    What its name stands for is looked at when something is sent: see `may_connect`.
    """
    if fault := character_fault(text):
        return fault
    if not text.strip() or len(text) > LONGEST_URL:
        return "TOO_LONG" if text.strip() else "EMPTY"
    url = read_url(text)
    if url is None or url.userinfo:
        return "URL_WITH_CREDENTIALS" if url else "URL_MALFORMED"
    return _place_fault(url)


def _place_fault(url: httpx.URL) -> str | None:
    host = host_of(url)
    address = literal(host)
    known = _allowed.names(host) or (address is not None and _allowed.holds(address))
    if url.scheme != "https" and not known:
        return "URL_NOT_HTTPS"
    return None if known or _may_be_public(host, address) else "URL_NOT_PUBLIC"


def read_url(text: str) -> httpx.URL | None:
    """As the sender will read it; None unless it is http or https with a host and a port, and nothing odd."""
    if not text.isprintable() or " " in text or "\\" in text:
        return None
    try:
        url = httpx.URL(text)
        host = host_of(url)
    except (httpx.InvalidURL, ValueError):
        return None
    port = url.port is None or 0 < url.port < 1 << 16
    good = url.scheme in {"http", "https"} and port and not url.fragment
    return url if good and (literal(host) is not None or _is_name(host)) else None


def _is_name(host: str) -> bool:
    labels = host.split(".")
    return all(map(LABEL.fullmatch, labels)) and not labels[-1].isdigit()


def host_of(url: httpx.URL) -> str:
    """In lower case, as ASCII, without the dot of the root."""
    return url.raw_host.decode("ascii").lower().strip("[]").removesuffix(".")


def literal(host: str) -> Address | None:
    """The address that the host is, however it is written; None for a name."""
    if (number := _as_numbers(host)) is not None:
        return number
    try:
        return ip_address(host)
    except ValueError:
        return None


def _as_numbers(host: str) -> Address | None:
    if not NUMBERS.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host.removesuffix(".")))
    except OSError:  # numbers, but too large ones: nobody's address, and no name either
        return IPv4Address(0)


def _may_be_public(host: str, address: Address | None) -> bool:
    if address is not None:
        return is_public(address)
    return "." in host and not any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES)


def is_public(address: Address) -> bool:
    """Neither private, loopback, link-local (where clouds tell their secrets), multicast, reserved nor a disguise."""
    address = plain(address)
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address.is_site_local):
        return False
    if any(address in network for network in NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def plain(address: Address) -> Address:
    """An IPv4 address that is written as ::ffff:… is that address."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def may_connect(host: str, address: Address, *, tls: bool) -> bool:
    """Whether something may be sent to what the host's name stands for at this moment; without TLS only if allowed."""
    if _allowed.names(host.lower().removesuffix(".")) or _allowed.holds(address):
        return True
    return tls and is_public(address)


_allowed = Allowed()
