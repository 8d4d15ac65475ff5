"""Several panels under each other in one figure: each with its own traces and axes, its title above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go

from lessons.figures.look import Theme, composed, palette

TITLE_SIZE = 13


@dataclass(frozen=True)
class Panel:
    """One panel: plain traces, and what its axes have beside the template."""

    title: str
    traces: Sequence[Mapping[str, object]]
    xaxis: Mapping[str, object] = field(default_factory=dict)
    yaxis: Mapping[str, object] = field(default_factory=dict)


def stacked(
    panels: Sequence[Panel], layout: Mapping[str, object], theme: Theme, gap: float = 0.14, shared_x: bool = False
) -> go.Figure:
    """The panels from top to bottom, equally high; gap: the share of the height between two.

    shared_x: only the lowest panel shows its x axis, and all follow it.
    """
    height = (1 - gap * (len(panels) - 1)) / len(panels)
    traces, axes, titles = [], {}, []
    for row, panel in enumerate(panels):
        number, top = row + 1, max(0.0, 1 - row * (height + gap))  # Plotly calls the axes x1, x2 ...
        last = row == len(panels) - 1
        traces += [{**trace, "xaxis": f"x{number}", "yaxis": f"y{number}"} for trace in panel.traces]
        follows = {} if last or not shared_x else {"matches": f"x{len(panels)}", "showticklabels": False, "title": None}
        axes[f"xaxis{number}"] = {"anchor": f"y{number}", **panel.xaxis, **follows}
        axes[f"yaxis{number}"] = {"anchor": f"x{number}", "domain": [max(0.0, top - height), top], **panel.yaxis}
        titles.append(_title(panel.title, top))
    return composed(traces, {**axes, "annotations": titles, **layout}, theme)


def strip(vector: np.ndarray, theme: Theme) -> dict[str, object]:
    """The numbers of one vector, (N,), as a row of cells on a scale of its own: a trace for a Panel."""
    reach = float(np.abs(vector).max(initial=0.0)) or 1.0
    return {
        "type": "heatmap", "z": vector[None], "colorscale": palette(theme).diverging, "zmin": -reach, "zmax": reach,
        "xgap": 1, "showscale": False, "hovertemplate": "%{x}: <b>%{z:.6g}</b><extra></extra>",
    }  # fmt: skip


def _title(text: str, top: float) -> dict[str, object]:
    return {
        "text": text, "x": 0, "xanchor": "left", "xref": "paper", "y": top, "yanchor": "bottom", "yref": "paper",
        "showarrow": False, "font": {"size": TITLE_SIZE},
    }  # fmt: skip
