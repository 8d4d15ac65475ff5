"""Exact inference: run the grammar again under forced choices, depth first, and cut what departs from the words."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from model_utils.meadow.kinds import meadow
from model_utils.meadow.text import LONGEST, split, tokenize
from model_utils.meadow.types import END, Exploration, NotMeadow, Word


class _Cut(Exception):
    """This branch is done: it departs from the words, or it has said the next one."""


@lru_cache(maxsize=4096)
def explore(words: tuple[str, ...]) -> Exploration:
    """Probability of every opening of `words`, and of each word (or END) after them. Raises NotMeadow.

    A branch is the list of choices that leads to it. Each new choice continues with its first option and leaves the
    others on the stack, each with the probability of getting there; so every path is walked once, without recursion.
    """
    size = len(words)
    masses = [1.0] + [0.0] * size
    following: dict[str, float] = {}
    stack: list[tuple[list[int], float]] = [([], 1.0)]
    forced: list[int]
    taken = known = position = 0  # choices made, choices of this branch walked before, words said
    probability = 1.0

    def choose(options: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        nonlocal taken, probability
        if taken < len(forced):
            taken += 1
            return options[forced[taken - 1]]
        if weights is None:
            weights = (1.0,) * len(options)
        share = probability / sum(weights)
        if isinstance(options[0], Word):
            if position == size:
                for option, weight in zip(options, weights, strict=True):
                    following[option.english] = following.get(option.english, 0.0) + share * weight
                raise _Cut
            indices = [index for index, option in enumerate(options) if option.english == words[position]]
            if not indices:
                raise _Cut
        else:
            indices = [index for index in range(len(options)) if weights[index]]
        for index in indices[:0:-1]:
            stack.append(([*forced, index], share * weights[index]))
        forced.append(indices[0])
        taken += 1
        probability = share * weights[indices[0]]
        return options[indices[0]]

    def say(word: Word | str, chinese: str | None = None, back: int = 0, role: str = "") -> None:
        nonlocal position
        for spoken in split(word) if word.__class__ is str else (word.english,):
            if position == size:
                following[spoken] = following.get(spoken, 0.0) + probability
                raise _Cut
            if spoken != words[position]:
                raise _Cut
            position += 1
            if taken >= known:
                masses[position] += probability

    while stack:
        forced, probability = stack.pop()
        known, taken, position = len(forced), 0, 0
        try:
            meadow(choose, say)
            if position == size:
                following[END] = following.get(END, 0.0) + probability
        except _Cut:
            pass
    if not masses[size]:
        misfit = masses.index(0.0) - 1
        raise NotMeadow(words[misfit], misfit)
    return Exploration(tuple(masses), following)


def _words(text: str) -> tuple[str, ...]:
    return tokenize(text, LONGEST + 1)


def next_word_probabilities(text: str) -> dict[str, float]:
    """The exact probability of each word that may follow; END where the document may stop.

    An empty text gives the distribution of first words. Raises NotMeadow, naming the first word that does not fit.
    """
    following = explore(_words(text)).following
    total = math.fsum(following.values())
    return {word: mass / total for word, mass in sorted(following.items(), key=lambda pair: (-pair[1], pair[0]))}


def word_surprisals(text: str) -> tuple[float, ...]:
    """-log p in nats of each word of the text, given the words before it. Raises NotMeadow."""
    masses = explore(_words(text)).masses
    return tuple(math.log(before / after) for before, after in pairwise(masses))


def log_probability(text: str) -> float:
    """Log of the exact probability of the text as a complete document, over all its derivations.

    -inf where the text only opens documents; NotMeadow where it does not even do that.
    """
    ending = explore(_words(text)).following.get(END, 0.0)
    return math.log(ending) if ending else -math.inf


def is_meadow(text: str) -> bool:
    """Whether some document of Meadow opens with this text."""
    try:
        explore(_words(text))
    except NotMeadow:
        return False
    return True
