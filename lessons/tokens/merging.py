"""A text on its way to tokens: byte pair encoding learnt by our own few lines, one merge after the other."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from lessons.tokens import maths, training
from lessons.tokens.maths import Cut, Pair
from lessons.tokens.training import Base
from model_utils.tokenising import readable_bytes

ROUNDS = 60
RIVALS = 5  # so many of the most frequent pairs are shown


@dataclass(frozen=True)
class Round:
    """One merge: the pair, how often it was counted, the pairs it won against, and what it left behind."""

    pair: Pair
    made: str  # what the two became
    count: int
    rivals: tuple[tuple[Pair, int], ...]  # the most frequent pairs before it, itself the first
    changed: tuple[tuple[int, Cut], ...]  # words that it joined something in, by their place
    tokens: int  # of the whole text, after it
    size: int  # of the vocabulary, after it


@dataclass(frozen=True)
class Merging:
    """A text on its way from symbols to tokens; all strings readable."""

    words: tuple[Cut, ...]  # each distinct word, cut into symbols
    order: tuple[int, ...]  # the text: its words by their place
    first: tuple[tuple[int, int], ...]  # of the first pair: occurrences of each word, times in that word
    tokens: int
    size: int
    rounds: tuple[Round, ...]


@lru_cache(maxsize=64)
def merging(text: str, base: Base, rounds: int = ROUNDS) -> Merging:
    """Learn merges with our own few lines, and keep what each of them did."""
    pieces = training.cut_into_words(text, base)
    occurrences = Counter(pieces)  # distinct words in the order of the text
    places = {word: place for place, word in enumerate(occurrences)}
    cuts = {word: tuple(word) for word in occurrences}
    start, symbols = dict(cuts), len({letter for word in occurrences for letter in word})
    learnt, before = [], start
    for pair, counts in maths.learn_merges(cuts, occurrences, symbols + rounds):
        joined = [(word, cut) for word, cut in cuts.items() if cut != before[word]]
        before = dict(cuts)
        rivals = sorted(counts.items(), key=lambda item: (item[0] != pair, -item[1]))[:RIVALS]
        learnt.append(
            Round(
                pair=_readable(base, pair),
                made=_readable(base, ("".join(pair),))[0],
                count=counts[pair],
                rivals=tuple((_readable(base, rival), count) for rival, count in rivals),
                changed=tuple((places[word], _readable(base, cut)) for word, cut in joined),
                tokens=sum(len(cuts[word]) * count for word, count in occurrences.items()),
                size=(256 if base == "bytes" else symbols) + len(learnt) + 1,
            )
        )
    first = _counted(start, occurrences)
    return Merging(
        words=tuple(_readable(base, cut) for cut in start.values()),
        order=tuple(places[word] for word in pieces),
        first=first,
        tokens=sum(map(len, pieces)),
        size=256 if base == "bytes" else symbols,
        rounds=tuple(learnt),
    )


def _counted(cuts: dict[str, Cut], occurrences: Counter[str]) -> tuple[tuple[int, int], ...]:
    """How the count of the first pair comes about: (occurrences of a word, times in it), the largest terms first."""
    counts = maths.count_pairs(cuts, occurrences)
    if not counts:
        return ()
    alphabet = sorted({symbol for cut in cuts.values() for symbol in cut})
    best = maths.best_pair(counts, {symbol: place for place, symbol in enumerate(alphabet)})
    terms = [(count, maths.count_pairs({word: cuts[word]}, {word: 1})[best]) for word, count in occurrences.items()]
    return tuple(sorted((term for term in terms if term[1]), key=lambda term: -term[0] * term[1]))


def _readable(base: Base, cut: Cut) -> Cut:
    """Symbols as a person reads them: stand-ins of bytes become text, or `<0xE4>`."""
    return tuple(map(readable_bytes, cut)) if base == "bytes" else cut
