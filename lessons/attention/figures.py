"""The figures of the attention lesson: tensors and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lessons.figures import AxisWords, Theme, heatmap, labels, line, paired_bars, palette, rows_height, template

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
    figure, rows = go.Figure(), np.arange(len(tokens))
    for place, (name, values, signed) in enumerate(columns):
        _add_column(figure, place, name, values, signed, theme)
    names = [name.replace(" ", "<br>", 1) for name, _, _ in columns]
    figure.update_xaxes(side="top", tickvals=np.arange(len(columns)), ticktext=names, showgrid=False, tickangle=0)
    figure.update_yaxes(tickvals=rows, ticktext=labels(tokens), autorange="reversed", showgrid=False)
    return figure.update_layout(
        template=template(theme), height=rows_height(len(tokens)) + 90, yaxis_title=words["looks_at"]
    )


def _add_column(figure: go.Figure, place: int, name: str, values: np.ndarray, signed: bool, theme: Theme) -> None:
    """One step of every key: values (S,); what the mask hides (-inf) stays empty."""
    shown = np.where(np.isfinite(values), values, np.nan)
    reach = float(np.nanmax(np.abs(shown), initial=0.0)) or 1.0
    figure.add_heatmap(
        z=shown[:, None], x=[place], y=np.arange(len(values)), name=name, xgap=6, ygap=1, showscale=False,
        colorscale=palette(theme).diverging if signed else palette(theme).sequential,
        zmin=-reach if signed else 0.0, zmax=reach, hoverongaps=False, texttemplate="%{z:.3~g}",
        hovertemplate=f"%{{y}}<br>{name} <b>%{{z:.6g}}</b><extra></extra>",
    )  # fmt: skip


def weights_figure(
    tokens: Sequence[str], attn_weights: np.ndarray, entropy: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """The whole map of one head, and beside each row its entropy. attn_weights: (T, S); entropy: (T,) in bits."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    whole = heatmap(attn_weights, tokens, tokens, axis_words, theme)
    figure = make_subplots(rows=1, cols=2, column_widths=[0.75, 0.25], horizontal_spacing=0.03, shared_yaxes=True)
    figure.add_trace(whole.data[0], row=1, col=1)
    figure.add_bar(
        x=entropy, y=np.arange(len(tokens)), orientation="h", marker_color=palette(theme).accent, row=1, col=2,
        hovertemplate=f"%{{y}}<br>{words['entropy']} <b>%{{x:.4g}}</b><extra></extra>",
    )  # fmt: skip
    figure.update_layout(whole.layout)
    figure.update_xaxes(title=words["entropy"], side="top", rangemode="tozero", nticks=3, row=1, col=2)
    return figure.update_layout(showlegend=False, yaxis2_autorange="reversed", yaxis2_showgrid=False)


def toy_weights_figure(tokens: Sequence[str], weights: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """Weights of the toy, (3, 3), on the full scale from 0 to 1."""
    axis_words = AxisWords(x=words["looks_at"], y=words["looks_from"], value=words["weight"])
    return heatmap(weights, tokens, tokens, axis_words, theme, limit=1.0)


def plane_figure(
    tokens: Sequence[str], values: np.ndarray, outputs: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """Values and outputs of the toy as points of the plane, both (3, 2): every output lies inside the triangle."""
    colors, names = palette(theme), labels(tokens)
    corners = np.vstack([values, values[:1]])
    figure = go.Figure()
    figure.add_scatter(
        x=corners[:, 0], y=corners[:, 1], mode="lines", line={"color": colors.faint, "width": 1.5}, fill="toself",
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for name, points, color, symbol, position in (
        (words["values"], values, colors.ink, "circle", "top center"),
        (words["outputs"], outputs, colors.accent, "diamond-open", "bottom center"),
    ):
        figure.add_scatter(
            x=points[:, 0], y=points[:, 1], mode="markers+text", text=_once(names, points), name=name,
            textposition=position,
            marker={"symbol": symbol, "size": 12, "color": color, "line": {"width": 2}},
            hovertemplate="%{text} (%{x:.4g}, %{y:.4g})", cliponaxis=False,
        )  # fmt: skip
    figure.update_yaxes(scaleanchor="x", zeroline=True, zerolinecolor=colors.faint)
    figure.update_xaxes(zeroline=True, zerolinecolor=colors.faint)
    return figure.update_layout(template=template(theme), height=320)


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


def saturation_figure(found: "Saturation", chosen: int, words: Labels, theme: Theme) -> go.Figure:
    """Entropy of the weights, and how far they still move, against the head width; the learner's width is marked."""
    measures = {
        words["entropy"]: (found.entropy_scaled, found.entropy_unscaled),
        words["response"]: (found.response_scaled, found.response_unscaled),
    }
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14, subplot_titles=list(measures))
    for row, (intact, broken) in enumerate(measures.values(), start=1):
        series = {words["with_scaling"]: intact, words["without_scaling"]: broken}
        figure.add_traces(line(found.widths, series, AxisWords(), theme).data, rows=row, cols=1)
    figure.update_traces(showlegend=False, row=2, col=1)
    figure.update_xaxes(type="log", tickvals=found.widths[::2], showgrid=False).update_yaxes(rangemode="tozero")
    figure.update_xaxes(title=words["width"], row=2, col=1).update_annotations(x=0, xanchor="left", font_size=13)
    figure.add_vline(x=chosen, line={"color": palette(theme).accent, "width": 1, "dash": "dot"})
    return figure.update_layout(template=template(theme), height=460, margin_t=64, legend_y=1.08)


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
    titles = [words[name] for name in strips]
    figure = make_subplots(rows=len(strips), cols=1, subplot_titles=titles, vertical_spacing=0.12)
    for row, vectors in enumerate(strips.values(), start=1):
        reach = float(np.abs(vectors[place]).max(initial=0.0)) or 1.0
        figure.add_heatmap(
            z=vectors[place][None], row=row, col=1, colorscale=palette(theme).diverging, zmin=-reach, zmax=reach,
            xgap=1, showscale=False, hovertemplate="%{x}: <b>%{z:.6g}</b><extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(showticklabels=False, showgrid=False).update_yaxes(showticklabels=False, showgrid=False)
    figure.update_annotations(x=0, xanchor="left", font_size=13)
    return figure.update_layout(template=template(theme), height=72 * len(strips) + 24)
