"""The tables of RESULTS.md that tell what grows with what."""

from collections.abc import Callable, Iterator, Mapping

from bench.contenders import LIMIT, OURS
from bench.results import TITLES, WORKLOADS, Growth, Row, Rows, medians
from bench.rounds import Start

Sizes = Mapping[int, Rows]
CPU = "CPU µs for a request, server and PostgreSQL"
MEASURES: dict[str, Callable[[Row], float]] = {
    CPU: lambda row: row.cpu_us,
    "req/s": lambda row: row.rate,
    "p99 ms": lambda row: row.p99_ms,
}
STARTS: dict[str, Callable[[Start], float]] = {
    "s to the first connection": lambda start: start.seconds,
    "MB then": lambda start: start.memory_mb,
    "MB after W1–W4": lambda start: start.memory_after_mb,
}
WORDS = {
    "summonses": "The places, the units and those who ask stay the same.",
    "areas": "From the district with its grids and the towns around it to the areas of the whole country.",
    "rules": "From the fewest rows that can be published, as every step needs a rule, to the most a text may have.\n"
    "What is more than the packaged rules forbids in towns of other districts to read what is read here.",
    "connections": "W3 has a quarter of them.",
}
"""By what grows, as in `bench.growth.WAYS`."""
SHOWN = {"connections": tuple(MEASURES)}
"""Elsewhere the CPU alone."""


def tables(way: str, found: Growth) -> Iterator[str]:
    """Each figure, and from the second size on how many times the first one it is."""
    sizes = {int(size): medians(one.samples) for size, one in found.sizes.items()}
    for measure in SHOWN.get(way, (CPU,)):
        yield f"\n| {measure} | | {' | '.join(f'{size:,} {way}' for size in sizes)} |"
        yield "|---|---|" + "--:|" * len(sizes)
        yield from _rows(sizes, MEASURES[measure])
        if measure == CPU:
            yield from _starts(found)


def _rows(sizes: Sizes, measure: Callable[[Row], float]) -> Iterator[str]:
    for workload, title in WORKLOADS.items():
        shown = f"**{workload}** {title}"
        for contender in (OURS.name, LIMIT.name):
            key = workload, contender
            figures = [measure(rows[key]) if key in rows else None for rows in sizes.values()]
            yield f"| {shown} | {TITLES[contender]} | {' | '.join(_beside_the_first(figures))} |"
            shown = ""


def _starts(found: Growth) -> Iterator[str]:
    for title, measure in STARTS.items():
        starts = [one.starts.get(OURS.name) for one in found.sizes.values()]
        figures = [measure(start) if start else None for start in starts]
        yield f"| {title} | {OURS.title} | {' | '.join(_beside_the_first(figures))} |"


def _beside_the_first(figures: list[float | None]) -> Iterator[str]:
    first, *others = figures
    yield _told(first)
    for figure in others:
        ratio = f" (×{figure / first:.2f})" if first and figure else ""
        yield f"{_told(figure)}{ratio}"


def _told(figure: float | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"
