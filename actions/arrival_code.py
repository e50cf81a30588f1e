"""The rotating code a village shows to whoever reports for duty there."""

import hmac
import secrets
from datetime import datetime, timedelta

from models import AreaSettings, clock

VALID_FOR = timedelta(minutes=5)
DIGITS = 6


async def current_code(area_code: str) -> str:
    """Six digits that change every five minutes."""
    return _code(await _secret(area_code), clock.now())


async def is_current(area_code: str, code: str) -> bool:
    """Whether the area shows this code now, or showed it until a moment ago."""
    secret, now = await _secret(area_code), clock.now()
    shown = code.encode(errors="replace")
    return any(hmac.compare_digest(shown, _code(secret, at).encode()) for at in (now, now - VALID_FOR))


async def _secret(area_code: str) -> str:
    """Made when it is first asked for; of several who ask at once, all get the same."""
    settings, _ = await AreaSettings.get_or_create(area_id=area_code)
    if settings.arrival_secret is None:
        unset = AreaSettings.filter(area_id=area_code, arrival_secret=None)
        await unset.update(arrival_secret=secrets.token_hex(16))
        settings = await AreaSettings.get(area_id=area_code)
    return str(settings.arrival_secret)


def _code(secret: str, moment: datetime) -> str:
    window = int(moment.timestamp() // VALID_FOR.total_seconds())
    digest = hmac.digest(secret.encode(), str(window).encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"
