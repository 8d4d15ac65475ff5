"""Modified Kneser-Ney: against a computation by hand, and that it is a distribution whatever was counted."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_utils.training.kneser_ney import discounts, learn, probabilities, surprisals

START, A, B, C = range(4)
TEXTS = [[A, B, A, B, C], [A, B], [C, A]]


def test_discounts_are_those_of_chen_and_goodman() -> None:
    counts = np.array([1] * 8 + [2] * 4 + [3] * 2 + [4] + [9])
    share = 8 / (8 + 2 * 4)
    assert discounts(counts).tolist() == [
        0.0,
        1 - 2 * share * 4 / 8,
        2 - 3 * share * 2 / 4,
        3 - 4 * share * 1 / 2,
    ]


def test_a_bigram_model_by_hand() -> None:
    """Bigrams seen: (start A) 2, (start C) 1, (A B) 3, (B A) 1, (B C) 1, (C A) 1: n1 = 4, n2 = 1, n3 = 1, n4 = 0.

    Contexts of A: start, B, C; of B: A; of C: start, B. So the unigrams count 3, 1, 2: n1 = n2 = n3 = 1.
    """
    model = learn(TEXTS, 2, words=4, start=START)
    share = 4 / (4 + 2 * 1)
    d1, d2, d3 = 1 - 2 * share * 1 / 4, 2 - 3 * share * 1 / 1, 3.0
    low = 1 / (1 + 2 * 1)
    e1, e2, e3 = 1 - 2 * low, 2 - 3 * low, 3.0
    of_a = (3 - e3) / 6 + (e1 + e2 + e3) / 6 / 4
    of_b = (1 - e1) / 6 + (e1 + e2 + e3) / 6 / 4
    after_b = probabilities(model, [B])
    assert after_b[A] == pytest.approx((1 - d1) / 2 + 2 * d1 / 2 * of_a)
    assert after_b[B] == pytest.approx(2 * d1 / 2 * of_b)
    assert probabilities(model, [])[A] == pytest.approx((2 - d2) / 3 + (d2 + d1) / 3 * of_a)
    assert probabilities(model, [A])[B] == pytest.approx((3 - d3) / 3 + d3 / 3 * of_b)


def test_the_count_of_a_beginning_stays_and_other_short_grams_count_contexts() -> None:
    """Trigram model: (start A) is a beginning seen twice; (A B) follows the start and B, seen three times."""
    middle = learn(TEXTS, 3, words=4).orders[1]
    totals = dict(zip(middle.histories.tolist(), middle.totals.tolist(), strict=True))
    assert totals[START] == 3  # A, A, C
    assert totals[A] == 2


def test_surprisals_are_those_of_the_probabilities() -> None:
    model = learn(TEXTS, 3, words=4)
    text = [A, B, C, C]
    expected = [-math.log(probabilities(model, text[:i])[token]) for i, token in enumerate(text)]
    assert surprisals(model, text).tolist() == pytest.approx(expected)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=12), min_size=1, max_size=6),
    st.integers(1, 5),
    st.lists(st.integers(0, 5), max_size=6),
)
def test_every_context_has_a_distribution_over_all_words(texts: list[list[int]], n: int, context: list[int]) -> None:
    probs = probabilities(learn(texts, n, words=6), context)
    assert probs.sum() == pytest.approx(1.0)
    assert (probs >= 0).all()


def test_a_longer_memory_is_less_surprised_by_text_that_repeats() -> None:
    rng = np.random.default_rng(3)
    phrases = rng.integers(1, 20, size=(6, 4))
    texts = [phrases[rng.integers(6, size=10)].ravel() for _ in range(40)]
    means = [surprisals(learn(texts[1:], n, words=20), texts[0]).mean() for n in (1, 2, 3)]
    assert means[0] > 1.5 * means[1] and means[1] > means[2]


def test_grams_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        learn([[1, 2]], 5, words=10_000)
