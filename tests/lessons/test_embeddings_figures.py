"""Each figure of the embeddings lesson holds the numbers that it claims to show."""

import numpy as np
import pytest

from lessons import embeddings as lesson
from lessons import read
from lessons.embeddings import clouds, contexts, figures, formula, layouts, steps, table
from model_utils import load, trace
from pages.ui.tools.csv_text import figure_csv

THEME = "light"


@pytest.fixture(params=["en", "zh"])
def words(request):
    return read("embeddings", request.param).labels


def test_the_lookup_shows_the_table_around_the_row_it_picks(meadow, words):
    place = table.place_of("dog", meadow.vocabulary)
    W = meadow.network.get_input_embeddings().weight.detach().numpy()
    found = steps.lookup(meadow, place)
    names = [meadow.vocabulary[at] for at in found.ids]
    drawn = figures.lookup_figure(names, found, words, THEME)
    assert drawn.data[0].z.sum() == 1 and found.difference == 0
    np.testing.assert_array_equal(drawn.data[1].z, W[found.ids][:, : steps.COLUMNS])
    row = int(drawn.data[0].z.argmax())
    assert found.ids[row] == place and drawn.layout.shapes[0].y0 == row - 0.5
    np.testing.assert_array_equal(found.picked, W[place])
    assert formula.latex(W[place, 0]) in formula.worked_row(found) and f"W_{{{place},1}}" in formula.worked_row(found)


@pytest.mark.parametrize("place", [0, 1, -1])
def test_the_first_and_the_last_row_can_be_looked_up(meadow, place):
    place %= len(meadow.vocabulary)
    found = steps.lookup(meadow, place)
    assert len(found.ids) == 2 * steps.AROUND + 1 and found.ids[found.one_hot.argmax()] == place


def test_bars_are_the_neighbours(meadow, words):
    found = steps.neighbours(meadow, table.place_of("dog", meadow.vocabulary))
    np.testing.assert_array_equal(figures.nearest_figure(found, "cosine", words, THEME).data[0].x, found.scores)
    a, b = np.array([3.0, -4.0, 0.0, 1.0]), np.array([1.0, 2.0, 2.0, 0.0])
    written = formula.worked_cosine(a, b, a @ b / np.sqrt(26 * 9))
    assert "5.1" in written and "-5" in written and formula.latex(-5 / np.sqrt(234)) in written


def test_the_other_bars_and_lines_hold_their_numbers(words):
    rates = {"capitals": (0.1, 0.2, 0.3), "animals_plural": (0.4, 0.5, 0.6)}
    drawn = figures.hits_figure(rates, words, THEME)
    np.testing.assert_allclose([trace.x for trace in drawn.data], np.array(list(rates.values())).T)
    raw, without = np.array([0.1, 0.4]), np.array([-0.1, 0.0])
    for figure in (figures.pairs_figure(["a", "b"], raw, without, words, THEME),):
        np.testing.assert_array_equal([trace.x for trace in figure.data], [raw, without])
    lines = figures.layers_figure(raw, without, words, THEME)
    np.testing.assert_array_equal([trace.y for trace in lines.data], [raw, without])
    parted = {"people": (0.7, 0.9), "places": (0.6, 0.8)}
    bars = figures.separation_figure(parted, words, THEME)
    np.testing.assert_allclose([trace.x for trace in bars.data], [[0.7, 0.6], [0.9, 0.8]])


def test_maps_of_cosines_hold_the_matrix(words):
    cosines = np.array([[1.0, 0.2], [0.2, 1.0]])
    for figure in (figures.cosines_figure, figures.similarity_figure, figures.difference_figure):
        np.testing.assert_array_equal(figure(["a", "<b>"], cosines, words, THEME).data[0].z, cosines)


def test_the_coordinates_are_those_before_and_after(meadow, words):
    found = contexts.turned(table.sample(meadow).rows[:4], 1)
    drawn = figures.rotated_figure(["a", "b", "c", "d"], found, words, "dark")
    np.testing.assert_array_equal(drawn.data[0].z, found.before)
    np.testing.assert_array_equal(drawn.data[1].z, found.after)


@pytest.mark.parametrize("dims", [2, 3])
def test_the_map_shows_every_word_at_its_place_and_its_file_too(meadow, words, dims):
    sample = table.sample(meadow)
    layout = layouts.pca(sample.directions, dims)
    place = sample.words.index("dog")
    near = layouts.nearest_to(sample.directions, place, clouds.TRUE_NEIGHBOURS)
    drawn = clouds.map_figure(sample, layout, place, near, words, THEME)
    *groups, lines, marks = drawn.data
    written = [note.text for note in (drawn.layout.scene if dims == 3 else drawn.layout).annotations]
    assert sum(len(group.x) for group in groups) == len(sample.words)
    animals = next(group for group in groups if group.name == words["animals"])
    at = list(animals.text).index("dog")
    shown = [animals.x[at], animals.y[at], *([animals.z[at]] if dims == 3 else [])]
    np.testing.assert_array_equal(shown, layout.points[place])
    assert marks.text[0] == "dog" and {sample.words[other] for other in near} == set(marks.text[1:])
    assert written[0] == "dog" and set(written) <= set(marks.text)
    np.testing.assert_array_equal(lines.x[1::2], layout.points[near, 0])
    file = figure_csv(drawn).splitlines()
    assert file[0].lstrip("\ufeff") == ("series,text,x,y,z,value" if dims == 3 else "series,text,x,y,value")
    assert len(clouds.map_figure(sample, layout, None, (), words, THEME).data) == len(groups)


def test_true_neighbours_are_the_table_s_own(meadow):
    sample = table.sample(meadow)
    place = sample.words.index("dog")
    near = layouts.nearest_to(sample.directions, place, 3)
    np.testing.assert_array_equal(near, layouts.nearest(sample.directions, 3)[place])
    by_cosine = steps.neighbours(meadow, int(sample.ids[place])).words[:3]
    assert [f" {sample.words[other]}" for other in near] == list(by_cosine)


def test_the_arrows_turn_by_the_angle_of_their_cosine(words):
    model = load("minilm")
    states = [contexts.states_of(trace(model, text), "bank") for text in lesson.BANKS]
    cosines = contexts.by_layer(states)
    drawn = clouds.fan_figure(cosines, words, THEME)
    assert len(drawn.frames) == len(drawn.layout.sliders[0].steps) == cosines.shape[1] == 7
    for layer, frame in enumerate(drawn.frames):
        first, second, third, here = frame.data
        tips = [np.array([arrow.x[1], arrow.y[1]]) for arrow in (first, second, third)]
        np.testing.assert_allclose([tips[0] @ tips[1], tips[0] @ tips[2]], cosines[:, layer], atol=1e-5)
        np.testing.assert_array_equal(here.y, cosines[:, layer])
        assert list(here.x) == [layer, layer] and frame.traces == (0, 1, 2, len(drawn.data) - 1)
    np.testing.assert_array_equal(drawn.data[3].y, cosines[0])
