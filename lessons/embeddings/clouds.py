"""Maps of words in two or three dimensions, and the fan of one word's states: figures that are points and arrows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.embeddings import GROUPS
from lessons.figures import Panel, Theme, composed, labels, palette, stacked

if TYPE_CHECKING:  # these bring torch, which a page must not wait for
    from lessons.embeddings.layouts import Layout
    from lessons.embeddings.table import Sample

Labels = Mapping[str, str]
TRUE_NEIGHBOURS = 5
# In three dimensions Plotly writes its marks as letters, and not every font has its "x"; these are drawn in both.
MARKS = ("circle", "square", "diamond", "cross", "diamond-open", "circle-open", "square-open")
LABEL_ROOM = 0.08  # of the map's width: nearer names would be drawn over each other
ROOM = 0.12  # around the arrows


def map_figure(
    sample: "Sample", layout: "Layout", found: int | None, near: Sequence[int], words: Labels, theme: Theme
) -> go.Figure:
    """The words as points coloured by group. found: the place of the one looked for; dotted lines lead to `near`."""
    deep = layout.points.shape[1] == 3
    groups, names = np.array(sample.groups), np.array(labels(sample.words))
    traces = [
        _points(layout.points[groups == group], names[groups == group], deep)
        | {"name": words[group], "mode": "markers",
           "marker": {"size": 3.5 if deep else 7, "symbol": mark, "color": color, "opacity": 0.85}}
        for group, mark, color in zip(GROUPS, MARKS, palette(theme).categories, strict=True)
        if group in sample.groups
    ]  # fmt: skip
    if found is not None:
        traces += _marked(layout.points, names, found, near, deep, theme)
    written = [] if found is None else _written(layout.points, names, [found, *near], theme)
    return composed(traces, _map_layout(deep, written, theme), theme)


def _points(points: np.ndarray, names: np.ndarray, deep: bool) -> dict[str, object]:
    """points: (N, 2) or (N, 3)."""
    place = dict(zip("xyz", points.T, strict=False))
    kind = "scatter3d" if deep else "scatter"
    return place | {"type": kind, "text": names, "hovertemplate": "<b>%{text}</b><extra>%{fullData.name}</extra>"}


def _marked(
    points: np.ndarray, names: np.ndarray, found: int, near: Sequence[int], deep: bool, theme: Theme
) -> list[dict[str, object]]:
    """The word that was looked for, its true neighbours, and lines between."""
    ink, places = palette(theme).ink, [found, *near]
    way = np.repeat(points[found][None], 2 * len(near), axis=0)  # there and back, once for each neighbour
    way[1::2] = points[list(near)]
    lines = _points(way, np.repeat("", len(way)), deep) | {
        "mode": "lines", "line": {"color": ink, "width": 2 if deep else 1.2, "dash": "dot"}, "hoverinfo": "skip",
        "hovertemplate": None, "showlegend": False,
    }  # fmt: skip
    marks = _points(points[places], names[places], deep) | {
        "mode": "markers", "showlegend": False, "name": str(names[found]),
        "marker": {"size": [10 if deep else 16] + [5 if deep else 9] * len(near), "symbol": "circle-open",
                   "color": ink, "line": {"width": 2, "color": ink}},
    }  # fmt: skip
    return [lines, marks]


def _written(points: np.ndarray, names: np.ndarray, places: Sequence[int], theme: Theme) -> list[dict[str, object]]:
    """Names that stand on the map, the first one larger."""
    colors = palette(theme)
    return [
        dict(zip("xyz", points[place].tolist(), strict=False)) | {
            "text": str(names[place]), "showarrow": False, "yshift": 16, "bgcolor": colors.paper, "opacity": 0.85,
            "font": {"size": 13 if rank else 18, "color": colors.ink}, "borderpad": 1,
        }
        for rank, place in enumerate(_apart(points, places))
    ]  # fmt: skip


def _apart(points: np.ndarray, places: Sequence[int]) -> list[int]:
    """Those of the places whose names have room: the first, and each that is far enough from all named before it."""
    room, named = LABEL_ROOM * np.ptp(points, axis=0).max(), [places[0]]
    for place in places[1:]:
        if np.linalg.norm(points[named] - points[place], axis=1).min() > room:
            named.append(int(place))
    return named


def _map_layout(deep: bool, written: list[dict[str, object]], theme: Theme) -> dict[str, object]:
    """Axes without numbers: on a map only nearness is meant to be read."""
    colors = palette(theme)
    bare = {"showticklabels": False, "title": {"text": ""}, "showgrid": True, "gridcolor": colors.faint}
    layout = {"height": 560, "legend": {"itemsizing": "constant"}, "margin": {"t": 64}, "hovermode": "closest"}
    if deep:
        walls = bare | {"backgroundcolor": colors.paper, "showspikes": False, "zeroline": False}
        scene = {"xaxis": walls, "yaxis": walls, "zaxis": walls, "bgcolor": colors.paper, "dragmode": "orbit"}
        return layout | {"scene": scene | {"annotations": written}}
    return layout | {"xaxis": bare, "yaxis": bare, "dragmode": "pan", "annotations": written}


def fan_figure(cosines: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Arrows at the true angle to the first sentence's, and their cosines; a slider over layers in the browser.

    cosines: (2, L+1) of the word in the second and the third sentence to the word in the first.
    """
    layers = np.arange(cosines.shape[1])
    angles = np.degrees(np.arccos(cosines.clip(-1, 1)))  # (2, L+1)
    panels = [
        Panel(words["angles"], _arrows(angles[:, 0], theme), *_plane(angles)),
        Panel(words["cosine_to_first"], [*_curves(layers, cosines, theme), _here(layers[0], cosines[:, 0], theme)],
              {"title": {"text": words["layer"]}, "tickvals": layers, "showgrid": False}, {"nticks": 5}),
    ]  # fmt: skip
    layout = {"height": 760, "sliders": [_slider(layers, words, theme)], "showlegend": False, "margin": {"r": 40}}
    drawn = stacked(panels, layout, theme, gap=0.16)
    moving = [0, 1, 2, len(drawn.data) - 1]
    drawn.frames = [
        {"name": str(layer), "traces": moving,
         "data": [*_arrows(angles[:, layer], theme), _here(layer, cosines[:, layer], theme)]}
        for layer in layers
    ]  # fmt: skip
    return drawn


