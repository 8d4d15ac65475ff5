"""n-grams of a text: counted, smoothed, written from, and looked for in a text that was held out."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lessons.language_models import HELD_OUT, HELD_OUT_SEED, SAMPLE, SAMPLE_SEED, cutting, maths
from lessons.language_models.cutting import Words
from lessons.language_models.maths import Floats, Table
from model_utils.meadow import END, sample_texts, tokenize
from model_utils.meadow import vocabulary as meadow_words

Smoothing = Literal["none", "add_k", "kneser_ney"]
Source = Literal["own", "meadow"]
SMOOTHINGS: tuple[Smoothing, ...] = ("none", "add_k", "kneser_ney")
UNKNOWN = "<new>"  # stands for every word that the counted text does not have; cutting never makes such a word
LENGTHS = (1, 2, 3, 4, 5)
SAMPLE_SIZES = (30, 300, SAMPLE)  # documents of Meadow
LONGEST_WRITTEN = 40  # words


@dataclass(frozen=True, eq=False)
class Counted:
    """The n-grams of a text. tables[k] has histories of k words: plain counts in the last, continuations below it."""

    texts: tuple[Words, ...]
    vocabulary: Words  # V, END first
    tables: tuple[Table, ...]  # n
    D: tuple[Floats, ...]  # n: the discounts of each table

    @property
    def n(self) -> int:
        return len(self.tables)


@dataclass(frozen=True, eq=False)
class NextWords:
    """What a learner's beginning leads to: V words, what was counted after its history, and what is made of that."""

    n: int
    history: str  # the words of it that count
    vocabulary: Words  # V
    counts: Floats  # (V,)
    probs: Floats  # (V,)
    D: Floats  # (4,): what Kneser-Ney takes off a count

    @property
    def best(self) -> int:
        return int(self.probs.argmax())


@dataclass(frozen=True)
class Written:
    """What was written with n-grams, and the longest run of words in it that stands in the counted text."""

    n: int
    text: str
    words: int
    copied: int


@lru_cache(maxsize=64)
def counted(texts: tuple[Words, ...], n: int, vocabulary: Words | None = None) -> Counted:
    """Count the n-grams of texts that end with END."""
    tables = [maths.count(texts, n)]
    while len(tables) < n:
        tables.append(maths.continuations(tables[-1]))
    tables.reverse()
    return Counted(texts, vocabulary or cutting.vocabulary(texts), tuple(tables), tuple(map(maths.discounts, tables)))


def of_source(source: Source, texts: tuple[Words, ...], n: int) -> Counted:
    """The n-grams of a learner's text, or of the sample of Meadow."""
    return of_meadow(n) if source == "meadow" else counted(texts, n)


@lru_cache(maxsize=8)
def of_meadow(n: int) -> Counted:
    return counted(meadow_texts(SAMPLE, SAMPLE_SEED), n, (END, *meadow_words()))


@lru_cache(maxsize=8)
def meadow_texts(count: int, seed: int) -> tuple[Words, ...]:
    """The words of so many documents, END after each: always the same ones for the same seed."""
    return tuple((*tokenize(text), END) for text in sample_texts(count, seed))


def held_out() -> tuple[Words, ...]:
    """Documents of Meadow that nothing here was fitted to."""
    return meadow_texts(HELD_OUT, HELD_OUT_SEED)


def history(counts: Counted, text: Sequence[str]) -> tuple[str, ...]:
    """The last n - 1 words of a text, END standing before it."""
    padded = (END,) * (counts.n - 1) + tuple(text)
    return padded[len(padded) - counts.n + 1 :]


def followers(counts: Counted, context: Words, vocabulary: Words) -> Floats:
    """c(h w) of every word of the vocabulary: (V,)."""
    found = counts.tables[-1].get(context, {})
    return np.array([found.get(word, 0) for word in vocabulary], dtype=np.float64)


def distribution(counts: Counted, context: Words, smoothing: Smoothing, k: float, vocabulary: Words) -> Floats:
    """P of every word of the vocabulary after a history of n - 1 words: (V,). All 0 where "none" never saw it."""
    if smoothing == "kneser_ney":
        return maths.kneser_ney(counts.tables, counts.D, context, vocabulary)
    numbers = followers(counts, context, vocabulary)
    return maths.most_likely(numbers) if smoothing == "none" else maths.add_k(numbers, k)


def opened(counts: Counted) -> Words:
    """The vocabulary with a place for words that the counted text does not have."""
    return (*counts.vocabulary, UNKNOWN)


def read(counts: Counted, text: Sequence[str]) -> Words:
    """The text with UNKNOWN for every word that the counted text does not have."""
    known = set(counts.vocabulary)
    return tuple(word if word in known else UNKNOWN for word in text)


def next_words(counts: Counted, beginning: str, smoothing: Smoothing, k: float) -> NextWords:
    """What may follow a beginning, given only its last n - 1 words."""
    vocabulary, context = opened(counts), history(counts, read(counts, cutting.words(beginning)))
    return NextWords(
        n=counts.n,
        history=cutting.written([word for word in context if word != END]),
        vocabulary=vocabulary,
        counts=followers(counts, context, vocabulary),
        probs=distribution(counts, context, smoothing, k, vocabulary),
        D=counts.D[-1],
    )


def probabilities(counts: Counted, text: Sequence[str], smoothing: Smoothing, k: float) -> Floats:
    """P of each word of a text, given those before it: (T,)."""
    vocabulary = opened(counts)
    places = {word: place for place, word in enumerate(vocabulary)}
    grams = maths.ngrams(read(counts, text), counts.n)
    return np.array([distribution(counts, gram[:-1], smoothing, k, vocabulary)[places[gram[-1]]] for gram in grams])


def write(counts: Counted, seed: int) -> Written:
    """Draw word after word from the plain counts, as often as each came."""
    random, shown = Random(seed), []
    while len(shown) < LONGEST_WRITTEN:
        found = counts.tables[-1][history(counts, shown)]
        bounds = [*accumulate(found.values())]
        word = [*found][bisect_right(bounds, random.random() * bounds[-1])]
        if word == END:
            break
        shown.append(word)
    return Written(counts.n, cutting.written(shown), len(shown), _copied(shown, counts.texts))


def unseen(train: Sequence[Words], held: Sequence[Words]) -> Floats:
    """The share of the n-grams of `held` that `train` does not have, for each of LENGTHS."""
    found = []
    for n in LENGTHS:
        known = {gram for text in train for gram in maths.ngrams(text, n)}
        asked = [gram for text in held for gram in maths.ngrams(text, n)]
        found.append(sum(gram not in known for gram in asked) / len(asked))
    return np.array(found)


def split(texts: tuple[Words, ...]) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """The first four fifths of the sentences, and the rest; nothing held out where there are fewer than five."""
    cut = len(texts) - len(texts) // 5
    return texts[:cut], texts[cut:]


@lru_cache(maxsize=1)
def meadow_unseen() -> NDArray[np.float64]:
    """(SAMPLE_SIZES, LENGTHS): as `unseen`, for samples of Meadow of several sizes."""
    sample = meadow_texts(SAMPLE, SAMPLE_SEED)
    return np.array([unseen(sample[:size], held_out()) for size in SAMPLE_SIZES])


def _copied(shown: Sequence[str], texts: Sequence[Words]) -> int:
    """The length of the longest run of words that stands so in one of the texts."""
    lines = ["\0".join(("", *text, "")) for text in texts]
    best = 0
    for start in range(len(shown)):
        while start + best < len(shown) and any(
            "\0".join(("", *shown[start : start + best + 1], "")) in line for line in lines
        ):
            best += 1
    return best
