"""The figures of the tokens lesson: counts and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Theme, bars, composed, labels, line, palette, rows_height

if TYPE_CHECKING:  # merging.py brings torch, which a page must not wait for
    from lessons.tokens.merging import Merging

Labels = Mapping[str, str]


def units_figure(counts: Mapping[str, int], words: Labels, theme: Theme) -> go.Figure:
    """How many pieces one text has in units of each kind. counts: a key of the labels each."""
    names = [words[f"unit_{unit}"] for unit in counts]
    return bars(names, np.array([*counts.values()]), AxisWords(x=words["pieces"]), theme)


def shrinking_figure(merging: "Merging", words: Labels, theme: Theme) -> go.Figure:
    """Length of the text in tokens against the size of the vocabulary, from no merge to the last."""
    sizes = np.array([merging.size, *(one.size for one in merging.rounds)])
    tokens = np.array([merging.tokens, *(one.tokens for one in merging.rounds)])
    said = AxisWords(x=words["vocabulary_size"], y=words["tokens"])
    return line(sizes, {words["tokens"]: tokens}, said, theme).update_yaxes(rangemode="tozero")


def costs_figure(
    languages: Sequence[str],
    tokenisers: Sequence[str],
    counts: np.ndarray,
    unknown: np.ndarray,
    words: Labels,
    theme: Theme,
) -> go.Figure:
    """Tokens of one sentence in each language (rows) and each tokeniser (columns), both (R, K).

    A cell says too how many of its tokens only mean "unknown".
    """
    written = np.where(unknown > 0, _joined(counts, words["of_them_unknown"], unknown), counts.astype(str))
    cells = {
        "type": "heatmap", "z": counts, "text": written, "texttemplate": "%{text}", "xgap": 2, "ygap": 2, "zmin": 0,
        "zmax": int(counts.max(initial=1)), "colorscale": palette(theme).sequential, "showscale": False,
        "x": np.arange(len(tokenisers)), "y": np.arange(len(languages)),
        "hovertemplate": f"%{{y}}<br>%{{x}}<br>{words['tokens']} <b>%{{text}}</b><extra></extra>",
    }  # fmt: skip
    layout = {
        "xaxis": {"tickvals": np.arange(len(tokenisers)), "ticktext": labels(tokenisers), "side": "top",
                  "showgrid": False, "tickangle": 0 if len(tokenisers) < 4 else -30},
        "yaxis": {"tickvals": np.arange(len(languages)), "ticktext": labels(languages), "autorange": "reversed",
                  "showgrid": False},
        "height": rows_height(len(languages)) + 110,
    }  # fmt: skip
    return composed([cells], layout, theme)


def _joined(counts: np.ndarray, said: str, unknown: np.ndarray) -> np.ndarray:
    """ "9, 5 unknown": each count with how many of them are lost."""
    return np.array(
        [[said.format(tokens=count, unknown=lost) for count, lost in zip(*row, strict=True)]
         for row in zip(counts, unknown, strict=True)]
    )  # fmt: skip