def _arrows(angles: np.ndarray, theme: Theme) -> list[dict[str, object]]:
    """Three arrows of length 1: the first to the right, one turned upwards and one downwards. angles: (2,) degrees."""
    colors = palette(theme).categories
    turns = np.radians([0.0, angles[0], -angles[1]])
    names = ("1", f"2 · {angles[0]:.0f}°", f"3 · {angles[1]:.0f}°")
    return [
        {
            "type": "scatter", "x": np.array([0, np.cos(turn)]), "y": np.array([0, np.sin(turn)]), "name": name,
            "mode": "lines+markers+text", "text": ["", name], "textposition": "middle right", "cliponaxis": False,
            "line": {"color": color, "width": 3, "dash": dash},
            "hovertemplate": "<b>%{fullData.name}</b><extra></extra>",
            "marker": {"symbol": "arrow", "size": [0, 16], "angleref": "previous", "color": color},
        }
        for turn, name, color, dash in zip(turns, names, colors, ("solid", "dash", "dot"), strict=False)
    ]  # fmt: skip


def _plane(angles: np.ndarray) -> tuple[dict[str, object], dict[str, object]]:
    """Axes that hold every arrow of every layer, as wide as high."""
    turns = np.radians(angles)
    up, down = max(np.sin(turns[0]).max(), 0.2), max(np.sin(turns[1]).max(), 0.2)
    bare = {"showticklabels": False, "showgrid": False}
    left = min(0.0, np.cos(turns).min()) - ROOM
    across = bare | {"range": [left, 1.3], "constrain": "domain"}
    return across, bare | {"range": [-down - ROOM, up + ROOM], "scaleanchor": "x", "constrain": "domain"}


def _curves(layers: np.ndarray, cosines: np.ndarray, theme: Theme) -> list[dict[str, object]]:
    return [
        {
            "type": "scatter", "x": layers, "y": values, "name": name, "mode": "lines+text", "cliponaxis": False,
            "line": {"color": color, "width": 2.5, "dash": dash}, "textposition": "middle right",
            "text": [""] * (len(layers) - 1) + [f" {name[0]}"], "hovertemplate": f"{name}<br>%{{x}}: <b>%{{y:.4f}}</b>",
        }
        for values, name, color, dash in zip(
            cosines, ("2 · 1", "3 · 1"), palette(theme).categories[1:], ("dash", "dot"), strict=False
        )
    ]  # fmt: skip


def _here(layer: int, cosines: np.ndarray, theme: Theme) -> dict[str, object]:
    """Where the slider stands on the two curves."""
    return {
        "type": "scatter", "x": np.array([layer, layer]), "y": cosines, "mode": "markers", "name": str(layer),
        "marker": {"size": 11, "color": palette(theme).ink, "symbol": "circle-open", "line": {"width": 2}},
        "xaxis": "x2", "yaxis": "y2", "hovertemplate": "<b>%{y:.4f}</b><extra></extra>",
    }  # fmt: skip


def _slider(layers: np.ndarray, words: Labels, theme: Theme) -> dict[str, object]:
    still = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}, "transition": {"duration": 0}}
    steps = [{"label": str(layer), "method": "animate", "args": [[str(layer)], still]} for layer in layers]
    now = {"prefix": f"{words['layer']} ", "font": {"size": 14}}
    colors = palette(theme)
    return {"steps": steps, "active": 0, "currentvalue": now, "pad": {"t": 56}, "bgcolor": colors.faint,
            "activebgcolor": colors.accent, "bordercolor": colors.faint}  # fmt: skip
