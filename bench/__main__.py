"""The measurements of the service: ``python -m bench run``, and their short form ``python -m bench gate``."""

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
from bench.contenders import HERE, LIMIT, NODE_PROGRAM, OURS, PEERS, POSTGRAPHILE, Contender
from bench.results import Results
from bench.rounds import Plan, Rounds
from bench.same import check
from bench.sockets import fan_out
from bench.store import SERVER, Fresh, in_sqlite, on_postgres

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
RESULTS, GATE = HERE / "results.json", HERE / "gate.json"
GATE_PLAN = Plan(summonses=10_000, rounds=1, seconds=4, warm=1, connections=16)
WORSE = 1.25
GROWTH = (10_000, 100_000, 1_000_000)


@app.command()
def run(
    summonses: Annotated[int, typer.Option(min=10_000, help="10,000 to 1,000,000.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    seconds: Annotated[int, typer.Option(min=1, help="Of one run.")] = 4,
    connections: Annotated[int, typer.Option(min=1, max=512)] = 16,
    remark: Annotated[str, typer.Option(help="Told in RESULTS.md, such as what else the machine did.")] = "",
    growth: Annotated[
        bool, typer.Option(help="Ours from 10,000 to 1,000,000 summonses; half an hour.")
    ] = False,
) -> None:
    """Measure everybody, and write results.json, RESULTS.md and ratios.svg."""
    _require_wrk()
    plan = Plan(summonses, rounds, seconds, 2, connections)
    found = results.begun(plan, asyncio.run(_postgres()), _wrk(), remark)
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_everything(found, Path(folder), growth))
    finally:  # what was measured until something failed is kept too
        found.write(RESULTS)
    beside.write(found, HERE)
    print((HERE / "RESULTS.md").read_text())


@app.command("report")
def write_report() -> None:
    """Write RESULTS.md and ratios.svg again from results.json."""
    beside.write(results.read(RESULTS), HERE)


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


async def _everything(found: Results, folder: Path, growth: bool) -> None:
    plan = found.plan
    await _side_by_side(found, folder)
    embedded = await in_sqlite(folder, plan.summonses)
    found.sqlite = (await _rounds(embedded, folder, plan, [OURS])).samples
    for size in GROWTH if growth else ():
        async with on_postgres(size) as url:
            grown = plan._replace(summonses=size, rounds=1)
            found.growth[str(size)] = (await _rounds(url, folder, grown, [OURS, LIMIT])).samples


async def _side_by_side(found: Results, folder: Path) -> None:
    contenders, plan = [OURS, LIMIT, *(PEERS if NODE_PROGRAM.exists() else ())], found.plan
    async with on_postgres(plan.summonses) as url:
        fresh = Fresh(url, plan.summonses)
        await check(contenders, url, folder, plan.summonses, fresh)
        rounds = Rounds(url, folder, plan, fresh)
        found.samples, found.starts = rounds.samples, rounds.starts
        await rounds.run(contenders)
        for contender in contenders:
            if contender is not POSTGRAPHILE:
                found.fan_out[contender.name] = ms = await fan_out(contender, url, folder, fresh)
                print(f"W6 {contender.name}: {ms} ms", file=sys.stderr, flush=True)


async def _rounds(url: str, folder: Path, plan: Plan, contenders: list[Contender]) -> Rounds:
    rounds = Rounds(url, folder, plan, Fresh(url, plan.summonses))
    await rounds.run(contenders)
    return rounds


def _require_wrk() -> None:
    if shutil.which("wrk") is None:
        sys.exit("Missing: wrk (Debian, Ubuntu: apt install wrk).")


def _wrk() -> str:
    said = subprocess.run(["wrk", "-v"], capture_output=True, text=True).stdout
    return said.split("[")[0].removeprefix("wrk").strip()


async def _postgres() -> str:
    connection = await asyncpg.connect(SERVER)
    try:
        said: str = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return said


if __name__ == "__main__":
    app()
