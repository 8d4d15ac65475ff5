"""The figures of the block lesson; those over the layers are in layers_figures.py. Numbers in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import Panel, Theme, composed, palette, safe_text, stacked, strip
from lessons.numbers import readable

if TYPE_CHECKING:  # these bring torch, which a page must not wait for
    from lessons.block.counting import Count
    from lessons.block.norms import Normalised, Stage
    from lessons.block.towards import Pushes
    from lessons.block.units import Units

Labels = Mapping[str, str]
Names = Sequence[tuple[str, int]]  # part and layer; -1 for a table
ROW = 24  # pixels
NOISE = 5e-6  # the mean that a norm leaves is 0 but for rounding


def part_names(names: Names, words: Labels) -> list[str]:
    """What each part is called in a figure: `Attention 0`, or the name of a table."""
    return [words[part] if layer < 0 else f"{words[part]} {layer}" for part, layer in names]


def added_figure(names: Names, added: np.ndarray, sums: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """The length of what each part adds to one token, and of the stream after it. added, sums: (P,)."""
    return _rows(part_names(names, words), added, sums, words["adds_length"], words["stream_length"], theme)


def pushes_figure(names: Names, found: "Pushes", vocabulary: Sequence[str], words: Labels, theme: Theme) -> go.Figure:
    """How far each part pushes towards one word, in logits, and the sum so far."""
    towards = words["adds_push"].format(word=safe_text(vocabulary[found.word].strip()))
    return _rows(part_names(names, words), found.parts, found.parts.cumsum(), towards, words["push_so_far"], theme)


def difference_figure(
    names: Names, longer: np.ndarray, apart: np.ndarray | None, words: Labels, theme: Theme
) -> go.Figure:
    """The second run's lengths less the first's, and the length of the difference of the vectors: (P,) each."""
    return _rows(part_names(names, words), longer, apart, words["longer_in_second"], words["apart"], theme)


def _rows(
    names: list[str], values: np.ndarray, beside: np.ndarray | None, bar: str, mark: str, theme: Theme
) -> go.Figure:
    """A bar a part, first part on top, its number in its label; diamonds for another number of the same part."""
    colors, rows = palette(theme), np.arange(len(names))
    bars = {
        "type": "bar", "orientation": "h", "x": values, "y": rows, "name": bar,
        "marker": {"color": np.where(values < 0, colors.categories[3], colors.accent)}, "customdata": names,
        "hovertemplate": f"%{{customdata}}<br>{bar} <b>%{{x:.6g}}</b><extra></extra>", "showlegend": False,
    }  # fmt: skip
    named = {"type": "bar", "x": [None], "y": [None], "name": bar, "marker": {"color": colors.accent}, "legendrank": 1}
    marks = {
        "type": "scatter", "x": beside, "y": rows, "name": mark, "mode": "markers", "customdata": names,
        "marker": {"symbol": "diamond-open", "size": 8, "color": colors.ink, "line": {"width": 1.5}},
        "hovertemplate": f"%{{customdata}}<br>{mark} <b>%{{x:.6g}}</b><extra></extra>",
    }  # fmt: skip
    ticks = [f"{name}  <b>{readable(value)}</b>" for name, value in zip(names, values, strict=True)]
    layout = {
        "yaxis": {"tickvals": rows, "ticktext": ticks, "autorange": "reversed", "showgrid": False},
        "xaxis": {"nticks": 4, "zeroline": True, "zerolinecolor": colors.faint},
        "height": ROW * len(names) + 108, "margin": {"r": 16, "t": 56}, "showlegend": True,
        "legend": {"orientation": "v", "y": 1, "font": {"size": 12}}, "bargap": 0.3,
    }  # fmt: skip
    return composed([bars, *([] if beside is None else [marks]), named], layout, theme)


def normalised_figure(found: "Normalised", words: Labels, theme: Theme) -> go.Figure:
    """One vector on its way through a norm: as it comes, normalised, with gain and shift; (C,) each, a bar a number."""
    panels = [
        Panel(
            words["panel"].format(what=words[name], mean=_short(vector.mean()), spread=_short(vector.std())),
            [_numbers(vector, theme)], {"showticklabels": False, "showgrid": False}, {"nticks": 4},
        )
        for name, vector in (("before", found.before), ("normal", found.normal), ("after", found.after))
    ]  # fmt: skip
    return stacked(panels, {"height": 420, "bargap": 0.1, "showlegend": False}, theme)


def _numbers(vector: np.ndarray, theme: Theme) -> dict[str, object]:
    return {
        "type": "bar", "x": np.arange(len(vector)), "y": vector, "marker": {"color": palette(theme).accent},
        "hovertemplate": "%{x}: <b>%{y:.6g}</b><extra></extra>",
    }  # fmt: skip


def stages_figure(stages: "Sequence[Stage]", words: Labels, theme: Theme) -> go.Figure:
    """One token through half a block, stage by stage: strips of cells, each on its own scale, with its length."""
    hidden = {"showticklabels": False, "showgrid": False}
    panels = [
        Panel(
            words["strip"].format(what=stage.name, length=_short(np.linalg.norm(stage.vector))),
            [strip(stage.vector, theme)], hidden, hidden,
        )
        for stage in stages
    ]  # fmt: skip
    return stacked(panels, {"height": 64 * len(stages) + 24}, theme, gap=0.13)


def firing_figure(found: "Units", words: Labels, theme: Theme) -> go.Figure:
    """All hidden units of one MLP as a grid, row by row: a dark cell fires."""
    count = len(found.activations)
    columns = 2 ** int(np.ceil(np.log2(count) / 2 + 0.5))
    rows = -(-count // columns)
    cells = np.full(rows * columns, np.nan)
    cells[:count] = found.activations
    reach = float(np.abs(found.activations).max(initial=0.0)) or 1.0
    grid = {
        "type": "heatmap", "z": cells.reshape(rows, columns), "zmin": -reach, "zmax": reach, "xgap": 1, "ygap": 1,
        "colorscale": palette(theme).diverging, "showscale": False, "hoverongaps": False,
        "customdata": np.arange(rows * columns).reshape(rows, columns),
        "hovertemplate": f"{words['unit']} %{{customdata}}<br>{words['activation']} <b>%{{z:.6g}}</b><extra></extra>",
    }  # fmt: skip
    hidden = {"showticklabels": False, "showgrid": False}
    layout = {"xaxis": hidden, "yaxis": hidden | {"autorange": "reversed"}, "height": 12 * rows + 40}
    return composed([grid], layout, theme)


def units_figure(found: "Units", vocabulary: Sequence[str], words: Labels, theme: Theme) -> go.Figure:
    """The units that add most: how long a vector each adds, and the words it writes towards and away from."""
    rows = np.arange(len(found.strongest))
    colors, shown = palette(theme), found.activations[found.strongest]
    names = [f"{words['unit']} {unit}" for unit in found.strongest]
    towards, away = (_listed(ids, vocabulary, len(rows)) for ids in (found.towards, found.away))
    hover = [
        f"{name}<br>{words['activation']} <b>{value:.6g}</b>" + (f"<br>+ {up}<br>− {down}" if up else "")
        for name, value, up, down in zip(names, shown, towards, away, strict=True)
    ]
    bars = {
        "type": "bar", "orientation": "h", "x": found.lengths[found.strongest], "y": rows, "hovertext": hover,
        "hovertemplate": f"%{{hovertext}}<br>{words['adds_length']} <b>%{{x:.6g}}</b><extra></extra>",
        "marker": {"color": colors.accent}, "textposition": "outside", "cliponaxis": False,
        "text": [readable(length) for length in found.lengths[found.strongest]], "texttemplate": "%{text}",
    }  # fmt: skip
    ticks = [f"{name}<br>→ {up}" if up else name for name, up in zip(names, towards, strict=True)]
    layout = {
        "yaxis": {"tickvals": rows, "ticktext": ticks, "autorange": "reversed", "showgrid": False,
                  "tickfont": {"size": 12}},
        "xaxis": {"title": {"text": words["adds_length"]}, "nticks": 4},
        "height": 42 * len(rows) + 80, "margin": {"r": 40}, "bargap": 0.45,
    }  # fmt: skip
    return composed([bars], layout, theme)


def _listed(ids: np.ndarray | None, vocabulary: Sequence[str], rows: int) -> list[str]:
    """The words of each row on one line; nothing where the model does not read its states out."""
    if ids is None:
        return [""] * rows
    return [" ".join(safe_text(vocabulary[place].strip() or vocabulary[place], 12) for place in row) for row in ids]


def count_figure(found: "Count", words: Labels, theme: Theme) -> go.Figure:
    """The learnt numbers of each part that has any, in full."""
    from lessons.block.counting import PARTS

    shown = [(words[name], number) for name, number in zip(PARTS, found.counts, strict=True) if number]
    names, numbers = zip(*shown, strict=True)
    rows, colors = np.arange(len(names)), palette(theme)
    bars = {
        "type": "bar", "orientation": "h", "x": np.array(numbers), "y": rows, "texttemplate": "%{x:,d}",
        "textposition": "outside", "cliponaxis": False, "marker": {"color": colors.accent},
        "hovertemplate": "%{y}<br><b>%{x:,d}</b><extra></extra>",
    }  # fmt: skip
    layout = {
        "yaxis": {"tickvals": rows, "ticktext": names, "autorange": "reversed", "showgrid": False},
        "xaxis": {"title": {"text": words["parameters"]}, "nticks": 4, "range": [0, max(numbers) * 1.35]},
        "height": 30 * len(names) + 80, "bargap": 0.3,
    }  # fmt: skip
    return composed([bars], layout, theme)


def _short(value: float) -> str:
    return readable(float(value)) if abs(value) > NOISE else "0"
