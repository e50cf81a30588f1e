"""graphql-transport-ws: Strawberry's handler, with the rights of the moment, and streams that are read together."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

import orjson
from graphql import OperationType
from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.schema.schema import StreamResult
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
    _OperationStreamClosed,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage

from baodao import metrics
from baodao.auth import SignedIn
from baodao.fanout import FellBehind, Listener
from baodao.sockets import SOCKETS, Seat
from baodao.watched import UNKNOWN, Note, observe
from models import clock
from policies.loading import load_actor
from resolvers.context import Context

if TYPE_CHECKING:
    from baodao.graphql import Graph

TRY_AGAIN_LATER = 1013


@dataclass
class SocketContext(Context):
    """A socket's own: whoever signs in, by `connection_params` or the handshake's `header`, has a seat till they go."""

    header: str | None = None
    connection_params: Mapping[str, object] | None = None
    signed_in: SignedIn | None = None
    seat: Seat | None = None
    note: Note = field(default_factory=Note)

    def for_operation(self) -> "SocketContext":
        """The same people, but nothing loaded yet: a socket lives longer than what was read for one operation."""
        return SocketContext(self.actor, self.language, others_read_on=True)


class Texts(ASGIWebSocketAdapter):
    """WebSocket messages are text, also where Strawberry is given bytes for HTTP."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        await self.send_text(orjson.dumps(message).decode())

    async def send_text(self, text: str) -> None:
        metrics.MESSAGES.inc()
        try:
            await self.ws.send_text(text)
        except WebSocketDisconnect as gone:
            raise WebSocketDisconnected from gone


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """graphql-transport-ws: `connection_init` carries the token, each operation loads anew."""

    context: SocketContext
    view: "Graph"
    websocket: Texts

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        await super().handle_connection_init(message)
        if (who := self.context.signed_in) is not None:
            self.context.seat = Seat(self.websocket, str(who.actor.id), who.until, who.credential_id)
            await SOCKETS.take(self.context.seat)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        kind = self.view.documents.kind(operation.query, operation.operation_name)
        with nullcontext() if kind is OperationType.SUBSCRIPTION else self._at_work(operation, kind):
            for_this_one = copy.copy(self)
            for_this_one.context = self.context.for_operation()
            # the rights of this moment, not of when it was opened
            if (member_id := self.context.actor.id) is not None:
                for_this_one.context.actor = await load_actor(member_id, clock.now())
            with metrics.OPERATIONS.track_inprogress():
                await super(Handler, for_this_one).run_operation(operation)

    @contextmanager
    def _at_work(self, operation: Operation[Context, None], kind: OperationType | None) -> Iterator[None]:
        """A query or a mutation: the socket stays until it is answered, and it is timed as one over HTTP."""
        began = perf_counter()
        try:
            with SOCKETS.at_work():
                yield
        finally:
            known = self.view.documents.find(operation.query)
            observe(kind.value if kind else UNKNOWN, known, HTTPStatus.OK)(perf_counter() - began)

    async def _send_result_stream(
        self, operation: Operation[Context, None], result_source: StreamResult
    ) -> None:
        """A stream that has caught up ends: from there on it is read together with others, as long as that may be."""
        await super()._send_result_stream(operation, result_source)
        pass_on = partial(self._pass_on, operation)
        while self.context.left is not None:
            await self.view.fanout.together(operation.query, operation.variables, self.context, pass_on)
            alone = await self.schema.stream(
                operation.query, operation.variables, self.context, operation_name=operation.operation_name
            )
            async with aclosing(alone):
                await super()._send_result_stream(operation, alone)

    async def _pass_on(self, operation: Operation[Context, None], listener: Listener) -> None:
        head = f'{{"id":{orjson.dumps(operation.id).decode()},"type":"next","payload":'
        try:
            while (message := await listener.next()) is not None:
                await self.websocket.send_text(f"{head}{message.text}}}")
        except FellBehind:
            metrics.SLOW.inc()
            await self.websocket.close(TRY_AGAIN_LATER, "Too far behind; go on after the last cursor")
            raise _OperationStreamClosed from None

    async def shutdown(self) -> None:
        if self.context.seat is not None:
            SOCKETS.seats.discard(self.context.seat)
        await super().shutdown()
