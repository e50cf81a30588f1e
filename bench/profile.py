"""Where a request's time goes: what py-spy sees of the server while a workload runs, by layer.

Each sample counts for the innermost frame that a layer knows: what the standard library or the system does counts for
whoever called it. py-spy stops the server to look at it, so the rates of such a run say nothing.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.contenders import OTHER_CORE, Server
from bench.load import Sample
from bench.rounds import Plan, Rounds
from bench.store import Fresh
from bench.workloads import Workload

PY_SPY = Path(sys.executable).with_name("py-spy")
RATE = 100
"""Samples a second."""
LAYERS = {
    "PostgreSQL's protocol (asyncpg)": r"asyncpg/|protocol\.c|pgproto\.c|recordobj\.c|models/postgres\.py",
    "SQLite (aiosqlite)": r"aiosqlite/|models/sqlite(_inline)?\.py",
    "HTTP (uvicorn, Starlette, httptools)": r"uvicorn/|starlette/|httptools/|llhttp\.c|parser\.c|url_parser\.c",
    "the line in the log, figures": r"logging/|prometheus_client/|baodao/(logs|watched|metrics|request_id|traces)\.py",
    "who asks (token, member, grants)": r"baodao/auth\.py|jwt/|policies/(actor|met|holder)\.py|_hashopenssl",
    "rights (policies)": r"policies/",
    "graphql-core, Strawberry": r"graphql/|strawberry/",
    "compiled selections, the answer's text": r"schema/|<selection>|<string>|orjson/",
    "loaders, rows, kept places": r"resolvers/|models/(rows|kept|generations|replica|prepared|statements)\.py",
    "steps, limits, events, audit": r"actions/|models/",
    "Tortoise": r"tortoise/|pypika",
    "from the request to the operation": r"baodao/",
}
"""By title, what its frames' files look like; the first that fits."""
KNOWN = {title: re.compile(rf"\(({files})") for title, files in LAYERS.items()}
LOOP, ELSE = "uv_run (", "the event loop and tasks (uvloop, asyncio)"
"""What runs the loop is no part of what runs in it."""


class Profile(NamedTuple):
    """`samples` by layer, the largest first."""

    workload: str
    samples: dict[str, int]


def layer_of(stack: str) -> str:
    """Of frames as `name (file:line)`, outermost first, with semicolons between them."""
    for frame in reversed(stack.rpartition(LOOP)[2].split(";")):
        for title, files in KNOWN.items():
            if files.search(frame):
                return title
    return ELSE


def by_layer(lines: Iterable[str]) -> dict[str, int]:
    """Of py-spy's raw lines: a stack, a space, how many samples."""
    found: Counter[str] = Counter()
    for line in lines:
        stack, _, number = line.rpartition(" ")
        found[layer_of(stack)] += int(number)
    return dict(found.most_common())


class Profiled(Rounds):
    """Collects profiles instead of figures."""

    def __init__(self, url: str, folder: Path, plan: Plan, fresh: Fresh) -> None:
        super().__init__(url, folder, plan, fresh)
        self.profiles: list[Profile] = []

    async def _measured(self, server: Server, workload: Workload, file: Path, seconds: int) -> Sample:
        raw = self._folder / "stacks"
        with _recorded(server.pid, seconds, raw):
            sample = await super()._measured(server, workload, file, seconds + 1)

        self.profiles.append(Profile(workload.name, by_layer(raw.read_text().splitlines())))
        return sample


@contextmanager
def _recorded(pid: int, seconds: int, into: Path) -> Iterator[None]:
    command = ["taskset", "-c", str(OTHER_CORE), str(PY_SPY), "record", "--native", "--format", "raw"]
    command += ["--pid", str(pid), "--rate", str(RATE), "--duration", str(seconds), "--output", str(into)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as spy:
        yield
        _, said = spy.communicate()
    if spy.returncode:
        raise RuntimeError(f"py-spy: {said}")


def table(profiles: list[Profile]) -> Iterator[str]:
    """How much of each workload's samples each layer has, in hundredths."""
    layers = [layer for layer in (*LAYERS, ELSE) if any(layer in one.samples for one in profiles)]
    yield f"| | {' | '.join(one.workload for one in profiles)} |"
    yield "|---|" + "--:|" * len(profiles)
    for layer in layers:
        shares = (one.samples.get(layer, 0) / sum(one.samples.values()) for one in profiles)
        yield f"| {layer} | {' | '.join(f'{share:.0%}' for share in shares)} |"
