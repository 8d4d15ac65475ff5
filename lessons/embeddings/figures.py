"""The figures of the embeddings lesson but for its maps: arrays and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import (
    AxisWords,
    Panel,
    Theme,
    bars,
    composed,
    heatmap,
    labels,
    line,
    paired_bars,
    palette,
    rows_height,
    safe_text,
    stacked,
)

if TYPE_CHECKING:  # these bring torch, which a page must not wait for
    from lessons.embeddings.contexts import Rotated
    from lessons.embeddings.steps import Lookup, Nearest

Labels = Mapping[str, str]
BEGINNING = 10  # letters of a sentence that a phone has room for
HATCHES = ("", "/", "x")


def lookup_figure(names: Sequence[str], found: "Lookup", words: Labels, theme: Theme) -> go.Figure:
    """The one-hot vector as a column beside the rows of the table; the row that it picks is framed."""
    colors, places = palette(theme), np.arange(len(names))
    reach = float(np.abs(found.rows).max(initial=0.0)) or 1.0
    cells = {"type": "heatmap", "y": places, "xgap": 1, "ygap": 2, "showscale": False}
    row = int(np.searchsorted(found.ids, found.token_id))
    traces = [
        cells | {
            "z": found.one_hot[:, None], "colorscale": colors.sequential, "zmin": 0, "zmax": 1,
            "name": words["one_hot"], "texttemplate": "%{z:.0f}", "hovertemplate": "%{y}: <b>%{z}</b><extra></extra>",
        },
        cells | {
            "z": found.rows, "x": np.arange(1, found.rows.shape[1] + 1), "colorscale": colors.diverging, "xaxis": "x2",
            "zmin": -reach, "zmax": reach, "name": words["table"],
            "hovertemplate": "%{y}, %{x}: <b>%{z:.6g}</b><extra></extra>",
        },
    ]  # fmt: skip
    frame = {"type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": row - 0.5, "y1": row + 0.5,
             "line": {"color": colors.accent, "width": 2}}  # fmt: skip
    ids = [f"{place} {name}" for place, name in zip(found.ids, labels(names), strict=True)]
    layout = {
        "xaxis": {"domain": [0, 0.07], "side": "top", "title": {"text": words["one_hot"]}, "showticklabels": False},
        "xaxis2": {"domain": [0.12, 1], "side": "top", "title": {"text": words["table"]}, "showgrid": False},
        "yaxis": {"tickvals": places, "ticktext": ids, "autorange": "reversed", "showgrid": False},
        "height": rows_height(len(names)) + 90, "shapes": [frame],
    }  # fmt: skip
    return composed(traces, layout, theme)


def nearest_figure(found: "Nearest", measure: str, words: Labels, theme: Theme) -> go.Figure:
    """The nearest words as bars; measure: the label of what they are measured by."""
    return bars(found.words, found.scores, AxisWords(x=words[measure]), theme)


def hits_figure(rates: Mapping[str, Sequence[float]], words: Labels, theme: Theme) -> go.Figure:
    """Shares of analogies that come out. rates: family -> (any answer allowed, inputs left out, no arithmetic)."""
    rows, colors = np.arange(len(rates)), palette(theme)
    shares = np.array(list(rates.values()), dtype=np.float32).reshape(-1, 3)  # (families, 3)
    ways = ("allowed", "left_out", "no_arithmetic")
    traces = [
        {
            "type": "bar", "x": shares[:, place], "y": rows, "orientation": "h", "name": words[way],
            "hovertemplate": "%{y}<br><b>%{x:.4f}</b>", "texttemplate": "%{x:.1%}", "textposition": "outside",
            "cliponaxis": False, "textfont": {"size": 12},
            "marker": {"color": color, "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": colors.paper}},
        }
        for place, (way, color, hatch) in enumerate(zip(ways, colors.categories, HATCHES, strict=False))
    ]  # fmt: skip
    layout = {
        "xaxis": {"title": {"text": words["come_out"]}, "range": [0, 1], "tickformat": ".0%"},
        "yaxis": {"tickvals": rows, "ticktext": [words[family] for family in rates], "autorange": "reversed",
                  "showgrid": False},
        "height": 84 * len(rates) + 150, "margin": {"r": 56, "t": 84}, "bargap": 0.25,
        "legend": {"traceorder": "normal"},
    }  # fmt: skip
    return composed(traces, layout, theme)


def pairs_figure(names: Sequence[str], raw: np.ndarray, centred: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Cosines of pairs of words as they are, and with the mean taken away, (N,) each."""
    drawn = paired_bars(names, raw, centred, (words["raw"], words["centred"]), AxisWords(x=words["cosine"]), theme)
    low, high = min(float(np.min([raw, centred])), 0.0), float(np.max([raw, centred]))
    return drawn.update_xaxes(range=[low - 0.15 * (low < 0), max(high, 0.1) * 1.1])  # left of a bar stands its number


