"""The CSV of a figure is what the figure shows."""

import csv
import io

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, bars, heatmap, line, paired_bars
from pages.ui.tools.csv_text import figure_csv

WORDS = AxisWords("looks at", "looks from", "weight")
TOKENS = [" The", "<b>", "=1+2", " שלום"]


def read(fig: go.Figure) -> list[list[str]]:
    text = figure_csv(fig)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_a_heatmap_is_a_matrix_with_its_tokens_and_every_digit():
    values = np.random.default_rng(0).random((4, 4)).astype(np.float32)
    rows = read(heatmap(values, TOKENS, TOKENS, WORDS, "light"))
    assert rows[0] == ["", "·The", "<b>", "'=1+2", "·שלום"]
    assert [row[0] for row in rows[1:]] == rows[0][1:]
    assert np.array_equal(np.array([row[1:] for row in rows[1:]], np.float32), values)


def test_bars_are_a_line_each_with_the_name_of_their_series():
    first, second = np.array([0.5, 0.25, 0.2, 0.05]), np.array([1.0, 0, 0, 0])
    rows = read(paired_bars(TOKENS, first, second, ("model", "truth"), WORDS, "light"))
    assert rows[0] == ["series", "x", "y", "value"]
    assert rows[1] == ["model", "0.5", "·The", ""]
    assert [float(row[1]) for row in rows[1:]] == [*first, *second]
    assert len(read(bars(TOKENS, first, WORDS, "light"))) == 5


def test_lines_keep_x_and_y():
    rows = read(line(np.array([1, 10, 100]), {"loss": np.array([3.0, 2.0, 1.5])}, WORDS, "dark"))
    assert rows[1:] == [["loss", "1", "3.0", ""], ["loss", "10", "2.0", ""], ["loss", "100", "1.5", ""]]


def test_negative_numbers_stay_numbers_and_formulas_become_text():
    fig = go.Figure(go.Bar(x=["+A1", "@x", "-3"], y=[-1.5, 2, 3]))
    assert [row[1:3] for row in read(fig)[1:]] == [["'+A1", "-1.5"], ["'@x", "2"], ["'-3", "3"]]


def test_two_maps_in_one_figure_are_told_apart():
    fig = go.Figure([go.Heatmap(z=np.ones((1, 2)), name="a"), go.Heatmap(z=np.zeros((1, 2)), name="b")])
    assert [row[0] for row in read(fig)] == ["series", "a", "a", "b", "b"]


def test_a_map_in_space_has_x_y_and_z_and_the_word_of_each_point():
    points = np.random.default_rng(1).normal(size=(3, 3)).astype(np.float32)
    x, y, z = points.T
    fig = go.Figure([
        {"type": "scatter3d", "x": x, "y": y, "z": z, "text": ["cat", "=1+2", "<b>"], "name": "animals"},
        {"type": "scatter3d", "x": x[:1], "y": y[:1], "z": z[:1], "name": "found"},
    ])  # fmt: skip
    rows = read(fig)
    assert rows[0] == ["series", "text", "x", "y", "z", "value"]
    assert [row[:2] for row in rows[1:]] == [
        ["animals", "cat"],
        ["animals", "'=1+2"],
        ["animals", "<b>"],
        ["found", ""],
    ]
    assert np.array_equal(np.array([row[2:5] for row in rows[1:4]], np.float32), points)


def test_a_map_in_the_plane_has_the_word_of_each_point_and_no_z():
    fig = go.Figure({"type": "scatter", "x": [1.5], "y": [2.5], "text": ["cat"], "name": "animals"})
    assert read(fig) == [["series", "text", "x", "y", "value"], ["animals", "cat", "1.5", "2.5", ""]]
