"""Figures that move in the browser: hands and arrows that turn as a slider goes from position to position."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import Theme, palette, template

if TYPE_CHECKING:  # curves.py brings torch, which a page must not wait for
    from lessons.positions.curves import Arrows

Labels = Mapping[str, str]
Plain = dict[str, object]
ACROSS = 4  # dials beside each other, so that a phone shows them large enough
ROW_HEIGHT = 112  # pixels
SHOWN = 7  # the position that an untouched figure shows
APART = 2.5  # between the middles of two dials of radius 1
ROW = 3.1  # between two rows of dials, their words included
TURN = np.linspace(0, 2 * np.pi, 41, dtype=np.float32)
STILL = {"mode": "immediate", "frame": {"duration": 0, "redraw": False}, "transition": {"duration": 0}}


def clocks_figure(table: np.ndarray, wavelengths: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """A clock for each frequency: the hand of position p ends at (sine, cosine). table: (P, C); wavelengths: (C/2,)."""
    pairs = table.reshape(len(table), -1, 2).astype(np.float32)  # (P, C/2, 2)
    middles, colors = _middles(pairs.shape[1]), palette(theme)
    still = [_dials(middles, theme), _names([_short(turn) for turn in wavelengths], middles, theme)]
    moments = [[_hands(each, middles, colors.accent, words["hand"])] for each in pairs]
    layout = _face(-(-len(middles) // ACROSS), min(ACROSS, len(middles)))
    layout["height"] = 120 + ROW_HEIGHT * -(-len(middles) // ACROSS)
    return _moving(still, moments, layout, words["position"], theme, shown=min(SHOWN, len(pairs) - 1))


def arrows_figure(arrows: "Arrows", first: int, words: Labels, theme: Theme) -> go.Figure:
    """Query and key turning pair by pair, and their product below; `first`: the query's position in the first frame."""
    count, middles, colors = len(arrows.product), _middles(arrows.query.shape[1]), palette(theme)
    places = np.arange(count, dtype=np.float32) + first
    whole = {"type": "scatter", "x": places, "y": arrows.product, "mode": "lines", "xaxis": "x2", "yaxis": "y2",
             "line": {"color": colors.faint, "width": 2}, "showlegend": False, "hoverinfo": "skip"}  # fmt: skip
    still = [_dials(middles, theme), whole]
    moments = [
        [
            _hands(arrows.query[at], middles, colors.accent, words["query"]),
            _hands(arrows.key[at], middles, colors.categories[1], words["key"], "dash"),
            _dot(places[at], arrows.product[at], words, theme),
        ]
        for at in range(count)
    ]
    layout = _face(1, len(middles)) | {
        "xaxis2": {"anchor": "y2", "showgrid": False},
        "yaxis2": {"anchor": "x2", "domain": [0, 0.5], "title": {"text": "q·k"}, "range": _room(arrows)},
        "height": 440, "showlegend": True, "margin": {"t": 40},
    }  # fmt: skip
    layout["yaxis"] |= {"domain": [0.6, 1]}
    return _moving(still, moments, layout, words["query_position"], theme, first)


def _slider(count: int, prefix: str, theme: Theme, first: int, shown: int) -> Plain:
    """Plotly's own slider over the frames named "0", "1" ...: it asks nobody. Its labels begin with `first`."""
    colors = palette(theme)
    steps = [{"method": "animate", "args": [[str(n)], STILL], "label": str(n + first)} for n in range(count)]
    return {
        "active": shown, "steps": steps, "ticklen": 0, "minorticklen": 0, "pad": {"t": 28, "b": 4}, "len": 1, "x": 0,
        "font": {"color": "rgba(0,0,0,0)", "size": 1}, "bgcolor": colors.accent, "activebgcolor": colors.ink,
        "currentvalue": {"prefix": f"{prefix} ", "font": {"size": 14, "color": colors.ink}, "xanchor": "left"},
        "bordercolor": colors.accent,
    }  # fmt: skip


