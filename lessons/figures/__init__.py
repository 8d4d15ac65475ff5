"""Plotly primitives every lesson shares: numpy and words in, `go.Figure` out."""

from lessons.figures.charts import AxisWords, bars, line, paired_bars
from lessons.figures.look import FONT, Palette, Theme, palette, template
from lessons.figures.maps import heatmap, rows_height
from lessons.figures.text import labels, safe_text

__all__ = [
    "FONT",
    "AxisWords",
    "Palette",
    "Theme",
    "bars",
    "heatmap",
    "labels",
    "line",
    "paired_bars",
    "palette",
    "rows_height",
    "safe_text",
    "template",
]
