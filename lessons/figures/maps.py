"""Heatmaps of a matrix whose rows and columns are tokens."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lessons.figures.charts import AxisWords
from lessons.figures.look import Theme, composed, palette
from lessons.figures.text import labels

TALLEST, LOWEST, ROOM = 30, 16, 720  # pixels: a row of a few, a row of many, and what all rows share in between
SLANT = 36  # pixels that the last slanted label reaches past its column
MOST_WRITTEN = 8  # up to this many columns the numbers stand in the cells


def rows_height(count: int) -> int:
    """Pixels that `count` rows of tokens take, each high enough to be read."""
    return count * max(LOWEST, min(TALLEST, ROOM // max(count, 1)))


def _scale_bar(name: str) -> dict[str, object]:
    """The colour scale under the map, where a phone has room for it."""
    title = {"text": name, "side": "top"}
    return {"orientation": "h", "thickness": 8, "len": 0.5, "x": 0, "xanchor": "left", "y": 0, "yanchor": "top",
            "ypad": 12, "outlinewidth": 0, "nticks": 4, "title": title, "tickfont": {"size": 11}}  # fmt: skip


def heatmap(
    values: np.ndarray,
    x: Sequence[str],
    y: Sequence[str],
    words: AxisWords,
    theme: Theme,
    diverging: bool = False,
    limit: float | None = None,
) -> go.Figure:
    """A matrix, first row on top. values: (T, S), row t over column s; x: S tokens; y: T tokens.

    Zero has the colour of the paper; the darkest (brightest, on dark paper) ink is `limit`, or else the largest
    magnitude there is. Cells that are not finite, such as masked scores of -inf, stay empty.
    """
    cells, layout = heatmap_parts(values, x, y, words, theme, diverging, limit)
    return composed([cells], layout, theme)


def heatmap_parts(
    values: np.ndarray,
    x: Sequence[str],
    y: Sequence[str],
    words: AxisWords,
    theme: Theme,
    diverging: bool = False,
    limit: float | None = None,
) -> tuple[dict[str, object], dict[str, object]]:
    """The trace and the layout of `heatmap`, for figures that have more than a map."""
    values = np.asarray(values)
    shown = np.where(np.isfinite(values), values, np.nan)
    reach = limit if limit is not None else float(np.nanmax(np.abs(shown), initial=0.0)) or 1.0
    colors = palette(theme)
    hover = f"{words.y}: %{{y}}<br>{words.x}: %{{x}}<br>{words.value} <b>%{{z:.6g}}</b><extra></extra>"
    cells = {
        "type": "heatmap", "z": shown, "x": np.arange(len(x)), "y": np.arange(len(y)), "xgap": 1, "ygap": 1,
        "hoverongaps": False, "hovertemplate": hover, "zmin": -reach if diverging else 0.0, "zmax": reach,
        "colorscale": colors.diverging if diverging else colors.sequential, "colorbar": _scale_bar(words.value),
        "texttemplate": "%{z:.2f}" if len(x) <= MOST_WRITTEN else None, "textfont": {"size": 12},
    }  # fmt: skip
    title_room = 40 * bool(words.title)
    layout = {
        "xaxis": {
            "tickvals": np.arange(len(x)), "ticktext": labels(x), "side": "top", "tickangle": -45, "showgrid": False,
            "title": {"text": words.x}, "ticklabeloverflow": "allow",
        },
        "yaxis": {
            "tickvals": np.arange(len(y)), "ticktext": labels(y), "title": {"text": words.y}, "autorange": "reversed",
            "showgrid": False,
        },
        "title": {"text": words.title}, "height": rows_height(len(y)) + 150 + title_room,
        "margin": {"t": 32 + title_room, "r": SLANT},
    }  # fmt: skip
    return cells, layout
