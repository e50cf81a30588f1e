"""A name for each request: in the answer's header, in the audit log, and in our own log."""

import re
from random import getrandbits

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.audit import REQUEST_ID

HEADER = "x-request-id"
WELL_FORMED = re.compile(r"[0-9A-Za-z._-]{1,64}")


def _new() -> str:
    """To find a request again; it need not be hard to guess, so the system is not asked for it."""
    return f"{getrandbits(96):024x}"


class RequestId:
    """The caller's own `X-Request-Id` if it has 1 to 64 letters, digits, `.`, `_` or `-`; else a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        wanted = Headers(scope=scope).get(HEADER, "")
        id = (
            wanted if WELL_FORMED.fullmatch(wanted) else f"{getrandbits(96):024x}"
        )  # to find it again, not to keep it secret

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = id
            await send(message)

        told = REQUEST_ID.set(id)
        try:
            await self.app(scope, receive, named if scope["type"] == "http" else send)
        finally:
            REQUEST_ID.reset(told)
