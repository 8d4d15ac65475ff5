"""The figures of the masking lesson: arrays and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import (
    Arm,
    AxisWords,
    Theme,
    bars,
    composed,
    heatmap,
    labels,
    paired_bars,
    palette,
    training_curves,
)
from model_utils.live_training import TrainingEvent

if TYPE_CHECKING:  # steps.py brings torch, which a page must not wait for
    from lessons.masking.steps import InStep, Stages

Labels = Mapping[str, str]


def scores_figure(tokens: Sequence[str], scores: np.ndarray, reach: float, words: Labels, theme: Theme) -> go.Figure:
    """Scores of one head, (T, S); what is -inf stays empty. reach: where the colour scale ends."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["score"])
    return heatmap(scores, tokens, tokens, axis_words, theme, diverging=True, limit=reach)


def weights_figure(tokens: Sequence[str], attn_weights: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Weights of one head, (T, S), on the full scale from 0 to 1."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    return heatmap(attn_weights, tokens, tokens, axis_words, theme, limit=1.0)


def row_figure(tokens: Sequence[str], row: "Stages", words: Labels, theme: Theme) -> go.Figure:
    """One query's weights over all keys, without the mask and with it; `row` holds (S,) arrays."""
    names = (words["without_mask"], words["with_mask"])
    return paired_bars(tokens, row.weights_without, row.weights, names, AxisWords(x=words["weight"]), theme)


def in_step_figure(pairs: "InStep", words: Labels, theme: Theme) -> go.Figure:
    """P(the word that came next), from one run of the whole text and from one run for each prefix."""
    names = (words["at_once"], words["by_prefix"])
    axis_words = AxisWords(x=words["probability"], y=words["next_word"])
    figure = paired_bars(pairs.words, pairs.at_once, pairs.prefix_by_prefix, names, axis_words, theme)
    return figure.update_xaxes(range=[0, 1.12])


def batch_figure(
    sentences: Sequence[Sequence[str]], real: np.ndarray, positions: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """A padded batch: sentence b in row b, a cell a token, its position number written in it; padding is left empty.

    sentences: B rows of S tokens; real: (B, S) bool; positions: (B, S).
    """
    B, S = real.shape
    tokens, hidden = np.array([labels(row) for row in sentences]), np.nonzero(~real)
    cells = {
        "type": "heatmap", "z": np.where(real, 0.25, np.nan), "x": np.arange(S), "y": np.arange(B), "xgap": 1,
        "ygap": 1, "zmin": 0, "zmax": 1, "showscale": False, "colorscale": palette(theme).sequential,
        "text": np.where(real, positions.astype(str), ""), "texttemplate": "%{text}", "customdata": tokens,
        "hovertemplate": f"%{{customdata}}<br>{words['position']} <b>%{{text}}</b><extra></extra>",
    }  # fmt: skip
    crosses = {
        "type": "scatter", "x": hidden[1], "y": hidden[0], "mode": "markers", "hoverinfo": "skip", "showlegend": False,
        "marker": {"symbol": "x-thin", "size": 8, "line": {"width": 1.5, "color": palette(theme).faint}},
    }  # fmt: skip
    layout = {
        "xaxis": {"showticklabels": False, "showgrid": False, "title": {"text": words["columns"]}},
        "yaxis": {
            "tickvals": np.arange(B), "ticktext": [words["short"], words["companion"]], "autorange": "reversed",
            "showgrid": False,
        },
        "height": 40 * B + 90, "margin": {"t": 12},
    }  # fmt: skip
    return composed([cells, crosses], layout, theme)


def moved_figure(names: Sequence[str], distances: Sequence[float], words: Labels, theme: Theme) -> go.Figure:
    """How far padding moved the short sentence, one bar for each way of padding. distances: (ways,)."""
    return bars(names, np.array(distances), AxisWords(x=words["moved"], value=words["moved"]), theme)


def loss_figure(events: Sequence[TrainingEvent], steps: int, words: Labels, theme: Theme) -> go.Figure:
    """Both arms' training loss (thick) and their loss on held-out text with the future covered (dotted)."""
    arms = [
        Arm([event for event in events if event.masked == masked], words[label], color, mark)
        for masked, label, color, mark in ((True, "with_mask", 0, "circle"), (False, "without_mask", 3, "diamond"))
    ]
    return training_curves(arms, steps, words, theme)


def peek_figure(event: TrainingEvent, words: Labels, theme: Theme) -> go.Figure:
    """Where one arm looks while it trains: attention averaged over heads and layers, on a line it never trained on."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    cells = np.array(event.attn_weights)
    figure = heatmap(cells, event.symbols, event.symbols, axis_words, theme, limit=1.0)
    return figure.update_traces(texttemplate=None, showscale=False).update_layout(height=360)
