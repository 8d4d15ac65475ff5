"""A Plotly figure's numbers as CSV: exactly what its traces hold, so the file is what is drawn. Pure."""

import csv
import html
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import plotly.graph_objects as go

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))


def figure_csv(fig: "go.Figure") -> str:
    """One heatmap: a matrix with its row and column names. Anything else: a line for each point, with its trace's name.

    Names are those on the axes. Points in space have a z beside x and y; points that carry a text, a column for it.
    Starts with a byte order mark, which spreadsheets need to read Chinese.
    """
    maps = [trace for trace in fig.data if trace.type == "heatmap"]
    rows = _matrix(fig, maps[0]) if len(maps) == 1 == len(fig.data) else _points(fig)
    out = io.StringIO()
    csv.writer(out).writerows([_cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _matrix(fig: "go.Figure", trace: "go.Heatmap") -> Iterator[Iterable[object]]:
    values = np.asarray(trace.z)
    yield "", *_names(fig, trace, "x", values.shape[1])
    for name, row in zip(_names(fig, trace, "y", values.shape[0]), values, strict=True):
        yield name, *row


def _points(fig: "go.Figure") -> Iterator[Iterable[object]]:
    deep = any(_given(trace, "z") for trace in fig.data if trace.type != "heatmap")
    named = any(_texts(trace) for trace in fig.data)
    yield "series", *(["text"] * named), "x", "y", *(["z"] * deep), "value"
    for trace in fig.data:
        for text, x, y, z, value in _rows(fig, trace):
            yield trace.name or "", *([text] * named), x, y, *([z] * deep), value


def _rows(fig: "go.Figure", trace: "go.Scatter") -> Iterator[tuple[object, ...]]:
    """Text, x, y, z and value of each point of a trace; "" for what it has not."""
    if trace.type == "heatmap":
        values = np.asarray(trace.z)
        across = _names(fig, trace, "x", values.shape[1])
        for name, row in zip(_names(fig, trace, "y", values.shape[0]), values, strict=True):
            yield from (("", x, name, "", value) for x, value in zip(across, row, strict=True))
    elif _given(trace, "x") or _given(trace, "y"):
        count = len(trace.x if trace.x is not None else trace.y)
        places = (_names(fig, trace, letter, count) for letter in "xy")
        heights = list(trace.z) if _given(trace, "z") else [""] * count
        for x, y, z, text in zip(*places, heights, _texts(trace) or [""] * count, strict=True):
            yield text, x, y, z, ""


def _texts(trace: object) -> list[str]:
    """What the points of a scatter are called; a bar's text is its number once more."""
    return list(trace.text) if trace.type in ("scatter", "scatter3d") and _given(trace, "text") else []


def _given(trace: object, name: str) -> bool:
    """Whether a trace has a list under this name; a single text for all its points is no column."""
    value = getattr(trace, name, None)
    return value is not None and not isinstance(value, str)


def _names(fig: "go.Figure", trace: object, letter: str, count: int) -> list[object]:
    """What stands on the trace's axis at each of its places: the axis's own words, or the numbers themselves."""
    given = getattr(trace, letter, None)
    places = list(range(count)) if given is None else list(given)
    if hasattr(trace, "scene"):  # its axes are the scene's, and have numbers
        return places
    axis = fig.layout[(getattr(trace, f"{letter}axis", None) or letter).replace(letter, f"{letter}axis", 1)]
    if axis.tickvals is None or axis.ticktext is None:
        return places
    words = dict(zip((float(value) for value in axis.tickvals), axis.ticktext, strict=True))
    return [words.get(float(place), place) if _is_number(place) else place for place in places]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number)


def _cell(value: object) -> object:
    """Numbers as they are, float32 without digits that it does not have; text without markup, never a formula."""
    if isinstance(value, np.floating):
        return str(value)
    if _is_number(value):
        return value
    text = html.unescape(str(value)).translate(_ISOLATES)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
