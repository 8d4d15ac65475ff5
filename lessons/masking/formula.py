"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import math

import numpy as np

from lessons.masking.steps import Stages

TERMS = 8  # of a sum are written out; of a longer one, its two ends
ALL, MASK = r"\text{all}", r"\text{mask}"


def number(value: float) -> str:
    """Three significant digits as LaTeX; powers of ten where they are needed."""
    if not math.isfinite(value):
        return r"-\infty" if value < 0 else r"\infty"
    mantissa, _, power = f"{value:.3g}".partition("e")
    return rf"{mantissa}\times 10^{{{int(power)}}}" if power else mantissa


def worked(row: Stages, query: int, key: int) -> str:
    """The weight of one key without the mask, with it, and the second from the first. row: (S,) arrays."""
    share = float(row.weights_without[row.visible].sum())
    masked, whole, each = (_weight(name, query, k) for name, k in ((MASK, key), (ALL, key), (ALL, "j")))
    lines = (
        _softmax(ALL, row.scores, query, key, row.weights_without[key]),
        _softmax(MASK, row.masked_scores, query, key, row.weights[key]),
        rf"{masked} &= \frac{{{whole}}}{{\sum_{{j \le {query}}} {each}}}"
        rf" = \frac{{{number(row.weights_without[key])}}}{{{number(share)}}} = {number(row.weights[key])}",
    )
    return r"\begin{aligned}" + r" \\[0.8em] ".join(lines) + r"\end{aligned}"


def _softmax(name: str, scores: np.ndarray, query: int, key: int, weight: float) -> str:
    """e^score over the sum of all powers; a hidden one is written as e^(-inf). A long sum keeps its two ends."""
    places = range(len(scores)) if len(scores) <= TERMS else (0, 1, 2, len(scores) - 1)
    powers = [rf"e^{{{number(scores[place])}}}" for place in places]
    if len(scores) > TERMS:
        powers.insert(3, r"\dots")
    top = rf"e^{{{number(scores[key])}}}"
    return rf"{_weight(name, query, key)} &= \frac{{{top}}}{{{' + '.join(powers)}}} = {number(weight)}"


def _weight(name: str, query: int, key: int | str) -> str:
    return rf"a^{{{name}}}_{{{query},{key}}}"
