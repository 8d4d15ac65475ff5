"""The figures of the encoder-decoder lesson: arrays and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Theme, bars, composed, heatmap, heatmap_parts, labels, paired_bars, palette

if TYPE_CHECKING:  # steps.py brings torch, which a page must not wait for
    from lessons.encoder_decoder.steps import Looks
    from lessons.next_words import NextWords

Labels = Mapping[str, str]
NARROW = 15  # pixels a row of a mask that shares the page with two others
SYMBOLS = ("circle", "diamond", "x", "square")
DASHES = ("solid", "dash", "dot", "dashdot")


def looks_figure(found: "Looks", words: Labels, theme: Theme) -> go.Figure:
    """Who may look at whom: ink where a token may, paper where it may not; a line between source and target."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["may_look"])
    cells, layout = heatmap_parts(
        found.visible.astype(np.float32), found.tokens, found.tokens, axis_words, theme, limit=1.6
    )
    N, edge = len(found.tokens), found.source - 0.5
    border = {"color": palette(theme).accent, "width": 2}
    lines = [
        {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": border}
        for x0, x1, y0, y1 in ((edge, edge, -0.5, N - 0.5), (-0.5, N - 0.5, edge, edge))
        if found.source
    ]
    ticks = {"tickfont": {"size": 11}, "title": {"text": ""}}
    columns = {"showticklabels": False, "title": {"text": words["looks_at"]}}  # the same tokens in the same order
    hover = f"{words['looks_from']}: %{{y}}<br>{words['looks_at']}: %{{x}}<br><b>%{{customdata}}</b><extra></extra>"
    said = np.where(found.visible, words["may"], words["may_not"])
    cells |= {"showscale": False, "texttemplate": None, "customdata": said, "hovertemplate": hover}
    axes = {"xaxis": layout["xaxis"] | columns, "yaxis": layout["yaxis"] | ticks}
    size = {"height": N * NARROW + 60, "margin": {"t": 32, "r": 8, "b": 8}}
    return composed([cells], layout | axes | size | {"shapes": lines}, theme)


def guesses_figure(tokens: Sequence[str], probs: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """The likeliest tokens at one place, likeliest first, and all others in one bar. probs: (k + 1,)."""
    names = (*tokens, words["others"])
    return bars(names, probs, AxisWords(x=words["probability"], value=words["probability"]), theme)


def both_figure(rows: "NextWords", words: Labels, theme: Theme) -> go.Figure:
    """The first word that is written, with the source in sight and without it."""
    names = (words["with_source"], words["without_source"])
    return paired_bars(
        (*rows.tokens, words["others"]), rows.first, rows.second, names, AxisWords(x=words["probability"]), theme
    )


def alignment_figure(
    weights: np.ndarray, links: np.ndarray | None, source: Sequence[str], written: Sequence[str],
    words: Labels, theme: Theme,
) -> go.Figure:  # fmt: skip
    """One head's cross-attention, (N, S), and a square around every cell that Meadow aligns. links: (N, S) or None."""
    axis_words = AxisWords(x=words["looks_at"], y=words["written"], value=words["weight"])
    cells, layout = heatmap_parts(weights, source, written, axis_words, theme, limit=1.0)
    rows, columns = np.nonzero(links) if links is not None else (np.array([]), np.array([]))
    frames = {
        "type": "scatter", "x": columns, "y": rows, "mode": "markers", "name": words["gold"], "hoverinfo": "skip",
        "marker": {"symbol": "square-open", "size": 15, "line": {"width": 2.5}, "color": palette(theme).categories[3]},
    }  # fmt: skip
    legend = {  # under the colour scale, where a phone has room
        "legend": {"yref": "container", "y": 0.01, "yanchor": "bottom"}, "showlegend": links is not None,
        "margin": layout["margin"] | {"b": 100}, "height": layout["height"] + 36,
    }  # fmt: skip
    return composed([cells, frames], layout | legend, theme)


def errors_figure(errors: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """The alignment error of every head, (L, H): 0, nothing, is the best."""
    layers, heads = errors.shape
    names = ([words["layer"].format(n=n) for n in range(layers)], [str(n) for n in range(heads)])
    axis_words = AxisWords(x=words["head"], value=words["error"])
    figure = heatmap(errors, names[1], names[0], axis_words, theme, limit=1.0)
    return figure.update_layout(xaxis={"tickangle": 0}, height=layers * 34 + 150)


def change_figure(change: np.ndarray, tokens: Sequence[str], reach: float, words: Labels, theme: Theme) -> go.Figure:
    """How far each state moved, (L+1, T): a column a token, the embedding on top. reach: where the scale ends."""
    names = [words["embedding"], *(words["layer"].format(n=n) for n in range(len(change) - 1))]
    axis_words = AxisWords(value=words["moved"])
    cells, layout = heatmap_parts(change, tokens, names, axis_words, theme, limit=reach)
    narrow = {"xaxis": layout["xaxis"] | {"tickangle": -90, "tickfont": {"size": 12}}}
    size = {"height": len(change) * 30 + 190, "margin": {"t": 24, "r": 8}}
    return composed([cells | {"texttemplate": None}], layout | narrow | size, theme)


def losses_figure(
    tokens: Sequence[str], series: Mapping[str, np.ndarray], wrong: int, words: Labels, theme: Theme
) -> go.Figure:
    """The surprise at each target token under each way of feeding it, (N,) each; a line where the wrong word was."""
    at, colors = np.arange(len(tokens)), palette(theme)
    traces = [
        {
            "type": "scatter", "x": at[: len(values)], "y": values, "mode": "lines+markers", "name": name,
            "line": {"color": color, "dash": dash, "width": 2.5}, "marker": {"symbol": symbol, "size": 8},
            "hovertemplate": "%{y:.3g}",
        }
        for (name, values), color, dash, symbol in zip(
            series.items(), colors.categories, DASHES, SYMBOLS, strict=False
        )
    ]  # fmt: skip
    mark = {"type": "line", "x0": wrong, "x1": wrong, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": colors.ink, "dash": "dot", "width": 1}}  # fmt: skip
    layout = {
        "xaxis": {"tickvals": at, "ticktext": labels(tokens), "showgrid": False, "title": {"text": words["target"]}},
        "yaxis": {"title": {"text": words["loss"]}, "rangemode": "tozero"},
        "height": 400, "hovermode": "x unified", "margin": {"t": 96}, "shapes": [mark],
    }  # fmt: skip
    return composed(traces, layout, theme)
