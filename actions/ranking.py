"""Ranking: who did how well, with small samples drawn towards the mean of all. Exact: nothing is rounded in between.

score = (points + 5 × mean of all tasks) ÷ (tasks + 5), as if each had done five average tasks beside its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

MINIMUM = 5
"""Tasks below which nobody is ranked."""
WEIGHT = 5
"""Average tasks that are added to everybody's own."""
LAST = 2
FEWEST_RANKED = 5
"""Below so many nobody stands last: two of four would be half of them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What somebody did: `points` are the sum of 0 to 100 for each task, of which there is at least one."""

    id: str
    tasks: int
    points: Fraction

    @property
    def mean(self) -> Fraction:
        return self.points / self.tasks


@dataclass(frozen=True, slots=True)
class Standing:
    """A sample with its score and place; without both below the minimum."""

    sample: Sample
    score: Fraction | None = None
    place: int | None = None


def ranking(samples: Iterable[Sample]) -> list[Standing]:
    """Best first, equals at the same place in the order of ids; then those that are not ranked, in that order too."""
    by_id = sorted(samples, key=lambda sample: sample.id)
    if not by_id:
        return []
    overall = sum((one.points for one in by_id), Fraction()) / sum(one.tasks for one in by_id)
    scored = [(score_of(one, overall), one) for one in by_id if one.tasks >= MINIMUM]
    scored.sort(key=lambda pair: -pair[0])
    ranked = [Standing(one, score, 1 + sum(other > score for other, _ in scored)) for score, one in scored]
    return [*ranked, *(Standing(one) for one in by_id if one.tasks < MINIMUM)]


def score_of(sample: Sample, overall: Fraction) -> Fraction:
    """Between its own mean and the overall one, and the nearer to its own the more it did."""
    return (sample.points + WEIGHT * overall) / (sample.tasks + WEIGHT)


def last_places(places: Sequence[int]) -> frozenset[int]:
    """Of at most two, each worse than all others: where more are equal at the end, nobody is named by chance."""
    if len(places) < FEWEST_RANKED:
        return frozenset()
    return frozenset(one for one in places if sum(other >= one for other in places) <= LAST)
