"""Whether the process is alive (/healthz), and whether it should be sent requests (/readyz)."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tortoise.connection import get_connection

from baodao.database import is_up_to_date
from baodao.sockets import SOCKETS
from policies.loading import load_rules

AT_MOST = 1.0
"""Seconds in which the database must have answered."""


async def healthz(request: Request) -> Response:
    """Alive; the database is not asked."""
    return JSONResponse({"status": "ok", "version": program_version()})


async def readyz(request: Request) -> Response:
    """503 and the first check that failed, or 200."""
    failed = await _first_failed()
    if failed is None:
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": "not ready", "failed": failed}, 503)


async def _first_failed() -> str | None:
    """Each check rests on those before it."""
    for name, check in CHECKS.items():
        try:
            async with asyncio.timeout(AT_MOST):
                if not await check():
                    return name
        except Exception:  # whatever is wrong, its words may tell more than strangers should know
            return name
    return None


async def _not_draining() -> bool:
    return not SOCKETS.draining


async def _database_answers() -> bool:
    return bool(await get_connection("default").execute_query_dict("SELECT 1 AS one"))


async def _rules_are_loaded() -> bool:
    """Those in force everywhere; raises BrokenRules when they cannot be read here."""
    await load_rules()
    return True


CHECKS: dict[str, Callable[[], Awaitable[bool]]] = {
    "draining": _not_draining,
    "database": _database_answers,
    "migrations": is_up_to_date,
    "rules": _rules_are_loaded,
}


def program_version() -> str:
    try:
        return version("baodao")
    except PackageNotFoundError:
        return "checkout"
