"""The shared primitives: each figure holds the very numbers it was given, and no label can act on the page."""

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.figures import AxisWords, bars, heatmap, line, paired_bars, palette, safe_text, template

WORDS = AxisWords(x="looks at", y="looks from", value="weight")
THEMES = ("light", "dark")


def test_a_heatmap_holds_its_matrix_and_keeps_equal_tokens_apart():
    weights = np.random.default_rng(0).random((3, 4)).astype(np.float32)
    figure = heatmap(weights, x=(" a", " b", " a", " c"), y=(" a", " a", " b"), words=WORDS, theme="light")
    cells = figure.data[0]
    np.testing.assert_array_equal(cells.z, weights)
    assert isinstance(cells.z, np.ndarray), "a list would be sent as text, fifteen times as large"
    assert list(figure.layout.xaxis.ticktext) == ["·a", "·b", "·a", "·c"]
    assert len(set(cells.x)) == 4 and len(set(cells.y)) == 3
    assert figure.layout.yaxis.autorange == "reversed", "the first token must be on top"
    assert "%{z:.6g}" in cells.hovertemplate


def test_masked_scores_stay_empty():
    scores = np.array([[1.0, -np.inf], [2.0, 3.0]])
    cells = heatmap(scores, ("a", "b"), ("a", "b"), WORDS, "light").data[0]
    np.testing.assert_array_equal(cells.z, [[1.0, np.nan], [2.0, 3.0]])
    assert cells.zmax == 3.0


@pytest.mark.parametrize("theme", THEMES)
def test_zero_has_the_colour_of_the_paper(theme):
    change = heatmap(np.array([[-2.0, 1.0]]), ("a", "b"), ("a",), WORDS, theme, diverging=True).data[0]
    assert (change.zmin, change.zmax) == (-2.0, 2.0)
    middle = dict(change.colorscale)[0.5]
    weights = heatmap(np.array([[0.0, 1.0]]), ("a", "b"), ("a",), WORDS, theme).data[0]
    assert middle == dict(weights.colorscale)[0.0] == palette(theme).paper == template(theme).layout.paper_bgcolor
    assert weights.zmin == 0.0


def test_a_matrix_of_zeros_and_an_empty_one_can_be_drawn():
    assert heatmap(np.zeros((2, 2)), ("a", "b"), ("a", "b"), WORDS, "light").data[0].zmax == 1.0
    assert heatmap(np.zeros((0, 0)), (), (), WORDS, "light").data[0].z.shape == (0, 0)


def test_bars_hold_their_values_first_token_on_top():
    probs = np.array([0.5, 0.25, 0.25])
    figure = bars((" is", " are", " are"), probs, WORDS, "light")
    np.testing.assert_array_equal(figure.data[0].x, probs)
    assert len(set(figure.data[0].y)) == 3 and figure.layout.yaxis.autorange == "reversed"


def test_paired_bars_differ_by_more_than_colour():
    model, truth = np.array([0.7, 0.3]), np.array([0.8, 0.2])
    figure = paired_bars((" is", " are"), model, truth, ("model", "truth"), WORDS, "dark")
    np.testing.assert_array_equal(figure.data[0].x, model)
    np.testing.assert_array_equal(figure.data[1].x, truth)
    assert [trace.name for trace in figure.data] == ["model", "truth"] and figure.layout.showlegend
    assert figure.data[0].marker.pattern.shape != figure.data[1].marker.pattern.shape


def test_lines_differ_by_more_than_colour():
    x = np.array([1.0, 10.0, 100.0])
    figure = line(x, {"scaled": x, "not scaled": 2 * x}, WORDS, "light", log_x=True)
    np.testing.assert_array_equal(figure.data[1].y, 2 * x)
    assert figure.data[0].line.dash != figure.data[1].line.dash and figure.layout.xaxis.type == "log"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" dogs", "·dogs"),
        ("a\nb", "a\u240ab"),
        ("</b><img src=x>", "&lt;/b&gt;&lt;img src=x&gt;"),
        ("$x^2$ &amp;", "&#36;x^2&#36; &amp;amp;"),
        ("\u202eabc", "‹202E›abc"),
        ("\ud800", "‹D800›"),
        ("👩‍👧", "👩‍👧"),
        ("שלום", "\u2068שלום\u2069"),
        ("x" * 30, "x" * 23 + "…"),
        ("", ""),
    ],
)
def test_a_label_shows_what_the_text_holds(text, shown):
    assert safe_text(text) == shown


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40))
def test_no_label_can_act(text):
    shown = safe_text(text)
    assert not set(shown) & set("<>$\n\r\t\x00")
    shown.encode("utf-8")  # a lone surrogate would fail on its way to the browser


@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_wears_its_theme(theme):
    figure = line(np.arange(3.0), {"a": np.arange(3.0)}, WORDS, theme)
    assert isinstance(figure, go.Figure)
    assert figure.layout.template.layout.font.color == palette(theme).ink


def test_an_unknown_theme_is_refused():
    with pytest.raises(KeyError):
        palette("sepia")
