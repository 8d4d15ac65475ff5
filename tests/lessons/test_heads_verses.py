"""The head that counts characters: its cells against places counted by hand, its scores against the card's measure."""

import numpy as np
import pytest
import torch

from lessons import read
from lessons.heads import figures, maths, steps
from model_utils import Trace, load, trace
from model_utils.training import heads as measured

WORDS = read("heads", "zh").labels
VERSES = WORDS["verses_text"]
LENGTH = 5  # characters of a line, and then a mark


@pytest.fixture(scope="module")
def run() -> Trace:
    return trace(load("poem-gpt"), VERSES)


@pytest.mark.parametrize(("ahead", "steps_back"), [(0, LENGTH + 1), (1, LENGTH)])
def test_the_cells_are_those_counted_by_hand(run, ahead, steps_back):
    role = steps.verse(run)[ahead]
    expected = set()
    for place in range(1, len(run.tokens)):  # 0 is the token that begins every text
        line, within = divmod(place - 1, LENGTH + 1)
        target = place - steps_back
        closed = within == LENGTH or (target - 1) % (LENGTH + 1) == LENGTH  # a mark, or it would look at one
        if line > 0 and not closed:
            expected.add((place, target))
    assert set(zip(*map(list, np.nonzero(role.cells)), strict=True)) == expected
    assert expected


def test_the_scores_are_mean_weights_measured_another_way(run):
    ahead = steps.verse(run)[1]
    weights = torch.stack([torch.from_numpy(each.attn_weights) for each in run.attentions])[:, None]  # (L, 1, H, T, T)
    places = torch.tensor([[row.argmax() if row.any() else -1 for row in ahead.cells]])  # (1, T): where each looks
    np.testing.assert_allclose(ahead.scores, measured.at(weights, places).numpy(), atol=1e-6)


def test_one_head_looks_where_the_next_character_will_stand_and_none_at_its_own_place(run):
    same, ahead = steps.verse(run)
    assert ahead.best[0] == (2, 1)
    assert ahead.scores[2, 1] > 0.4 and same.scores.max() < 0.25
    assert ahead.scores[2, 1] > 2 * same.scores.max()


def test_text_without_lines_has_nothing_to_look_at():
    prose = trace(load("poem-gpt"), "白日依山")
    assert not any(role.measurable for role in steps.verse(prose))
    english = trace(load("meadow-gpt"), "The dogs near the tree")
    assert not any(role.measurable for role in steps.verse(english))


def test_the_figures_hold_the_scores_and_ring_the_cells(run):
    found = steps.verse(run)
    drawn = figures.roles_figure(found, WORDS, "light")
    assert [note.text for note in drawn.layout.annotations] == [WORDS["verse_same"], WORDS["verse_next"]]
    for cells, role in zip(drawn.data, found, strict=True):
        np.testing.assert_array_equal(cells.z, role.scores)
    assert tuple(drawn.layout.yaxis.domain) == (0, 1) == tuple(drawn.layout.yaxis2.domain)


def test_places_are_compared_as_the_formula_has_it():
    line, place = torch.tensor([0, 0, -9, 1, 1]), torch.tensor([0, 1, -9, 0, 1])
    assert maths.verse_cells(line, place, 0).nonzero().tolist() == [[3, 0], [4, 1]]
    assert maths.verse_cells(line, place, 1).nonzero().tolist() == [[3, 1]]
