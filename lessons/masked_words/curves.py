"""The figures of the live training: two arms that learn to fill gaps."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from lessons.figures import Arm, AxisWords, Theme, composed, labels, paired_bars, palette, training_curves
from model_utils.live_training import FillingEvent

Labels = Mapping[str, str]
ARMS = ((False, "gaps_only", 0, "circle"), (True, "everywhere", 1, "diamond"))  # arm, its label, colour, mark


def losses_figure(events: Sequence[FillingEvent], steps: int, words: Labels, theme: Theme) -> go.Figure:
    """Both arms' training loss, each as it counts it (thick), and their loss at held-out gaps (dotted)."""
    arms = [
        Arm([event for event in events if event.everywhere == everywhere], words[label], color, mark)
        for everywhere, label, color, mark in ARMS
    ]
    return training_curves(arms, steps, words, theme)


def scores_figure(latest: Mapping[bool, FillingEvent], words: Labels, theme: Theme) -> go.Figure:
    """What each arm gets right on text it never trained on: gaps filled, and open words repeated."""
    shares = [
        np.array([latest[everywhere].filled, latest[everywhere].copied]) if everywhere in latest else np.zeros(2)
        for everywhere, *_ in ARMS
    ]
    names = tuple(words[label] for _, label, *_ in ARMS)
    rows, said = (words["filled"], words["copied"]), AxisWords(x=words["share_right"])
    return paired_bars(rows, *shares, names, said, theme).update_xaxes(range=[0, 1.15])


def line_figure(latest: Mapping[bool, FillingEvent], words: Labels, theme: Theme) -> go.Figure:
    """A held-out line whose gaps both arms fill: a row for each gap with both guesses; a table drawn as cells."""
    shown = [latest[everywhere] for everywhere, *_ in ARMS if everywhere in latest]
    stood = tuple(shown[0].symbols[place] for place in shown[0].gaps)
    columns = [stood, *(event.guesses for event in shown)]
    heads = [words["stood_there"], *(words[label] for everywhere, label, *_ in ARMS if everywhere in latest)]
    right = np.array([[guess == word for guess, word in zip(column, stood, strict=True)] for column in columns])
    got = np.array([[1.0] * len(stood), *(event.probabilities for event in shown)])
    written = np.array([labels(column) for column in columns]).T  # (gaps, columns)
    cells = {
        "type": "heatmap", "z": np.where(right, 0.25, 0.0).T, "text": written,
        "texttemplate": "%{text}", "zmin": 0, "zmax": 1, "showscale": False, "xgap": 3, "ygap": 2,
        "x": np.arange(len(columns)), "y": np.arange(len(stood)), "colorscale": palette(theme).sequential,
        "customdata": got.T, "hovertemplate": f"{words['probability_of_it']} <b>%{{customdata:.3f}}</b><extra></extra>",
    }  # fmt: skip
    layout = {
        "xaxis": {"side": "top", "tickvals": np.arange(len(columns)), "ticktext": heads, "showgrid": False},
        "yaxis": {"autorange": "reversed", "showticklabels": False, "showgrid": False},
        "height": 30 * len(stood) + 60, "margin": {"t": 40},
    }  # fmt: skip
    return composed([cells], layout, theme)
