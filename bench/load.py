"""Load from wrk on a running server, and what each request cost it and PostgreSQL."""

import os
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import asyncpg
import orjson

from bench.contenders import HERE, OTHER_CORE, Server, cpu_of

PATIENCE = 60
"""Seconds: hundreds of connections may wait long for whoever is slow, and that is no failure."""


class Driven(NamedTuple):
    """What wrk says: answers, the seconds it took, two quantiles of the latency in ms, failed requests."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int


class Sample(NamedTuple):
    """One run. CPU in microseconds for each request."""

    contender: str
    workload: str
    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    server_us: float
    database_us: float


class Request(NamedTuple):
    """Without a body it is a GET. `etag`: of the former answer, if that is to be told."""

    authorization: str
    body: bytes
    path: str = "/graphql"
    etag: str = ""

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


def write_requests(file: Path, requests: Iterable[Request]) -> None:
    """One a line, for wrk.lua."""
    lines = (
        "\t".join((one.authorization, one.etag, one.method, one.path, "")).encode() + one.body
        for one in requests
    )
    file.write_bytes(b"\n".join(lines) + b"\n")


def drive(server: Server, requests: Path, seconds: float, connections: int) -> Driven:
    """For so long, as fast as it answers. RuntimeError when a request failed."""
    command = ["taskset", "-c", str(OTHER_CORE), "wrk", "--threads", "1", "--connections", str(connections)]
    command += [
        "--duration",
        f"{seconds:.0f}s",
        "--timeout",
        f"{PATIENCE}s",
        "--script",
        str(HERE / "wrk.lua"),
    ]
    address = f"http://127.0.0.1:{server.port}/graphql"
    done = subprocess.run(
        [*command, address, "--", str(requests)], capture_output=True, text=True, check=True
    )
    driven = read_output(done.stdout)
    if driven.failed:
        raise RuntimeError(f"{server.contender.name}: {driven.failed} of {driven.requests} requests failed")
    return driven


def read_output(text: str) -> Driven:
    """From what wrk printed, the last line of which is JSON by our script. ValueError when it is not."""
    return Driven(**orjson.loads((text.strip().splitlines() or [""])[-1]))


async def measured(
    server: Server, url: str, workload: str, requests: Path, seconds: float, connections: int
) -> Sample:
    """The backends of PostgreSQL that serve this database are moved to the other core, as far as we are allowed to.

    RuntimeError when no request was answered in time, or one failed.
    """
    backends = await _backends(url)
    for pid in backends:
        with suppress(PermissionError, ProcessLookupError):
            os.sched_setaffinity(pid, {OTHER_CORE})
    before, database_before = server.cpu, sum(map(cpu_of, backends))
    driven = drive(server, requests, seconds, connections)
    if not driven.requests:
        raise RuntimeError(f"{server.contender.name}: no answer to {workload} in {seconds} s")
    used, database_used = server.cpu - before, sum(map(cpu_of, backends)) - database_before
    return Sample(
        server.contender.name,
        workload,
        driven.requests,
        driven.requests / driven.seconds,
        driven.p50_ms,
        driven.p99_ms,
        used / driven.requests * 1e6,
        database_used / driven.requests * 1e6,
    )


async def _backends(url: str) -> list[int]:
    """None for an embedded database: there the server's own CPU is everything."""
    if url.startswith("sqlite"):
        return []
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
    return [row["pid"] for row in rows]
