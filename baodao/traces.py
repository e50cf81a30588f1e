"""Spans of requests for OpenTelemetry; imported only where the extra `otel` is there and told where to send them."""

import asyncio
import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baodao.watched import BROKEN, method_of, note_of, path_of


class Traced:
    """Around what is watched. A span has nothing that a line of the log has not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        named = "OTEL_SERVICE_NAME" in os.environ
        self._provider = TracerProvider(resource=Resource.create({} if named else {SERVICE_NAME: "baodao"}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("baodao")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def last(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown"):  # what waits is sent before the service ends
                await asyncio.to_thread(self._provider.shutdown)
            await send(message)

        if scope["type"] == "http":
            await self._trace(scope, receive, send)
        else:
            await self.app(scope, receive, last if scope["type"] == "lifespan" else send)

    async def _trace(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._tracer.start_as_current_span(
            method_of(scope),
            extract(Headers(scope=scope)),
            SpanKind.SERVER,
            record_exception=False,  # its words may hold a request
            set_status_on_exception=False,
        ) as span:
            try:
                await self.app(scope, receive, send)
            finally:
                _describe(span, scope)


def _describe(span: Span, scope: Scope) -> None:
    note, method, path = note_of(scope), method_of(scope), path_of(scope)
    span.update_name(f"{method} {path}")
    span.set_attribute("http.request.method", method)
    span.set_attribute("http.route", path)
    span.set_attribute("http.response.status_code", note.status)
    if note.known is not None:
        span.update_name(f"{note.known.kind} {note.known.name or note.known.root}")
        span.set_attribute("graphql.operation.type", note.known.kind)
        span.set_attribute("graphql.operation.name", note.known.name or "")
    if note.status >= BROKEN:
        span.set_status(StatusCode.ERROR)
