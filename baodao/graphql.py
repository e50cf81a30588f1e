"""GraphQL over HTTP and WebSocket: Strawberry's view, with our sign-in in front of it."""

import copy
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import orjson
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage
from strawberry.types.unset import UnsetType

from baodao.auth import SignedIn, Unauthenticated, auth
from baodao.settings import settings
from baodao.sockets import SOCKETS, Seat
from models import clock
from policies.actor import ANONYMOUS
from policies.loading import load_actor
from resolvers.context import Context
from schema import schema

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
        return SocketContext(self.actor, self.language)


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """graphql-transport-ws: `connection_init` carries the token, each operation loads anew."""

    context: SocketContext

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        await super().handle_connection_init(message)
        if (who := self.context.signed_in) is not None:
            self.context.seat = Seat(self.websocket, who.member.id, who.until, who.credential_id)
            SOCKETS.seats.add(self.context.seat)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        for_this_one = copy.copy(self)
        for_this_one.context = self.context.for_operation()
        await super(Handler, for_this_one).run_operation(operation)

    async def shutdown(self) -> None:
        if self.context.seat is not None:
            SOCKETS.seats.discard(self.context.seat)
        await super().shutdown()


class Graph(GraphQL[Context, None]):
    """Nobody is answered who has not signed in: not even a syntax error, which would tell of the schema."""

    graphql_transport_ws_handler_class = Handler

    def __init__(self, page: Response | None) -> None:
        """Browsers that open the address get the page, if there is one."""
        self._page = page
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
        request = Request(scope, receive)
        if self._page is not None and _wants_page(request):
            await self._page(scope, receive, send)
            return
        try:
            request.state.context = await _signed_in(request)
        except Unauthenticated as stranger:
            await _refusal(stranger)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def get_context(self, request: HTTPConnection, response: Response | WebSocket) -> Context:
        if isinstance(request, WebSocket):
            return SocketContext(ANONYMOUS, language_of(request), request.headers.get("authorization"))
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
        context.actor = await load_actor(context.signed_in.member, clock.now())
        return await super().on_ws_connect(context)  # no payload; None would be sent as null

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


async def _signed_in(request: Request) -> Context:
    signed_in = await auth().sign_in(_bearer(request.headers.get("authorization")))
    return Context(await load_actor(signed_in.member, clock.now()), language_of(request))


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
