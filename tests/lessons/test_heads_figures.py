"""The heads lesson's figures hold the numbers they claim, in both languages."""

import numpy as np
import pytest
import torch

from lessons import LANGUAGES, read
from lessons.heads import figures, output, steps, switching
from lessons.numbers import readable
from model_utils import Model, Trace, load, trace
from tests.lessons import models

TEXT = "the dogs near tree the dogs near"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    torch.set_num_threads(1)
    return load(str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2")))


@pytest.fixture(scope="module")
def run(model) -> Trace:
    return trace(model, TEXT)


@pytest.fixture(params=LANGUAGES)
def words(request):
    return read("heads", request.param).labels


def test_the_four_maps_hold_the_scores_of_each_role(run, words):
    found = steps.roles(run)
    drawn = figures.roles_figure(found, words, "light")
    assert [note.text for note in drawn.layout.annotations] == [words[role.name] for role in found]
    for cells, role in zip(drawn.data, found, strict=True):
        np.testing.assert_array_equal(cells.z, role.scores)
        assert (cells.zmin, cells.zmax) == (0, 1)


def test_rings_mark_the_cells_that_count(run, words):
    role = steps.roles(run)[3]
    weights = run.attentions[1].attn_weights[2]
    drawn = figures.looks_figure(run.tokens, weights, role.cells, words, "dark")
    np.testing.assert_array_equal(drawn.data[0].z, weights)
    assert list(zip(drawn.data[1].y, drawn.data[1].x, strict=True)) == [(4, 1), (5, 2), (6, 3)]


def test_the_strips_hold_what_each_head_adds(model, run, words):
    found = output.summands(run, 1, 5, output.output(model, run, 1))
    drawn = figures.summands_figure(found, words, "light")
    np.testing.assert_array_equal(drawn.data[0].z, np.vstack([found.heads, found.bias, found.total, found.whole]))
    np.testing.assert_allclose(drawn.data[1].x[:4], [np.linalg.norm(row) for row in found.heads])
    assert len(drawn.layout.yaxis.ticktext) == 4 + 3


def test_the_map_of_the_sweep_holds_the_changes(model, run, words):
    swept = switching.sweep(model, run, (1,), lambda fraction, stage: None)
    drawn = figures.sweep_figure(swept, words, "dark")
    np.testing.assert_array_equal(drawn.data[0].z, swept.changes)
    assert list(drawn.layout.yaxis.ticktext) == ["1"] and (drawn.data[0].zmin, drawn.data[0].zmax) == (-1, 1)
    told = switching.in_words(swept, words)
    assert readable(swept.word.probability) in told and swept.word.token.strip() in told


def test_single_changes_their_sum_and_the_change_of_all(words):
    drawn = figures.together_figure(((1, 1), (1, 3)), np.array([-0.25, 0.125]), -0.5, " a<b>", words, "light")
    np.testing.assert_array_equal(drawn.data[0].x, [-0.25, 0.125, -0.125, -0.5])
    assert "&lt;b&gt;" in drawn.layout.xaxis.title.text


def test_a_row_shows_its_largest_words_in_the_order_of_the_text(words):
    tokens = [f" w{place}" for place in range(14)]
    weights, relative = np.linspace(0.1, 1, 14), np.zeros(14)
    relative[1] = 0.99  # small on the map of weights, and yet among the largest
    drawn = figures.row_figure(tokens, weights, relative, words, "light")
    shown = [1, *range(5, 14)]
    np.testing.assert_array_equal(drawn.data[0].x, weights[shown])
    np.testing.assert_array_equal(drawn.data[1].x, relative[shown])


def test_maps_beside_each_other_have_one_scale(run, words):
    for layer, attention in enumerate(run.attentions):
        average = steps.averaged(run, layer)
        drawn = figures.way_figure(run.tokens, average, words, "light").data[0]
        np.testing.assert_array_equal(drawn.z, average)
        assert drawn.zmax == 1
        assert steps.has(run, layer, 3) and not steps.has(run, layer, 9) and not steps.has(run, 7, 0)
        one = steps.weights_of(run, layer, 9)
        np.testing.assert_array_equal(one, attention.attn_weights[3])
        np.testing.assert_array_equal(figures.weights_figure(run.tokens, one, words, "dark").data[0].z, one)


def test_scores_of_many_heads_are_drawn_without_numbers(words):
    scores = np.full((12, 12), -0.5, dtype=np.float32)
    drawn = figures.scores_figure(scores, words, "light")
    np.testing.assert_array_equal(drawn.data[0].z, scores)
    assert drawn.data[0].texttemplate is None
