"""Weighted means are exact: weights used sum to the whole, and nothing lies outside what it is a mean of."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.weigh import WHOLE, mean, shared_out, total_of
from models import Party

WEIGHTS = st.dictionaries(st.sampled_from(Party), st.integers(1, 100), min_size=1)
PARTS = st.dictionaries(st.sampled_from(Party), st.integers(0, WHOLE), min_size=1)


@given(WEIGHTS, PARTS)
def test_the_weights_used_sum_to_the_whole_and_are_in_proportion(
    weights: dict[Party, int], parts: dict[Party, int]
) -> None:
    used = shared_out(weights, parts)
    assert used.keys() == weights.keys() & parts.keys()
    assert sum(used.values()) == (WHOLE if used else 0)
    whole = sum(weights[party] for party in used)
    assert all(abs(used[party] - Fraction(weights[party] * WHOLE, whole)) < 1 for party in used)


@given(WEIGHTS, PARTS)
def test_a_total_lies_within_its_parts_and_is_their_rounded_mean(
    weights: dict[Party, int], parts: dict[Party, int]
) -> None:
    used = shared_out(weights, parts)
    if not used:
        return
    heard, total = [parts[party] for party in used], total_of(weights, parts)
    assert min(heard) <= total <= max(heard)
    exact = sum(Fraction(weight * parts[party], WHOLE) for party, weight in used.items())
    assert Fraction(-1, 2) < total - exact <= Fraction(1, 2)


@given(st.lists(st.integers(1, 100), min_size=5, max_size=5), st.lists(st.integers(0, WHOLE), min_size=5))
def test_where_nothing_is_missing_the_weights_used_are_those_of_the_template(
    raw: list[int], values: list[int]
) -> None:
    """Weights that sum to 100, as those of a template do."""
    cuts = sorted({0, 100, *(sum(raw[:index]) % 100 for index in range(1, 5))})
    weights = dict(zip(Party, [end - start for start, end in pairwise(cuts)], strict=False))
    parts = dict(zip(weights, values, strict=False))
    assert shared_out(weights, parts) == {party: weight * 100 for party, weight in weights.items()}
    assert total_of(weights, parts) == mean((weights[party], parts[party]) for party in weights)


@pytest.mark.parametrize(
    ("weights", "present", "used"),
    [
        ({"V": 60, "O": 20, "R": 10, "T": 10}, "VOT", {"V": 6667, "O": 2222, "T": 1111}),
        ({"V": 30, "T": 50, "O": 20}, "VO", {"V": 6000, "O": 4000}),
        ({"V": 1, "T": 1, "O": 1}, "VTO", {"V": 3334, "T": 3333, "O": 3333}),
        ({"V": 60, "O": 40}, "", {}),
    ],
)
def test_what_is_missing_is_spread_over_the_rest(
    weights: dict[str, int], present: str, used: dict[str, int]
) -> None:
    assert shared_out(weights, present) == used


@pytest.mark.parametrize(("pairs", "expected"), [([(1, 1), (1, 2)], 2), ([(2, 1), (1, 2)], 1), ([(3, 7)], 7)])
def test_halves_are_rounded_up(pairs: list[tuple[int, int]], expected: int) -> None:
    assert mean(pairs) == expected
