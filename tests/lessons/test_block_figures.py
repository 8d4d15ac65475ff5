"""The figures of the block lesson hold the numbers that they claim, in both languages."""

import numpy as np
import pytest
import torch

from lessons import LANGUAGES, read
from lessons.block import counting, depth, figures, layers_figures, lens, network, norms, stream, towards, units
from lessons.numbers import readable
from model_utils import Model, load, trace
from tests.lessons import models

TEXT = "the dogs near the tree"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    return load(str(models.gpt2(tmp_path_factory.mktemp("models") / "gpt2")))


@pytest.fixture(scope="module")
def ours(model) -> tuple[network.Network, stream.Stream]:
    tables = network.read(model)
    return tables, stream.stream(tables, trace(model, TEXT))


@pytest.fixture(params=LANGUAGES)
def words(request):
    return read("block", request.param).labels


def test_the_bars_of_the_stream(model, ours, words):
    _, found = ours
    run = trace(model, TEXT)
    added, sums = (norms.lengths(vectors, 3) for vectors in (found.added, found.states))
    drawn = figures.added_figure(found.names, added, sums, words, "light")
    body = model.network.transformer
    np.testing.assert_allclose(drawn.data[0].x[0], body.wte.weight[run.token_ids[3]].detach().norm(), rtol=1e-5)
    np.testing.assert_allclose(drawn.data[1].x[3], np.linalg.norm(run.hidden_states[1, 3]), rtol=1e-4)
    assert drawn.data[0].customdata[-1] == f"{words['mlp']} 1"
    assert drawn.layout.yaxis.ticktext[-1] == f"{words['mlp']} 1  <b>{readable(added[-1])}</b>"
    pushed = towards.pushes(*ours, 3)
    right = figures.pushes_figure(found.names, pushed, model.vocabulary, words, "dark")
    np.testing.assert_array_equal(right.data[0].x, pushed.parts)
    assert right.data[1].x[-1] + pushed.shift == pytest.approx(pushed.logit, abs=1e-4)
    assert model.vocabulary[pushed.word] in right.data[2].name


def test_a_token_that_looks_like_markup_stays_a_word(ours, words):
    pushed = towards.pushes(*ours, 3)
    hostile = ["<b>$x$</b>"] * 10
    assert "<b>" not in figures.pushes_figure(ours[1].names, pushed, hostile, words, "light").data[2].name
    found = lens.lens(*ours)
    shown = layers_figures.lens_figure(found, None, hostile[:5], hostile, words, "light")
    assert "<b>$" not in str(shown.data[0].hovertext) and "<" not in str(shown.data[0].text)
    curves = layers_figures.words_figure(found, None, hostile, words, "light")
    assert "<" not in curves.data[0].name
    opened = units.units(*ours, 0, 1)
    assert "<b>$" not in str(figures.units_figure(opened, hostile, words, "light").to_dict())


def test_the_vector_before_and_after_a_norm(ours, words):
    found = norms.normalised(*ours, 1, 2)
    drawn = figures.normalised_figure(found, words, "light")
    for panel, vector in zip(drawn.data, (found.before, found.normal, found.after), strict=True):
        np.testing.assert_array_equal(panel.y, vector)
    assert f"{found.normal.std():.3g}" in drawn.layout.annotations[1].text and "0" in drawn.layout.annotations[1].text


def test_the_strips_are_the_stages(ours, words):
    for stages in norms.stages(*ours, 0, 4, "F"):
        drawn = figures.stages_figure(stages, words, "dark")
        for strip, stage in zip(drawn.data, stages, strict=True):
            np.testing.assert_array_equal(strip.z[0], stage.vector)


