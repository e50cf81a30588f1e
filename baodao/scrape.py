"""/metrics: the figures of all workers, for whoever watches over the service."""

import os
from collections.abc import Iterable
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Metric,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from baodao import metrics
from baodao.looks import look
from baodao.settings import settings

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Who sends one of these only passes on what somebody elsewhere asks."""


async def figures(request: Request) -> Response:
    """401 without the token, if there is one; else 403 from elsewhere, unless everybody may."""
    chosen = settings()
    if chosen.metrics == "off":
        return PlainTextResponse("Not Found", 404)
    if chosen.metrics_token is not None:
        if not _has(request, chosen.metrics_token):
            return PlainTextResponse("Unauthorized", 401, {"www-authenticate": "Bearer"})
    elif chosen.metrics == "local" and not is_local(request):
        return PlainTextResponse("Forbidden", 403)
    await look()
    return Response(generate_latest(_everything()), media_type=CONTENT_TYPE_LATEST)


def _has(request: Request, token: str) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode())


def is_local(request: Request) -> bool:
    """Asked on this machine, and not by a proxy for somebody else."""
    try:
        local = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return local and not any(name in request.headers for name in FORWARDED)


def _everything() -> CollectorRegistry:
    """The figures of this process, or those that all workers wrote down."""
    if metrics.FOLDER is None:
        return metrics.REGISTRY
    _forget_the_dead(metrics.FOLDER)
    shared = CollectorRegistry()
    MultiProcessCollector(shared, metrics.FOLDER)  # type: ignore[no-untyped-call]
    shared.register(Processes())
    return shared


class Processes(Collector):
    """The standard figures of each process, told apart by `pid`."""

    def collect(self) -> Iterable[Metric]:
        told: dict[str, Metric] = {}
        for pid in sorted(_pids()):
            for one in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():  # type: ignore[misc]
                kept = told.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                for sample in one.samples:
                    kept.add_sample(sample.name, {"pid": str(pid)}, sample.value)
        return told.values()


def _pids() -> set[int]:
    """Of this process, or of all workers that wrote something down."""
    if metrics.FOLDER is None:
        return {os.getpid()}
    return {int(file.stem.rpartition("_")[2]) for file in Path(metrics.FOLDER).glob("counter_*.db")}


def _forget_the_dead(folder: str) -> None:
    """What a worker counted stays; what was true while it lived does not."""
    for pid in _pids():
        if not _lives(pid):
            mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


metrics.REGISTRY.register(Processes())
