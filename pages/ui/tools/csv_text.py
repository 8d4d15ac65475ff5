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

    Names are those on the axes. Starts with a byte order mark, which spreadsheets need to read Chinese.
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
    yield "series", "x", "y", "value"
    for trace in fig.data:
        if trace.type == "heatmap":
            values = np.asarray(trace.z)
            across = _names(fig, trace, "x", values.shape[1])
            for name, row in zip(_names(fig, trace, "y", values.shape[0]), values, strict=True):
                yield from ((trace.name or "", x, name, value) for x, value in zip(across, row, strict=True))
        elif getattr(trace, "x", None) is not None or getattr(trace, "y", None) is not None:
            count = len(trace.x if trace.x is not None else trace.y)
            for x, y in zip(_names(fig, trace, "x", count), _names(fig, trace, "y", count), strict=True):
                yield trace.name or "", x, y, ""


def _names(fig: "go.Figure", trace: object, letter: str, count: int) -> list[object]:
    """What stands on the trace's axis at each of its places: the axis's own words, or the numbers themselves."""
    given = getattr(trace, letter, None)
    places = list(range(count)) if given is None else list(given)
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