def test_the_units_and_their_words(model, ours, words):
    found = units.units(*ours, 1, 4)
    grid = figures.firing_figure(found, words, "light").data[0]
    np.testing.assert_array_equal(grid.z.ravel()[: len(found.activations)], found.activations)
    np.testing.assert_array_equal(grid.customdata.ravel()[:8], np.arange(8))
    bars = figures.units_figure(found, model.vocabulary, words, "light")
    np.testing.assert_array_equal(bars.data[0].x, np.sort(found.lengths)[::-1][: units.SHOWN])
    assert model.vocabulary[found.towards[0, 0]] in bars.layout.yaxis.ticktext[0]
    silent = units.Units(found.activations, found.lengths, found.strongest, None, None)
    assert "→" not in figures.units_figure(silent, (), words, "light").layout.yaxis.ticktext[0]


def test_the_parameters_are_drawn_in_full(model, words):
    found = counting.count(model)
    bars = figures.count_figure(found, words, "light").data[0]
    assert bars.x.sum() == model.network.num_parameters()


def test_the_lens_map_and_its_curves(model, ours, words):
    found, run = lens.lens(*ours), trace(model, TEXT)
    truth = lens.Truth(tuple("abcde"), np.linspace(0, 1, 5), np.eye(7)[4])
    drawn = layers_figures.lens_figure(found, truth, run.tokens, model.vocabulary, words, "light")
    cells = drawn.data[0]
    np.testing.assert_array_equal(cells.z[:, :-1], found.probs[..., 0])
    np.testing.assert_array_equal(cells.z[:, -1], truth.probs)
    best = run.logits.argmax(axis=-1)
    assert [row[-2] for row in cells.text] == [model.vocabulary[place] for place in best]
    exact = torch.softmax(torch.tensor(run.logits[2]), dim=-1).max()
    assert f"{float(exact):.4g}"[:5] in cells.hovertext[2][-2]
    assert len(drawn.layout.xaxis.ticktext) == 4 and drawn.layout.xaxis.ticktext[-1] == words["truth"]
    curves = layers_figures.words_figure(found, truth, model.vocabulary, words, "dark")
    np.testing.assert_allclose(
        [line.y[-1] for line in curves.data[:3]],
        torch.softmax(torch.tensor(run.logits[-1]), dim=-1)[np.argsort(-np.maximum(found.last[-1], truth.last))[:3]],
        atol=1e-5,
    )
    assert curves.data[4].x[0] == 3, "the truth stands after the last layer"


def test_the_curves_over_the_layers(ours, words):
    tables, found = ours
    names = figures.part_names(found.names, words)
    own = norms.lengths(found.states, 2)
    drawn = layers_figures.lengths_figure(names, own, own * 2, tables.pre_norm, words, "light")
    np.testing.assert_array_equal(drawn.data[0].y, own)
    assert drawn.data[0].name == words["pre"] and drawn.layout.xaxis.ticktext[0] == words["embedding"]
    left = np.random.default_rng(0).random((4, 3))
    swept = layers_figures.sweep_figure(list("abcd"), left, words, "light")
    np.testing.assert_array_equal(swept.data[0].z, left)
    assert swept.layout.xaxis.ticktext[0] == words["all"]
    stacks = {name: depth.deep(name, 6) for name in depth.STACKS}
    curves = layers_figures.depth_figure(stacks, words, "dark")
    np.testing.assert_array_equal(curves.data[2].y, stacks["no_residual"].alike)
    np.testing.assert_array_equal(curves.data[7].y, stacks["no_norm"].slopes)
    deeps = {"pre": [depth.deep("pre", blocks) for blocks in (2, 6)]}
    last = layers_figures.last_figure([2, 6], deeps, words, "light").data[0]
    assert list(last.y) == [deeps["pre"][0].slopes[-1], deeps["pre"][1].slopes[-1]] and list(last.x) == [2, 6]


def test_the_difference_of_two_runs(ours, words):
    _, found = ours
    longer, apart = np.linspace(-1, 1, 6), np.linspace(1, 2, 6)
    drawn = figures.difference_figure(found.names, longer, apart, words, "light")
    np.testing.assert_array_equal(drawn.data[0].x, longer)
    np.testing.assert_array_equal(drawn.data[1].x, apart)
    assert [each.type for each in figures.difference_figure(found.names, longer, None, words, "light").data] == [
        "bar"
    ] * 2
