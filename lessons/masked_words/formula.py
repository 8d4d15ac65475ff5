"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import math

import numpy as np

from lessons.masked_words.pairs import Pair
from lessons.masked_words.recipe import Taught
from lessons.numbers import latex

TERMS = 4  # losses that are written out: more are wider than a phone


def loss(taught: Taught) -> str:
    """The loss of one throw of the recipe: the mean over the places that count, its terms written out."""
    counted = np.nonzero(taught.fates > 0)[0]
    terms = [rf"{latex(float(taught.losses[place]))}" for place in counted[:TERMS]]
    terms += [r"\dots"] * (len(counted) > TERMS)
    first = int(counted[0])
    probability = math.exp(-float(taught.losses[first]))
    lines = (
        rf"\ell_{{{first}}} &= -\log {latex(probability)} = {latex(float(taught.losses[first]))}",
        rf"L &= \frac{{{' + '.join(terms)}}}{{{len(counted)}}} = {latex(taught.loss)}",
    )
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"


def alone(first: float, second: float) -> str:
    """Two gaps guessed each alone: the product of what the two words got."""
    return rf"p_1(v)\; p_2(u) = {latex(first)} \times {latex(second)} = {latex(first * second)}"


def together(pair: Pair) -> str:
    """One pair of words in the three ways: alone, one after the other, in truth."""
    lines = [
        rf"p_1(v)\; p_2(u) &= {latex(pair.alone)}",
        rf"p_1(v)\; p_2(u \mid v) &= {latex(pair.chained)}",
    ]
    lines += [] if pair.truth is None else [rf"p(v, u) &= {latex(pair.truth)}"]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"
