"""The formulas of this lesson with a model's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

from lessons.attention.formula import number
from lessons.embeddings.steps import Lookup
from model_utils.types import Floats

TERMS = 3  # of a long sum, this many are written out


def worked_row(found: Lookup) -> str:
    """The first coordinate of the product, as the sum that it is."""
    i, row = found.token_id, int(found.ids.searchsorted(found.token_id))
    others = [place for place in range(len(found.ids)) if place != row][: TERMS - 1]
    terms = [(found.one_hot[place], found.rows[place, 0]) for place in sorted([*others, row])]
    written = " + ".join(rf"{number(x)}\cdot{_bracketed(w)}" for x, w in terms)
    return rf"e_1 = \dots + {written} + \dots = {number(found.picked[0])} = W_{{{i},1}}"


def worked_cosine(a: Floats, b: Floats, cosine: float) -> str:
    """a, b: (C,) as they stand in the table."""
    products = " + ".join(rf"{_bracketed(x)}\cdot{_bracketed(y)}" for x, y in zip(a[:TERMS], b[:TERMS], strict=True))
    lengths = rf"{number((a**2).sum() ** 0.5)}\times{number((b**2).sum() ** 0.5)}"
    top = rf"a \cdot b &= {products} + \dots = {number(a @ b)}"
    bottom = rf"\cos(a, b) &= \frac{{{number(a @ b)}}}{{{lengths}}} = {number(cosine)}"
    return rf"\begin{{aligned}}{top} \\[0.6em] {bottom}\end{{aligned}}"


def _bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)
