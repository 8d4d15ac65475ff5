r"""Modified Kneser-Ney: the best that counting words does, and the bar that a small network has to get over.

$$P(w \mid h) = \frac{c(hw) - D(c(hw))}{\sum_v c(hv)} + \gamma(h) P(w \mid h')$$

with h' the context without its first word, and gamma(h) what the discounts D took away. Below the longest n-grams c
counts in how many contexts a word was seen, not how often; at the bottom every word is equally likely.
Source: Chen and Goodman 1999, "An empirical study of smoothing techniques for language modeling", section 3.

An n-gram is one integer, its token ids the digits to base V: so counting is sorting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Order:
    """The n-grams of one length, sorted, and their histories (the n-grams without the last word), sorted."""

    grams: Ids
    kept: NDArray[np.float64]  # c(hw) - D(c(hw)), for each n-gram
    histories: Ids
    totals: Ids  # sum of c(hv) over v, for each history
    taken: NDArray[np.float64]  # sum of D(c(hv)) over v, for each history


@dataclass(frozen=True)
class KneserNey:
    """Counted: orders[k - 1] holds the k-grams. `start` stands before the first token of every text."""

    words: int
    start: int
    orders: tuple[Order, ...]


def learn(texts: Iterable[Sequence[int]], n: int, words: int, start: int = 0) -> KneserNey:
    """Count the n-grams of token ids below `words`; ValueError when words**n does not fit into 63 bits."""
    if words**n >= 2**63:
        raise ValueError(f"{n}-grams of {words} words do not fit into one integer")
    grams = np.concatenate([_grams(text, n, words, start) for text in texts])
    orders, longer = [], None
    for length in range(n, 0, -1):
        shortened = grams % words**length
        seen, counts = np.unique(shortened, return_counts=True)
        if longer is not None:
            _, contexts = np.unique(longer % words**length, return_counts=True)
            at_start = (seen // words ** (length - 1) == start) & (length > 1)
            counts = np.where(at_start, counts, contexts)  # nothing stands before the start: the plain count stays
        orders.append(_order(seen, counts, words))
        longer = seen
    return KneserNey(words, start, tuple(reversed(orders)))


def surprisals(model: KneserNey, text: Sequence[int]) -> NDArray[np.float64]:
    """-ln P of each token (T,), given all those before it that the model looks at."""
    return -np.log(_probability(model, _grams(text, len(model.orders), model.words, model.start)))


def probabilities(model: KneserNey, context: Sequence[int]) -> NDArray[np.float64]:
    """P of every word (V,) after `context`."""
    last = int(_grams([*context, 0], len(model.orders), model.words, model.start)[-1])
    return _probability(model, last + np.arange(model.words))


def discounts(counts: Ids) -> NDArray[np.float64]:
    """D(0), D(1), D(2), D(3 and more), from how many n-grams were seen once, twice, three and four times."""
    n1, n2, n3, n4 = (int((counts == times).sum()) for times in (1, 2, 3, 4))
    share = n1 / max(1, n1 + 2 * n2)
    d = [0.0, 1 - 2 * share * n2 / max(1, n1), 2 - 3 * share * n3 / max(1, n2), 3 - 4 * share * n4 / max(1, n3)]
    return np.clip(d, 0.0, [0, 1, 2, 3])


def _order(grams: Ids, counts: Ids, words: int) -> Order:
    discount = discounts(counts)[np.minimum(counts, 3)]
    histories, first = np.unique(grams // words, return_index=True)
    totals, taken = np.add.reduceat(counts, first), np.add.reduceat(discount, first)
    return Order(grams, counts - discount, histories, totals, taken)


def _grams(text: Sequence[int], n: int, words: int, start: int) -> Ids:
    """The n-gram that ends at each token (T,), the text with n - 1 starts before it."""
    padded = np.concatenate([np.full(n - 1, start), np.asarray(text, dtype=np.int64)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, n)  # (T, n)
    return windows @ words ** np.arange(n - 1, -1, -1)


def _probability(model: KneserNey, grams: Ids) -> NDArray[np.float64]:
    probs = np.full(len(grams), 1 / model.words)
    for length, order in enumerate(model.orders, start=1):
        shortened = grams % model.words**length
        kept, _ = _look_up(order.grams, shortened, order.kept)
        total, known = _look_up(order.histories, shortened // model.words, order.totals)
        taken, _ = _look_up(order.histories, shortened // model.words, order.taken)
        probs = np.where(known, (kept + taken * probs) / np.where(known, total, 1), probs)
    return probs


def _look_up(keys: Ids, wanted: Ids, values: NDArray) -> tuple[NDArray, NDArray[np.bool_]]:
    """The value of each wanted key, 0 where it is not among the sorted keys, and whether it is."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[place] == wanted
    return np.where(found, values[place], 0), found
