"""The figures and formulas of the tokens lesson hold the numbers they are about."""

import numpy as np
import pytest

from lessons import read
from lessons.tokens import figures, formula, merging, steps, training

TEXT = "low lower lowest slow slower slowest"


@pytest.fixture(params=["en", "zh"])
def words(request):
    return read("tokens", request.param).labels


def test_units_are_counted(words):
    text = "caf\u00e9 \u660e"
    counts = {name: len(unit.tokens) for name, unit in steps.in_units(text).items()}
    drawn = figures.units_figure(counts, words, "light").data[0]
    assert [*drawn.x] == [6, len(text), len(text.encode("utf-8")), 2]
    assert len({words[f"unit_{name}"] for name in counts}) == 4


def test_the_falling_line_is_what_the_library_needs(words):
    found = merging.merging(TEXT, "characters", 6)
    drawn = figures.shrinking_figure(found, words, "dark").data[0]
    for size, tokens in zip(drawn.x, drawn.y, strict=True):
        tokeniser = training.learnt("bpe", TEXT, int(size) - found.size)
        assert tokens == len(tokeniser.tokenizer(TEXT)["input_ids"])
    assert [*drawn.y] == sorted(drawn.y, reverse=True)


def test_costs_stand_in_their_cells_and_what_is_lost_is_said(words):
    counts, unknown = np.array([[17, 10], [100, 1]]), np.array([[0, 0], [0, 1]])
    figure = figures.costs_figure(["A", "B"], ["one", "two"], counts, unknown, words, "light")
    cells = figure.data[0]
    assert np.array_equal(cells.z, counts)
    assert cells.text[0, 0] == "17" and cells.text[1, 0] == "100"
    assert cells.text[1, 1] == words["of_them_unknown"].format(tokens=1, unknown=1)


def test_the_worked_count_adds_up():
    found = merging.merging(TEXT, "characters", 1)
    assert f"&= {TEXT.count(''.join(found.rounds[0].pair))}\\end" in formula.worked_count(found.first)
    assert r"&= 3\cdot 1 + 2\cdot 2 \\ &= 7\end" in formula.worked_count([(3, 1), (2, 2)])
    assert r"&= 0 \\ &= 0\end" in formula.worked_count([])
    assert r" + \dots \\ &= 9\end" in formula.worked_count([(1, 1)] * 9)


def test_the_worked_cuts_are_sums_of_the_librarys_numbers():
    tokeniser = training.learnt("unigram", TEXT * 4, 20)
    best, letters = steps.two_cuts(tokeniser, " lower")
    log_p = training.log_probabilities(tokeniser)
    assert sum(letters) == pytest.approx(sum(log_p[letter] for letter in " lower")) and sum(best) >= sum(letters)
    assert f"= {sum(letters):.2f}" in formula.worked_cuts(best, letters)
    assert steps.two_cuts(tokeniser, " xyz") is None
