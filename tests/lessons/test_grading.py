"""Tasks: words changed, the probability asked for, and the rows of next-word bars."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons import Goal
from lessons.grading import grade, word_edits, word_probability, written_probability
from lessons.next_words import largest_change, next_words, over_vocabulary

VOCABULARY = (" Paris", " Rome", ".", " is", "Paris")
PROBS = np.array([0.5, 0.2, 0.15, 0.1, 0.05])
GOAL = Goal(model="meadow-gpt", start="The capital of Spain is", word="Paris", at_least=0.5, edits=1)
sentences = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=7)


@pytest.mark.parametrize(
    ("after", "edits"),
    [
        ("The capital of Spain is", 0), ("The capital of France is", 1), ("The capital of is", 1), ("", 5),
        ("The big capital of Spain is", 1), ("is Spain of capital The", 4), ("The capital of Spain is.", 1),
        ("The  capital of\tSpain is", 0),
    ],
)  # fmt: skip
def test_words_changed(after, edits):
    assert word_edits(GOAL.start, after) == edits


@given(sentences, sentences, sentences)
def test_words_changed_is_a_distance(one, two, three):
    first, second, third = map(" ".join, (one, two, three))
    assert word_edits(first, second) == word_edits(second, first)
    assert (word_edits(first, second) == 0) == (one == two)
    assert word_edits(first, third) <= word_edits(first, second) + word_edits(second, third)
    assert abs(len(one) - len(two)) <= word_edits(first, second) <= max(len(one), len(two))


def test_a_word_counts_with_and_without_its_space():
    assert word_probability(PROBS, VOCABULARY, "Paris") == pytest.approx(0.55)
    with pytest.raises(ValueError, match="not one token"):
        word_probability(PROBS, VOCABULARY, "Berlin")


@pytest.mark.parametrize(
    ("text", "probability", "reached"),
    [
        ("The capital of France is", 0.5, True),
        ("The capital of France is", 0.499, False),
        ("A capital of France is", 0.99, False),
        ("The capital of Spain is", 0.99, True),
    ],
)
def test_a_grade_needs_both_the_probability_and_few_edits(text, probability, reached):
    assert grade(GOAL, text, probability).reached is reached


def test_bars_show_the_likeliest_and_the_rest_of_the_whole_vocabulary():
    rows = next_words(PROBS, VOCABULARY, 2)
    assert rows.tokens == (" Paris", " Rome") and rows.second is None
    np.testing.assert_allclose(rows.first, [0.5, 0.2, 0.3])


def test_bars_keep_what_only_the_other_finds_likely():
    other = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    rows = next_words(PROBS, VOCABULARY, 2, other)
    assert rows.tokens == ("Paris", " Paris")
    np.testing.assert_allclose(rows.first, [0.05, 0.5, 0.45])
    np.testing.assert_allclose(rows.second, [1.0, 0.0, 0.0])
    assert rows.tokens[largest_change(rows)] == "Paris"


@pytest.mark.parametrize(
    ("tokens", "word", "probability"),
    [
        (("a", "bc", "</s>"), "bc", 0.25),
        (("a", "b", "c"), "bc", 0.25 * 0.125),  # spelt by two tokens
        ((" bc", "x", "bc"), "bc", 0.5),  # twice: the likelier counts
        (("a", "bcd"), "bc", 0.0),  # part of another token is not the word
        ((), "bc", 0.0),
    ],
)
def test_a_translations_word_has_the_probability_with_which_it_was_written(tokens, word, probability):
    given = np.log([0.5, 0.25, 0.125])[: len(tokens)]
    assert written_probability(tokens, given, word) == pytest.approx(probability)


@given(st.lists(st.floats(0.001, 1), min_size=3, max_size=40), st.integers(1, 45))
def test_bars_sum_to_one(weights, k):
    probs = np.array(weights) / sum(weights)
    rows = next_words(probs, [str(place) for place in range(len(weights))], k)
    assert rows.first.sum() == pytest.approx(1)
    assert (rows.first >= 0).all() and len(rows.tokens) == min(k, len(weights))


def test_truth_is_laid_over_the_models_vocabulary():
    truth = over_vocabulary({"Paris": 0.75, ".": 0.25}, VOCABULARY)
    np.testing.assert_allclose(truth, [0.75, 0, 0.25, 0, 0])
    with pytest.raises(KeyError):
        over_vocabulary({"Berlin": 1.0}, VOCABULARY)
