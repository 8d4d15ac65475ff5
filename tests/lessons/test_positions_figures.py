"""Each figure of the positions lesson holds the numbers it claims, in both languages and themes."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from lessons import LANGUAGES, read
from lessons.positions import clocks, curves, figures, schemes, steps, tables


@pytest.fixture(params=LANGUAGES)
def words(request):
    return read("positions", request.param).labels


def moved(seed: int) -> steps.Moved:
    changes = np.random.default_rng(seed).random((3, 4)).astype(np.float32)
    return steps.Moved(("a", "<b>", "$c$", ""), changes, True, 0.5)


def test_bars_and_layers_hold_what_moved(words):
    intact, broken = moved(0), moved(1)
    bars = figures.moved_figure(intact, broken, words, "light")
    np.testing.assert_array_equal(bars.data[0].x, intact.changes[2])
    np.testing.assert_array_equal(bars.data[1].x, broken.changes[2])
    layers = figures.layers_figure(intact, broken, words, "dark")
    np.testing.assert_array_equal(layers.data[1].y, broken.changes[:, 3])
    assert layers.layout.xaxis.title.text == words["after_layer"]


def test_the_clock_hands_end_at_sine_and_cosine(words):
    table = curves.sinusoids(5, 20, 100)
    figure = clocks.clocks_figure(table, np.full(10, 6.28), words, "light")
    assert [frame.name for frame in figure.frames] == ["0", "1", "2", "3", "4"]
    np.testing.assert_array_equal(figure.data[2].x, figure.frames[figure.layout.sliders[0].active].data[0].x)
    assert [step.args[0][0] for step in figure.layout.sliders[0].steps] == ["0", "1", "2", "3", "4"]
    dials = np.asarray(figure.data[1].x), np.asarray(figure.data[1].y) + 1.35  # the words stand under the middles
    for position, frame in enumerate(figure.frames):
        hands = frame.data[0]
        assert frame.traces == (2,)
        for i in range(10):
            tip = hands.x[3 * i + 1] - dials[0][i], hands.y[3 * i + 1] - dials[1][i]
            angle = position / 100 ** (2 * i / 20)
            assert tip == pytest.approx((np.sin(angle), np.cos(angle)), abs=1e-5)


def test_the_arrows_are_the_turned_pairs_and_the_dot_their_product(words):
    found = curves.arrows(10_000, 3)
    figure = clocks.arrows_figure(found, 3, words, "dark")
    assert len(figure.frames) == curves.STEPS and figure.layout.sliders[0].steps[0].label == "3"
    for at in (0, 7, 32):
        query, key, dot = figure.frames[at].data
        assert (dot.x[0], dot.y[0]) == (at + 3, found.product[at])
        tips = [np.stack([hands.x, hands.y], axis=1)[1::3] - np.stack([hands.x, hands.y], axis=1)[0::3]
                for hands in (query, key)]  # fmt: skip
        assert (tips[0] * tips[1]).sum() == pytest.approx(found.product[at], abs=1e-4)
    names = [trace.name for trace in figure.data if trace.name]
    assert names[:2] == [words["query"], words["key"]]


def test_tables_likeness_and_path_hold_their_rows(words):
    table = np.random.default_rng(0).normal(size=(90, 6)).astype(np.float32)
    places = schemes.places(90)
    drawn = tables.table_figure(table[places], places, 3, words, "light")
    np.testing.assert_array_equal(drawn.data[0].z, table[:64])
    assert drawn.layout.shapes[0].y0 == 3 and drawn.data[0].y[-1] == 63
    cosines = tables.similarity_figure(schemes.similarity(table), places, words, "light").data[0].z
    expected = torch.cosine_similarity(torch.tensor(table[5]), torch.tensor(table[9]), dim=0)
    assert cosines[5, 9] == pytest.approx(expected.item(), abs=1e-5)
    path = tables.path_figure(*schemes.path(table), words, "dark").data[0]
    found = PCA(2).fit_transform(table)
    np.testing.assert_allclose(np.abs(path.x), np.abs(found[:, 0]), atol=1e-4)
    np.testing.assert_allclose(np.abs(path.y), np.abs(found[:, 1]), atol=1e-4)


def test_the_clouds_hold_every_pair_and_name_their_spread(words):
    table = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    ways = curves.four_ways(table, 10_000)
    figure = figures.distance_figure(ways, words, "light")
    for cloud, pairs in zip(figure.data, ways.values(), strict=True):
        np.testing.assert_array_equal(cloud.y, pairs.values)
    pair = 20 * 21 // 2 + 4  # positions 20 and 4
    assert (figure.data[1].x[pair], figure.data[1].y[pair]) == pytest.approx((16, table[20] @ table[4]), abs=1e-5)
    titles = [note.text for note in figure.layout.annotations]
    assert titles[0].endswith(words["spread"].format(spread="0")) and not titles[1].endswith(
        words["spread"].format(spread="0")
    )
    pairs = curves.added_up(8, 10_000)
    for cloud, each in zip(figures.added_figure(*pairs, words, "dark").data, pairs, strict=True):
        np.testing.assert_array_equal(cloud.y, each.values)


def test_alibi_shows_each_head_with_its_slope(words):
    slopes, bias, weights = curves.alibi(8, 20)
    figure = figures.alibi_figure(slopes, bias, weights, words, "light")
    assert [line.name for line in figure.data[:8]] == [f"1/{2**n}" for n in range(1, 9)]
    for head in range(8):
        np.testing.assert_array_equal(figure.data[head].y, bias[head])
        np.testing.assert_array_equal(figure.data[8 + head].y, weights[head])
    assert figures.slope_name(2**-0.5) == "0.707"


def test_beyond_shows_the_rows_that_there_are_and_then_nothing(words):
    lengths = np.arange(1, 11, dtype=np.float32)
    found = curves.beyond(10)
    figure = figures.beyond_figure(found, lengths, words, "light")
    np.testing.assert_array_equal(figure.data[0].y[:10], lengths)
    assert np.isnan(figure.data[0].y[10:]).all()
    for line, values in zip(figure.data[1:], (found.slow, found.degrees, found.squeezed, found.bias), strict=True):
        np.testing.assert_array_equal(line.y, values)
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (10, 20)


def test_the_curves_of_other_kinds_are_drawn(words):
    curve = np.linspace(1, 0, 64, dtype=np.float32)[None]
    assert figures.own_kind_figure(curve, words, "light").data[0].y[3] == curve[0, 3]
    several = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)
    drawn = figures.own_kind_figure(several, words, "light").data
    assert len(drawn) == 4 and drawn[2].name == f"{words['head']} 2"