def _moving(
    still: Sequence[Plain],
    moments: Sequence[Sequence[Plain]],
    layout: Plain,
    prefix: str,
    theme: Theme,
    first: int = 0,
    shown: int = 0,
) -> go.Figure:
    """The traces that stay, then those that move: each moment is a frame that holds the moving ones' points alone.

    The slider's words are `prefix` and the number of the moment, counted from `first`; `shown` is the first picture.
    """
    moving = [len(still) + n for n in range(len(moments[0]))]
    frames = [
        {
            "name": str(at),
            "traces": moving,
            "data": [{"type": "scatter", "x": each["x"], "y": each["y"]} for each in now],
        }
        for at, now in enumerate(moments)
    ]
    slider = _slider(len(moments), prefix, theme, first, shown)
    plain = {"template": template(theme), **layout, "sliders": [slider]}
    return go.Figure(data=[*still, *moments[shown]], layout=plain, frames=frames)  # validated once


def _middles(count: int) -> np.ndarray:
    """Where the middle of each dial is, (count, 2), row by row."""
    places = np.arange(count)
    return np.stack([places % ACROSS * APART, -(places // ACROSS) * ROW], axis=1).astype(np.float32)


def _joined(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of a drawing, (N, K, 2), as one line with a gap after each piece."""
    gaps = np.full((len(parts), 1, 2), np.nan, dtype=np.float32)
    points = np.concatenate([parts, gaps], axis=1).reshape(-1, 2)
    return points[:, 0], points[:, 1]


def _dials(middles: np.ndarray, theme: Theme) -> Plain:
    circle = np.stack([np.sin(TURN), np.cos(TURN)], axis=1)  # (K, 2)
    x, y = _joined(middles[:, None] + circle[None])
    line = {"color": palette(theme).faint, "width": 1.5}
    return {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "hoverinfo": "skip", "showlegend": False}


def _names(names: Sequence[str], middles: np.ndarray, theme: Theme) -> Plain:
    return {
        "type": "scatter", "x": middles[:, 0], "y": middles[:, 1] - 1.35, "mode": "text", "text": list(names),
        "textfont": {"size": 12, "color": palette(theme).ink}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _hands(tips: np.ndarray, middles: np.ndarray, color: str, name: str, dash: str = "solid") -> Plain:
    """A hand from the middle of each dial to its tip, (N, 2), with a mark at the tip."""
    x, y = _joined(np.stack([middles, middles + tips], axis=1))
    size = np.tile(np.array([0, 9, 0], dtype=np.float32), len(tips))
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines+markers", "line": {"color": color, "width": 3, "dash": dash},
        "marker": {"size": size, "color": color}, "name": name, "hoverinfo": "skip",
    }  # fmt: skip


def _dot(x: float, y: float, words: Labels, theme: Theme) -> Plain:
    return {
        "type": "scatter", "x": np.array([x]), "y": np.array([y]), "mode": "markers", "xaxis": "x2", "yaxis": "y2",
        "marker": {"size": 11, "color": palette(theme).categories[3]}, "showlegend": False, "name": "q·k",
        "hovertemplate": "%{x}<br><b>%{y:.6g}</b>",
    }  # fmt: skip


def _room(arrows: "Arrows") -> list[float]:
    """All that the product could be, the same for every figure of these arrows."""
    lengths = np.linalg.norm(arrows.query[0], axis=1) * np.linalg.norm(arrows.key[0], axis=1)
    reach = 1.1 * float(lengths.sum())
    return [-reach, reach]


def _short(turn: float) -> str:
    return f"{turn:.3g}" if turn < 1000 else f"{turn:,.0f}"


def _face(rows: int, across: int) -> Plain:
    """Axes in which a circle is round, and that show nothing of themselves."""
    bare = {"showgrid": False, "showticklabels": False, "fixedrange": True}
    return {
        "xaxis": bare | {"range": [-1.2, (across - 1) * APART + 1.2]},
        "yaxis": bare | {"scaleanchor": "x", "range": [-(rows - 1) * ROW - 1.8, 1.2]},
        "showlegend": False, "margin": {"t": 8},
    }  # fmt: skip
