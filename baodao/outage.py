"""What callers are told while the database is away: not now, and when to come back."""

import logging

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tortoise.exceptions import DBConnectionError

AWAY = (
    OSError,
    DBConnectionError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""A connection that is refused, lost, or closed by a server that shuts down."""
COME_BACK_AFTER = 2
"""Seconds."""
MESSAGE = "The database is away; try again."
log = logging.getLogger(__name__)


async def unavailable(request: Request, lost: Exception) -> Response:
    log.error("the database is away: %s", lost)
    error = {"message": MESSAGE, "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
    return JSONResponse({"errors": [error]}, 503, {"retry-after": str(COME_BACK_AFTER)})
