"""RESULTS.md and the chart: baodao beside what else could be used."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import profile
from bench.chart import chart
from bench.contenders import LIMIT, MERCURIUS, OURS
from bench.grown import WORDS, tables
from bench.results import (
    TITLES,
    WORKLOADS,
    FanOut,
    Growth,
    Profiles,
    Results,
    Row,
    Rows,
    SideBySide,
    Taken,
    medians,
    ratios,
)
from bench.rounds import Start
from bench.unchanged import Unchanged

REMARKS = Path(__file__).parent / "remarks.md"
TARGETS = {
    "W1": {"limit": 1.3, "postgraphile": 2.0, "mercurius": 2.0, "naive": 15.0},
    "W2": {"limit": 1.3, "postgraphile": 1.8, "mercurius": 2.5, "naive": 20.0},
    "W3": {"limit": 0.3, "postgraphile": 8.0, "mercurius": 4.0, "naive": 20.0},
    "W4": {"postgraphile": 1.0, "mercurius": 1.0, "naive": 10.0},
    "W5": {"limit": 1.3, "postgraphile": 1.3, "mercurius": 1.2, "naive": 12.0},
}
"""CPU of server and PostgreSQL together ÷ the limit's, at most; req/s ÷ another's, at least.

Of W3 the targets for places that are kept, as they are from the second request on.
"""
LAST_HAS_IT_MS, FASTER_THAN_MERCURIUS = 30.0, 5.0
"""W6: at most, and at least so many times."""
NOT_MEASURED = "Not measured."
SAMPLED = """Of the server's own time, what each layer has (`make bench-profile`, py-spy): a sample counts for the
innermost layer, with what the system and the standard library do for it. PostgreSQL's time is in the tables below."""
GREW = "baodao beside the limit by hand; in brackets how many times the figure at the smallest size."

HEAD = """# Measured: the service

Written by `make bench`; the figures are in `results.json`. Each part says when and of which commit it was measured: one
that is not measured again stays as it was.
"""
RULES = """
{taken}

The server has one core alone (one process); the load and PostgreSQL's work for it have the other. Whoever is measured
is started anew in each round, in turns; the figures are medians of the rounds. Before that all had to give equal
answers to the same questions. CPU is for each request, of the server and of its connections' backends.

- baodao runs as `baodao serve` does: a token checked, the member and their roles read, rights, limits, log and audit.
  Every request comes from one of many members. No answer is kept from one request to the next; rows of tables that
  hardly change are, as long as nothing in the table changed.
- By hand is the limit: the same answers from fixed SQL, without GraphQL, rights, limits, clocks or an audit log.
- The peers have no rights to check either. Mercurius: JIT, batched loaders, prepared statements. PostGraphile: Amber
  preset, plain lists, its caches of documents and plans. They and the limit call the functions in `peers.sql`.
- Naive is what the documentations of Strawberry and Tortoise show, on baodao's models: a resolver for each relation,
  data loaders, objects; no rights, nothing compiled, nothing remembered.
- W5: all of them change the task and its summons and write both events; baodao also stops and starts limits, writes
  two chained audit entries, and looks at the rights once more before it commits.

{versions}
"""


def table(rows: Rows) -> Iterator[str]:
    """Of the workloads in their order, the contenders of each in theirs."""
    yield "| | | req/s | p50 ms | p99 ms | server CPU µs | PostgreSQL CPU µs | CPU ÷ limit |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for workload, title in WORKLOADS.items():
        shown = f"**{workload}** {title}"
        for contender, name in TITLES.items():
            if row := rows.get((workload, contender)):
                yield f"| {shown} | {name} | {_line(row, rows.get((workload, LIMIT.name)))} |"
                shown = ""


def _line(row: Row, other: Row | None) -> str:
    against = f"{row.cpu_us / other.cpu_us:.2f}" if other else "–"
    parts = (f"{row.rate:,.0f}", f"{row.p50_ms:.1f}", f"{row.p99_ms:.1f}")
    return " | ".join((*parts, f"{row.server_us:,.0f}", f"{row.database_us:,.0f}", against))


class Reached(NamedTuple):
    """`at_most`: else at least. `by`: how many times better it would have to be, 1 or less where the target is met."""

    found: float
    target: float
    at_most: bool

    @property
    def by(self) -> float:
        return self.found / self.target if self.at_most else self.target / self.found

    def __str__(self) -> str:
        told = f"{self.found:.2f} ({self.target:g})"
        return f"{told} met" if self.by <= 1 else f"{told} **missed** by {self.by:.1f}×"


