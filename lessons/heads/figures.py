"""The figures of the heads lesson: tensors and words in, `go.Figure` out. Maps of all heads are L rows by H columns."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Theme, bars, composed, heatmap, paired_bars, palette, safe_text

if TYPE_CHECKING:  # these modules bring torch, which a page must not wait for
    from lessons.heads.output import Summands
    from lessons.heads.steps import Role
    from lessons.heads.switching import Sweep

Labels = Mapping[str, str]
ROW, ROOM = 26, 104  # pixels: a layer, and what stands around a map
WRITTEN = 6  # up to so many heads a layer the numbers stand in the cells
FEWEST_BARS, MOST_BARS, LEAST = 3, 10, 1e-3  # of a row; what is less than that is no bar


def roles_figure(roles: Sequence["Role"], words: Labels, theme: Theme) -> go.Figure:
    """One map of all heads for each role, two beside each other, all on the scale from 0 to 1."""
    rows = (len(roles) + 1) // 2
    traces, axes, titles = [], {}, []
    layers, heads = roles[0].scores.shape
    low = (1 - 0.16 * (rows - 1)) / rows  # height of a panel, with a gap between two
    for place, role in enumerate(roles):
        row, column, number = place // 2, place % 2, place + 1
        left, bottom = column * 0.54, (rows - 1 - row) * (low + 0.16)
        cells = _cells(role.scores, words["score"], words, theme, written=heads <= 4)
        traces.append(cells | {"xaxis": f"x{number}", "yaxis": f"y{number}"})
        axes[f"xaxis{number}"] = _axis(heads) | {"domain": [left, left + 0.46], "anchor": f"y{number}"}
        axes[f"yaxis{number}"] = _axis(layers) | {
            "domain": [bottom, bottom + low], "anchor": f"x{number}", "autorange": "reversed",
            "title": {"text": words["layer"] if column == 0 else ""},
        }  # fmt: skip
        axes[f"xaxis{number}"]["title"] = {"text": words["head"] if row == rows - 1 else ""}
        titles.append(_title(words[role.name], left, bottom + low))
    height = rows * (layers * ROW + 70) + 30
    return composed(traces, axes | {"annotations": titles, "height": height, "margin": {"t": 40}}, theme)


def _title(text: str, x: float, y: float) -> dict[str, object]:
    return {"text": text, "x": x, "xanchor": "left", "xref": "paper", "y": y, "yanchor": "bottom", "yref": "paper",
            "showarrow": False, "font": {"size": 14}}  # fmt: skip


def _axis(count: int) -> dict[str, object]:
    """Layers or heads, counted from 0; many of them get fewer numbers."""
    step = 1 if count <= 16 else 4
    return {"tickvals": np.arange(0, count, step), "showgrid": False, "tickangle": 0, "zeroline": False}


def _cells(
    values: np.ndarray, name: str, words: Labels, theme: Theme, *, reach: float = 1.0, signed: bool = False,
    written: bool = True,
) -> dict[str, object]:  # fmt: skip
    """All heads as cells: values (L, H); what is NaN stays empty."""
    colors = palette(theme)
    return {
        "type": "heatmap", "z": np.asarray(values), "xgap": 1, "ygap": 1, "zmin": -reach if signed else 0.0,
        "zmax": reach, "colorscale": colors.diverging if signed else colors.sequential, "showscale": False,
        "texttemplate": "%{z:.2f}" if written else None, "textfont": {"size": 12}, "hoverongaps": False,
        "hovertemplate": f"{words['layer']} %{{y}}, {words['head']} %{{x}}<br>{name} <b>%{{z:.6g}}</b><extra></extra>",
    }  # fmt: skip


def scores_figure(scores: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Induction scores of all heads, (L, H): from -1 to 1, zero has the colour of the paper."""
    return _one_map(scores, range(len(scores)), words["induction_score"], words, theme, 1.0)


def sweep_figure(swept: "Sweep", words: Labels, theme: Theme) -> go.Figure:
    """Change of the right word's probability with each head off, (layers, H)."""
    return _one_map(swept.changes, swept.layers, words["change"], words, theme, 1.0)


def _one_map(
    values: np.ndarray, layers: Sequence[int], name: str, words: Labels, theme: Theme, reach: float
) -> go.Figure:
    rows, heads = values.shape
    cells = _cells(values, name, words, theme, reach=reach, signed=True, written=heads <= WRITTEN)
    bar = {"orientation": "h", "thickness": 8, "len": 0.5, "x": 0, "xanchor": "left", "y": 0, "yanchor": "top",
           "ypad": 12, "outlinewidth": 0, "nticks": 5, "title": {"text": name, "side": "top"},
           "tickfont": {"size": 11}}  # fmt: skip
    layout = {
        "xaxis": _axis(heads) | {"side": "top", "title": {"text": words["head"]}},
        "yaxis": {
            "tickvals": np.arange(rows), "ticktext": [str(layer) for layer in layers], "showgrid": False,
            "autorange": "reversed", "title": {"text": words["layer"]},
        },
        "height": rows * ROW + ROOM + 40, "margin": {"t": 48},
    }  # fmt: skip
    return composed([cells | {"y": np.arange(rows), "showscale": True, "colorbar": bar}], layout, theme)


