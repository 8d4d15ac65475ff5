"""The figures of the attention lesson: tensors and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import (
    AxisWords,
    Panel,
    Theme,
    composed,
    heatmap,
    heatmap_parts,
    labels,
    lines,
    paired_bars,
    palette,
    rows_height,
    stacked,
    strip,
)
from lessons.numbers import readable

if TYPE_CHECKING:  # steps.py brings torch, which a page must not wait for
    from lessons.attention.steps import Saturation, Steps
    from lessons.attention.tables import Projected

Labels = Mapping[str, str]


def steps_figure(tokens: Sequence[str], steps: "Steps", words: Labels, theme: Theme) -> go.Figure:
    """One query's arithmetic as a table: a row a key token, a column a step, each column on its own colour scale."""
    columns = (
        (words["product"], steps.products, True),
        (words["score"], steps.scores, True),
        (words["weight"], steps.weights, False),
        (words["contribution"], steps.contributions, False),
    )
    layout = {
        "xaxis": {
            "side": "top", "tickvals": np.arange(len(columns)), "showgrid": False, "tickangle": 0,
            "ticktext": [name.replace(" ", "<br>", 1) for name, _, _ in columns],
        },
        "yaxis": {
            "tickvals": np.arange(len(tokens)), "ticktext": labels(tokens), "autorange": "reversed", "showgrid": False,
            "title": {"text": words["looks_at"]},
        },
        "height": rows_height(len(tokens)) + 90,
    }  # fmt: skip
    return composed([_column(place, *column, theme) for place, column in enumerate(columns)], layout, theme)


def _column(place: int, name: str, values: np.ndarray, signed: bool, theme: Theme) -> dict[str, object]:
    """One step of every key: values (S,); what the mask hides (-inf) stays empty."""
    shown = np.where(np.isfinite(values), values, np.nan)
    reach = float(np.nanmax(np.abs(shown), initial=0.0)) or 1.0
    return {
        "type": "heatmap", "z": shown[:, None], "x": [place], "y": np.arange(len(values)), "name": name, "xgap": 6,
        "ygap": 1, "showscale": False, "zmin": -reach if signed else 0.0, "zmax": reach, "hoverongaps": False,
        "colorscale": palette(theme).diverging if signed else palette(theme).sequential,
        "text": [[readable(value) if np.isfinite(value) else ""] for value in values], "texttemplate": "%{text}",
        "hovertemplate": f"%{{y}}<br>{name} <b>%{{z:.6g}}</b><extra></extra>",
    }  # fmt: skip


