"""The application: `uvicorn baodao.asgi:app`."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from actions.addresses import allow
from actions.export_links import LINKS
from actions.sequencer import SEQUENCER, place_waiting
from baodao.answers import MEMORY
from baodao.database import database, is_embedded, migrate
from baodao.deliveries import deliver
from baodao.downloads import download
from baodao.drain import draining
from baodao.exports import export_ledgers
from baodao.graphql import Graph
from baodao.health import healthz, readyz
from baodao.ide import STATIC, files, page
from baodao.listener import listen
from baodao.looks import keep_looking
from baodao.metrics import FOLDER
from baodao.outage import AWAY, unavailable
from baodao.ratings import Ratings
from baodao.replica import HEADER as POSITION
from baodao.replica import REPLICA
from baodao.request_id import HEADER, RequestId
from baodao.scrape import figures
from baodao.sequencer import run_sequencer
from baodao.settings import settings
from baodao.sockets import SOCKETS
from baodao.timers import run_timers
from baodao.watched import Watched
from models.generations import generations
from policies import verify
from policies.loading import load_rules
from resolvers.retention import RETENTION
from schema import schema

MEGABYTE = 1 << 20
log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """The embedded database is brought up to date by itself; a server's by `baodao migrate`."""
    url = settings().database_url
    if is_embedded(url):
        await migrate(url)
    async with database(url, replica := settings().replica_url):
        allow(settings().webhook_allow)
        LINKS.use(settings().signing_secret())
        LINKS.lasting = timedelta(hours=settings().export_hours)
        await load_rules()
        await generations()  # else the database is not up to date, and nobody could sign in
        duties = [
            run_timers(url),
            SOCKETS.watch(),
            deliver(url),
            export_ledgers(url),
            *([] if is_embedded(url) else [listen(url)]),
        ]
        SEQUENCER.is_used = settings().sequenced
        if SEQUENCER.is_used:
            duties += [run_sequencer(url)]
        elif not is_embedded(url):
            while await place_waiting():  # what the sequencer left behind, if it was used before
                pass
        duties += [keep_looking()] if FOLDER else []
        duties += [REPLICA.watch(settings().replica_lag)] if replica else []
        tasks = [asyncio.create_task(duty) for duty in duties]
        verify.start(settings().verify)
        schema.use(settings().engine)
        RETENTION.days = settings().retention
        MEMORY.most_bytes = settings().answers * MEGABYTE
        _look_for_garbage_seldom()
        with draining():
            yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        verify.stop()
        MEMORY.most_bytes = 0
        MEMORY.forget()


def _look_for_garbage_seldom() -> None:
    """What start-up made stays for good, and requests make few cycles: looking through it all costs up to a half."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def to_graphql(request: Request) -> Response:
    return RedirectResponse("/graphql")


def application(static: Path = STATIC) -> Starlette:
    """As the settings say; the files of the browser's page are in `static`, if any. Raises BadSetting."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings().origins),
        allow_methods=["GET", "POST"],
        allow_headers=[
            "authorization",
            "content-type",
            "accept-language",
            "if-none-match",
            "last-event-id",
            HEADER,
            POSITION,
        ],
        expose_headers=[HEADER, "etag", POSITION],
    )
    ide = settings().ide
    graph = Graph(page(static) if ide else None)
    return Starlette(
        routes=[
            Route("/", to_graphql),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", figures),
            Route("/exports/{token}", download),
            Route("/graphql", graph),
            Route("/ratings", Ratings().rate, methods=["POST"]),
            WebSocketRoute("/graphql", graph),
            *(files(static) if ide else []),
        ],
        middleware=[
            Middleware(RequestId),
            *_traced(),
            Middleware(Watched),
            *([cors] if settings().origins else []),
        ],
        exception_handlers=dict.fromkeys(AWAY, unavailable),
        lifespan=lifespan,
    )


def _traced() -> list[Middleware]:
    """Where spans are wanted and can be made; else nothing of it is imported."""
    if not settings().traces:
        return []
    try:
        from baodao.traces import Traced
    except ModuleNotFoundError:
        log.warning("no spans are sent: install baodao[otel], or unset OTEL_EXPORTER_OTLP_ENDPOINT")
        return []
    return [Middleware(Traced)]


app = application()
