"""Which next words to draw, over the whole vocabulary: the likeliest few, and the rest in one bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Probs = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NextWords:
    """Rows to draw: N tokens and then, last, everything else. Probabilities sum to 1 over the rows."""

    tokens: tuple[str, ...]  # N
    first: Probs  # (N + 1,)
    second: Probs | None  # (N + 1,): the truth, or the broken model


def next_words(probs: Probs, vocabulary: Sequence[str], k: int, beside: Probs | None = None) -> NextWords:
    """The k tokens that either distribution finds likeliest. probs, beside: (V,), each summing to 1."""
    weight = probs if beside is None else np.maximum(probs, beside)  # (V,)
    chosen = np.argsort(-weight, kind="stable")[:k]  # (k,)
    tokens = tuple(vocabulary[place] for place in chosen)
    return NextWords(tokens, _with_rest(probs, chosen), None if beside is None else _with_rest(beside, chosen))


def over_vocabulary(truth: Mapping[str, float], vocabulary: Sequence[str]) -> Probs:
    """Exact probabilities of words as a row over a model's vocabulary: (V,). KeyError for a word it does not have."""
    places = {token: place for place, token in enumerate(vocabulary)}
    probs = np.zeros(len(vocabulary))
    for word, probability in truth.items():
        spaced = f" {word}"
        probs[places[spaced] if spaced in places else places[word]] += probability
    return probs


def largest_change(rows: NextWords) -> int:
    """Row of the token whose probability differs most between the two."""
    if rows.second is None:
        raise ValueError("nothing to compare with")
    return int(np.abs(rows.second - rows.first)[:-1].argmax())


def distance(probs: Probs, other: Probs) -> float:
    """Total variation: the probability mass that must move to make one into the other. (V,) each; 0 to 1."""
    return float(np.abs(probs - other).sum() / 2)


def _with_rest(probs: Probs, chosen: NDArray[np.intp]) -> Probs:
    """The chosen probabilities and the mass of all others."""
    rest = max(0.0, 1.0 - float(probs[chosen].sum()))
    return np.append(probs[chosen], rest)
