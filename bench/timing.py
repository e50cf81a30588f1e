"""Timing on a noisy machine: rounds take turns, and the least and the middle of them are told."""

from collections.abc import Awaitable, Callable, Mapping
from statistics import median
from time import perf_counter
from typing import NamedTuple

Work = Callable[[], object]


class Timed(NamedTuple):
    """Seconds for one run of the work, in each round."""

    rounds: tuple[float, ...]

    @property
    def least(self) -> float:
        return min(self.rounds)

    @property
    def middle(self) -> float:
        return median(self.rounds)

    def ratio(self, other: "Timed") -> tuple[float, float]:
        """Of the least, and the middle of the rounds' own ratios."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return self.least / other.least, median(one / two for one, two in pairs)


def in_turn(works: Mapping[str, tuple[Work, int]], rounds: int = 15) -> dict[str, Timed]:
    """Each work is run so many times in a row in each round; one round before the first is not counted."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for round in range(rounds + 1):
        for name, (work, times) in works.items():
            began = perf_counter()
            for _ in range(times):
                work()
            if round:
                found[name].append((perf_counter() - began) / times)
    return {name: Timed(tuple(seconds)) for name, seconds in found.items()}


async def awaited(work: Callable[[], Awaitable[object]], rounds: int = 15) -> Timed:
    """One run in each round; the first round is not counted."""
    seconds = []
    for _ in range(rounds + 1):
        began = perf_counter()
        await work()
        seconds.append(perf_counter() - began)
    return Timed(tuple(seconds[1:]))


def both(pair: tuple[float, float], unit: str = "×") -> str:
    """``2.5× (middle 2.7×)``."""
    least, middle = pair
    return f"{_brief(least)}{unit} (middle {_brief(middle)}{unit})"


def _brief(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}" if number < 10 else f"{number:.1f}"
