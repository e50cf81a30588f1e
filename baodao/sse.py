"""Server-sent events: the graphql-sse protocol, a connection for each operation, taken up again by Last-Event-ID."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import replace

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Send
from strawberry.http import GraphQLRequestData, process_result
from strawberry.types.execution import ExecutionResult

from baodao import metrics
from baodao.fanout import Fanout, FellBehind, Listener
from baodao.sockets import DISABLED, RESTARTING, SOCKETS, Seat
from models import InvalidInput
from resolvers.context import Context
from schema import schema
from schema.errors import shown

KIND = "text/event-stream"
OTHERS = frozenset({"application/json", "application/graphql-response+json", "application/*", "*/*"})
"""What the same questions are answered with, if a client would rather have that."""
KEEP_ALIVE_EVERY = 12.0
LONGEST_SEND = 30.0
"""Seconds after which a client that does not read at all is given up."""
HEADERS = {"content-type": f"{KIND}; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no"}
COMPLETE = "event: complete\ndata:\n\n"
NOT = (0.0, False, 0)
log = logging.getLogger(__name__)


def prefers_events(request: Request) -> bool:
    """Whether the client names them and likes nothing else better; of two it likes as much, the first it names."""
    liked: dict[str, tuple[float, bool, int]] = {}
    for place, part in enumerate(",".join(request.headers.getlist("accept")).split(",")):
        kind, *parameters = (one.strip().lower() for one in part.split(";"))
        liked.setdefault(kind, (_weight(parameters), not kind.endswith("*"), -place))
    events = liked.get(KIND, NOT)
    others = [how_much for kind, how_much in liked.items() if kind in OTHERS]
    return request.method in ("GET", "POST") and events[0] > 0 and all(events > other for other in others)


def _weight(parameters: list[str]) -> float:
    given = [one.removeprefix("q=") for one in parameters if one.startswith("q=")]
    try:
        return float(given[0]) if given else 1.0
    except ValueError:
        return 0.0


def refused(reason: str, context: Context) -> GraphQLError:
    """For a document that is not wanted in this way; see `models.reasons`."""
    return shown(GraphQLError(reason, original_error=InvalidInput(reason, "query")), context)


class Deaf(Exception):
    """The client does not read."""


class EventStream:
    """The answer to one operation. A subscription has a seat, as a WebSocket has."""

    def __init__(self, fanout: Fanout, asked: GraphQLRequestData, request: Request, send: Send) -> None:
        self._fanout, self._asked, self._request, self._send = fanout, asked, request, send
        context: Context = request.state.context
        last_seen = request.headers.get("last-event-id") or None
        self._context = replace(context, others_read_on=True, last_seen=last_seen)
        self._closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    async def run(self, kind: OperationType | None) -> None:
        """`kind` is None for a document that is not to be understood."""
        if kind is OperationType.MUTATION and self._request.method == "GET":
            await self._ask_for_post()
            return
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        with suppress(Deaf):
            await self._write(":\n\n")
            await (self._sit() if kind is OperationType.SUBSCRIPTION else self._tell())

    async def _ask_for_post(self) -> None:
        error = refused("POST_NEEDED", self._context).formatted
        answer = JSONResponse({"errors": [error]}, 405, headers={"allow": "POST"})
        await answer(self._request.scope, self._request.receive, self._send)

    async def _sit(self) -> None:
        who = self._request.state.signed_in
        seat = Seat(self, str(who.actor.id), who.until, who.credential_id)
        await SOCKETS.take(seat)
        try:
            await self._run_until_over()
        finally:
            SOCKETS.seats.discard(seat)

    async def close(self, code: int, reason: str) -> None:
        """From outside, as a WebSocket is closed."""
        if not self._closed.done():
            self._closed.set_result((code, reason))

    async def _run_until_over(self) -> None:
        """Until everything was told, it is closed, or the client is gone or reads nothing."""
        works = [asyncio.create_task(one) for one in (self._tell(), self._keep_alive(), self._gone())]
        ends: list[asyncio.Task[None] | asyncio.Future[tuple[int, str]]] = [*works, self._closed]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over = any(work.done() for work in works)
            await _stop(works)
        if not over:
            await self._say_why(*self._closed.result())

    async def _tell(self) -> None:
        """Everything, alone and with others in turn, as over a WebSocket."""
        try:
            await self._alone()
            while self._context.left is not None:
                asked = self._asked
                await self._fanout.together(asked.query or "", asked.variables, self._context, self._pass_on)
                await self._alone()
        except FellBehind:
            metrics.SLOW.inc()
            await self._end(": Too far behind; go on after the last id\n\n")
            return
        except Deaf:
            raise
        except Exception as wrong:  # as Strawberry lets pass what its cache of documents cannot parse
            error = wrong if isinstance(wrong, GraphQLError) else GraphQLError("", original_error=wrong)
            await self._next_errors(shown(error, self._context).formatted)
        await self._end(COMPLETE)

    async def _alone(self) -> None:
        asked = self._asked
        results = await schema.stream(
            asked.query, asked.variables, self._context, operation_name=asked.operation_name
        )
        async with aclosing(results):
            async for result in results:
                assert isinstance(result, ExecutionResult), "nothing is deferred"
                await self._next(orjson.dumps(process_result(result)).decode(), self._context.stands)

    async def _pass_on(self, listener: Listener) -> None:
        while (message := await listener.next()) is not None:
            await self._next(message.text, message.cursor)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_EVERY)
            await self._write(":\n\n")

    async def _gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass

    async def _say_why(self, code: int, reason: str) -> None:
        """Clients come back by themselves unless they are told that it is complete."""
        if code == RESTARTING:
            await self._end(f": {reason}\n\n")
            return
        why = "FORBIDDEN" if reason == DISABLED else "UNAUTHENTICATED"
        await self._next_errors({"message": f"{reason}.", "extensions": {"code": why}})
        await self._end(COMPLETE)

    async def _next_errors(self, error: Mapping[str, object]) -> None:
        await self._next(orjson.dumps({"data": None, "errors": [error]}).decode(), None)

    async def _next(self, text: str, cursor: str | None) -> None:
        place = f"id: {cursor}\n" if cursor else ""
        await self._write(f"{place}event: next\ndata: {text}\n\n")

    async def _end(self, text: str) -> None:
        await self._write(text, more=False)

    async def _write(self, text: str, more: bool = True) -> None:
        try:
            async with asyncio.timeout(LONGEST_SEND):
                await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})
            metrics.MESSAGES.inc()
        except TimeoutError:
            raise Deaf from None


async def _stop(works: list[asyncio.Task[None]]) -> None:
    for work in works:
        work.cancel()
    for bug in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(bug, Exception) and not isinstance(bug, Deaf):
            log.error("a stream broke off", exc_info=bug)
