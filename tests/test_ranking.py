"""Ranking: exact, between one's own mean and that of all, and nobody is last by chance."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.ranking import FEWEST_RANKED, LAST, MINIMUM, Sample, last_places, ranking, score_of

POINTS = st.fractions(0, 100, max_denominator=1000)
SAMPLES = st.lists(st.tuples(st.integers(1, 40), POINTS), max_size=12).map(
    lambda some: [Sample(f"{index:02}", tasks, tasks * mean) for index, (tasks, mean) in enumerate(some)]
)


@given(SAMPLES)
def test_every_score_lies_between_the_own_mean_and_that_of_all(samples: list[Sample]) -> None:
    points, tasks = sum((one.points for one in samples), Fraction()), sum(one.tasks for one in samples)
    for one in ranking(samples):
        overall = points / tasks
        low, high = sorted((one.sample.mean, overall))
        assert one.score is None or low <= one.score <= high


@given(SAMPLES)
def test_who_did_too_little_is_listed_and_not_ranked(samples: list[Sample]) -> None:
    standings = ranking(samples)
    assert sorted(one.sample.id for one in standings) == [one.id for one in samples]
    for one in standings:
        assert (one.place is None) == (one.score is None) == (one.sample.tasks < MINIMUM)
    assert [one.place is None for one in standings] == sorted(one.place is None for one in standings)


@given(SAMPLES)
def test_better_scores_stand_higher_and_equals_share_a_place(samples: list[Sample]) -> None:
    ranked = [(one.score, one.place) for one in ranking(samples) if one.score is not None]
    for score, place in ranked:
        assert place == 1 + sum(other > score for other, _ in ranked)


@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_does_not_matter(samples: list[Sample], random: object) -> None:
    shuffled = list(samples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ranking(shuffled) == ranking(samples)


@given(POINTS, POINTS, st.integers(MINIMUM, 1_000))
def test_equal_work_of_equal_quality_is_equal(mean: Fraction, other: Fraction, tasks: int) -> None:
    one, two, three = ranking(
        [Sample("a", tasks, tasks * mean), Sample("b", tasks, tasks * mean), Sample("c", 3, 3 * other)]
    )
    assert (one.score, one.place) == (two.score, two.place) == (one.score, 1)
    assert three.place is None


@given(POINTS, POINTS, st.integers(1, 1_000))
def test_the_more_one_did_the_nearer_the_score_is_to_ones_own_mean(
    mean: Fraction, overall: Fraction, tasks: int
) -> None:
    def away(number: int) -> Fraction:
        return abs(score_of(Sample("a", number, number * mean), overall) - mean)

    assert away(tasks + 1) <= away(tasks)
    assert away(tasks) * (tasks + 5) == 5 * abs(overall - mean)
    assert away(10**9) < Fraction(1, 10**6)


def test_a_worked_example() -> None:
    """Mean of all: (900 + 300 + 100) / 18 = 72.2…"""
    few, many = Sample("few", 3, Fraction(300)), Sample("many", 10, Fraction(900))
    low = Sample("low", 5, Fraction(100))
    best, worst, left = ranking([few, many, low])
    assert (best.sample, best.score, best.place) == (many, (900 + 5 * Fraction(1300, 18)) / 15, 1)
    assert (worst.sample, worst.score, worst.place) == (low, (100 + 5 * Fraction(1300, 18)) / 10, 2)
    assert (left.sample, left.score, left.place) == (few, None, None)


def test_one_with_too_small_a_sample_leaves_nobody_ranked() -> None:
    [only] = ranking([Sample("only", 1, Fraction(100))])
    assert (only.score, only.place) == (None, None)
    assert ranking([]) == []


@pytest.mark.parametrize(
    ("places", "last"),
    [
        ([], set()),
        ([1], set()),
        ([1, 2, 3, 4], set()),
        ([1, 2, 3, 4, 5], {4, 5}),
        ([1, 2, 3, 4, 4], {4}),
        ([1, 2, 3, 3, 3], set()),
        ([1, 2, 3, 3, 5], {5}),
        ([1, 1, 1, 1, 1], set()),
        ([1, 2, 2, 4, 4, 6], {6}),
    ],
)
def test_nobody_is_last_by_chance(places: list[int], last: set[int]) -> None:
    assert last_places(places) == last


@given(st.lists(st.integers(0, 5), max_size=12))
def test_at_most_two_stand_last_and_each_is_worse_than_all_others(scores: list[int]) -> None:
    places = [1 + sum(other > one for other in scores) for one in scores]
    named = [score for score, place in zip(scores, places, strict=True) if place in last_places(places)]
    others = [score for score, place in zip(scores, places, strict=True) if place not in last_places(places)]
    assert len(named) <= LAST
    assert not named or max(named) < min(others)
    assert len(scores) >= FEWEST_RANKED or not named
