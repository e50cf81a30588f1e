"""Weighted means in whole hundredths: exact, and the same wherever and whenever they are computed again."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key")

WHOLE = 10_000
"""100.00 in hundredths: a full score, and all of the weight."""


def mean(weighed: Iterable[tuple[int, int]]) -> int:
    """Of pairs of a weight and a value, none negative and some weight positive; half a unit is rounded up."""
    pairs = list(weighed)
    weight = sum(one for one, _ in pairs)
    return (2 * sum(one * value for one, value in pairs) + weight) // (2 * weight)


def shared_out(weights: Mapping[Key, int], present: Collection[Key]) -> dict[Key, int]:
    """The weights of those present, each grown in proportion by what is missing, in hundredths of a percent.

    They sum to WHOLE: what is left over by rounding down goes to the largest remainders, of equal ones to the first
    named. Empty when none is present.
    """
    here = {key: weight for key, weight in weights.items() if key in present}
    whole = sum(here.values())
    used = {key: weight * WHOLE // whole for key, weight in here.items()}
    by_remainder = sorted(here, key=lambda key: here[key] * WHOLE % whole, reverse=True)
    for key in by_remainder[: WHOLE - sum(used.values())]:
        used[key] += 1
    return used


def total_of(weights: Mapping[Key, int], parts: Mapping[Key, int]) -> int:
    """The mean of the parts by the weights as `shared_out`; some part must have a weight."""
    return mean((weight, parts[key]) for key, weight in shared_out(weights, parts).items())
