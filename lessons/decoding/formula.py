"""The formulas of this lesson with the learner's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

import math

import numpy as np

from lessons.decoding.trees import tokens_to
from lessons.numbers import latex
from model_utils.decoding import Node, Tree
from model_utils.types import Floats

TERMS = 3  # of a long product, this many factors are written out; of a long sum one less, for a phone is narrow
TEMPERATURES = (0.5, 1.0, 2.0)


def worked_path(tree: Tree, node: Node) -> str:
    """The probability of a path, token by token, as a product and as a sum of logarithms."""
    way = tokens_to(tree, node)
    factors = r"\cdot".join(latex(each.probability) for each in way[:TERMS])
    terms = " + ".join(f"({latex(math.log(each.probability))})" for each in way[: TERMS - 1] if each.probability > 0)
    more = (r"\cdot\dots" * (len(way) > TERMS), r" + \dots" * (len(way) >= TERMS))
    lines = (
        rf"p &= {factors}{more[0]}",
        rf"&= {latex(math.exp(node.log_probability))}",
        rf"\log p &= {terms}{more[1]}",
        rf"&= {latex(node.log_probability)}",
    )
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def worked_scores(tree: Tree, alpha: float) -> str:
    """The two best beams, and what each is ranked by."""
    living = [path for path in tree.paths if path.strategy == "beam" and path.dropped_at is None][:2]
    lines = (
        rf"\frac{{{latex(path.log_probability)}}}{{{path.length}^{{{latex(alpha)}}}}} &= {latex(path.score)}"
        for path in living
    )
    return r"\begin{aligned}" + r" \\[1.2em] ".join(lines) + r"\end{aligned}"


def worked_ratio(logits: Floats) -> str:
    """How many times likelier the first token is than the second, at three temperatures. logits: (V,)."""
    first, second = np.sort(logits)[::-1][:2].astype(float)
    ahead = first - second
    lines = (
        rf"\tau = {latex(tau)}: \quad \frac{{p_1}}{{p_2}}"
        rf" &= e^{{({latex(first)} - {_bracketed(second)}) / {latex(tau)}}}"
        rf" = {latex(math.exp(min(ahead / tau, 700)))}"
        for tau in TEMPERATURES
    )
    return r"\begin{aligned}" + r" \\[1em] ".join(lines) + r"\end{aligned}"


def worked_cost(shape: tuple[int, int, int], prompt: int, steps: int, multiplications: tuple[int, int]) -> str:
    """The last token's multiplications by hand, with the cache (one new token) and without (all of them again)."""
    L, C, V = shape
    seen = prompt + steps - 1
    lines = (
        rf"t = {new}: \quad & {L}\,(12\cdot {C}^2\cdot {new} + 2\cdot {C}\cdot {new}\cdot {seen}) \\"
        rf" & + {C}\cdot {V} = {_whole(count)}"
        for new, count in zip((1, seen), multiplications, strict=True)
    )
    return r"\begin{aligned}" + r" \\[0.4em] ".join(lines) + r"\end{aligned}"


def _bracketed(value: float) -> str:
    return f"({latex(value)})" if value < 0 else latex(value)


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", r"\,")
