"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import numpy as np

from lessons.heads.output import Handed, Summands
from lessons.heads.steps import Role
from lessons.numbers import latex
from model_utils.types import Floats

TERMS = 3  # of a long sum, this many are written out


def score(role: Role, attn_weights: Floats) -> str:
    """The score of one head, (T, T): the first few weights that it counts, over the number of words that look."""
    rows, columns = np.nonzero(role.cells)
    counted = int(role.cells.any(axis=1).sum())
    terms = [latex(attn_weights[i, j]) for i, j in zip(rows[:TERMS], columns[:TERMS], strict=True)]
    rest = [r"\dots"] if len(rows) > TERMS else []
    places = [f"a_{{{i},{j}}}" for i, j in zip(rows[:TERMS], columns[:TERMS], strict=True)]
    total = attn_weights[role.cells].sum() / counted
    lines = (
        rf"\text{{score}} &= \frac{{{' + '.join(places + rest)}}}{{{counted}}}",
        rf"&= \frac{{{' + '.join(terms + rest)}}}{{{counted}}} = {latex(total)}",
    )
    return _aligned(lines)


def length(found: Handed, key: int) -> str:
    """One weight, the length of what is handed over, and their product."""
    i, j, weight, each = found.place, key, found.weights[key], found.lengths[key]
    return _aligned((
        rf"\lVert a_{{{i},{j}}}\, v_{{{j}}} W_O \rVert &= a_{{{i},{j}}}\, \lVert v_{{{j}}} W_O \rVert",
        rf"&= {latex(weight)} \times {latex(each)} = {latex(weight * each)}",
    ))  # fmt: skip


def coordinate(found: Summands, place: int) -> str:
    """The first coordinate of a word's sum over heads."""
    first = [_signed(value, at == 0) for at, value in enumerate(found.heads[:TERMS, 0])]
    rest = r" + \dots" if len(found.heads) > TERMS else ""
    bias = _signed(found.bias[0], False)
    return _aligned((
        rf"o_{{{place}}}[0] &= {''.join(first)}{rest}\,{bias}",
        rf"&= {latex(found.total[0])}",
    ))  # fmt: skip


def _signed(value: float, opens: bool) -> str:
    written = latex(abs(value))
    sign = "-" if value < 0 else ("" if opens else "+")
    return f" {sign} {written}" if not opens else f"{sign}{written}"


def _aligned(lines: tuple[str, ...]) -> str:
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"
