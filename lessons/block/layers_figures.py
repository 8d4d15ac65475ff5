"""Figures over the layers of a model: the logit lens, the switches, and what happens in deep stacks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Panel, Theme, composed, heatmap, labels, line, lines, palette, safe_text, stacked

if TYPE_CHECKING:
    from lessons.block.depth import Deep
    from lessons.block.lens import Lens, Truth

Labels = Mapping[str, str]
ROW = 30  # pixels
FOLLOWED = 4  # words in the curves
CUT = 9  # characters of a word in a cell


def lens_figure(
    found: "Lens",
    truth: "Truth | None",
    tokens: Sequence[str],
    vocabulary: Sequence[str],
    words: Labels,
    theme: Theme,
) -> go.Figure:
    """Rows: the text's tokens; columns: layers, and the truth. In each cell the likeliest next word."""
    shown, probs = _cells(found, truth, vocabulary)
    rows, columns = np.arange(len(shown)), np.arange(len(shown[0]))
    hover = [[_hover(found, row, column, truth, vocabulary, words) for column in columns] for row in rows]
    cells = {
        "type": "heatmap", "z": probs, "x": columns, "y": rows, "text": shown, "texttemplate": "%{text}",
        "textfont": {"size": 11}, "hovertext": hover, "hovertemplate": "%{hovertext}<extra></extra>", "zmin": 0,
        "zmax": 1, "colorscale": palette(theme).sequential, "xgap": 1, "ygap": 1, "showscale": False,
    }  # fmt: skip
    layout = {
        "xaxis": {
            "tickvals": columns, "ticktext": _layers(probs.shape[1], truth is not None, words), "side": "top",
            "showgrid": False, "tickangle": 0, "title": {"text": words["after_layer"]},
        },
        "yaxis": {
            "tickvals": rows, "ticktext": labels(tokens[found.first :]), "autorange": "reversed", "showgrid": False,
        },
        "height": ROW * len(rows) + 96,
    }  # fmt: skip
    return composed([cells], layout, theme)


def _cells(found: "Lens", truth: "Truth | None", vocabulary: Sequence[str]) -> tuple[list[list[str]], np.ndarray]:
    """The words in the cells, and their probabilities: (J, columns)."""
    shown = [[_word(vocabulary[best]) for best in row] for row in found.ids[..., 0]]
    if truth is None:
        return shown, found.probs[..., 0]
    shown = [[*row, _word(word)] for row, word in zip(shown, truth.words, strict=True)]
    return shown, np.hstack([found.probs[..., 0], truth.probs[:, None]])


def _word(token: str) -> str:
    return safe_text(token.strip() or token, CUT)


def _hover(
    found: "Lens", row: int, column: int, truth: "Truth | None", vocabulary: Sequence[str], words: Labels
) -> str:
    if column == found.ids.shape[1]:
        return f"{words['truth']}: {safe_text(truth.words[row])} <b>{truth.probs[row]:.6g}</b>"
    best = zip(found.ids[row, column], found.probs[row, column], strict=True)
    return "<br>".join(f"{safe_text(vocabulary[place])} <b>{probability:.6g}</b>" for place, probability in best)


def _layers(count: int, with_truth: bool, words: Labels) -> list[str]:
    layers = [words["start"], *(str(layer) for layer in range(count - 1 - with_truth))]
    return [*layers, words["truth"]] if with_truth else layers


