"""The figures of the live training: two arms that learn to fill gaps."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Theme, composed, labels, paired_bars, palette
from model_utils.live_training import FillingEvent

Labels = Mapping[str, str]
ARMS = ((False, "gaps_only", 0, "circle"), (True, "everywhere", 1, "diamond"))  # arm, its label, colour, mark


def losses_figure(events: Sequence[FillingEvent], steps: int, words: Labels, theme: Theme) -> go.Figure:
    """Both arms' training loss, each as it counts it (thick), and their loss at held-out gaps (dotted).

    steps: where the training will end, so that the curves move into an empty frame.
    """
    traces = [trace for arm in ARMS for trace in _arm(events, *arm, words, theme)]
    layout = {
        "xaxis": {"title": {"text": words["step"]}, "range": [0, 1.02 * steps], "showgrid": False},
        "yaxis": {"title": {"text": words["nats"]}, "rangemode": "tozero"},
        "height": 380, "hovermode": "x unified", "margin": {"t": 84},
    }  # fmt: skip
    return composed(traces, layout, theme)


def _arm(
    events: Sequence[FillingEvent], everywhere: bool, label: str, color: int, mark: str, words: Labels, theme: Theme
) -> Iterator[dict[str, object]]:
    """Both curves of one arm, and a mark at the end of each."""
    arm = [event for event in events if event.everywhere == everywhere]
    at, ink = np.array([event.step for event in arm]), palette(theme).categories[color]
    for kind, dash, width in (("loss", "solid", 3), ("held_out", "dot", 2)):
        values, whole = np.array([getattr(event, kind) for event in arm]), f"{words[label]} · {words[kind]}"
        yield {
            "type": "scatter", "x": at, "y": values, "mode": "lines", "name": whole,
            "line": {"color": ink, "dash": dash, "width": width}, "hovertemplate": f"%{{y:.3f}}<extra>{whole}</extra>",
        }  # fmt: skip
        yield {
            "type": "scatter", "x": at[-1:], "y": values[-1:], "mode": "markers", "showlegend": False,
            "marker": {"color": ink, "symbol": mark, "size": 8}, "hoverinfo": "skip",
        }  # fmt: skip


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
