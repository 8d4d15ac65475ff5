"""Figures of tables that have a row for each position: as a map, by the likeness of their rows, as a path."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from lessons.figures import Theme, composed, palette

Labels = Mapping[str, str]
HIGH = 440
USUAL = 0.99


def table_figure(
    table: np.ndarray, positions: np.ndarray, marked: int | None, words: Labels, theme: Theme
) -> go.Figure:
    """A table, (R, C), a row for each of `positions` (R,); one position may be marked."""
    reach = float(np.quantile(np.abs(table), USUAL)) or 1.0  # one large row must not make all the others pale
    cells = _cells(table, palette(theme).diverging, reach, words["value"], words["coordinate"], words["position"])
    cells |= {"y": positions}
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": marked, "y1": marked, "layer": "above"}
    shapes = [] if marked is None else [line | {"line": {"color": palette(theme).categories[3], "width": 2}}]
    return composed([cells], _axes(words["coordinate"], words["position"]) | {"shapes": shapes}, theme)


def similarity_figure(cosines: np.ndarray, positions: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Cosine of each pair of rows, (R, R), at `positions` (R,)."""
    cells = _cells(cosines, palette(theme).diverging, 1.0, words["cosine"], words["position"], words["position"])
    return composed([cells | {"x": positions, "y": positions}], _axes(words["position"], words["position"]), theme)


def path_figure(path: np.ndarray, shares: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """All rows in two dimensions, (P, 2), joined in their order; shares: of the variance on each axis, (2,)."""
    places, colors = np.arange(len(path)), palette(theme)
    marker = {
        "size": 7, "color": places, "colorscale": _visible(colors.sequential),
        "line": {"width": 0}, "colorbar": _bar(words["position"]),
    }  # fmt: skip
    dots = {
        "type": "scatter", "x": path[:, 0], "y": path[:, 1], "mode": "lines+markers", "text": places, "marker": marker,
        "line": {"color": colors.faint, "width": 1}, "hovertemplate": f"{words['position']} %{{text}}<extra></extra>",
    }  # fmt: skip
    axes = {
        f"{letter}axis": {"title": {"text": f"{words['component']} {place + 1} ({shares[place]:.0%})"}, "nticks": 5}
        for place, letter in enumerate("xy")
    }
    axes["xaxis"]["side"] = "top"
    return composed([dots], axes | {"height": HIGH, "showlegend": False, "margin": {"t": 16}}, theme)


def _visible(scale: tuple[tuple[float, str], ...]) -> list[tuple[float, str]]:
    """The sequential scale without the end that is the paper itself."""
    first = scale[1][0]
    return [((place - first) / (1 - first), color) for place, color in scale[1:]]


def _cells(values: np.ndarray, scale: object, reach: float, name: str, x: str, y: str) -> dict[str, object]:
    return {
        "type": "heatmap", "z": values, "colorscale": scale, "zmin": -reach, "zmax": reach, "colorbar": _bar(name),
        "hovertemplate": f"{y}: %{{y}}<br>{x}: %{{x}}<br>{name} <b>%{{z:.6g}}</b><extra></extra>",
    }  # fmt: skip


def _bar(name: str) -> dict[str, object]:
    """The colour scale under the figure, where a phone has room for it."""
    return {
        "orientation": "h", "thickness": 8, "len": 0.5, "x": 0, "xanchor": "left", "y": 0, "yanchor": "top",
        "ypad": 12, "outlinewidth": 0, "nticks": 4, "title": {"text": name, "side": "top"}, "tickfont": {"size": 11},
    }  # fmt: skip


def _axes(x: str, y: str) -> dict[str, object]:
    return {
        "xaxis": {"title": {"text": x}, "showgrid": False, "side": "top"},
        "yaxis": {"title": {"text": y}, "autorange": "reversed", "showgrid": False},
        "height": HIGH,
    }  # fmt: skip