def looks_figure(
    tokens: Sequence[str], attn_weights: np.ndarray, cells: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """One head's map (T, S); rings mark the cells (T, S) whose weights its score counts."""
    drawn = weights_figure(tokens, attn_weights, words, theme).update_traces(texttemplate=None)
    rows, columns = np.nonzero(cells)
    rings = {
        "x": columns, "y": rows, "mode": "markers", "hoverinfo": "skip", "showlegend": False,
        "marker": {"symbol": "circle-open", "size": 15 if len(tokens) <= 24 else 7, "color": palette(theme).accent,
                   "line": {"width": 2}},
    }  # fmt: skip
    return drawn.add_scatter(**rings)


def weights_figure(tokens: Sequence[str], attn_weights: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """One head's map, (T, S), on the scale from 0 to 1."""
    said = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    return heatmap(attn_weights, tokens, tokens, said, theme, limit=1.0)


def way_figure(tokens: Sequence[str], values: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """One of the three ways to draw a layer, (T, S), each row summing to 1; no numbers, it stands beside others."""
    said = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["share"])
    return heatmap(values, tokens, tokens, said, theme, limit=1.0).update_traces(texttemplate=None)


def row_figure(
    tokens: Sequence[str], weights: np.ndarray, relative: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """One word's row: weights, and lengths of what it is handed, both (S,); the largest of them, in text order."""
    largest = np.maximum(weights, relative)  # (S,)
    order = np.argsort(-largest, kind="stable")
    shown = np.sort(order[: np.clip((largest >= LEAST).sum(), FEWEST_BARS, MOST_BARS)])
    names, said = (words["weight"], words["handed"]), AxisWords(x=words["share"])
    return paired_bars([tokens[place] for place in shown], weights[shown], relative[shown], names, said, theme)


def summands_figure(found: "Summands", words: Labels, theme: Theme) -> go.Figure:
    """What each head adds at one word, (C,) a row; their sum; what the network's own table gives; lengths beside."""
    rows = np.vstack([found.heads, found.bias, found.total, found.whole])  # (H + 3, C)
    names = [f"{words['head']} {head}" for head in range(len(found.heads))]
    names += [words["bias"], words["total"], words["whole"]]
    reach = float(np.abs(rows).max(initial=0.0)) or 1.0
    cells = {
        "type": "heatmap", "z": rows, "zmin": -reach, "zmax": reach, "colorscale": palette(theme).diverging, "ygap": 4,
        "showscale": False, "hovertemplate": "%{y}, %{x}: <b>%{z:.6g}</b><extra></extra>",
    }  # fmt: skip
    beside = {
        "type": "bar", "x": np.linalg.norm(rows, axis=1), "y": np.arange(len(rows)), "orientation": "h",
        "xaxis": "x2", "yaxis": "y2", "marker": {"color": palette(theme).accent}, "texttemplate": "%{x:.3~g}",
        "hovertemplate": f"%{{y}}<br>{words['length']} <b>%{{x:.6g}}</b><extra></extra>", "cliponaxis": False,
        "textfont": {"size": 12}, "textposition": "auto",
    }  # fmt: skip
    layout = {
        "xaxis": {"title": {"text": words["coordinate"]}, "showgrid": False, "domain": [0, 0.72], "side": "top"},
        "yaxis": {"tickvals": np.arange(len(rows)), "ticktext": names, "autorange": "reversed", "showgrid": False},
        "xaxis2": {"title": {"text": words["length"]}, "domain": [0.76, 1], "anchor": "y2", "side": "top", "nticks": 3,
                   "rangemode": "tozero"},
        "yaxis2": {"matches": "y", "autorange": "reversed", "showticklabels": False, "showgrid": False, "anchor": "x2"},
        "height": len(rows) * ROW + 80, "showlegend": False, "margin": {"t": 48},
    }  # fmt: skip
    return composed([cells, beside], layout, theme)


def together_figure(
    off: Sequence[tuple[int, int]], alone: np.ndarray, together: float, token: str, words: Labels, theme: Theme
) -> go.Figure:
    """Change of one word's probability: each head off by itself, (N,); those added up; and all of them off at once."""
    names = [words["where"].format(layer=layer, head=head) for layer, head in off]
    values = np.append(alone, [alone.sum(), together])
    said = AxisWords(x=words["change_of"].format(word=safe_text(token.strip())))
    drawn = bars([*names, words["added_up"], words["at_once"]], values, said, theme)
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = 0.3 * (high - low)  # the numbers stand outside their bars, to the left of a fall
    return drawn.update_xaxes(range=[low - room * (low < 0), high + room * (high > 0)])
