"""The measurements of the service, each written as its part of results.json.

``python -m bench run`` measures everybody side by side, ``profile`` where our time goes, ``growth`` what grows with
what; ``gate`` is the short form.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import asyncpg
import orjson
import typer

import baodao  # noqa: F401  (puts the folders on the path)
from bench import beside, results
from bench import growth as growing
from bench.contenders import HERE, LIMIT, NAIVE, NODE_PROGRAM, OURS, PEERS, Contender
from bench.profile import PY_SPY, Profile, Profiled
from bench.results import FanOut, Growth, Profiles, SideBySide
from bench.rounds import Plan, Rounds, in_turn
from bench.same import check
from bench.sockets import SUBSCRIBERS, fan_out
from bench.store import SERVER, Fresh, in_sqlite, on_postgres
from bench.unchanged import unchanged

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
RESULTS, GATE = "results.json", HERE / "gate.json"
GATE_PLAN = Plan(summonses=10_000, rounds=2, seconds=4, warm=1, connections=16)
WORSE = 1.25

Summonses = Annotated[int, typer.Option(min=10_000, max=1_000_000)]
RoundsOption = Annotated[int, typer.Option("--rounds", min=1)]
Seconds = Annotated[int, typer.Option(min=1, help="Of one run.")]
Connections = Annotated[int, typer.Option(min=1, max=512)]
Remark = Annotated[str, typer.Option(help="Told in RESULTS.md, such as what else the machine did.")]
Into = Annotated[Path, typer.Option(help="Where results.json and RESULTS.md are.", exists=True)]
Country = Annotated[
    Path | None,
    typer.Option(
        envvar=growing.COUNTRY, help="CSV of all areas of the country, perhaps gzipped.", exists=True
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        help=f"What grows: {', '.join(growing.WAYS)}; sizes may follow, as in rules=50,500. All if not given."
    ),
]


@app.command()
def run(
    summonses: Summonses = 100_000,
    rounds: RoundsOption = 3,
    seconds: Seconds = 4,
    connections: Connections = 16,
    remark: Remark = "",
    into: Into = HERE,
    country: Country = None,
    growth: Annotated[bool, typer.Option(help="Afterwards the growth too, with its own plan.")] = False,
) -> None:
    """Measure everybody side by side; what was found of growth before stays."""
    _require_wrk()
    found = results.read(into / RESULTS)
    plan = Plan(summonses, rounds, seconds, 2, connections)
    main = found.side_by_side = SideBySide(results.taken(plan, remark), _versions())
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_side_by_side(main, Path(folder)))
    finally:  # what was measured until something failed is kept too
        found.write(into / RESULTS)
    measure_fan_out(rounds, remark, into)
    if growth:
        grow(into=into, country=country, remark=remark)
    write_report(into)
    print((into / "RESULTS.md").read_text())


@app.command("fan-out")
def measure_fan_out(rounds: RoundsOption = 3, remark: Remark = "", into: Into = HERE) -> None:
    """Measure W6 alone, everybody in turns; the other parts of results.json stay."""
    found = results.read(into / RESULTS)
    plan = Plan(10_000, rounds, 0, 0, SUBSCRIBERS)
    part = found.fan_out = FanOut(results.taken(plan, remark))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fan_out(part, Path(folder)))
    found.write(into / RESULTS)
    write_report(into)


async def _fan_out(found: FanOut, folder: Path) -> None:
    plan = found.taken.plan
    async with on_postgres(plan.summonses) as url:
        fresh = Fresh(url, plan.summonses)
        for number in range(plan.rounds):
            for contender in in_turn(_contenders(), number):
                ms = await fan_out(contender, url, folder, fresh)
                found.events.setdefault(contender.name, []).extend(ms)
                print(f"round {number + 1}: W6 {contender.name}: {ms} ms", file=sys.stderr, flush=True)


@app.command("growth")
def grow(
    by: By = None,
    country: Country = None,
    summonses: Summonses = 100_000,
    rounds: RoundsOption = 1,
    seconds: Seconds = 4,
    connections: Connections = 16,
    remark: Remark = "",
    into: Into = HERE,
) -> None:
    """Measure ours and the limit as something grows; the other parts of results.json stay."""
    _require_wrk()
    wanted = _wanted(by or list(growing.WAYS), country)
    plan = Plan(summonses, rounds, seconds, 2, connections)
    for way, sizes in wanted.items():
        found = results.read(into / RESULTS)
        grown = found.growth[way] = Growth(results.taken(plan, remark))
        try:
            with tempfile.TemporaryDirectory() as folder:
                asked = growing.Asked(plan, sizes, country or Path())
                asyncio.run(growing.measure(way, asked, grown, Path(folder)))
        finally:
            found.write(into / RESULTS)
            write_report(into)


def _wanted(by: list[str], country: Path | None) -> dict[str, tuple[int, ...]]:
    """Without the country's areas that growth is left out, with a word about it."""
    try:
        wanted = dict(map(growing.read_way, by))
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from fault
    if country is None and wanted.pop("areas", None) is not None:
        said = f"Growth with the areas is left out: no --country FILE and no {growing.COUNTRY} given."
        print(said, file=sys.stderr)
    return wanted


