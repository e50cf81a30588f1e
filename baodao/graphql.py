"""GraphQL over HTTP and WebSocket: Strawberry's view, with our sign-in in front of it."""

import copy
import logging
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

import orjson
from cross_web import AsyncHTTPRequestAdapter
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLRequestData
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.schema.schema import StreamResult
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
    _OperationStreamClosed,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.unset import UnsetType

from baodao import answers
from baodao.auth import SignedIn, Unauthenticated, auth
from baodao.fanout import Fanout, FellBehind, Listener
from baodao.known import MOST, Documents
from baodao.replica import HEADER, REPLICA
from baodao.settings import settings
from baodao.sockets import SOCKETS, Seat
from models import clock
from policies.actor import ANONYMOUS
from policies.loading import load_actor
from resolvers.context import Context
from schema import schema

TRY_AGAIN_LATER = 1013
INIT_TIMEOUT = timedelta(seconds=10)
log = logging.getLogger(__name__)


@dataclass
class SocketContext(Context):
    """A socket's own: whoever signs in, by `connection_params` or the handshake's `header`, has a seat till they go."""

    header: str | None = None
    connection_params: Mapping[str, object] | None = None
    signed_in: SignedIn | None = None
    seat: Seat | None = None

    def for_operation(self) -> "SocketContext":
        """The same people, but nothing loaded yet: a socket lives longer than what was read for one operation."""
        return SocketContext(self.actor, self.language, others_read_on=True)


class Texts(ASGIWebSocketAdapter):
    """WebSocket messages are text, also where Strawberry is given bytes for HTTP."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        await self.send_text(orjson.dumps(message).decode())

    async def send_text(self, text: str) -> None:
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
            SOCKETS.seats.add(self.context.seat)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        for_this_one = copy.copy(self)
        for_this_one.context = self.context.for_operation()
        # the rights of this moment, not of when it was opened
        if (member_id := self.context.actor.id) is not None:
            for_this_one.context.actor = await load_actor(member_id, clock.now())
        await super(Handler, for_this_one).run_operation(operation)

    async def _send_result_stream(
        self, operation: Operation[Context, None], result_source: StreamResult
    ) -> None:
        """A stream that has caught up ends: from there on it is read together with others, as long as that may be."""
        await super()._send_result_stream(operation, result_source)
        while (reader := self.context.left) is not None:
            asked = self.view.fanout.asked(operation.query, operation.variables)
            if asked is not None:
                with self.view.fanout.listener(asked, self.context, reader) as listener:
                    await self._pass_on(operation, listener)
                reader.position = listener.position
            self.context.left, self.context.go_on = None, reader
            self.context.others_read_on = asked is not None
            alone = await self.schema.stream(
                operation.query, operation.variables, self.context, operation_name=operation.operation_name
            )
            async with aclosing(alone):
                await super()._send_result_stream(operation, alone)

    async def _pass_on(self, operation: Operation[Context, None], listener: Listener) -> None:
        head = f'{{"id":{orjson.dumps(operation.id).decode()},"type":"next","payload":'
        try:
            while (text := await listener.next()) is not None:
                await self.websocket.send_text(f"{head}{text}}}")
        except FellBehind:
            await self.websocket.close(TRY_AGAIN_LATER, "Too far behind; go on after the last cursor")
            raise _OperationStreamClosed from None

    async def shutdown(self) -> None:
        if self.context.seat is not None:
            SOCKETS.seats.discard(self.context.seat)
        await super().shutdown()


class Graph(GraphQL[Context, None]):
    """Nobody is answered who has not signed in: not even a syntax error, which would tell of the schema."""

    graphql_transport_ws_handler_class = Handler
    websocket_adapter_class = Texts

    def __init__(self, page: Response | None, most_known: int = MOST) -> None:
        """Browsers that open the address get the page, if there is one. So many documents are remembered."""
        self._page = page
        self.documents = Documents(schema, most_known)
        self.fanout = Fanout(self.documents)
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=INIT_TIMEOUT,
            allowed_origins=settings().origins,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By the short cut if the document is known, else by Strawberry; which of them cannot be told from outside."""
        request = Request(scope, receive)
        if self._page is not None and _wants_page(request):
            await self._page(scope, receive, send)
            return
        try:
            request.state.context = await _signed_in(request)
        except Unauthenticated as stranger:
            await _refusal(stranger)(scope, receive, send)
            return
        question = None
        if _is_json(request):
            body = await request.body()
            question, receive = self.documents.read(body), _read_again(body, receive)
        elif request.method == "GET":
            question = self.documents.read_address(request.query_params)
        if question is not None:
            found = await answers.answer(self.documents, question, request.state.context)
            response = await answers.response(request, found)
            _tell_position(response, request.state.context)
            await response(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Remembers what could be executed."""
        result = await super().execute_single(
            request, request_adapter, sub_response, context, root_value, request_data
        )
        if not isinstance(result, PreExecutionError):
            self.documents.learn(request_data.query)
        _tell_position(sub_response, context)
        return result

    async def get_context(self, request: HTTPConnection, response: Response | WebSocket) -> Context:
        if isinstance(request, WebSocket):
            header = request.headers.get("authorization")
            return SocketContext(ANONYMOUS, language_of(request), header=header)
        context: Context = request.state.context
        return context

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Sign in with `{"authorization": "Bearer …"}`, or with the handshake's own header."""
        assert isinstance(context, SocketContext), "made above"
        try:
            context.signed_in = await auth().sign_in(
                _bearer(_authorization(context.connection_params or {}) or context.header)
            )
        except Unauthenticated as stranger:
            raise ConnectionRejectionError({"reason": str(stranger)}) from stranger
        context.actor = context.signed_in.actor
        return await super().on_ws_connect(context)  # no payload; None would be sent as null

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


async def _signed_in(request: Request) -> Context:
    signed_in = await auth().sign_in(_bearer(request.headers.get("authorization")))
    return Context(signed_in.actor, language_of(request), known_of=request.headers.get(HEADER))


def _tell_position(response: Response, context: Context) -> None:
    if (position := REPLICA.position(context)) is not None:
        response.headers[HEADER] = position


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0]
    return request.method == "POST" and kind.strip() == "application/json"


def _read_again(body: bytes, receive: Receive) -> Receive:
    """For the next who reads a request whose body was read."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _bearer(authorization: object) -> str:
    kind, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated("a bearer token is missing")
    return token.strip()


def _authorization(params: Mapping[str, object]) -> object:
    return next((value for name, value in params.items() if name.lower() == "authorization"), None)


def language_of(request: HTTPConnection) -> str:
    """zh when Accept-Language prefers it to English, else en."""
    wanted = [
        part.split(";")[0].strip().lower() for part in request.headers.get("accept-language", "").split(",")
    ]
    known = [language[:2] for language in wanted if language[:2] in ("zh", "en")]
    return known[0] if known else "en"


def _wants_page(request: Request) -> bool:
    """A browser that opens the address; a client never prefers HTML."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("accept", "")
        and "query" not in request.query_params
    )


def _refusal(stranger: Unauthenticated) -> Response:
    error = {"message": f"Sign in first: {stranger}.", "extensions": {"code": "UNAUTHENTICATED"}}
    return JSONResponse({"errors": [error]}, 401, headers={"WWW-Authenticate": "Bearer"})
