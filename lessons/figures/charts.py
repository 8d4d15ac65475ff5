"""Bars and lines: numpy in, `go.Figure` out; the exact value on hover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from lessons.figures.look import Theme, palette, template
from lessons.figures.text import labels

BAR_HEIGHT = 26  # pixels a bar, so that labels never touch


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
    rows = np.arange(len(tokens))
    colors = palette(theme)
    figure = go.Figure()
    for (name, values), color, shape in zip(series, colors.categories, ("", "/"), strict=False):
        figure.add_bar(
            y=rows, x=np.asarray(values), orientation="h", name=name, hovertemplate="%{y}<br><b>%{x:.6g}</b>",
            texttemplate="%{x:.3~g}", textposition="outside", textfont_size=12, constraintext="none", cliponaxis=False,
            # Never colour alone: the second series is hatched too.
            marker={"color": color, "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": colors.paper}},
        )  # fmt: skip
    figure.update_xaxes(title=words.x, rangemode="tozero", automargin=True)
    figure.update_yaxes(tickvals=rows, ticktext=labels(tokens), autorange="reversed", showgrid=False, title=words.y)
    height = BAR_HEIGHT * len(tokens) * (1 if len(series) == 1 else 1.6) + 96
    top = 8 + 28 * bool(words.title) + 28 * (len(series) > 1)  # room for a title and a legend, one above the other
    return figure.update_layout(
        template=template(theme), title=words.title, bargap=0.25, bargroupgap=0.05, height=round(height),
        showlegend=len(series) > 1, margin_r=48, margin_t=top,
    )  # fmt: skip


def line(
    x: np.ndarray, series: Mapping[str, np.ndarray], words: AxisWords, theme: Theme, log_x: bool = False
) -> go.Figure:
    """One line for each named series over x. x: (N,); each series: (N,). Dashes differ as well as colours."""
    figure = go.Figure()
    styles = zip(palette(theme).categories, ("solid", "dash", "dot", "dashdot", "longdash"), strict=False)
    for (name, values), (color, dash) in zip(series.items(), styles, strict=False):
        figure.add_scatter(
            x=np.asarray(x), y=np.asarray(values), mode="lines", name=name, hovertemplate="%{x}<br><b>%{y:.6g}</b>",
            line={"color": color, "dash": dash, "width": 2.5},
        )  # fmt: skip
    figure.update_xaxes(title=words.x, type="log" if log_x else "linear", showgrid=False, dtick=1 if log_x else None)
    figure.update_yaxes(title=words.y)
    return figure.update_layout(template=template(theme), title=words.title, height=320, showlegend=len(series) > 1)
