"""Bars and lines: numpy in, `go.Figure` out; the exact value on hover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from lessons.figures.look import Theme, composed, palette
from lessons.figures.text import labels
from lessons.numbers import readable

BAR_HEIGHT = 26  # pixels a bar, so that labels never touch
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
Trace = dict[str, object]  # one trace of a figure, as plain data


@dataclass(frozen=True)
class AxisWords:
    """The words around a figure, in the learner's language: what x, y and the drawn value are called, and a title."""

    x: str = ""
    y: str = ""
    value: str = ""
    title: str = ""


def bars(tokens: Sequence[str], values: np.ndarray, words: AxisWords, theme: Theme) -> go.Figure:
    """Horizontal bars, first token on top. values: (N,) in the unit that `words.x` names."""
    return _bars(tokens, ((words.value, values),), words, theme)


def paired_bars(
    tokens: Sequence[str],
    first: np.ndarray,
    second: np.ndarray,
    names: tuple[str, str],
    words: AxisWords,
    theme: Theme,
) -> go.Figure:
    """Two bars a token: model beside truth, intact beside broken. first, second: (N,); names: what each is called."""
    return _bars(tokens, ((names[0], first), (names[1], second)), words, theme)


def _bars(tokens: Sequence[str], series: Sequence[tuple[str, np.ndarray]], words: AxisWords, theme: Theme) -> go.Figure:
    rows, colors = np.arange(len(tokens)), palette(theme)
    traces = [
        {
            "type": "bar", "y": rows, "x": np.asarray(values), "orientation": "h", "name": name,
            "hovertemplate": "%{y}<br><b>%{x:.6g}</b>", "text": [readable(value) for value in values],
            "texttemplate": "%{text}", "textposition": "outside",
            "textfont": {"size": 12}, "constraintext": "none", "cliponaxis": False,
            # Never colour alone: the second series is hatched too.
            "marker": {"color": color, "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": colors.paper}},
        }
        for (name, values), color, shape in zip(series, colors.categories, ("", "/"), strict=False)
    ]  # fmt: skip
    height = BAR_HEIGHT * len(tokens) * (1 if len(series) == 1 else 1.6) + 96
    top = 8 + 28 * bool(words.title) + 28 * (len(series) > 1)  # room for a title and a legend, one above the other
    layout = {
        "xaxis": {"title": {"text": words.x}, "rangemode": "tozero", "automargin": True},
        "yaxis": {
            "title": {"text": words.y}, "tickvals": rows, "ticktext": labels(tokens), "autorange": "reversed",
            "showgrid": False,
        },
        "title": {"text": words.title}, "bargap": 0.25, "bargroupgap": 0.05, "height": round(height),
        "showlegend": len(series) > 1, "margin": {"r": 48, "t": top},
    }  # fmt: skip
    return composed(traces, layout, theme)


def line(
    x: np.ndarray, series: Mapping[str, np.ndarray], words: AxisWords, theme: Theme, log_x: bool = False
) -> go.Figure:
    """One line for each named series over x. x: (N,); each series: (N,). Dashes differ as well as colours."""
    axis = {"title": {"text": words.x}, "type": "log" if log_x else "linear", "showgrid": False}
    layout = {
        "xaxis": axis | ({"dtick": 1} if log_x else {}), "yaxis": {"title": {"text": words.y}},
        "title": {"text": words.title}, "height": 320, "showlegend": len(series) > 1,
    }  # fmt: skip
    return composed(lines(x, series, theme), layout, theme)


def lines(x: np.ndarray, series: Mapping[str, np.ndarray], theme: Theme) -> list[Trace]:
    """The traces of `line`, for figures of several panels."""
    return [
        {
            "type": "scatter", "x": np.asarray(x), "y": np.asarray(values), "mode": "lines", "name": name,
            "hovertemplate": "%{x}<br><b>%{y:.6g}</b>", "line": {"color": color, "dash": dash, "width": 2.5},
        }
        for (name, values), color, dash in zip(series.items(), palette(theme).categories, DASHES, strict=False)
    ]  # fmt: skip