@app.command("profile")
def write_profile(
    summonses: Summonses = 100_000,
    seconds: Seconds = 10,
    connections: Connections = 16,
    remark: Remark = "",
    into: Into = HERE,
) -> None:
    """See where the server's time goes in each workload; the other parts of results.json stay."""
    _require_wrk()
    if not PY_SPY.exists():
        sys.exit("Missing: py-spy (`make bench-profile` installs it).")
    found = results.read(into / RESULTS)
    plan = Plan(summonses, 1, seconds, 2, connections)
    with tempfile.TemporaryDirectory() as folder:
        profiles = asyncio.run(_profiles(plan, Path(folder)))
    found.profiles = Profiles(results.taken(plan, remark), profiles)
    found.write(into / RESULTS)
    write_report(into)


async def _profiles(plan: Plan, folder: Path) -> list[Profile]:
    async with on_postgres(plan.summonses) as url:
        rounds = Profiled(url, folder, plan, Fresh(url, plan.summonses))
        await rounds.run([OURS])
        return rounds.profiles


@app.command("report")
def write_report(into: Into = HERE) -> None:
    """Write RESULTS.md and ratios.svg again from results.json and remarks.md."""
    beside.write(results.read(into / RESULTS), into)


@app.command()
def gate(
    update: Annotated[bool, typer.Option(help="Keep the new ratios instead of comparing.")] = False,
) -> None:
    """Ours beside the limit, shortly; fails when a ratio of CPU is a quarter worse than the kept one."""
    _require_wrk()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_gate(Path(folder)))
    if update:
        rounded = {name: round(ratio, 2) for name, ratio in found.items()}
        GATE.write_bytes(orjson.dumps(rounded, option=orjson.OPT_INDENT_2) + b"\n")
        return
    worse = list(_worse(orjson.loads(GATE.read_bytes()), found))
    print("\n".join(worse) or "No ratio is a quarter worse than the kept one.")
    sys.exit(bool(worse))


def _worse(kept: Mapping[str, float], found: Mapping[str, float]) -> list[str]:
    return [
        f"{name}: CPU ÷ limit is {found[name]:.2f}, was {kept[name]:.2f}"
        for name in kept
        if found[name] > kept[name] * WORSE
    ]


async def _gate(folder: Path) -> dict[str, float]:
    async with on_postgres(GATE_PLAN.summonses) as url:
        rounds = Rounds(url, folder, GATE_PLAN, Fresh(url, GATE_PLAN.summonses))
        await rounds.run([OURS, LIMIT])
    found = results.ratios(results.medians(rounds.samples))
    return {workload: ratio[LIMIT.name] for workload, ratio in found.items()}


async def _side_by_side(found: SideBySide, folder: Path) -> None:
    contenders, plan = _contenders(), found.taken.plan
    async with on_postgres(plan.summonses) as url:
        fresh = Fresh(url, plan.summonses)
        await check(contenders, url, folder, plan.summonses, fresh)
        rounds = Rounds(url, folder, plan, fresh)
        found.samples, found.starts = rounds.samples, rounds.starts
        await rounds.run(contenders)
        found.unchanged = await unchanged(url, folder, plan)
    embedded = await in_sqlite(folder, plan.summonses)
    rounds = Rounds(embedded, folder, plan, Fresh(embedded, plan.summonses))
    found.sqlite, found.sqlite_starts = rounds.samples, rounds.starts
    await rounds.run([OURS])


def _contenders() -> list[Contender]:
    return [OURS, LIMIT, NAIVE, *(PEERS if NODE_PROGRAM.exists() else ())]


def _require_wrk() -> None:
    if shutil.which("wrk") is None:
        sys.exit("Missing: wrk (Debian, Ubuntu: apt install wrk).")


def _versions() -> dict[str, str]:
    said = subprocess.run(["wrk", "-v"], capture_output=True, text=True).stdout
    return results.versions(asyncio.run(_postgres()), said.split("[")[0].removeprefix("wrk").strip())


async def _postgres() -> str:
    connection = await asyncpg.connect(SERVER)
    try:
        said: str = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return said


if __name__ == "__main__":
    app()
