"""Spans reach a collector on this machine, and cost nothing where nobody asked for them."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from running import run
from test_endpoint import own_settings  # noqa: F401  (a fixture)

from baodao.asgi import application
from baodao.traces import Traced

UNITS = "query Units { units(first: 2) { edges { node { name } } } }"
ROOT = Path(__file__).parent.parent
PHONE = "13800138000"
CALLER = "0af7651916cd43dd8448eb211c80319c"


class Collector:
    """What was sent to it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        sent = self.sent

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent.append(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def spans(self) -> list[Span]:
        requests = map(ExportTraceServiceRequest.FromString, self.sent)
        scopes = [scope for one in requests for source in one.resource_spans for scope in source.scope_spans]
        return [span for scope in scopes for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, args=(0.05,))
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join()
    collector.server.server_close()


async def test_each_request_is_a_span_that_holds_no_more_than_the_log(
    collector: Collector, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"http://127.0.0.1:{collector.server.server_port}"
    async with run(sqlite_url, monkeypatch, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=there) as service:
        headers = service.bearer("zr.liaison") | {"traceparent": f"00-{CALLER}-b7ad6b7169203331-01"}
        await service.client.post("/graphql", json={"query": UNITS}, headers=headers)
        await service.client.get(f"/{PHONE}", params={"phone": PHONE})
        await service.client.get("/graphql", params={"query": PHONE})
    asked, nowhere, refused = collector.spans
    assert (asked.name, asked.trace_id.hex()) == ("query Units", CALLER)
    told = {one.key: one.value.string_value or one.value.int_value for one in asked.attributes}
    assert told == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "graphql.operation.type": "query",
        "graphql.operation.name": "Units",
    }
    assert (nowhere.name, refused.name) == ("GET (nothing there)", "GET /graphql")
    assert not any(
        word in sent for sent in collector.sent for word in (PHONE.encode(), b"zr.liaison", b"eyJ")
    )


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", ""])
def test_there_are_none_unless_wanted_and_installed(
    endpoint: str,
    installed: bool,
    own_settings: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    if not installed:
        monkeypatch.setitem(sys.modules, "opentelemetry", None)  # as if it were not there
    traced = [one for one in application().user_middleware if one.cls is Traced]
    assert len(traced) == (bool(endpoint) and installed)
    assert ("install baodao[otel]" in caplog.text) == (bool(endpoint) and not installed)


def test_one_file_alone_needs_it() -> None:
    files = [
        file.name
        for file in (ROOT / "baodao").rglob("*.py")
        if "import opentelemetry" in file.read_text() or "from opentelemetry" in file.read_text()
    ]
    assert files == ["traces.py"]
