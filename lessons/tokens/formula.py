"""The formulas of this lesson with the numbers of the learner's text put in, as LaTeX. Never the text itself."""

from collections.abc import Sequence

TERMS = 3  # of a long sum, this many are written out; a phone has room for no more
LOGARITHMS = 2


def worked_count(first: Sequence[tuple[int, int]]) -> str:
    """How often the first pair stands side by side: occurrences of each word times pairs in that word."""
    terms = [rf"{words}\cdot {times}" for words, times in first[:TERMS]] + [r"\dots"] * (len(first) > TERMS)
    total = sum(words * times for words, times in first)
    return rf"\begin{{aligned}}c(a^*, b^*) &= {' + '.join(terms) or 0} \\ &= {total}\end{{aligned}}"


def worked_cuts(best: Sequence[float], letters: Sequence[float]) -> str:
    """The log probability of the likeliest cut, and of the word letter by letter."""
    t, c = (rf"{name}_1 \cdots {name}_{{{len(terms)}}}" for name, terms in (("t", best), ("c", letters)))
    lines = (rf"\log p({name}) &= {_sum(terms)}" for name, terms in ((t, best), (c, letters)))
    return r"\begin{aligned}" + r" \\[0.4em] ".join(lines) + r"\end{aligned}"


def _sum(terms: Sequence[float]) -> str:
    written = [f"({term:.2f})" for term in terms[:LOGARITHMS]] + [r"\dots"] * (len(terms) > LOGARITHMS)
    total = f"{sum(terms):.2f}"
    return total if len(terms) == 1 else rf"{' + '.join(written)} \\ &= {total}"