def reached(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Each ratio with its target."""
    columns = {name: f"req/s ÷ {TITLES[name].split(',')[0].split(':')[0]} (at least)" for name in TITLES}
    columns = {LIMIT.name: "CPU ÷ limit (at most)"} | {
        name: title for name, title in columns.items() if name not in (OURS.name, LIMIT.name)
    }
    yield f"| | {' | '.join(columns.values())} |"
    yield "|---|" + "--:|" * len(columns)
    for workload, ratio in found.items():
        yield f"| {workload} | {' | '.join(_cell(workload, name, ratio) for name in columns)} |"


def _cell(workload: str, name: str, ratio: Mapping[str, float]) -> str:
    if name not in ratio:
        return "not measured"
    target = TARGETS.get(workload, {}).get(name)
    return f"{ratio[name]:.2f}" if target is None else str(Reached(ratio[name], target, name == LIMIT.name))


def write(found: Results, folder: Path) -> None:
    """RESULTS.md and ratios.svg."""
    (folder / "RESULTS.md").write_text("\n".join(_lines(found)) + "\n")
    samples = found.side_by_side.samples if found.side_by_side else []
    (folder / "ratios.svg").write_text(chart(ratios(medians(samples))))


def _lines(found: Results) -> Iterator[str]:
    yield HEAD
    yield "## Where the time goes and what was tried\n"
    yield from _profiles(found.profiles)
    yield REMARKS.read_text()
    yield "## Side by side"
    if found.side_by_side is None:
        yield f"\n{NOT_MEASURED}"
    else:
        yield from _side_by_side(found.side_by_side)
    yield from _fan_out(found.fan_out)
    yield f"\n## As it grows\n\n{GREW}"
    for way in WORDS:
        yield from _growth(way, found.growth.get(way))


def _profiles(found: Profiles | None) -> Iterator[str]:
    """Of the server's own time, while it works on each workload."""
    if found is None:
        yield f"{NOT_MEASURED}\n"
        return
    yield f"{taken(found.taken, 'rounds')}\n\n{SAMPLED}\n"
    yield from profile.table(found.of)
    yield ""


def _side_by_side(found: SideBySide) -> Iterator[str]:
    rows = medians(found.samples)
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    yield RULES.format(taken=taken(found.taken), versions=versions)
    if not {"mercurius", "postgraphile"} & set(found.starts):
        yield "**The peers were not installed and are missing.**\n"
    yield "![The ratios](ratios.svg)\n"
    yield from table(rows)
    yield "\n### Beside the targets\n"
    yield from reached(ratios(rows))
    yield from _unchanged(found.unchanged, rows)
    yield "\n### SQLite\n\nbaodao on its embedded database, same rows, same questions.\n"
    yield from table(medians(found.sqlite)) if found.sqlite else [NOT_MEASURED]
    yield from _starts(found)


def taken(one: Taken, varied: str = "") -> str:
    """When, where, of what and how, without the part of the plan that was varied."""
    plan = one.plan
    rounds = f"{plan.rounds} rounds" if plan.rounds > 1 else "one round"
    told = {
        "summonses": f"{plan.summonses:,} summonses",
        "connections": f"{plan.connections} connections",
        "rounds": f"{rounds} of {plan.seconds} s or more for each workload after {plan.warm} s to warm up",
    }
    how = ", ".join(words for name, words in told.items() if name != varied)
    return "\n".join(filter(None, (when(one), f"Plan: {how}.", one.remark)))


def when(one: Taken) -> str:
    """And of what, and where."""
    return f"{one.date}, {one.state}. {one.machine}."


def _fan_out(found: FanOut | None) -> Iterator[str]:
    yield "\n## W6: one event to 1,000 subscribers\n"
    if found is None:
        yield NOT_MEASURED
        return
    yield f"{when(found.taken)} {found.taken.plan.rounds} rounds in turns.\n"
    yield "Milliseconds from the mutation until the last of them has it, of some events in each round. All heard the"
    yield "same, and of the summons whose task was accepted. PostGraphile is told by PostgreSQL's NOTIFY; naive is a"
    yield "queue for each subscriber and Strawberry's own handler.\n"
    yield "| | ms, median | shortest | longest |\n|---|--:|--:|--:|"
    for name, title in TITLES.items():
        yield f"| {title} | {_milliseconds(found.events.get(name))} |"
    yield from (f"\n{line}" for line in _fan_out_reached(found.events))


def _milliseconds(events: list[float] | None) -> str:
    if events is None:
        return "not measured | – | –"
    if not events:
        return "not within a minute | – | –"
    return " | ".join(f"{ms:,.0f}" for ms in (median(events), min(events), max(events)))


def _fan_out_reached(found: Mapping[str, list[float]]) -> Iterator[str]:
    ours, theirs = found.get(OURS.name), found.get(MERCURIUS.name)
    if not ours:
        yield f"Until the last has it, at most {LAST_HAS_IT_MS:g} ms: {'**missed**' if found else 'not measured'}."
        return
    yield f"Until the last has it, at most {LAST_HAS_IT_MS:g} ms: {Reached(median(ours), LAST_HAS_IT_MS, True)}."
    if theirs:
        told = Reached(median(theirs) / median(ours), FASTER_THAN_MERCURIUS, False)
        yield f"Faster than Mercurius, at least {FASTER_THAN_MERCURIUS:g} times: {told}."


def _unchanged(found: Mapping[str, Unchanged | str], rows: Rows) -> Iterator[str]:
    yield "\n### Unchanged (304)\n"
    yield "The client sends the ETag of the former answer. In no ratio above, where every answer is made anew.\n"
    if not found:
        yield NOT_MEASURED
        return
    yield "| | by | req/s | p50 ms | p99 ms | server CPU µs | PostgreSQL CPU µs | CPU ÷ made anew |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for workload, one in found.items():
        title = f"**{workload}** unchanged (304)"
        if isinstance(one, str):
            yield f"| {title} | {one} |" + " – |" * 6
            continue
        [row] = medians([one.sample]).values()
        yield f"| {title} | {one.method} | {_line(row, rows.get((workload, OURS.name)))} |"


def _starts(found: SideBySide) -> Iterator[str]:
    yield "\n### Start and memory\n"
    yield "| | s to the first connection | MB then | MB after W1–W4 |\n|---|--:|--:|--:|"
    for name, start in found.starts.items():
        yield f"| {TITLES[name]} | {_started(start)} |"
    for start in found.sqlite_starts.values():
        yield f"| {OURS.title}, on SQLite | {_started(start)} |"


def _started(start: Start) -> str:
    return f"{start.seconds:.2f} | {start.memory_mb:.0f} | {start.memory_after_mb:.0f}"


def _growth(way: str, found: Growth | None) -> Iterator[str]:
    yield f"\n### More {way}\n"
    yield f"{WORDS[way]}\n"
    if found is None or not found.sizes:
        yield NOT_MEASURED
        return
    yield taken(found.taken, way)
    yield from tables(way, found)
