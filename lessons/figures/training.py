"""The curves of a live training with several arms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lessons.figures.look import Theme, composed, palette


@dataclass(frozen=True)
class Arm:
    """One arm: its events so far, each with .step, .loss and .held_out; its name; its colour and its mark."""

    events: Sequence[Any]
    name: str
    color: int  # of the palette's categories
    mark: str


def training_curves(arms: Sequence[Arm], steps: int, words: Mapping[str, str], theme: Theme) -> go.Figure:
    """Each arm's training loss (thick) and its loss on held-out text (dotted), in nats.

    steps: where the training will end, so that the curves move into an empty frame.
    """
    traces = [trace for arm in arms for trace in _curves(arm, words, theme)]
    layout = {
        "xaxis": {"title": {"text": words["step"]}, "range": [0, 1.02 * steps], "showgrid": False},
        "yaxis": {"title": {"text": words["nats"]}, "rangemode": "tozero"},
        "height": 380, "hovermode": "x unified", "margin": {"t": 84},
    }  # fmt: skip
    return composed(traces, layout, theme)


def _curves(arm: Arm, words: Mapping[str, str], theme: Theme) -> Iterator[dict[str, object]]:
    """Both curves of one arm, and a mark at the end of each."""
    at, ink = np.array([event.step for event in arm.events]), palette(theme).categories[arm.color]
    for kind, dash, width in (("loss", "solid", 3), ("held_out", "dot", 2)):
        values, whole = np.array([getattr(event, kind) for event in arm.events]), f"{arm.name} · {words[kind]}"
        yield {
            "type": "scatter", "x": at, "y": values, "mode": "lines", "name": whole,
            "line": {"color": ink, "dash": dash, "width": width}, "hovertemplate": f"%{{y:.3f}}<extra>{whole}</extra>",
        }  # fmt: skip
        yield {
            "type": "scatter", "x": at[-1:], "y": values[-1:], "mode": "markers", "showlegend": False,
            "marker": {"color": ink, "symbol": arm.mark, "size": 8}, "hoverinfo": "skip",
        }  # fmt: skip
