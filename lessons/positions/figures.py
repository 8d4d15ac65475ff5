"""The figures of the positions lesson that stand still: arrays and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Panel, Theme, composed, line, lines, paired_bars, palette, stacked

if TYPE_CHECKING:  # these bring torch, which a page must not wait for
    from lessons.positions.curves import Beyond, Pairs
    from lessons.positions.steps import Moved

Labels = Mapping[str, str]
Plain = dict[str, object]  # a trace, an axis or a layout as plain data
FAINTEST = 0.35  # of the lines of several heads


def moved_figure(with_them: "Moved", without: "Moved", words: Labels, theme: Theme) -> go.Figure:
    """How far each token's state moved when the order changed: with positions, and without."""
    names = (words["with_positions"], words["without_positions"])
    values = (with_them.after_all_layers, without.after_all_layers)
    return paired_bars(with_them.tokens, *values, names, AxisWords(x=words["moved"]), theme)


def layers_figure(with_them: "Moved", without: "Moved", words: Labels, theme: Theme) -> go.Figure:
    """How far the last token's state moved, before the first layer and after each."""
    series = {words["with_positions"]: with_them.last_token, words["without_positions"]: without.last_token}
    said = AxisWords(x=words["after_layer"], y=words["moved"])
    layers = np.arange(len(with_them.last_token))
    markers = [trace | {"mode": "lines+markers"} for trace in lines(layers, series, theme)]
    layout = line(layers, {}, said, theme).layout.to_plotly_json()
    return composed(markers, layout | {"showlegend": True, "xaxis": layout["xaxis"] | {"dtick": 1}}, theme)


def added_figure(apart: "Pairs", added: "Pairs", words: Labels, theme: Theme) -> go.Figure:
    """Product against distance: sine and cosine kept apart, and added up."""
    panels = [
        _cloud(words["kept_apart"], apart, words, theme, 0),
        _cloud(words["added_up"], added, words, theme, 3),
    ]
    return stacked(panels, {"height": 460, "showlegend": False, "margin": {"t": 40}}, theme, shared_x=True)


def distance_figure(ways: "Mapping[str, Pairs]", words: Labels, theme: Theme) -> go.Figure:
    """Product against distance for every way to tell a position: a dot for each pair of positions."""
    panels = [_cloud(words[f"way_{name}"], pairs, words, theme, row) for row, (name, pairs) in enumerate(ways.items())]
    layout = {"height": 60 + 180 * len(panels), "showlegend": False, "margin": {"t": 40}}
    return stacked(panels, layout, theme, gap=0.09, shared_x=True)


def _cloud(title: str, pairs: "Pairs", words: Labels, theme: Theme, color: int) -> Panel:
    dots = {
        "type": "scattergl" if len(pairs.values) > 5000 else "scatter", "x": pairs.distances, "y": pairs.values,
        "mode": "markers", "name": title, "hovertemplate": "%{x}<br><b>%{y:.6g}</b><extra></extra>",
        "marker": {"size": 5, "opacity": 0.55, "color": palette(theme).categories[color]},
    }  # fmt: skip
    said = f"{title} · {words['spread'].format(spread=f'{pairs.spread:.2g}' if pairs.spread > 1e-4 else '0')}"
    return Panel(said, [dots], {"title": {"text": words["distance"]}, "showgrid": False}, {"nticks": 5})


def alibi_figure(slopes: np.ndarray, bias: np.ndarray, weights: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """What ALiBi adds to the scores of each head, and the weights that follow where all else is equal."""
    axis = {"title": {"text": words["distance"]}, "showgrid": False}
    panels = [
        Panel(words["added_to_score"], _heads(slopes, bias, theme, True), axis),
        Panel(words["weight_alone"], _heads(slopes, weights, theme, False), axis, {"rangemode": "tozero"}),
    ]
    layout = {"height": 520, "margin": {"t": 96}, "legend": {"y": 1.08, "title": {"text": words["slope"]}}}
    return stacked(panels, layout, theme, shared_x=True)


def _heads(slopes: np.ndarray, values: np.ndarray, theme: Theme, named: bool) -> list[Plain]:
    """One line a head, fainter and fainter."""
    ink, fade = palette(theme).accent, np.linspace(1, FAINTEST, len(slopes))
    return [
        {
            "type": "scatter", "x": np.arange(values.shape[1]), "y": values[head], "mode": "lines",
            "name": slope_name(slope), "legendgroup": str(head), "showlegend": named, "opacity": float(fade[head]),
            "line": {"color": ink, "width": 2.5, "dash": ("solid", "dash", "dot")[head % 3]},
            "hovertemplate": "%{x}<br><b>%{y:.6g}</b>",
        }
        for head, slope in enumerate(slopes)
    ]  # fmt: skip


def slope_name(slope: float) -> str:
    """A power of one half as a fraction, anything else with three digits."""
    exact = Fraction(float(slope)).limit_denominator(1 << 12)
    return str(exact) if float(exact) == float(slope) else f"{slope:.3g}"


def beyond_figure(found: "Beyond", row_lengths: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Each way inside the trained length and beyond it. row_lengths: (P,), the length of each row of a real table."""
    trained = found.trained
    lengths = np.concatenate([row_lengths, np.full(trained, np.nan, dtype=row_lengths.dtype)])
    drawn = (
        ("beyond_learned", ((lengths, "solid"),)),
        ("beyond_sinusoids", ((found.slow, "solid"),)),
        ("beyond_rope", ((found.degrees, "solid"), (found.squeezed, "dot"))),
        ("beyond_alibi", ((found.bias, "solid"),)),
    )
    axis = {"title": {"text": words["position"]}, "showgrid": False, "range": [0, 2 * trained]}
    panels = [
        Panel(words[name], [_crossing(found.positions, *each, theme) for each in curves], axis, {"nticks": 4})
        for name, curves in drawn
    ]
    layout = {"height": 760, "showlegend": False, "margin": {"t": 40}, "shapes": _unseen(trained, theme)}
    return stacked(panels, layout, theme, gap=0.09, shared_x=True)


def _crossing(positions: np.ndarray, values: np.ndarray, dash: str, theme: Theme) -> Plain:
    colors = palette(theme)
    return {
        "type": "scatter", "x": positions, "y": values, "mode": "lines", "hovertemplate": "%{x}<br><b>%{y:.6g}</b>",
        "line": {"color": colors.accent if dash == "solid" else colors.categories[1], "dash": dash, "width": 2.5},
        "name": "",
    }  # fmt: skip


def _unseen(trained: int, theme: Theme) -> list[Plain]:
    """The region behind the trained length, faintly shaded in every panel."""
    box = {"type": "rect", "xref": "x4", "yref": "paper", "x0": trained, "x1": 2 * trained, "y0": 0, "y1": 1}
    return [box | {"fillcolor": palette(theme).faint, "opacity": 0.35, "line": {"width": 0}, "layer": "below"}]


def own_kind_figure(curves: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """What a model without a table has instead, over the distance of two tokens. curves: (N, distances)."""
    names: Sequence[str] = [words["agreement"]] if len(curves) == 1 else [f"{words['head']} {n}" for n in range(5)]
    series = dict(zip(names, curves, strict=False))
    return line(np.arange(curves.shape[1]), series, AxisWords(x=words["distance"]), theme)
