"""Maximum likelihood seen: one probability is moved away from its count, and the likelihood of the text falls."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lessons.language_models import counting, maths
from lessons.language_models.counting import Counted
from lessons.language_models.maths import Floats

MOST_SHOWN = 6  # words with bars of their own
STEPS = np.linspace(0.02, 0.98, 33)
MOST_HISTORIES = 8


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The words that followed one word, and what the text becomes when one of them is given another probability."""

    history: str
    words: tuple[str, ...]  # F, the most frequent first
    counts: Floats  # (F,)
    moved: int  # which of them
    probs: Floats  # (P,) its probability, the count's own among them
    rows: Floats  # (P, F) all their probabilities then
    bits: Floats  # (P,) log2 of the likelihood of all that followed
    best: int  # the place of the count's own probability

    @property
    def total(self) -> float:
        return float(self.counts.sum())


@lru_cache(maxsize=64)
def histories(texts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Words that are followed by two others at least, the most frequent first; signs last. () where there are none."""
    table = counting.counted(texts, 2).tables[-1]
    found = {word: sum(after.values()) for (word,), after in table.items() if len(after) > 1 and word != maths.END}
    return tuple(sorted(found, key=lambda word: (not word[0].isalnum(), -found[word]))[:MOST_HISTORIES])


def likelihood(counts: Counted, history: str, word: str | None = None) -> Likelihood:
    """Move P(word | history) through STEPS; without a word, the most frequent one. counts: bigrams."""
    after = counts.tables[-1][(history,)]
    words = tuple(sorted(after, key=lambda each: -after[each]))
    numbers = np.array([after[each] for each in words], dtype=np.float64)
    moved = words.index(word) if word in words else 0
    own = maths.most_likely(numbers)
    probs = np.union1d(STEPS, own[moved])
    rows = np.array([maths.moved(own, moved, p) for p in probs])
    bits = np.array([maths.log_likelihood(numbers, row) for row in rows])
    return Likelihood(history, words, numbers, moved, probs, rows, bits, int(np.searchsorted(probs, own[moved])))
