"""GraphQL over HTTP and WebSocket: Strawberry's view, with our sign-in in front of it."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from json import JSONDecodeError

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError, OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionContext as StrawberryExecution
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.unset import UnsetType

from baodao import answers, metrics
from baodao.auth import Unauthenticated, auth
from baodao.fanout import Fanout
from baodao.known import MOST, Documents
from baodao.replica import HEADER, REPLICA
from baodao.settings import settings
from baodao.sse import EventStream, prefers_events, refused
from baodao.strangers import Malformed, Strangers
from baodao.transport_ws import Handler, SocketContext, Texts
from baodao.watched import UNKNOWN, note_of
from models import InvalidInput, clock
from policies import met
from policies.actor import ANONYMOUS
from resolvers.context import Context
from schema import schema

UNAUTHENTICATED = "UNAUTHENTICATED"
INIT_TIMEOUT = timedelta(seconds=10)
log = logging.getLogger(__name__)


class Graph(GraphQL[Context, None]):
    """Nobody is answered who has not signed in, not even a syntax error; but what is public is (`small.PUBLIC`)."""

    graphql_transport_ws_handler_class = Handler
    websocket_adapter_class = Texts

    def __init__(self, page: Response | None, most_known: int = MOST) -> None:
        """Browsers that open the address get the page, if there is one. So many documents are remembered."""
        self._page = page
        self.documents = Documents(schema, most_known)
        self.strangers = Strangers(schema)
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
        note = note_of(scope)
        note.kind = UNKNOWN
        try:
            if (header := request.headers.get("authorization")) is None and not prefers_events(request):
                await (await self._told_strangers(request))(scope, receive, send)
                return
            request.state.signed_in = signed_in = await auth().sign_in(_bearer(header))
        except Unauthenticated as stranger:
            metrics.count_refusal(UNAUTHENTICATED)
            await _refusal(stranger)(scope, receive, send)
            return
        actor = signed_in.actor
        request.state.context = Context(actor, language_of(request), known_of=request.headers.get(HEADER))
        note.member_id = request.state.context.actor.id
        if prefers_events(request):
            await self._answer_with_events(request, send)
            return
        question = None
        if _is_json(request):
            body = await request.body()
            question, receive = self.documents.read(body), _read_again(body, receive)
        elif request.method == "GET":
            question = self.documents.read_address(request.query_params)
        if question is not None:
            note.known = question.known
            found = await answers.answer(self.documents, question, request.state.context)
            response = await answers.response(request, found)
            _tell_position(response, request.state.context)
            await response(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def _told_strangers(self, request: Request) -> Response:
        """Raises Unauthenticated for whatever is more than the board."""
        context = Context(ANONYMOUS, language_of(request), known_of=request.headers.get(HEADER))
        if wait := await self.strangers.wait(request):
            return _no(context, [_of(InvalidInput("TOO_OFTEN"))], 429, {"retry-after": str(wait)})
        try:
            question = await self.strangers.question(request)
        except InvalidInput as refusal:
            return _no(context, [_of(refusal)], 400)
        except Malformed as fault:
            return _no(context, fault.errors, 400)
        note_of(request.scope).known = question.known
        context.actor = await met.stranger(clock.now())
        response = await answers.response(
            request, await answers.answer(self.strangers.documents, question, context)
        )
        _tell_position(response, context)
        return response

    async def _answer_with_events(self, request: Request, send: Send) -> None:
        """Requests that cannot be understood are refused as others are: before there is a stream."""
        body = await request.body()
        try:
            asked = await self.parse_http_body(self.request_adapter_class(request))
        except (HTTPException, JSONDecodeError):
            asked = None
        if not isinstance(asked, GraphQLRequestData) or not asked.query:
            await super().__call__(request.scope, _read_again(body, request.receive), send)
            return
        kind = self.documents.kind(asked.query, asked.operation_name)
        await EventStream(self.fanout, asked, request, send).run(kind)

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Remembers what could be executed. A subscription has no single answer."""
        kind = self.documents.kind(request_data.query, request_data.operation_name)
        if kind is OperationType.SUBSCRIPTION:
            return PreExecutionError(data=None, errors=[refused("STREAM_NEEDED", context)])
        result = await super().execute_single(
            request, request_adapter, sub_response, context, root_value, request_data
        )
        if not isinstance(result, PreExecutionError):
            self.documents.learn(request_data.query)
            note_of(request.scope).known = self.documents.find(request_data.query)
        _tell_position(sub_response, context)
        return result

    async def get_context(self, request: HTTPConnection, response: Response | WebSocket) -> Context:
        if isinstance(request, WebSocket):
            header = request.headers.get("authorization")
            note = note_of(request.scope)
            return SocketContext(ANONYMOUS, language_of(request), header=header, note=note)
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
            metrics.count_refusal(UNAUTHENTICATED)
            raise ConnectionRejectionError({"reason": str(stranger)}) from stranger
        context.actor = context.signed_in.actor
        context.note.member_id = context.actor.id
        return await super().on_ws_connect(context)  # no payload; None would be sent as null

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


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
    error = {"message": f"Sign in first: {stranger}.", "extensions": {"code": UNAUTHENTICATED}}
    return JSONResponse({"errors": [error]}, 401, headers={"WWW-Authenticate": "Bearer"})


def _of(refusal: InvalidInput) -> GraphQLError:
    return GraphQLError(str(refusal), original_error=refusal)


def _no(
    context: Context, errors: list[GraphQLError], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """With the errors as clients see them."""
    schema._process_errors(errors, StrawberryExecution(None, schema, (), context=context))
    return JSONResponse({"errors": [one.formatted for one in errors]}, status, headers)
