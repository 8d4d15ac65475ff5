"""Plotly primitives every lesson shares: numpy and words in, `go.Figure` out."""

from lessons.figures.charts import AxisWords, bars, line, lines, paired_bars
from lessons.figures.look import FONT, Palette, Theme, composed, palette, template
from lessons.figures.maps import heatmap, heatmap_parts, rows_height
from lessons.figures.panels import Panel, stacked, strip
from lessons.figures.text import labels, safe_text
from lessons.figures.training import Arm, training_curves

__all__ = [
    "FONT",
    "Arm",
    "AxisWords",
    "Palette",
    "Panel",
    "Theme",
    "bars",
    "composed",
    "heatmap",
    "heatmap_parts",
    "labels",
    "line",
    "lines",
    "paired_bars",
    "palette",
    "rows_height",
    "safe_text",
    "stacked",
    "strip",
    "template",
    "training_curves",
]
