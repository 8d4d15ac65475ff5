"""The look every figure shares: two themes, one scale for weights, one for change, and colours for categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import plotly.graph_objects as go

Theme = Literal["light", "dark"]
ColorScale = tuple[tuple[float, str], ...]

# Latin faces come first: a CJK face draws the middle dot and the ellipsis at the width of a whole character.
FONT = (
    '"Source Sans", "Source Sans Pro", Arial, "Liberation Sans", "DejaVu Sans", '
    '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
)


@dataclass(frozen=True)
class Palette:
    """Colours of one theme.

    `sequential` runs from the paper (0) to full ink (1); `diverging` has the paper at its middle, so "no change" looks
    like nothing at all. `categories` are Okabe and Ito's eight, ordered so that neighbours differ in lightness too,
    without the one that the paper would swallow.
    """

    paper: str
    ink: str
    faint: str  # grid lines, secondary words
    accent: str
    sequential: ColorScale
    diverging: ColorScale
    categories: tuple[str, ...]


_LIGHT = Palette(
    paper="#fdfcf9",
    ink="#1f2430",
    faint="#d9d6cd",
    accent="#0072b2",
    sequential=((0.0, "#fdfcf9"), (0.25, "#cbd3dc"), (0.5, "#8d9db0"), (0.75, "#4d6077"), (1.0, "#17202e")),
    diverging=((0.0, "#8a3600"), (0.25, "#d99663"), (0.5, "#fdfcf9"), (0.75, "#7fb0d0"), (1.0, "#004f80")),
    categories=("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#000000"),
)
_DARK = Palette(
    paper="#15171c",
    ink="#ece9e1",
    faint="#3a3e47",
    accent="#56b4e9",
    sequential=((0.0, "#15171c"), (0.25, "#384150"), (0.5, "#66758a"), (0.75, "#a7b2bf"), (1.0, "#f4f1e8")),
    diverging=((0.0, "#ffb27a"), (0.25, "#a5603a"), (0.5, "#15171c"), (0.75, "#3a759c"), (1.0, "#8fd0f7")),
    categories=("#56b4e9", "#e69f00", "#009e73", "#d55e00", "#f0e442", "#cc79a7", "#0072b2"),
)


def palette(theme: Theme) -> Palette:
    """The colours of `theme`; KeyError for any other word."""
    return {"light": _LIGHT, "dark": _DARK}[theme]


@cache
def template(theme: Theme) -> go.layout.Template:
    """Plotly template of a theme: page font, small margins, quiet axes, our colours as defaults."""
    colors = palette(theme)
    axis = {
        "gridcolor": colors.faint, "linecolor": colors.faint, "zeroline": False, "ticks": "", "automargin": True,
        "ticklabelstandoff": 4, "title": {"font": {"size": 13}, "standoff": 10},
    }  # fmt: skip
    layout = go.Layout(
        font={"family": FONT, "size": 14, "color": colors.ink},
        paper_bgcolor=colors.paper,
        plot_bgcolor=colors.paper,
        colorway=colors.categories,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        xaxis=axis,
        yaxis=axis,
        title={"font": {"size": 15}, "x": 0, "xanchor": "left", "xref": "paper", "yref": "container", "y": 0.98},
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
        hoverlabel={"bgcolor": colors.paper, "bordercolor": colors.ink, "font": {"family": FONT, "color": colors.ink}},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": colors.faint, "activecolor": colors.accent},
        dragmode=False,
    )
    return go.layout.Template(layout=layout)


def composed(traces: Sequence[Mapping[str, object]], layout: Mapping[str, object], theme: Theme) -> go.Figure:
    """A figure of plain traces and layout, validated once: piece by piece Plotly takes three to eight times as long."""
    return go.Figure(data=list(traces), layout={"template": template(theme), **layout})
