"""The application: `uvicorn baodao.asgi:app`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from baodao.database import database, is_embedded, migrate
from baodao.graphql import Graph
from baodao.settings import settings
from baodao.sockets import SOCKETS
from baodao.timers import run_timers


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """The embedded database is brought up to date by itself; a server's by `baodao migrate`."""
    url = settings().database_url
    if is_embedded(url):
        await migrate(url)
    async with database(url):
        tasks = [asyncio.create_task(run_timers()), asyncio.create_task(SOCKETS.watch())]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def healthz(request: Request) -> Response:
    return JSONResponse({"status": "ok", "version": _version()})


def _version() -> str:
    try:
        return version("baodao")
    except PackageNotFoundError:
        return "checkout"


async def to_graphql(request: Request) -> Response:
    return RedirectResponse("/graphql")


def application() -> Starlette:
    """As the settings say. Raises BadSetting."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings().origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "accept-language"],
    )
    graph = Graph()
    return Starlette(
        routes=[
            Route("/", to_graphql),
            Route("/healthz", healthz),
            Route("/graphql", graph),
            WebSocketRoute("/graphql", graph),
        ],
        middleware=[cors] if settings().origins else [],
        lifespan=lifespan,
    )


app = application()
