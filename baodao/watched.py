"""What becomes of each request: counted, timed, and told in one line of the log."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baodao.known import Known
from baodao.metrics import REQUESTS

NOTE = "baodao.note"
OTHER, UNKNOWN = "other", "unknown"
SOCKET = "WEBSOCKET"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", SOCKET}
SWITCHING, FORBIDDEN, BROKEN = 101, 403, 500
log = logging.getLogger("baodao.access")


@dataclass(slots=True, eq=False)
class Note:
    """What whoever answers a request tells of it: what kind it is, the document if it is known, and who asked.

    `status` is the answer's: once it has begun, and at the end in any case.
    """

    kind: str = OTHER
    known: Known | None = None
    member_id: str | None = None
    status: int = 0


def note_of(scope: Scope) -> Note:
    """One that nobody reads, where nobody watches."""
    note: Note | None = scope.get(NOTE)
    return Note() if note is None else note


@dataclass(slots=True, eq=False)
class Line:
    """Of the log, for a request: nothing that a client wrote but the name of a valid operation."""

    method: str
    path: str
    status: int
    ms: float
    operation: str | None
    member: str | None

    @property
    def told(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        words = f"{self.method} {self.path} {self.status} {self.ms} ms"
        return " ".join(filter(None, (words, self.operation, self.member)))


class Watched:
    """Around everything that answers requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        began, note = perf_counter(), Note()
        scope[NOTE] = note

        async def watching(message: Message) -> None:
            if not note.status:
                note.status = _status(message)
            await send(message)

        try:
            await self.app(scope, receive, watching)
        finally:
            note.status = note.status or BROKEN
            _tell(scope, note, perf_counter() - began)


def _status(message: Message) -> int:
    """That a message tells, else 0."""
    match message["type"]:
        case "http.response.start" | "websocket.http.response.start":
            return int(message["status"])
        case "websocket.accept":
            return SWITCHING
        case "websocket.close":
            return FORBIDDEN
    return 0


def _tell(scope: Scope, note: Note, seconds: float) -> None:
    known = note.known
    if scope["type"] == "http":
        observe(note.kind, known, note.status)(seconds)
    if log.isEnabledFor(logging.INFO):
        log.info(
            Line(
                method_of(scope),
                path_of(scope),
                note.status,
                round(seconds * 1000, 2),
                known.name if known is not None else None,
                note.member_id,
            )
        )


def observe(kind: str, known: Known | None, status: int) -> Callable[[float], None]:
    """Looking it up among all labels takes longer than to count."""
    key = (kind, "", status) if known is None else (known.kind, known.root, status)
    found = _OBSERVING.get(key)
    if found is None:
        found = REQUESTS.labels(key[0], key[1], f"{status // 100}xx").observe
        _OBSERVING[key] = found
    return found


_OBSERVING: dict[tuple[str, str, int], Callable[[float], None]] = {}


def method_of(scope: Scope) -> str:
    method = scope.get("method", SOCKET)
    return method if method in METHODS else OTHER


def path_of(scope: Scope) -> str:
    """As it was asked for, if there is something; elsewhere it may hold anything."""
    if "endpoint" not in scope:
        return "(nothing there)"
    mounted = scope.get("root_path", "")
    return f"{mounted}/…" if mounted or scope.get("path_params") else str(scope["path"])
