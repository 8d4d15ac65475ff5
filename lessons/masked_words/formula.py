"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import math

import numpy as np

from lessons.masked_words.pairs import Pair
from lessons.masked_words.recipe import Taught
from lessons.numbers import latex

TERMS = 2  # losses that are written out, the largest first: more are wider than a phone


def loss(taught: Taught) -> str:
    """The loss of one throw of the recipe: the largest of its terms, and the mean over the places that count."""
    counted = np.nonzero(taught.fates > 0)[0]
    order = counted[np.argsort(-taught.losses[counted], kind="stable")]
    terms = [latex(float(taught.losses[place])) for place in order[:TERMS]] + [r"\dots"] * (len(order) > TERMS)
    hardest = float(taught.losses[order[0]])
    lines = (
        rf"\ell_{{{order[0]}}} &= -\log {latex(math.exp(-hardest))} = {latex(hardest)}",
        rf"L &= \frac{{{' + '.join(terms)}}}{{{len(counted)}}} = {latex(taught.loss)}",
    )
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"


def together(pair: Pair) -> str:
    """One pair of words guessed each alone, and one after the other."""
    first = latex(pair.first)
    lines = (
        rf"p_1(v)\; p_2(u) &= {first} \times {latex(pair.second)} = {latex(pair.alone)}",
        rf"p_1(v)\; p_2(u \mid v) &= {first} \times {latex(pair.given)} = {latex(pair.chained)}",
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"
