"""The ratios as a picture: a bar for each, from the middle line to the right where baodao is ahead."""

from collections.abc import Iterator, Mapping
from math import log2

from bench.results import TITLES

WIDTH, LEFT, ROW, GAP = 760, 300, 18, 14
OCTAVES = 5
"""The scale goes from 1/32 to 32."""
COLOURS = {"limit": "#7a7a7a", "postgraphile": "#336791", "mercurius": "#3a7d44", "naive": "#b5651d"}


def chart(ratios: Mapping[str, Mapping[str, float]]) -> str:
    """SVG. For the limit the ratio of CPU is turned over, so that longer is better in every row."""
    rows = [
        (workload, name, 1 / ratio if name == "limit" else ratio)
        for workload, some in ratios.items()
        for name, ratio in some.items()
    ]
    height = 60 + sum(ROW for _ in rows) + GAP * len(ratios)
    body = "\n".join([*_axis(height), *_bars(rows)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="12">\n<title>baodao beside others</title>\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _x(ratio: float) -> float:
    wide = (WIDTH - LEFT - 60) / (2 * OCTAVES)
    return LEFT + wide * (min(max(log2(ratio), -OCTAVES), OCTAVES) + OCTAVES)


def _axis(height: int) -> Iterator[str]:
    yield '<text x="8" y="18" font-size="14">baodao ÷ the other, more is better (req/s; by hand: CPU)</text>'
    for octave in range(-OCTAVES, OCTAVES + 1):
        x, label = _x(2.0**octave), f"1/{2**-octave}" if octave < 0 else str(2**octave)
        colour = "#333" if octave == 0 else "#ddd"
        yield f'<line x1="{x:.1f}" y1="44" x2="{x:.1f}" y2="{height}" stroke="{colour}"/>'
        yield f'<text x="{x:.1f}" y="40" text-anchor="middle" fill="#555">{label}</text>'


def _bars(rows: list[tuple[str, str, float]]) -> Iterator[str]:
    y, last = 50, ""
    for workload, name, ratio in rows:
        y += ROW if workload == last else ROW + GAP * bool(last)
        start, end = sorted((_x(1), _x(ratio)))
        label = f"{workload} " * (workload != last) + f"÷ {TITLES[name]}"
        last = workload
        yield f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{label}</text>'
        yield (
            f'<rect x="{start:.1f}" y="{y - 11}" width="{end - start:.1f}" height="13" fill="{COLOURS[name]}"/>'
        )
        yield f'<text x="{end + 4:.1f}" y="{y}">{ratio:.2f}</text>'
