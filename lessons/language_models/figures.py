"""The figures of the language models lesson: counts, probabilities and words in, `go.Figure` out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from lessons.figures import AxisWords, Theme, bars, composed, labels, line, palette, rows_height
from lessons.language_models.cutting import written
from lessons.numbers import readable
from model_utils.meadow import END

if TYPE_CHECKING:  # these parts are heavy, and a page must not wait for them
    from lessons.language_models.hidden import Hidden
    from lessons.language_models.seven import NextWords
    from lessons.language_models.surprise import Surprises

Labels = Mapping[str, str]
MOST_BARS = 10
ACROSS = 4  # panels beside each other, so that a phone shows them wide enough
PANEL_ROW, PANEL = 22, 0.42  # pixels of a row; a panel's share of the height
LEAST_WRITTEN = 0.005  # smaller probabilities are told on hover
MOST_ENDINGS = 8  # of a text, beside the whole of it
WIDEST_LABEL = 22  # characters


def named(shown: Sequence[str], words: Labels) -> list[str]:
    """Words as they are shown: the end of a text, and words never met, have names of their own."""
    from lessons.language_models.counting import UNKNOWN

    own = {END: words["end"], UNKNOWN: words["new_word"]}
    return [own.get(word, word) for word in shown]


def next_figure(vocabulary: Sequence[str], probs: np.ndarray, words: Labels, theme: Theme) -> go.Figure:
    """The likeliest next words of one distribution, probs (V,), and all others together."""
    chosen = np.argsort(-probs, kind="stable")[:MOST_BARS]
    chosen = chosen[probs[chosen] > 0]
    values = np.append(probs[chosen], max(0.0, probs.sum() - probs[chosen].sum()))
    shown = [*named([vocabulary[place] for place in chosen], words), words["others"]]
    return bars(shown, values, AxisWords(x=words["probability"], value=words["probability"]), theme)


def unseen_figure(
    sizes: Sequence[int], shares: np.ndarray, own: np.ndarray | None, words: Labels, theme: Theme
) -> go.Figure:
    """The share of unseen n-grams against n: shares (sizes, 5) of samples of Meadow, own (5,) of the learner's text."""
    series = {words["meadow_documents"].format(count=f"{size:,}"): row for size, row in zip(sizes, shares, strict=True)}
    if own is not None:
        series = {words["your_text"]: own} | series
    figure = line(np.arange(1, 6), series, AxisWords(x="n", y=words["unseen"]), theme)
    return figure.update_traces(mode="lines+markers").update_layout(
        {"xaxis": {"dtick": 1}, "yaxis": {"range": [0, 1.02], "tickformat": ".0%"}}
    )


def surprises_figure(found: "Surprises", words: Labels, theme: Theme) -> go.Figure:
    """Bits of each word, a row a word, a column a smoothing; where a probability is 0 the cell says so."""
    finite = found.bits[np.isfinite(found.bits)]
    reach = float(finite.max(initial=1.0)) * 1.25
    shown = np.where(np.isfinite(found.bits), found.bits, reach).T  # (T, S)
    names = [words[name] for name in ("none", "add_k", "kneser_ney")]
    cells = {
        "type": "heatmap", "z": shown, "x": np.arange(len(names)), "y": np.arange(len(found.words)),
        "xgap": 6, "ygap": 1, "zmin": 0.0, "zmax": reach, "colorscale": palette(theme).sequential, "showscale": False,
        "text": [[readable(bits) if np.isfinite(bits) else "∞" for bits in row] for row in found.bits.T],
        "texttemplate": "%{text}",
        "hovertemplate": f"%{{y}}<br>%{{x}}<br>{words['bits']} <b>%{{text}}</b><extra></extra>",
    }  # fmt: skip
    layout = {
        "xaxis": {
            "side": "top", "tickvals": np.arange(len(names)), "ticktext": names, "showgrid": False, "tickangle": 0,
        },
        "yaxis": {
            "tickvals": np.arange(len(found.words)), "ticktext": labels(named(found.words, words)),
            "autorange": "reversed", "showgrid": False,
        },
        "height": rows_height(len(found.words)) + 90,
    }  # fmt: skip
    return composed([cells], layout, theme)


def rounds_figure(model: "Hidden", words: Labels, theme: Theme) -> go.Figure:
    """The log-likelihood of the text, per word, before each round of learning and after the last."""
    rounds = np.arange(len(model.bits))
    axis_words = AxisWords(x=words["round"], y=words["log_likelihood"])
    return line(rounds, {words["log_likelihood"]: -model.bits}, axis_words, theme).update_traces(mode="lines+markers")


