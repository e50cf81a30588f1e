"""What stands between the callers and the service: proxies whose word is taken, and TLS when nobody else speaks it."""

from pathlib import Path
from typing import TypedDict

from baodao.settings import Settings


class Front(TypedDict):
    """As uvicorn names it."""

    proxy_headers: bool
    forwarded_allow_ips: list[str]
    ssl_certfile: str | None
    ssl_keyfile: str | None


def front(chosen: Settings) -> Front:
    return {
        "proxy_headers": bool(chosen.proxies),
        "forwarded_allow_ips": list(chosen.proxies),
        "ssl_certfile": _named(chosen.certificate),
        "ssl_keyfile": _named(chosen.certificate_key),
    }


def _named(file: Path | None) -> str | None:
    return None if file is None else str(file)
