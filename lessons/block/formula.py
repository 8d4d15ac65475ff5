"""The formulas of this lesson with a run's own numbers put in, as LaTeX. Numbers only, never a learner's text."""

from collections.abc import Sequence

import numpy as np

from lessons.block.counting import Shape
from lessons.block.norms import Normalised
from lessons.block.towards import Pushes
from lessons.numbers import latex

SIGNS = {"embedding": "e", "position": "p", "segment": "s", "attention": "a", "mlp": "m"}
MOST = 8  # terms of their own; of a longer sum, the two of each layer are added up first
A_LINE = 3  # numbers of a sum on one line: a phone has room for no more


def worked_sum(names: Sequence[tuple[str, int]], found: Pushes) -> str:
    """The pushes of all parts, added up to the logit; of a deep model, each layer's two parts together."""
    terms = [(_sign(*name), value) for name, value in zip(names, found.parts, strict=True)]
    if len(terms) > MOST:
        terms = _by_layer(names, found.parts)
    terms.append(("b", found.shift))
    symbols = _broken_up([sign for sign, _ in terms], A_LINE - 1)
    numbers = _broken_up([_bracketed(value) for _, value in terms], A_LINE)
    lines = (rf"z - \bar{{z}} &= {symbols}", f"&= {numbers}", f"&= {latex(found.logit)}")
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"


def worked_norm(found: Normalised) -> str:
    """The first number of a vector on its way through a norm."""
    mean, spread = float(found.before.mean()), float(np.sqrt(found.before.var() + found.norm.epsilon))
    gain, shift = float(found.norm.gain[0]), float(found.norm.shift[0])
    lines = (
        rf"\mu &= {latex(mean)} \qquad \sqrt{{\sigma^2 + \varepsilon}} = {latex(spread)}",
        rf"\frac{{x_0 - \mu}}{{\sqrt{{\sigma^2 + \varepsilon}}}} &= \frac{{{latex(float(found.before[0]))}"
        rf" - {_bracketed(mean)}}}{{{latex(spread)}}} = {latex(float(found.normal[0]))}",
        rf"\operatorname{{LN}}(x)_0 &= {_bracketed(gain)} \cdot {_bracketed(float(found.normal[0]))}"
        rf" + {_bracketed(shift)}",
        rf"&= {latex(float(found.after[0]))}",
    )
    return r"\begin{aligned}" + r" \\[0.6em] ".join(lines) + r"\end{aligned}"


def worked_count(shape: Shape) -> str:
    """Attention, MLP and norms of one block of GPT-2's shape, from its width alone."""
    C, attention, mlp, norms = shape.width, *shape.of_block()
    lines = (
        rf"\text{{attention}} &: \; 4 \cdot {C}^2 + 4 \cdot {C} = {_whole(attention)}",
        rf"\text{{MLP}} &: \; 8 \cdot {C}^2 + 5 \cdot {C} = {_whole(mlp)}",
        rf"\text{{norms}} &: \; 4 \cdot {C} = {_whole(norms)}",
        rf"\frac{{\text{{MLP}}}}{{\text{{block}}}} &= {latex(mlp / (attention + mlp + norms))}",
    )
    return r"\begin{aligned}" + r" \\[0.3em] ".join(lines) + r"\end{aligned}"


def _by_layer(names: Sequence[tuple[str, int]], parts: np.ndarray) -> list[tuple[str, float]]:
    tables = [(_sign(*name), float(value)) for name, value in zip(names, parts, strict=True) if name[1] < 0]
    layers = parts[len(tables) :].reshape(-1, 2).sum(axis=1)  # (L,)
    return tables + [(rf"(a_{{{layer}}} + m_{{{layer}}})", float(value)) for layer, value in enumerate(layers)]


def _sign(part: str, layer: int) -> str:
    return SIGNS[part] if layer < 0 else f"{SIGNS[part]}_{{{layer}}}"


def _broken_up(terms: Sequence[str], a_line: int) -> str:
    """A sum over as many lines as it needs."""
    rows = [" + ".join(terms[start : start + a_line]) for start in range(0, len(terms), a_line)]
    return r" \\ &\quad + ".join(rows)


def _bracketed(value: float) -> str:
    return f"({latex(value)})" if value < 0 else latex(value)


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", r"\,")
