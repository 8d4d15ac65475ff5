"""The figures of the decoding lesson: values and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Panel, Theme, heatmap, lines, paired_bars, safe_text, stacked

if TYPE_CHECKING:  # these bring torch, which a page must not wait for
    from lessons.decoding.caching import Caching
    from lessons.decoding.opened import Layers

Labels = Mapping[str, str]


def looks_figure(
    tokens: Sequence[str], names: Sequence[str], weights: np.ndarray, words: Labels, theme: Theme
) -> go.Figure:
    """Where the last place looks: weights (R, T), a row a head (or a layer's mean)."""
    heads = any("." in name for name in names)
    axis_words = AxisWords(x=words["looks_at"], y=words["heads" if heads else "layers"], value=words["weight"])
    return heatmap(weights, tokens, names, axis_words, theme, limit=1.0)


def layers_figure(found: "Layers", token: str, words: Labels, theme: Theme) -> go.Figure:
    """The logit lens at one place: after each layer the likeliest token's probability beside the chosen one's."""
    at = [words["start"], *(words["after_layer"].format(layer=layer) for layer in range(len(found.words) - 1))]
    rows = [f"{place}: {word.strip() or word}" for place, word in zip(at, found.words, strict=True)]
    first, second = found.likeliest, found.token
    if found.truth is not None:
        rows, first, second = [*rows, words["truth"]], np.append(first, np.nan), np.append(second, found.truth)
    names = (words["would_say"], words["of_token"].format(token=safe_text(token.strip() or token)))
    return paired_bars(rows, first, second, names, AxisWords(x=words["probability"]), theme)


def cost_figure(found: "Caching", words: Labels, theme: Theme) -> go.Figure:
    """Multiplications and milliseconds of each token, with the cache and without."""
    names, steps = (words["without_cache"], words["with_cache"]), np.arange(1, len(found.cached.ids) + 1)
    both = (found.uncached, found.cached)
    measures = {
        words["multiplications"]: [each.multiplications for each in both],
        words["milliseconds"]: [each.seconds * 1000 for each in both],
    }
    axis = {"showgrid": False, "title": {"text": words["written_tokens"]}}
    panels = [
        Panel(
            title,
            [
                line | {"showlegend": row == 0, "mode": "lines+markers"}
                for line in lines(steps, dict(zip(names, pair, strict=True)), theme)
            ],
            axis,
            {"rangemode": "tozero"},
        )
        for row, (title, pair) in enumerate(measures.items())
    ]
    layout = {"height": 440, "margin": {"t": 64}, "legend": {"y": 1.1}}
    return stacked(panels, layout, theme, shared_x=True)
