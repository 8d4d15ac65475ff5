"""The formulas of this lesson with a model's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

from lessons.embeddings.steps import Lookup
from lessons.numbers import latex
from model_utils.types import Floats

TERMS = 3  # of a long sum, this many are written out
DOTS = r"\dots"
LINE = r" \\ &\quad + "  # a phone has room for one term a line


def worked_row(found: Lookup) -> str:
    """The first coordinate of the product, as the sum that it is."""
    i, row = found.token_id, int(found.ids.searchsorted(found.token_id))
    others = [place for place in range(len(found.ids)) if place != row][: TERMS - 1]
    terms = [(found.one_hot[place], found.rows[place, 0]) for place in sorted([*others, row])]
    written = [rf"{latex(x)}\cdot{_bracketed(w)}" for x, w in terms]
    product = rf"{DOTS} + {LINE.join(written)} + {DOTS}"
    return rf"\begin{{aligned}}e_1 &= {product} \\ &= {latex(found.picked[0])} = W_{{{i},1}}\end{{aligned}}"


def worked_cosine(a: Floats, b: Floats, cosine: float) -> str:
    """a, b: (C,) as they stand in the table."""
    terms = [rf"{_bracketed(x)}\cdot{_bracketed(y)}" for x, y in zip(a[:TERMS], b[:TERMS], strict=True)]
    lengths = rf"{latex((a**2).sum() ** 0.5)}\times{latex((b**2).sum() ** 0.5)}"
    top = rf"a \cdot b &= {LINE.join(terms)} + {DOTS} \\ &= {latex(a @ b)}"
    bottom = rf"\cos(a, b) &= \frac{{{latex(a @ b)}}}{{{lengths}}} = {latex(cosine)}"
    return rf"\begin{{aligned}}{top} \\[0.6em] {bottom}\end{{aligned}}"


def _bracketed(value: float) -> str:
    return f"({latex(value)})" if value < 0 else latex(value)
