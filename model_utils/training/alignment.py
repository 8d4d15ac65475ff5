"""Word alignment: what cross-attention says, beside what Meadow knows.

One Chinese token is linked to the English token that it looks at most while it is being predicted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_utils.meadow import Document, categories

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Gold:
    """Meadow's links between T Chinese tokens and S English words, (T, S).

    `possible` is every pair that belongs together; `heads` are those without the articles, which have no Chinese of
    their own; `sure` are those of a token that speaks of one English word alone, articles aside. `crossed` (T,) are the
    tokens of a sure link that crosses another one: where the order of the two languages differs, and reading on from
    left to right would go wrong.
    """

    possible: Bools
    heads: Bools
    sure: Bools
    crossed: Bools


def gold(document: Document, spans: Sequence[tuple[int, int]]) -> Gold:
    """The links of a document whose Chinese is cut into tokens with these `spans`."""
    starts, ends = np.array(spans).T[:, :, None]  # (T, 1)
    first, last = np.array(document.alignment).T[:, None]  # (1, S)
    possible = (starts < last) & (first < ends)
    article = np.array([categories()[word] == "determiner" for word in document.words])
    heads = possible & ~(article & (possible & ~article).any(1, keepdims=True))
    sure = heads & (heads.sum(1, keepdims=True) == 1)
    return Gold(possible, heads, sure, crossed(sure))


def crossed(sure: Bools) -> Bools:
    """(T, S) -> (T,): the rows whose link is crossed by another row's: before it but to its right, or the reverse."""
    rows, words = np.nonzero(sure)
    before = (rows[:, None] < rows) & (words[:, None] > words)
    found = np.zeros(len(sure), dtype=bool)
    found[rows[before.any(0) | before.any(1)]] = True
    return found


def links(weights: NDArray[np.floating]) -> Bools:
    """Attention (..., T, S + 1), the source's end last -> (..., T, S): the most looked-at; the end is no word."""
    most = weights.argmax(-1)[..., None]  # (..., T, 1)
    return most == np.arange(weights.shape[-1] - 1)


def left_to_right(tokens: int, words: int) -> Bools:
    """(T, S): the links of one who reads on at an even pace, whatever the words are."""
    return np.round(np.linspace(0, words - 1, tokens))[:, None] == np.arange(words)


def error_rate(found: Sequence[Bools], golds: Sequence[Gold], crossed_only: bool = False) -> float:
    r"""\(1 - \frac{|A \cap S| + |A \cap P|}{|A| + |S|}\) over documents: 0 is Meadow's own alignment.

    Tokens that speak of no English word, such as measure words, are left out; with `crossed_only`, all but the crossed
    ones are. A token that looks at the end rather than at a word counts as a wrong link.
    Source: Och and Ney 2003, "A Systematic Comparison of Various Statistical Alignment Models", section 4.
    """
    right = counted = 0
    for one, known in zip(found, golds, strict=True):
        rows = known.crossed if crossed_only else known.possible.any(1)
        a, s, p = one[rows], known.sure[rows], known.possible[rows]
        right += (a & s).sum() + (a & p).sum()
        counted += len(a) + s.sum()
    return float(1 - right / counted)