def words_figure(
    found: "Lens", truth: "Truth | None", vocabulary: Sequence[str], words: Labels, theme: Theme
) -> go.Figure:
    """The likeliest words after the whole text, as they rise and fall over the layers, and their true probabilities."""
    reach = found.last[-1] if truth is None else np.maximum(found.last[-1], truth.last)
    chosen = np.argsort(-reach, kind="stable")[:FOLLOWED]
    layers = np.arange(len(found.last))
    series = {safe_text(vocabulary[place]): found.last[:, place] for place in chosen}
    traces = [each | {"mode": "lines+markers"} for each in lines(layers, series, theme)]
    if truth is not None:
        colors = palette(theme).categories
        traces += [
            {
                "type": "scatter", "x": [len(layers)], "y": [truth.last[place]], "mode": "markers", "showlegend": False,
                "marker": {"symbol": "diamond", "size": 12, "color": color},
                "hovertemplate": f"{words['truth']}<br>{safe_text(vocabulary[place])} <b>%{{y:.6g}}</b><extra></extra>",
            }
            for place, color in zip(chosen, colors, strict=False)
        ]  # fmt: skip
    ticks = _layers(len(layers) + (truth is not None), truth is not None, words)
    layout = {
        "xaxis": {"tickvals": np.arange(len(ticks)), "ticktext": ticks, "title": {"text": words["after_layer"]},
                  "showgrid": False, "tickangle": 0},
        "yaxis": {"title": {"text": words["probability"]}, "range": [-0.04, 1.04]},
        "height": 320, "showlegend": True,
    }  # fmt: skip
    return composed(traces, layout, theme)


def lengths_figure(
    names: Sequence[str], own: np.ndarray, other: np.ndarray, pre_norm: bool, words: Labels, theme: Theme
) -> go.Figure:
    """The length of one token's state after each part, in the model's own order and in the other: (P,) each."""
    called = ("pre", "post") if pre_norm else ("post", "pre")
    series = {words[name]: values for name, values in zip(called, (own, other), strict=True)}
    found = line(np.arange(len(names)), series, AxisWords(y=words["stream_length"]), theme)
    return found.update_layout(
        xaxis={
            "tickvals": np.arange(len(names)),
            "ticktext": names,
            "tickangle": -45,
            "range": [-0.5, len(names) - 0.5],
            "ticklabeloverflow": "allow",
        },
        yaxis={"type": "log", "dtick": 1},
        margin={"r": 24},
    )


def sweep_figure(parts: Sequence[str], left: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """What is left of the intact model's word for each part taken out (rows) of all or one layer (columns)."""
    columns = [words["all"], *(str(layer) for layer in range(left.shape[1] - 1))]
    axis = AxisWords(x=words["of_layer"], y=words["taken_out"], value=words["left_of_word"])
    return heatmap(left, columns, parts, axis, theme, limit=1.0).update_xaxes(tickangle=0)


def depth_figure(stacks: "Mapping[str, Deep]", words: Labels, theme: Theme) -> go.Figure:
    """By depth: how alike the tokens have become, and how large a gradient reaches the table of each MLP."""
    deepest = max(len(deep.alike) for deep in stacks.values())
    alike = {words[f"stack_{name}"]: deep.alike for name, deep in stacks.items()}
    slopes = {words[f"stack_{name}"]: deep.slopes for name, deep in stacks.items()}
    axis = {"title": {"text": words["depth"]}, "showgrid": False, "rangemode": "tozero"}
    panels = [
        Panel(words["alike"], lines(np.arange(deepest), alike, theme), axis, {"range": [-0.05, 1.05]}),
        Panel(
            words["slopes"], [trace | {"showlegend": False} for trace in lines(np.arange(1, deepest), slopes, theme)],
            axis, {"type": "log", "exponentformat": "power", "nticks": 6},
        ),
    ]  # fmt: skip
    return stacked(panels, {"height": 520, "margin": {"t": 72}, "legend": {"y": 1.07}}, theme, shared_x=True)


def last_figure(
    depths: Sequence[int], stacks: "Mapping[str, Sequence[Deep]]", words: Labels, theme: Theme
) -> go.Figure:
    """The gradient that reaches the last MLP, by the number of blocks: one `Deep` for each of `depths`."""
    series = {words[f"stack_{name}"]: np.array([deep.slopes[-1] for deep in deeps]) for name, deeps in stacks.items()}
    traces = [each | {"mode": "lines+markers"} for each in lines(np.array(depths), series, theme)]
    layout = {
        "xaxis": {"type": "log", "tickvals": np.array(depths), "title": {"text": words["blocks"]}, "showgrid": False},
        "yaxis": {"rangemode": "tozero", "title": {"text": words["last_slope"]}},
        "height": 280, "showlegend": True,
    }  # fmt: skip
    return composed(traces, layout, theme)
