"""What stands in the next-word bars: the likeliest tokens, everything else in one bar, and how far from the truth."""

import numpy as np
import pytest

from lessons.next_words import distance, largest_change, next_words, over_vocabulary

VOCABULARY = (" is", " are", " were", ".", "x")


def test_the_rows_are_the_likeliest_of_either_and_the_rest():
    rows = next_words(np.array([0.6, 0.2, 0.1, 0.1, 0.0]), VOCABULARY, 2, np.array([0.1, 0.1, 0.7, 0.1, 0.0]))
    assert rows.tokens == (" were", " is")
    np.testing.assert_allclose(rows.first, [0.1, 0.6, 0.3])
    np.testing.assert_allclose(rows.second, [0.7, 0.1, 0.2])
    assert largest_change(rows) == 0


def test_the_truth_falls_on_the_words_own_tokens():
    np.testing.assert_array_equal(over_vocabulary({"are": 0.75, ".": 0.25}, VOCABULARY), [0, 0.75, 0, 0.25, 0])
    with pytest.raises(KeyError):
        over_vocabulary({"dogs": 1.0}, VOCABULARY)


def test_distance_is_the_mass_that_must_move():
    half = np.array([0.5, 0.5, 0, 0])
    assert distance(half, half) == 0
    assert distance(half, np.array([0, 0, 0.5, 0.5])) == 1
    assert distance(half, np.array([0.5, 0.25, 0.25, 0])) == pytest.approx(0.25)
