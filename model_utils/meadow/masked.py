"""The exact truth about blanks: what each [MASK] of a text hides, given all that stands around it.

The probability of a filled text is the probability that a document opens with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from math import fsum, perm
from types import MappingProxyType
from typing import Any

from model_utils.meadow.inference import BLANK, Grammar, Walk, branches, check_said
from model_utils.meadow.kinds import KINDS, WEIGHTS, lists
from model_utils.meadow.kinds.patterns import LISTED
from model_utils.meadow.lexicon import categories
from model_utils.meadow.text import LONGEST, tokenize
from model_utils.meadow.types import Choose, NotMeadow, Say, Word

MOST_BRANCHES = 30_000  # about a second
OTHER = "~"  # before a word of a list that stands for all those that the text does not name
Words = tuple[str | None, ...]  # None is a blank
Fillings = Mapping[tuple[str, ...], float]  # the words in the blanks, and the probability of the texts that they make


class TooManyFillings(ValueError):
    """A text so open that its fillings cannot all be looked at while somebody waits."""


def masked_word_probabilities(text: str) -> list[dict[str, float]]:
    """For each [MASK] the exact probability of each word it may hide, whatever the others hide; likeliest first.

    Raises NotMeadow, naming the first word that fits in no filling, and TooManyFillings.
    """
    words = words_and_blanks(text)
    found = fill(words)
    masses: list[dict[str, float]] = [defaultdict(float) for _ in range(words.count(None))]
    for filling, mass in found.items():
        for place, word in zip(masses, filling, strict=True):
            alike = _unnamed(words) if word.startswith(OTHER) else (word,)
            for each in alike:
                place[each] += mass / len(alike)
    total = fsum(found.values())
    return [{word: mass / total for word, mass in _likeliest_first(place.items())} for place in masses]


def likeliest_filling(text: str) -> tuple[tuple[str, ...], float]:
    """The words that fill all blanks of the text best together, with their probability given the rest of the text.

    Raises as masked_word_probabilities does.
    """
    words = words_and_blanks(text)
    found = fill(words)
    alike = len(_unnamed(words))
    each = {
        filling: mass / perm(alike, len({word for word in filling if word.startswith(OTHER)}))
        for filling, mass in found.items()
    }
    best, mass = _likeliest_first(each.items())[0]
    return tuple(word.removeprefix(OTHER) for word in best), mass / fsum(found.values())


def words_and_blanks(text: str) -> Words:
    """The words of a text, None for each [MASK], no more of them than Meadow can go."""
    words: list[str | None] = []
    for part in text.split(BLANK):
        words += [*tokenize(part, LONGEST + 1), None]
        if len(words) > LONGEST + 1:
            return tuple(words[: LONGEST + 1])
    return tuple(words[:-1])


@lru_cache(maxsize=256)
def fill(words: Words) -> Fillings:
    """Every filling of the blanks that opens a document, those alike together. Raises NotMeadow, TooManyFillings."""
    known = tuple(takewhile(lambda word: word is None or word in categories(), words))
    found = fillings(known, _with_few_lists(_unnamed(words)))
    if known != words:
        raise NotMeadow(words[len(known)] or BLANK, len(known))
    return found


def fillings(words: Words, grammar: Grammar) -> Fillings:
    """The probability of every opening that `words` can be filled to, by the words in the blanks."""
    walk = Walk(words, [1.0] + [0.0] * len(words), enough=len(words))
    found: dict[tuple[str, ...], float] = defaultdict(float)
    for number, _ in enumerate(branches(walk, grammar)):
        if walk.position == len(words):
            found[tuple(walk.filled)] += walk.probability
        if number == MOST_BRANCHES:
            raise TooManyFillings
    check_said(walk)
    return MappingProxyType(dict(found))


def _unnamed(words: Words) -> tuple[str, ...]:
    """The words that lists are made of, without those that the text has."""
    return tuple(word.english for word in LISTED if word.english not in words)


def _with_few_lists(unnamed: Sequence[str]) -> Grammar:
    """Meadow, in whose lists one unnamed word stands for all: a list treats its words alike, and there are hundreds."""

    def grammar(choose: Choose, say: Say) -> None:
        kind = choose(KINDS, WEIGHTS)
        kind(*(_fewer(choose, say, frozenset(unnamed)) if kind is lists else (choose, say)))

    return grammar


def _fewer(choose: Choose, say: Say, unnamed: frozenset[str]) -> tuple[Choose, Say]:
    def choose_fewer(options: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        if not isinstance(options[0], Word):
            return choose(options, weights)
        alike = [option for option in options if option.english in unnamed]
        told = [option for option in options if option.english not in unnamed]
        return choose([*told, alike[0]], [*[1.0] * len(told), float(len(alike))])

    def say_marked(word: Word | str, *told: Any) -> None:
        other = isinstance(word, Word) and word.english in unnamed
        say(OTHER + word.english if other else word, *told)

    return choose_fewer, say_marked


def _likeliest_first(pairs: Iterable[tuple]) -> list[tuple]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
