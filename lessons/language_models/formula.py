"""The formulas of this lesson with the learner's numbers put in, as LaTeX. Numbers only, never a learner's text."""

from typing import TYPE_CHECKING

import numpy as np

from lessons.numbers import latex

if TYPE_CHECKING:
    from lessons.language_models.counting import NextWords, Smoothing
    from lessons.language_models.hidden import Trellis
    from lessons.language_models.likelihood import Likelihood

TERMS = 3  # of a long sum, this many are written out


def worked(found: "NextWords", smoothing: "Smoothing", k: float) -> str:
    """P of the likeliest word from the counts."""
    c, total, V, prob = found.counts[found.best], found.counts.sum(), len(found.counts), found.probs[found.best]
    if smoothing == "add_k":
        return rf"P = \frac{{{latex(c)} + {latex(k)}}}{{{latex(total)} + {latex(k)} \cdot {V}}} = {latex(prob)}"
    if smoothing == "none":
        return rf"P = \frac{{{latex(c)}}}{{{latex(total)}}}" + (rf" = {latex(prob)}" if total else "")
    if found.n == 1 or not total:
        return rf"P(w \mid h) = P(w \mid h') = {latex(prob)}" if not total else _discounted(found, 1 / V)
    taken = found.D[np.minimum(found.counts, 3).astype(int)]  # (V,)
    kept = c - taken[found.best]
    return _discounted(found, (prob * total - kept) / taken.sum() if taken.any() else 0.0)


def _discounted(found: "NextWords", below: float) -> str:
    """What is kept of a count, and what the shorter history makes of that which was taken."""
    total, taken = found.counts.sum(), found.D[np.minimum(found.counts, 3).astype(int)]  # (V,)
    kept = rf"\frac{{{latex(found.counts[found.best])} - {latex(taken[found.best])}}}{{{latex(total)}}}"
    return rf"P = {kept} + {latex(taken.sum() / total)} \times {latex(below)} = {latex(found.probs[found.best])}"


def possible(V: int, n: int) -> str:
    """How many n-grams there could be."""
    return rf"V^n = {V}^{{{n}}} = {latex(float(V) ** n)}"


def likelihood(found: "Likelihood") -> str:
    """The likelihood of one word against all others, at the count's own probability."""
    c, total, p = found.counts[found.moved], found.total, found.probs[found.best]
    top = rf"\hat p &= \frac{{{latex(c)}}}{{{latex(total)}}} = {latex(p)}"
    return _aligned(rf"\log_2 L &= {latex(c)} \log_2 p + {latex(total - c)} \log_2 (1 - p) + C", top)


def perplexity(bits: np.ndarray) -> str:
    """Perplexity from the surprise of each word, (T,)."""
    mean = float(np.mean(bits))
    terms = " + ".join(latex(one) for one in bits[:TERMS]) + (r" + \dots" if len(bits) > TERMS else "")
    return rf"\operatorname{{PP}} = 2^{{({terms}) / {len(bits)}}} = 2^{{{latex(mean)}}} = {latex(float(2**mean))}"


def forward_step(found: "Trellis", A: np.ndarray, place: int, state: int) -> str:
    """One cell of the forward pass: the largest ways into a state, times the state's word, over P of the word."""
    b, p, value = found.emitted[place, state], found.probs[place], found.alpha[place, state]
    if place == 0:
        start = value * p / b if b else 0.0
        inside = latex(start)
    else:
        ways = found.alpha[place - 1] * A[:, state]  # (K,)
        largest = np.argsort(-ways, kind="stable")[:TERMS]
        terms = [rf"{latex(found.alpha[place - 1, i])} \cdot {latex(A[i, state])}" for i in largest]
        inside = r" \\ &\quad + ".join(terms) + (r" + \dots" if len(ways) > TERMS else "")
    at = rf"{{{place + 1}}}({state})"
    first = rf"\alpha_{at} &= \frac{{1}}{{{latex(p)}}} \bigl[ {inside} \bigr]"
    return _aligned(first, rf"&\quad \times {latex(b)} = {latex(value)}")


def _aligned(*lines: str) -> str:
    """Lines under each other: a phone has room for one."""
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"
