"""Exact inference: run the grammar again under forced choices, depth first, and cut what departs from the words."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Any

from model_utils.meadow.kinds import meadow
from model_utils.meadow.lexicon import categories
from model_utils.meadow.text import LONGEST, split, tokenize
from model_utils.meadow.types import END, Choose, Exploration, NotMeadow, Say, Word

Grammar = Callable[[Choose, Say], Any]
BLANK = "[MASK]"


class _Cut(Exception):
    """This branch is done: it departs from the words, or it has said the next one."""


@dataclass(slots=True)
class Walk:
    """Where the search stands. A branch is the list of choices (as indices) that leads to it; None is a blank."""

    words: tuple[str | None, ...]
    masses: list[float]  # of each opening: masses[i] is that of the first i words
    enough: int = -1  # a branch that has said so many words is done
    filled: list[str] = field(default_factory=list)  # what was said in the blanks in this run
    following: dict[str, float] = field(default_factory=dict)
    stack: list[tuple[list[int], float]] = field(default_factory=lambda: [([], 1.0)])  # branches to come
    forced: list[int] = field(default_factory=list)  # this branch
    taken: int = 0  # how many of its choices have been made in this run
    known: int = 0  # how many of them an earlier run has made and counted
    position: int = 0  # words said in this run
    probability: float = 1.0  # of the choices made


def _chooser(walk: Walk) -> Choose:
    """Choose as forced; at a new choice go on with the first option that fits and leave the others on the stack."""

    def choose(options: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        if walk.taken < len(walk.forced):
            walk.taken += 1
            return options[walk.forced[walk.taken - 1]]
        weights = weights or (1.0,) * len(options)
        share = walk.probability / sum(weights)
        fitting: Sequence[int] = range(len(options))
        if isinstance(options[0], Word):  # a choice of the very next word: what does not fit need not be run
            if walk.position == len(walk.words):
                for option, weight in zip(options, weights, strict=True):
                    _follow(walk, option.english, share * weight)
                raise _Cut
            wanted = walk.words[walk.position]
            if wanted is not None:
                fitting = [index for index, option in enumerate(options) if option.english == wanted]
        if not fitting:
            raise _Cut
        for index in fitting[:0:-1]:
            walk.stack.append(([*walk.forced, index], share * weights[index]))
        walk.forced.append(fitting[0])
        walk.taken += 1
        walk.probability = share * weights[fitting[0]]
        return options[fitting[0]]

    return choose


def _sayer(walk: Walk) -> Say:
    """Hold what is said against the words; the first one beyond them is one that may follow."""

    def say(word: Word | str, chinese: str | None = None, back: int = 0, role: str = "") -> None:
        for spoken in split(word) if isinstance(word, str) else (word.english,):
            if walk.position == len(walk.words):
                _follow(walk, spoken, walk.probability)
                raise _Cut
            wanted = walk.words[walk.position]
            if spoken != wanted:
                if wanted is not None:
                    raise _Cut
                walk.filled.append(spoken)
            walk.position += 1
            if walk.taken >= walk.known:
                walk.masses[walk.position] += walk.probability
            if walk.position == walk.enough:
                raise _Cut

    return say


def _follow(walk: Walk, word: str, probability: float) -> None:
    walk.following[word] = walk.following.get(word, 0.0) + probability


@lru_cache(maxsize=512)
def explore(words: tuple[str, ...], grammar: Grammar = meadow) -> Exploration:
    """Probability of every opening of `words`, and of each word (or END) after them. Raises NotMeadow.

    Every path through the grammar that says these words is walked, each once; all others are cut where they depart.
    """
    walk = Walk(words, [1.0] + [0.0] * len(words))
    for ended in branches(walk, grammar):
        if ended and walk.position == len(words):
            _follow(walk, END, walk.probability)
    check_said(walk)
    return Exploration(tuple(walk.masses), walk.following)


def branches(walk: Walk, grammar: Grammar = meadow) -> Iterator[bool]:
    """Walk branch after branch until none is left; at the end of each, whether it was a whole document or was cut."""
    choose, say = _chooser(walk), _sayer(walk)
    while walk.stack:
        walk.forced, walk.probability = walk.stack.pop()
        walk.known, walk.taken, walk.position = len(walk.forced), 0, 0
        walk.filled.clear()
        try:
            grammar(choose, say)
        except _Cut:
            yield False
        else:
            yield True


def check_said(walk: Walk) -> None:
    """NotMeadow where no branch has said all the words; it names the first that none has."""
    if not walk.masses[-1]:
        misfit = walk.masses.index(0.0) - 1
        raise NotMeadow(walk.words[misfit] or BLANK, misfit)


def explore_text(text: str) -> Exploration:
    """`explore` for any text, of any length: it reads no further than Meadow can go. Raises NotMeadow."""
    words = tokenize(text, LONGEST + 1)
    known = tuple(takewhile(categories().__contains__, words))
    exploration = explore(known)
    if known != words:
        raise NotMeadow(words[len(known)], len(known))
    return exploration


def next_word_probabilities(text: str) -> dict[str, float]:
    """The exact probability of each word that may follow; END where the document may stop.

    An empty text gives the distribution of first words. Raises NotMeadow, naming the first word that does not fit.
    """
    following = explore_text(text).following
    total = math.fsum(following.values())
    return {word: mass / total for word, mass in sorted(following.items(), key=lambda pair: (-pair[1], pair[0]))}


def word_surprisals(text: str) -> tuple[float, ...]:
    """-log p in nats of each word of the text, given the words before it. Raises NotMeadow."""
    return tuple(math.log(before / after) for before, after in pairwise(explore_text(text).masses))


def log_probability(text: str) -> float:
    """Log of the exact probability of the text as a complete document, over all its derivations.

    -inf where the text only opens documents; NotMeadow where it does not even do that.
    """
    ending = explore_text(text).following.get(END, 0.0)
    return math.log(ending) if ending else -math.inf


def is_meadow(text: str) -> bool:
    """Whether some document of Meadow opens with this text."""
    try:
        explore_text(text)
    except NotMeadow:
        return False
    return True