def states_figure(model: "Hidden", words: Labels, theme: Theme) -> go.Figure:
    """The likeliest words of each state, a row a state; the darker, the likelier."""
    from lessons.language_models.hidden import top_words

    order, probs = top_words(model, 5)
    written = [labels(named([model.vocabulary[place] for place in row], words)) for row in order]
    hover = f"{words['state']} %{{y}}<br>%{{text}}<br>{words['probability']} <b>%{{z:.4g}}</b><extra></extra>"
    cells = {
        "type": "heatmap", "z": probs, "x": np.arange(5), "y": np.arange(len(probs)), "text": written,
        "xgap": 2, "ygap": 2, "texttemplate": "%{text}", "zmin": 0.0, "zmax": float(max(probs.max(), 0.5)),
        "showscale": False, "colorscale": palette(theme).sequential, "hovertemplate": hover, "textfont": {"size": 13},
    }  # fmt: skip
    layout = {
        "xaxis": {"showticklabels": False, "showgrid": False},
        "yaxis": {
            "tickvals": np.arange(len(probs)), "ticktext": [str(state) for state in range(len(probs))],
            "showgrid": False, "autorange": "reversed", "title": {"text": words["state"]},
        },
        "height": 34 * len(probs) + 30,
    }  # fmt: skip
    return composed([cells], layout, theme)


def seven_figure(found: "NextWords", words: Labels, theme: Theme) -> go.Figure:
    """The next-word bars of every model side by side, in two rows of panels that share their words."""
    shown = labels([*named(found.words, words), words["others"]])
    traces, axes, titles = [], {}, []
    for place, (name, values) in enumerate(found.rows.items()):
        down, across = divmod(place, ACROSS)
        left, top = across / ACROSS, 1 - down * 0.55
        color = palette(theme).categories[2 if name == "truth" else 0]
        traces.append(_panel_bars(place + 1, values, shown, words[name], color))
        axes |= _panel_axes(place + 1, left, top, shown, across == 0)
        titles.append(_over(words[name], left, top - 0.01))
    height = round(PANEL_ROW * len(shown) / PANEL) + 40
    layout = {**axes, "annotations": titles, "showlegend": False, "height": height, "margin": {"t": 28}}
    return composed(traces, layout, theme)


def _panel_bars(number: int, values: np.ndarray, shown: Sequence[str], name: str, color: str) -> dict[str, object]:
    return {
        "type": "bar", "x": values, "y": np.arange(len(shown)), "orientation": "h", "xaxis": f"x{number}",
        "yaxis": f"y{number}", "name": name, "marker": {"color": color}, "customdata": shown,
        "text": [readable(value, 2) if value >= LEAST_WRITTEN else "" for value in values], "texttemplate": "%{text}",
        "textposition": "outside", "constraintext": "none", "cliponaxis": False, "textfont": {"size": 11},
        "hovertemplate": f"%{{customdata}}<br>{name} <b>%{{x:.6g}}</b><extra></extra>",
    }  # fmt: skip


def _panel_axes(number: int, left: float, top: float, shown: Sequence[str], first: bool) -> dict[str, object]:
    """Axes of one panel; only the first of a row names the words."""
    x = {"domain": [left, left + 0.8 / ACROSS], "anchor": f"y{number}", "range": [0, 1.15], "tickvals": [0, 1]}
    y = {
        "domain": [max(0.0, top - PANEL - 0.02), top - 0.02], "anchor": f"x{number}", "autorange": "reversed",
        "showgrid": False, "tickvals": np.arange(len(shown)), "ticktext": shown if first else [""] * len(shown),
    }  # fmt: skip
    return {f"xaxis{number}": x, f"yaxis{number}": y}


def _over(text: str, left: float, top: float) -> dict[str, object]:
    return {
        "text": text, "x": left, "xanchor": "left", "xref": "paper", "y": top, "yanchor": "bottom", "yref": "paper",
        "showarrow": False, "font": {"size": 12},
    }  # fmt: skip


def bits_figure(bits: Mapping[str, float], words: Labels, theme: Theme) -> go.Figure:
    """Bits a word on the same held-out text, a bar a model."""
    names = [words[name] for name in bits]
    return bars(names, np.array([*bits.values()]), AxisWords(x=words["bits_a_word"], value=words["bits_a_word"]), theme)


def looked_up_figure(runs: Sequence[Sequence[str]], times: Sequence[int], words: Labels, theme: Theme) -> go.Figure:
    """How often each ending of a text stands in the sample: the shortest ones, and last the whole text."""
    chosen = [*range(min(MOST_ENDINGS, len(runs) - 1)), len(runs) - 1]
    said = [*map(_ending, runs[:-1]), words["whole_text"]]
    shown, values = [said[place] for place in chosen], np.array(times, dtype=np.float64)[chosen]
    return bars(shown, values, AxisWords(x=words["times"], value=words["times"]), theme)


def _ending(run: Sequence[str]) -> str:
    """An ending as a label: whole where there is room, else its first and last word."""
    whole = f"… {written(run)}"
    return whole if len(whole) <= WIDEST_LABEL else f"… {run[0]} … {run[-1]}"
