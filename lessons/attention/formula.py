"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import math

from lessons.attention.steps import Steps
from lessons.numbers import latex
from model_utils.types import Floats

TERMS = 3  # of a long sum, this many are written out


def worked(steps: Steps, key: int) -> str:
    """The way from q and k to the weight of one key, and to the output, line by line."""
    i, j = steps.place, key
    lines = (
        rf"q_{{{i}}}\cdot k_{{{j}}} &= {_sum_of_products(steps, key)}",
        rf"&= {latex(steps.products[key])}",
        rf"s_{{{i},{j}}} &= {_scaling(steps, key)} {latex(steps.scores[key])}",
        rf"a_{{{i},{j}}} &= {_softmax(steps, key)} = {latex(steps.weights[key])}",
        rf"o_{{{i}}} &= {_weighted_values(steps)}",
    )
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"


def both_directions(scores: Floats, i: int, j: int) -> str:
    """score(i, j) beside score(j, i). scores: (T, T) of one head, before the mask."""
    return rf"s_{{{i},{j}}} = {latex(scores[i, j])} \qquad s_{{{j},{i}}} = {latex(scores[j, i])}"


def _sum_of_products(steps: Steps, key: int) -> str:
    pairs = zip(steps.query[:TERMS], steps.keys[key, :TERMS], strict=True)
    written = [rf"{_bracketed(q)}\cdot{_bracketed(k)}" for q, k in pairs]
    return r" \\ &\quad + ".join(written + [r"\dots"] * (len(steps.query) > TERMS))  # a phone has room for one a line


def _scaling(steps: Steps, key: int) -> str:
    """`q · k / sqrt(d) =`, or what this model does instead."""
    product, width = latex(steps.products[key]), len(steps.query)
    if not math.isfinite(steps.scores[key]):
        return ""
    if not steps.only_scaled:
        return rf"{_bracketed(steps.products[key])}\times{latex(steps.scaling)} + \dots ="
    if math.isclose(steps.scaling, width**-0.5, rel_tol=1e-4):
        return rf"\frac{{{product}}}{{\sqrt{{{width}}}}} ="
    return rf"{_bracketed(steps.products[key])}\times{latex(steps.scaling)} ="


def _softmax(steps: Steps, key: int) -> str:
    """One power over the sum of the largest ones, as many as are written out."""
    finite = [score for score in sorted(steps.scores, reverse=True) if math.isfinite(score)]
    powers = " + ".join(rf"e^{{{latex(score)}}}" for score in finite[:TERMS])
    rest = r" + \dots" if len(finite) > TERMS else ""
    return rf"\frac{{e^{{{latex(steps.scores[key])}}}}}{{{powers}{rest}}}"


def _weighted_values(steps: Steps) -> str:
    largest = steps.weights.argsort()[::-1][:TERMS]
    terms = " + ".join(rf"{latex(steps.weights[place])}\,v_{{{place}}}" for place in largest)
    return terms + (r" + \dots" if len(steps.weights) > TERMS else "")


def _bracketed(value: float) -> str:
    return f"({latex(value)})" if value < 0 else latex(value)