def layers_figure(raw: np.ndarray, centred: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """The mean cosine of two different places of a text at each layer, (L+1,) each."""
    axes = AxisWords(x=words["layer"], y=words["mean_cosine"])
    return line(np.arange(len(raw)), {words["raw"]: raw, words["centred"]: centred}, axes, theme)


def cosines_figure(tokens: Sequence[str], cosines: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Cosines of tokens with each other, (T, T), on the full scale from -1 to 1."""
    return heatmap(cosines, tokens, tokens, AxisWords(value=words["cosine"]), theme, diverging=True, limit=1.0)


def difference_figure(tokens: Sequence[str], difference: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Cosines of the second run less those of the first, (T, T)."""
    return heatmap(difference, tokens, tokens, AxisWords(value=words["difference"]), theme, diverging=True)


def similarity_figure(sentences: Sequence[str], cosines: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Cosines of sentences with each other, (N, N): numbered, each with the beginning of its sentence."""
    numbers = [str(place) for place in range(1, len(sentences) + 1)]
    rows = [f"{place} {_beginning(sentence)}" for place, sentence in zip(numbers, sentences, strict=True)]
    drawn = heatmap(cosines, numbers, rows, AxisWords(value=words["cosine"]), theme, diverging=True, limit=1.0)
    return drawn.update_xaxes(tickangle=0)


def _beginning(sentence: str) -> str:
    return sentence if len(sentence) <= BEGINNING else f"{sentence[:BEGINNING].rstrip()}…"


def rotated_figure(names: Sequence[str], found: "Rotated", words: Labels, theme: Theme) -> go.Figure:
    """The coordinates of a few words, a row a word: as they were learnt, and in the rotated space."""
    reach = float(np.abs(np.stack([found.before, found.after])).max(initial=0.0)) or 1.0
    rows = {"tickvals": np.arange(len(names)), "ticktext": labels(names), "autorange": "reversed", "showgrid": False}
    panels = [
        Panel(words[name], [_coordinates(values, reach, theme)], {"showgrid": False}, rows)
        for name, values in (("learnt", found.before), ("rotated", found.after))
    ]
    return stacked(panels, {"height": 2 * (rows_height(len(names)) + 70)}, theme, gap=0.2, shared_x=True)


def _coordinates(values: np.ndarray, reach: float, theme: Theme) -> dict[str, object]:
    """Rows of numbers as cells, (N, C)."""
    return {
        "type": "heatmap", "z": values, "x": np.arange(1, values.shape[1] + 1), "y": np.arange(len(values)), "ygap": 2,
        "colorscale": palette(theme).diverging, "zmin": -reach, "zmax": reach, "showscale": False,
        "hovertemplate": "%{y}, %{x}: <b>%{z:.6g}</b><extra></extra>",
    }  # fmt: skip


def separation_figure(parted: Mapping[str, tuple[float, float]], words: Labels, theme: Theme) -> go.Figure:
    """How well one coordinate, and one direction, part each group from all others: 0.5 is chance, 1 a clean cut."""
    single, along = np.array(list(parted.values()), dtype=np.float32).reshape(-1, 2).T  # (groups,) each
    names = (words["coordinate"], words["direction"])
    groups = [safe_text(words[group]) for group in parted]
    drawn = paired_bars(groups, single, along, names, AxisWords(x=words["parted"]), theme)
    return drawn.update_xaxes(range=[0, 1])
