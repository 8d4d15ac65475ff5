"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import numpy as np

from lessons.masking.steps import Stages
from lessons.numbers import latex

SEEN, HIDDEN = 2, 1  # so many of the largest powers are written out, or the sum would be wider than a phone
ALL, MASK = r"\text{all}", r"\text{mask}"


def worked(row: Stages, query: int, key: int) -> str:
    """The weight of one key without the mask, with it, and the second from the first. row: (S,) arrays."""
    share = float(row.weights_without[row.visible].sum())
    masked, whole, each = (_weight(name, query, k) for name, k in ((MASK, key), (ALL, key), (ALL, "j")))
    lines = (
        _softmax(ALL, row, row.scores, query, key),
        rf"&= {latex(row.weights_without[key])}",
        _softmax(MASK, row, row.masked_scores, query, key),
        rf"&= {latex(row.weights[key])}",
        rf"{masked} &= \frac{{{whole}}}{{\sum_{{j \le {query}}} {each}}}"
        rf" = \frac{{{latex(row.weights_without[key])}}}{{{latex(share)}}} = {latex(row.weights[key])}",
    )
    return r"\begin{aligned}" + r" \\[0.8em] ".join(lines) + r"\end{aligned}"


def _softmax(name: str, row: Stages, scores: np.ndarray, query: int, key: int) -> str:
    """e^score over the sum of all powers: the largest of those seen, then the largest of those that the mask hides."""
    order = np.argsort(-row.scores)  # the same places in both lines, so that they can be compared
    seen, hidden = order[row.visible[order]], order[~row.visible[order]]
    terms = [rf"e^{{{latex(scores[place])}}}" for place in seen[:SEEN]] + [r"\dots"] * (len(seen) > SEEN)
    terms += [rf"e^{{{latex(scores[place])}}}" for place in hidden[:HIDDEN]] + [r"\dots"] * (len(hidden) > HIDDEN)
    return rf"{_weight(name, query, key)} &= \frac{{e^{{{latex(scores[key])}}}}}{{{' + '.join(terms)}}}"


def _weight(name: str, query: int, key: int | str) -> str:
    return rf"a^{{{name}}}_{{{query},{key}}}"
