"""Figures that move in the browser: a probability pushed away from its count, and a trellis that grows word by word."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import Theme, labels, palette, safe_text, template
from lessons.language_models.figures import named
from lessons.numbers import readable

if TYPE_CHECKING:
    from lessons.language_models.hidden import Trellis
    from lessons.language_models.likelihood import Likelihood

Labels = Mapping[str, str]
Plain = dict[str, object]
STILL = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}}  # for bars too
SHOWN_WORDS = 7  # bars of the likelihood figure
LARGEST = 26  # pixels: a state that is certain
NEVER = -40.0  # log of a probability too small to be drawn


def likelihood_figure(found: "Likelihood", words: Labels, theme: Theme) -> go.Figure:
    """Above, the probabilities of the words; below, what the likelihood of the text becomes. The slider moves both."""
    colors = palette(theme)
    shown = labels(named(found.words[:SHOWN_WORDS], words))
    counted = _bars(found.rows[found.best], shown, words["counted"], colors.faint)
    curve = {
        "type": "scatter", "x": found.probs, "y": found.bits, "mode": "lines", "xaxis": "x2", "yaxis": "y2",
        "line": {"color": colors.ink, "width": 2}, "hovertemplate": "%{x:.3g}<br><b>%{y:.5g}</b><extra></extra>",
        "showlegend": False,
    }  # fmt: skip
    moments = [
        [_bars(row, shown, words["moved"], colors.accent), _dot(p, bits, colors.categories[3])]
        for p, bits, row in zip(found.probs, found.bits, found.rows, strict=True)
    ]
    said = [
        f"{readable(p)} · {readable(bits, 4).replace('-', '−')} {words['bits']}"
        for p, bits in zip(found.probs, found.bits, strict=True)
    ]
    prefix = f"P({shown[found.moved]}) ="
    layout = {
        "barmode": "group", "height": 520, "margin": {"t": 30}, "legend": {"y": 1.02},
        "xaxis": {"tickvals": np.arange(len(shown)), "ticktext": shown, "anchor": "y", "tickangle": 0},
        "yaxis": {"domain": [0.58, 1], "range": [0, 1], "title": {"text": words["probability"]}, "anchor": "x"},
        "xaxis2": {"anchor": "y2", "title": {"text": prefix.removesuffix(" =")}, "range": [0, 1]},
        "yaxis2": {"anchor": "x2", "domain": [0, 0.4], "title": {"text": words["log_likelihood_short"]}},
    }  # fmt: skip
    return _moving([counted, curve], moments, layout, said, prefix, theme, found.best)


def _bars(row: np.ndarray, shown: Sequence[str], name: str, color: str) -> Plain:
    return {
        "type": "bar", "x": np.arange(len(shown)), "y": row[: len(shown)], "name": name, "marker": {"color": color},
        "hovertemplate": "%{x}<br><b>%{y:.4g}</b><extra></extra>",
    }  # fmt: skip


def _dot(x: float, y: float, color: str) -> Plain:
    return {
        "type": "scatter", "x": np.array([x]), "y": np.array([y]), "mode": "markers", "xaxis": "x2", "yaxis": "y2",
        "marker": {"size": 13, "color": color}, "showlegend": False, "hoverinfo": "skip",
    }  # fmt: skip


def trellis_figure(found: "Trellis", way: str, words: Labels, theme: Theme) -> go.Figure:
    """States over words, drawn word by word: way "forward" or "viterbi", whose path is then followed back."""
    colors, size = palette(theme), _sizes(found, way)
    T, K = size.shape
    x, y = (each.ravel() for each in np.meshgrid(np.arange(T), np.arange(K), indexing="ij"))
    empty = {
        "type": "scatter", "x": x, "y": y, "mode": "markers", "hoverinfo": "skip", "showlegend": False,
        "marker": {"size": 5, "color": colors.faint},
    }  # fmt: skip
    steps = T if way == "forward" else 2 * T
    moments = [_moment(found, way, size, min(step, T - 1), max(0, step - T + 1), theme, words) for step in range(steps)]
    shown = labels(named(found.words, words))
    said = [f"{step + 1} · {shown[min(step, T - 1)] if step < T else words['way_back']}" for step in range(steps)]
    names = [f"{state}: {safe_text(name, 14)}" for state, name in enumerate(_names(found, words))]
    layout = {
        "xaxis": {"tickvals": np.arange(T), "ticktext": shown, "side": "top", "tickangle": -45, "showgrid": False,
                  "range": [-0.5, T - 0.5], "ticklabeloverflow": "allow"},
        "yaxis": {"tickvals": np.arange(K), "ticktext": names, "showgrid": False, "range": [K - 0.4, -0.6]},
        "height": 42 * K + 190, "margin": {"r": 36, "t": 40},
    }  # fmt: skip
    return _moving([empty], moments, layout, said, words["step"], theme, steps - 1)


def _sizes(found: "Trellis", way: str) -> np.ndarray:
    """How large each state is drawn, 0 to 1, (T, K): its probability, or its likeliest way beside the best one."""
    if way == "forward":
        return found.alpha
    return np.exp(np.maximum(found.delta - found.delta.max(axis=1, keepdims=True), NEVER))


def _names(found: "Trellis", words: Labels) -> list[str]:
    from model_utils.meadow import END

    return [name.replace(END, words["end"]) for name in found.names]


def _moment(
    found: "Trellis", way: str, size: np.ndarray, upto: int, back: int, theme: Theme, words: Labels
) -> list[Plain]:
    """The traces of one step: ways into the states so far, the states, and the piece of the path that is known."""
    colors, (T, K) = palette(theme), size.shape
    values = np.where(np.arange(T)[:, None] <= upto, size, 0.0).astype(np.float32)
    x, y = (each.ravel() for each in np.meshgrid(np.arange(T), np.arange(K), indexing="ij"))
    edges = _ways(found, upto) if way == "viterbi" else _all_ways(K, upto)
    path = [(t, found.path[t]) for t in range(T - back, T)] if back else []
    value = words["alpha" if way == "forward" else "delta"]
    return [
        _line(edges, colors.faint, 1.2),
        {
            "type": "scatter", "x": x, "y": y, "mode": "markers", "showlegend": False, "customdata": values.ravel(),
            "hovertemplate": f"{value} <b>%{{customdata:.4g}}</b><extra></extra>",
            "marker": {"size": (LARGEST * np.sqrt(values)).ravel(), "color": colors.accent, "opacity": 1},
        },
        _line(path, colors.categories[3], 4),
    ]  # fmt: skip


def _ways(found: "Trellis", upto: int) -> list[tuple[float, float]]:
    """The one way kept into each state of each word: pairs of points, a gap after each."""
    kept = [
        ((t - 1, int(found.came_from[t, j])), (t, j)) for t in range(1, upto + 1) for j in range(found.alpha.shape[1])
    ]
    return [point for start, end in kept for point in (start, end, (np.nan, np.nan))]


def _all_ways(K: int, upto: int) -> list[tuple[float, float]]:
    """All ways into the states of the last word so far: the forward sum takes every one."""
    every = [((upto - 1, i), (upto, j)) for i in range(K) for j in range(K)] if upto else []
    return [point for start, end in every for point in (start, end, (np.nan, np.nan))]


def _line(points: Sequence[tuple[float, float]], color: str, width: float) -> Plain:
    x, y = (
        np.array(points, dtype=np.float32).reshape(-1, 2).T if points else np.full((2, 1), np.nan)
    )  # never empty: a frame without points would leave the old ones standing
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines", "line": {"color": color, "width": width},
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _moving(
    still: Sequence[Plain], moments: Sequence[Sequence[Plain]], layout: Plain, said: Sequence[str], prefix: str,
    theme: Theme, shown: int,
) -> go.Figure:  # fmt: skip
    """Traces that stay, then those that move: a frame a moment, and Plotly's own slider, which asks nobody."""
    colors, moving = palette(theme), [len(still) + place for place in range(len(moments[0]))]
    frames = [
        {"name": str(at), "traces": moving, "data": [_points(each) for each in now]} for at, now in enumerate(moments)
    ]
    steps = [{"method": "animate", "args": [[str(at)], STILL], "label": label} for at, label in enumerate(said)]
    slider = {
        "active": shown, "steps": steps, "ticklen": 0, "minorticklen": 0, "pad": {"t": 44, "b": 4}, "len": 1, "x": 0,
        "font": {"color": "rgba(0,0,0,0)", "size": 1}, "bgcolor": colors.accent, "activebgcolor": colors.ink,
        "currentvalue": {"prefix": f"{prefix} ", "font": {"size": 14, "color": colors.ink}, "xanchor": "left"},
        "bordercolor": colors.accent,
    }  # fmt: skip
    plain = {"template": template(theme), **layout, "sliders": [slider]}
    return go.Figure(data=[*still, *moments[shown]], layout=plain, frames=frames)  # validated once


def _points(trace: Plain) -> Plain:
    """What of a trace changes from moment to moment: the states their sizes, all others their points."""
    if "customdata" in trace:
        return {"type": trace["type"], "customdata": trace["customdata"], "marker": {"size": trace["marker"]["size"]}}
    return {name: trace[name] for name in ("type", "x", "y")}