def weights_figure(
    tokens: Sequence[str], attn_weights: np.ndarray, entropy: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """The whole map of one head, and beside each row its entropy. attn_weights: (T, S); entropy: (T,) in bits."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    cells, layout = heatmap_parts(attn_weights, tokens, tokens, axis_words, theme)
    cells |= {"texttemplate": None}  # beside the bars a phone has no room for numbers, nor for a title above them
    beside = {
        "type": "bar", "x": entropy, "y": np.arange(len(tokens)), "orientation": "h", "xaxis": "x2", "yaxis": "y2",
        "marker": {"color": palette(theme).accent},
        "hovertemplate": f"%{{y}}<br>{words['entropy']} <b>%{{x:.4g}}</b><extra></extra>",
    }  # fmt: skip
    layout["xaxis"] |= {"domain": [0, 0.73]}
    layout |= {
        "xaxis2": {
            "title": {"text": words["entropy"]}, "side": "bottom", "rangemode": "tozero", "nticks": 3,
            "domain": [0.76, 1], "anchor": "y2",
        },
        "yaxis2": {"autorange": "reversed", "showgrid": False, "matches": "y", "showticklabels": False, "anchor": "x2"},
        "showlegend": False,
    }  # fmt: skip
    return composed([cells, beside], layout, theme)


def map_figure(tokens: Sequence[str], weights: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Weights of one head, (T, S), on the full scale from 0 to 1."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    return heatmap(weights, tokens, tokens, axis_words, theme, limit=1.0)


def plane_figure(
    tokens: Sequence[str], values: np.ndarray, outputs: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """Values and outputs of the toy as points of the plane, both (3, 2): every output lies inside the triangle."""
    colors, names = palette(theme), labels(tokens)
    corners = np.vstack([values, values[:1]])
    triangle = {
        "type": "scatter", "x": corners[:, 0], "y": corners[:, 1], "mode": "lines", "fill": "toself",
        "line": {"color": colors.faint, "width": 1.5}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    clouds = [
        {
            "type": "scatter", "x": points[:, 0], "y": points[:, 1], "mode": "markers+text",
            "text": _once(names, points), "name": name, "textposition": position, "cliponaxis": False,
            "marker": {"symbol": symbol, "size": 12, "color": color, "line": {"width": 2}},
            "hovertemplate": "%{text} (%{x:.4g}, %{y:.4g})",
        }
        for name, points, color, symbol, position in (
            (words["values"], values, colors.ink, "circle", "top center"),
            (words["outputs"], outputs, colors.accent, "diamond-open", "bottom center"),
        )
    ]  # fmt: skip
    axis = {"zeroline": True, "zerolinecolor": colors.faint}
    layout = {"xaxis": axis, "yaxis": axis | {"scaleanchor": "x"}, "height": 320}
    return composed([triangle, *clouds], layout, theme)


def _once(names: Sequence[str], points: np.ndarray) -> list[str]:
    """A label for each point; points that coincide share the first one's, so that no two are drawn over each other."""
    places = [tuple(point) for point in points.round(2)]
    together = [
        ", ".join(name for name, other in zip(names, places, strict=True) if other == place) for place in places
    ]
    return [label if places.index(places[at]) == at else "" for at, label in enumerate(together)]


def random_weights_figure(with_scaling: np.ndarray, without: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Weights of one random query, scaled beside unscaled, both (S,)."""
    keys = [f"k{chr(0x2080 + place)}" for place in range(1, len(with_scaling) + 1)]  # k₁, k₂ ...
    names = (words["with_scaling"], words["without_scaling"])
    return paired_bars(keys, with_scaling, without, names, AxisWords(x=words["weight"]), theme).update_xaxes(
        range=[0, 1]
    )


def saturation_figure(found: "Saturation", words: Labels, theme: Theme) -> go.Figure:
    """Entropy of the weights, and how far they still move, against the head width.

    The same whatever the learner does, so a browser need not draw it again with every step of the slider.
    """
    measures = {
        words["entropy"]: (found.entropy_scaled, found.entropy_unscaled),
        words["response"]: (found.response_scaled, found.response_unscaled),
    }
    names = (words["with_scaling"], words["without_scaling"])
    axis = {"type": "log", "tickvals": found.widths[::2], "showgrid": False, "title": {"text": words["width"]}}
    panels = [
        Panel(title, _named_once(lines(found.widths, dict(zip(names, pair, strict=True)), theme), row == 0), axis,
              {"rangemode": "tozero"})
        for row, (title, pair) in enumerate(measures.items())
    ]  # fmt: skip
    layout = {"height": 460, "margin": {"t": 64}, "legend": {"y": 1.08}}
    return stacked(panels, layout, theme, shared_x=True)


def _named_once(traces: list[dict[str, object]], first: bool) -> list[dict[str, object]]:
    """The second panel's lines are the first one's, and need no second entry in the legend."""
    return [trace | {"showlegend": first} for trace in traces]


def layer_entropy_figure(intact: np.ndarray, broken: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Mean entropy of each layer's rows, both (L,) in bits: as it is, and without the division."""
    layers = [f"{words['layer']} {layer}" for layer in range(len(intact))]
    names = (words["with_scaling"], words["without_scaling"])
    return paired_bars(layers, intact, broken, names, AxisWords(x=words["mean_entropy"]), theme)


def asymmetry_figure(tokens: Sequence[str], difference: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """score(i, j) - score(j, i), (T, T): all paper if the two were equal."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["difference"])
    return heatmap(difference, tokens, tokens, axis_words, theme, diverging=True)


def strips_figure(made: "Projected", place: int, words: Labels, theme: Theme) -> go.Figure:
    """One word's state (C,), and the query, key and value made of it (D,): strips of cells, each on its own scale."""
    strips = {"state": made.states, "query": made.queries, "key": made.keys, "value": made.values}
    hidden = {"showticklabels": False, "showgrid": False}
    panels = [Panel(words[name], [strip(made[place], theme)], hidden, hidden) for name, made in strips.items()]
    return stacked(panels, {"height": 72 * len(strips) + 24}, theme, gap=0.12)
