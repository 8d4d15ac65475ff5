"""The figures of the lesson on masked words: arrays and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Theme, bars, composed, heatmap, labels, paired_bars, palette
from lessons.next_words import NextWords
from lessons.numbers import readable

if TYPE_CHECKING:  # these bring torch, which a page must not wait for
    from lessons.masked_words.pairs import Pairs
    from lessons.masked_words.recipe import Taught
    from lessons.masked_words.steps import Looks

Labels = Mapping[str, str]
ROW = 26  # pixels a token of the recipe
LEGEND = 84  # pixels above a figure for the names of four curves


def gap_figure(rows: NextWords, names: tuple[str, str], words: Labels, theme: Theme) -> go.Figure:
    """What may stand in one gap: the model's probabilities, beside the truth where it is known."""
    tokens, said = (*rows.tokens, words["others"]), AxisWords(x=words["probability"], value=names[0])
    if rows.second is None:
        return bars(tokens, rows.first, said, theme)
    return paired_bars(tokens, rows.first, rows.second, names, said, theme)


def side_figure(tokens: Sequence[str], model: np.ndarray, truth: np.ndarray | None, words: Labels, theme: Theme
                ) -> go.Figure:  # fmt: skip
    """One way of asking for the gap: what the model says of N words, and the truth. model, truth: (N,).

    Where the model has no single token for a word (NaN), that stands in place of a bar.
    """
    said = AxisWords(x=words["probability"], value=words["model"])
    if truth is None:
        figure = bars(tokens, model, said, theme)
    else:
        figure = paired_bars(tokens, model, truth, (words["model"], words["truth"]), said, theme)
    figure.data[0].update(_marked(model, words))
    return figure.update_xaxes(range=[0, 1.2])


def _marked(values: np.ndarray, words: Labels) -> dict[str, object]:
    """What a bar shows of values (N,) where NaN says that the model has no single token for a word."""
    written = [words["no_token"] if np.isnan(value) else readable(value) for value in values]
    return {"x": np.nan_to_num(values), "text": written}


def pairs_figure(
    rows: Sequence[str], columns: Sequence[str], table: np.ndarray, reach: float, words: Labels, theme: Theme
) -> go.Figure:
    """Probabilities of pairs, (rows, columns): a row a word of the first gap, a column a word of the second.

    reach: where the scale of shades ends, the same for tables to be compared.
    """
    axis_words = AxisWords(x=words["second_gap"], y=words["first_gap"], value=words["probability"])
    return heatmap(table, columns, rows, axis_words, theme, limit=reach).update_traces(showscale=False)


def looks_figure(looks: "Looks", words: Labels, theme: Theme) -> go.Figure:
    """How the gap shares its look between left, itself and right: a stacked bar a layer. (L, 3)."""
    layers, colors = np.arange(len(looks.shares)), palette(theme)
    ways = zip(("to_the_left", "itself", "to_the_right"), looks.shares.T, (0, 6, 1), ("", "x", "/"), strict=True)
    traces = [
        {
            "type": "bar", "orientation": "h", "y": layers, "x": shares, "name": words[name],
            "text": [readable(share, 2) for share in shares], "textposition": "inside", "insidetextanchor": "middle",
            "textangle": 0, "hovertemplate": f"%{{y}}<br>{words[name]} <b>%{{x:.4f}}</b><extra></extra>",
            "marker": {
                "color": colors.faint if name == "itself" else colors.categories[color],
                "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": colors.paper},
            },
        }
        for name, shares, color, shape in ways
    ]  # fmt: skip
    layout = {
        "barmode": "stack", "bargap": 0.25, "legend": {"traceorder": "normal"}, "height": 34 * len(layers) + 110,
        "margin": {"t": 36},
        "xaxis": {"title": {"text": words["share_of_look"]}, "range": [0, 1], "showgrid": False},
        "yaxis": {"title": {"text": words["layer"]}, "tickvals": layers, "autorange": "reversed", "showgrid": False},
    }  # fmt: skip
    return composed(traces, layout, theme)


