"""The formulas of this lesson with their numbers put in, as LaTeX. Numbers only, never a learner's text."""

import math

from lessons.numbers import latex
from lessons.positions.curves import KEY, QUERY


def sinusoid(position: int, pair: int, width: int, base: float) -> str:
    """Sine and cosine of one hand at one position."""
    angle = position / base ** (2 * pair / width)
    fraction = rf"\frac{{{position}}}{{{base:.0f}^{{{2 * pair}/{width}}}}}"
    lines = (
        rf"\theta_{{{position},{pair}}} &= {fraction} = {latex(angle)}",
        rf"PE_{{{position},\,{2 * pair}}} &= \sin {latex(angle)} = {latex(math.sin(angle))}",
        rf"PE_{{{position},\,{2 * pair + 1}}} &= \cos {latex(angle)} = {latex(math.cos(angle))}",
    )
    return _aligned(lines)


def same_distance(distance: int, shift: int, products: tuple[float, float], base: float) -> str:
    """The product of query and key at one distance, at two places; and its terms, which know the distance alone."""
    first, second = products
    terms = [_term(pair, distance, base) for pair in range(len(QUERY) // 2)]
    lines = (
        rf"&(R_{{{distance}}}\,q)\cdot(R_{{0}}\,k) = {latex(first)}",
        rf"&(R_{{{distance + shift}}}\,q)\cdot(R_{{{shift}}}\,k) = {latex(second)}",
        rf"&= {terms[0]}" + "".join(rf" \\ &\;\; + {term}" for term in terms[1:]),
    )
    return _aligned(lines)


def _term(pair: int, distance: int, base: float) -> str:
    """|q| |k| cos(angle between them before they turn + distance times frequency)."""
    (qx, qy), (kx, ky) = QUERY[2 * pair : 2 * pair + 2], KEY[2 * pair : 2 * pair + 2]
    lengths = math.hypot(qx, qy) * math.hypot(kx, ky)
    between = math.atan2(qy, qx) - math.atan2(ky, kx)
    frequency = base ** (-2 * pair / len(QUERY))
    return rf"{latex(lengths)}\cos({latex(between)} + {distance}\times {latex(frequency)})"


def _aligned(lines: tuple[str, ...]) -> str:
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"
