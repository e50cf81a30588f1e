"""RESULTS.md and the chart: baodao beside what else could be used."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.chart import chart
from bench.contenders import LIMIT
from bench.results import TITLES, WORKLOADS, Results, Row, Rows, medians, ratios

TARGETS = {
    "W1": {"limit": 1.3, "postgraphile": 2.0, "mercurius": 2.0},
    "W2": {"limit": 1.3, "postgraphile": 1.8, "mercurius": 2.5},
    "W3": {"limit": 1.2, "postgraphile": 2.0, "mercurius": 1.1},
    "W4": {"postgraphile": 1.0, "mercurius": 1.0},
    "W5": {"limit": 1.3, "postgraphile": 1.3, "mercurius": 1.2},
}
"""CPU of server and PostgreSQL together ÷ the limit's, at most; req/s ÷ a peer's, at least."""


HEAD = """# Measured: the service

{date}. {machine}. Written by `make bench`.

{plan}
The server has one core alone (one process); the load and PostgreSQL's work for it have the other. Whoever is measured
is started anew in each round, in turns; the figures are medians of the rounds. Before that all had to give equal
answers to the same questions. CPU is for each request, of the server and of its connections' backends.

- baodao runs as `baodao serve` does: a token checked, the member and their roles read, rights, limits, log and audit.
  Every request comes from one of many members. No answer is kept from one request to the next.
- By hand is the limit: the same answers from fixed SQL, without GraphQL, rights, limits, clocks or an audit log.
- The peers have no rights to check either. Mercurius: JIT, batched loaders, prepared statements. PostGraphile: Amber
  preset, plain lists, its caches of documents and plans. They and the limit call the functions in `peers.sql`.
- W5: all of them change the task and its summons and write both events; baodao also stops and starts limits, writes
  two chained audit entries, and looks at the rights once more before it commits.

{versions}
"""
GREW = "## As it grows\n\nTotal CPU for a request in microseconds, and how much of it there is beside the limit's."


def table(rows: Rows) -> Iterator[str]:
    """Of the workloads in their order, the contenders of each as they were measured first."""
    yield "| | | req/s | p50 ms | p99 ms | server CPU µs | PostgreSQL CPU µs | CPU ÷ limit |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for workload, title in WORKLOADS.items():
        shown = f"**{workload}** {title}"
        for contender, name in TITLES.items():
            if row := rows.get((workload, contender)):
                yield f"| {shown} | {name} | {_line(row, rows.get((workload, LIMIT.name)))} |"
                shown = ""


def _line(row: Row, limit: Row | None) -> str:
    against = f"{row.cpu_us / limit.cpu_us:.2f}" if limit else "–"
    parts = (f"{row.rate:,.0f}", f"{row.p50_ms:.1f}", f"{row.p99_ms:.1f}")
    return " | ".join((*parts, f"{row.server_us:,.0f}", f"{row.database_us:,.0f}", against))


def reached(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Each ratio with its target."""
    yield "| | CPU ÷ limit (at most) | req/s ÷ PostGraphile (at least) | req/s ÷ Mercurius (at least) |"
    yield "|---|--:|--:|--:|"
    for workload, ratio in found.items():
        cells = (_cell(workload, name, ratio) for name in ("limit", "postgraphile", "mercurius"))
        yield f"| {workload} | {' | '.join(cells)} |"


def _cell(workload: str, name: str, ratio: Mapping[str, float]) -> str:
    if name not in ratio:
        return "not measured"
    target = TARGETS.get(workload, {}).get(name)
    if target is None:
        return f"{ratio[name]:.2f}"
    met = ratio[name] <= target if name == LIMIT.name else ratio[name] >= target
    return f"{ratio[name]:.2f} ({target}) {'met' if met else '**missed**'}"


def write(found: Results, folder: Path) -> None:
    """RESULTS.md and ratios.svg."""
    (folder / "RESULTS.md").write_text("\n".join(_lines(found)) + "\n")
    (folder / "ratios.svg").write_text(chart(ratios(medians(found.samples))))


def _lines(found: Results) -> Iterator[str]:
    rows, plan = medians(found.samples), found.plan
    told = (
        f"{plan.summonses:,} summonses, {plan.rounds} rounds of {plan.seconds} s or more for each workload after "
        f"{plan.warm} s to warm up, {plan.connections} connections."
    )
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    yield HEAD.format(date=found.date, machine=found.machine, plan=told, versions=versions)
    if found.remark:
        yield f"{found.remark}\n"
    if not {"mercurius", "postgraphile"} & set(found.starts):
        yield "**The peers were not installed and are missing.**\n"
    yield "![The ratios](ratios.svg)\n"
    yield from table(rows)
    yield "\n## Beside the targets\n"
    yield from reached(ratios(rows))
    yield from _fan_out(found)
    yield "\n## SQLite\n\nbaodao on its embedded database, same rows, same questions.\n"
    yield from table(medians(found.sqlite))
    yield from _starts(found)
    yield from _growth(found)


def _fan_out(found: Results) -> Iterator[str]:
    yield "\n## W6: one event to 1,000 subscribers\n"
    yield "Milliseconds from the mutation until the last of them has it. PostGraphile: not measured.\n"
    yield "| | ms |\n|---|--:|"
    for name, ms in found.fan_out.items():
        yield f"| {TITLES[name]} | {'not within a minute' if ms is None else f'{ms:,.0f}'} |"


def _starts(found: Results) -> Iterator[str]:
    yield "\n## Start and memory\n"
    yield "| | s to the first connection | MB then | MB after W1–W4 |\n|---|--:|--:|--:|"
    for name, start in found.starts.items():
        yield f"| {TITLES[name]} | {start.seconds:.2f} | {start.memory_mb:.0f} | {start.memory_after_mb:.0f} |"


def _growth(found: Results) -> Iterator[str]:
    if not found.growth:
        return
    yield f"\n{GREW}\n"
    grown = {int(size): medians(samples) for size, samples in found.growth.items()}
    yield "| | " + " | ".join(f"{size:,} summonses" for size in grown) + " |"
    yield "|---|" + "--:|" * len(grown)
    for workload, title in WORKLOADS.items():
        cells = (_grown(rows, workload) for rows in grown.values())
        yield f"| **{workload}** {title} | {' | '.join(cells)} |"


def _grown(rows: Rows, workload: str) -> str:
    ours, limit = rows[workload, "ours"], rows[workload, LIMIT.name]
    return f"{ours.cpu_us:,.0f} ({ours.cpu_us / limit.cpu_us:.1f}×)"