def recipe_figure(taught: "Taught", words: Labels, theme: Theme) -> go.Figure:
    """A sentence as it was and as it is read, the model's guesses, and the loss at the places that count, as bars."""
    T, colors = len(taught.tokens), palette(theme)
    marks = np.array(["", "", " ≠", " ="])[taught.fates]
    read = [f"{token}{mark}" for token, mark in zip(labels(taught.read), marks, strict=True)]
    shown = np.array([labels(taught.tokens), read, labels(taught.guesses)]).T  # (T, 3)
    shade = np.zeros((T, 3))
    shade[:, 1] = taught.fates
    cells = {
        "type": "heatmap", "x": np.arange(3), "y": np.arange(T), "z": shade, "text": shown, "texttemplate": "%{text}",
        "zmin": 0, "zmax": 3, "showscale": False, "xgap": 3, "ygap": 1, "hoverinfo": "text", "textfont": {"size": 12},
        "colorscale": _fates(theme),
    }  # fmt: skip
    counted = np.nonzero(taught.fates > 0)[0]
    losses = taught.losses[counted]
    loss = {
        "type": "bar", "orientation": "h", "x": losses, "y": counted, "xaxis": "x2", "cliponaxis": False, "width": 0.7,
        "marker": {"color": colors.categories[0]}, "text": [readable(value, 2) for value in losses],
        "textposition": "outside", "textfont": {"size": 12}, "hovertemplate": "<b>%{x:.6g}</b><extra></extra>",
    }  # fmt: skip
    heads = [words[name] for name in ("stood_there", "is_read", "guess")]
    layout = {
        "xaxis": {"domain": [0, 0.7], "side": "top", "tickvals": np.arange(3), "ticktext": heads, "showgrid": False},
        "xaxis2": {
            "domain": [0.74, 0.94], "side": "top", "title": {"text": words["loss_here"], "standoff": 4},
            "showticklabels": False, "showgrid": False, "rangemode": "tozero", "anchor": "y",
        },
        "yaxis": {"autorange": "reversed", "showticklabels": False, "showgrid": False},
        "height": ROW * T + 70, "margin": {"t": 52, "r": 30}, "showlegend": False,
    }  # fmt: skip
    return composed([cells, loss], layout, theme)


def _fates(theme: Theme) -> list[tuple[float, str]]:
    """Paper for what is untouched, and a pale shade for each fate: covered, strange, kept."""
    light = ("#fdfcf9", "#c9dff0", "#f7dfae", "#c5e6da")
    dark = ("#15171c", "#1d3f58", "#574011", "#12493a")
    shades = light if theme == "light" else dark
    return [(edge, shade) for place, shade in enumerate(shades) for edge in (place / 4, (place + 1) / 4)]


def everything_figure(
    tokens: Sequence[str], alone: np.ndarray, in_turn: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """What the word that stood there got at each covered place: all guessed at once, and surest first. (N,) each."""
    names, said = (words["at_once"], words["surest_first"]), AxisWords(x=words["probability_of_it"])
    figure = paired_bars(tokens, alone, in_turn, names, said, theme).update_xaxes(range=[0, 1.2])
    for series, values in zip(figure.data, (alone, in_turn), strict=True):
        series.update(_marked(values, words))
    return figure


def follows_figure(names: Sequence[str], probabilities: Sequence[float], words: Labels, theme: Theme) -> go.Figure:
    """The probability that the second text follows the first, one bar for each way of putting two together. (N,)."""
    said = AxisWords(x=words["follows"], value=words["follows"])
    return bars(names, np.array(probabilities), said, theme).update_xaxes(range=[0, 1.2])


def panels(pairs: "Pairs") -> tuple[tuple[str, np.ndarray], ...]:
    """The tables of a Pairs with the keys of their titles; without the truth where it is not known."""
    tables = (("each_alone", pairs.alone), ("in_turn", pairs.chained), ("in_truth", pairs.truth))
    return tuple((name, table) for name, table in tables if table is not None)
