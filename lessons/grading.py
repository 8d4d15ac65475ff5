"""Grades a task: how many words of the start were changed, and whether the model came to expect the goal's word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.checks import Goal

WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Grade:
    """What came of one attempt: words changed, the probability of the goal's word, and whether both are as asked."""

    edits: int
    probability: float
    within_edits: bool
    reached: bool


def word_edits(start: str, text: str) -> int:
    """Fewest words to put in, take out or replace to get from one text to the other (Levenshtein 1965, over words)."""
    before, after = WORD.findall(start), WORD.findall(text)
    distances = list(range(len(after) + 1))
    for row, old in enumerate(before, start=1):
        diagonal, distances[0] = distances[0], row
        for column, new in enumerate(after, start=1):
            replaced = diagonal + (old != new)
            diagonal = distances[column]
            distances[column] = min(replaced, distances[column] + 1, distances[column - 1] + 1)
    return distances[-1]


def word_probability(probs: NDArray[np.float64], vocabulary: Sequence[str], word: str) -> float:
    """Probability that the next token is `word`, with or without the space before it. probs: (V,)

    ValueError when the word is no single token of the vocabulary: a task must not ask for it.
    """
    places = [place for place, token in enumerate(vocabulary) if token in (word, f" {word}")]
    if not places:
        raise ValueError(f"{word!r} is not one token of this model")
    return float(sum(probs[place] for place in places))


def grade(goal: Goal, text: str, probability: float) -> Grade:
    """The grade of `text`, after which the model gave the goal's word `probability`."""
    edits = word_edits(goal.start, text)
    within = edits <= goal.edits
    return Grade(edits, probability, within, within and probability >= goal.at_least)


def written_probability(tokens: Sequence[str], log_probabilities: NDArray[np.floating], word: str) -> float:
    """Probability of `word` at the place where a translation holds it, the product over its tokens; 0 where it is not.

    tokens: N that a model wrote; log_probabilities: (N,), what it gave to each. The likeliest place counts.
    """
    spelt = [token.strip() for token in tokens]
    found = [
        float(np.exp(sum(log_probabilities[first:end])))
        for first in range(len(spelt))
        for end in range(first + 1, len(spelt) + 1)
        if "".join(spelt[first:end]) == word
    ]
    return max(found, default=0.0)
