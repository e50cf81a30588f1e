"""Answers that did not change: the client sends the ETag of the former answer, and is told 304."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
import orjson

from bench.contenders import OURS, Server, running
from bench.load import Request, Sample, drive, measured, write_requests
from bench.rounds import Plan, connections_of
from bench.workloads import READS, Draw, Workload

ASKED = tuple(workload for workload in READS if workload.name in ("W2", "W3"))
ROOM = 64
"""Megabytes, as the service keeps by itself."""
DIFFERENT = 100
"""Requests, each asked before for its ETag."""


class Unchanged(NamedTuple):
    """`method`: GET or POST, by which the service sent an ETag."""

    method: str
    sample: Sample


async def unchanged(url: str, folder: Path, plan: Plan) -> dict[str, Unchanged | str]:
    """By workload: a figure, or why there is none."""
    with running(OURS, url, folder, ROOM) as server, httpx.Client(timeout=30) as client:
        return {
            workload.name: await _measured(client, server, url, folder / "requests", plan, workload)
            for workload in ASKED
        }


async def _measured(
    client: httpx.Client, server: Server, url: str, file: Path, plan: Plan, workload: Workload
) -> Unchanged | str:
    draws = list(islice(workload.draws(Random(plan.summonses), plan.summonses), DIFFERENT))
    method, requests = known(client, server.port, workload.name, draws)
    if not requests:
        return "none"
    if not _all_unchanged(client, server.port, requests):
        return f"{method} has an ETag, but is not answered with 304"
    write_requests(file, requests)
    connections = connections_of(plan, workload)
    drive(server, file, plan.warm, connections)
    sample = await measured(server, url, workload.name, file, plan.seconds, connections)
    if not _all_unchanged(client, server.port, requests):
        return "some answers changed meanwhile"
    return Unchanged(method, sample)


def known(client: httpx.Client, port: int, workload: str, draws: Sequence[Draw]) -> tuple[str, list[Request]]:
    """The method, and the requests with the ETags of their answers; no requests when there are none."""
    for method, request_of in (("POST", _post), ("GET", _get)):
        requests = [request_of(workload, draw) for draw in draws]
        first = send(client, port, requests[0])
        if first.is_success and "etag" in first.headers:
            return method, [one._replace(etag=send(client, port, one).headers["etag"]) for one in requests]
    return "", []


def _post(workload: str, draw: Draw) -> Request:
    return Request(OURS.header(draw.login), OURS.body(workload, draw))


def _get(workload: str, draw: Draw) -> Request:
    asked = orjson.loads(OURS.body(workload, draw))
    asked["variables"] = orjson.dumps(asked["variables"]).decode()
    return Request(OURS.header(draw.login), b"", f"/graphql?{urlencode(asked)}")


def _all_unchanged(client: httpx.Client, port: int, requests: Sequence[Request]) -> bool:
    return all(send(client, port, one).status_code == 304 for one in requests)


def send(client: httpx.Client, port: int, request: Request) -> httpx.Response:
    headers = {"authorization": request.authorization, "content-type": "application/json"}
    headers |= {"if-none-match": request.etag} if request.etag else {}
    address = f"http://127.0.0.1:{port}{request.path}"
    return client.request(request.method, address, content=request.body, headers=headers)
