"""A text in units of every kind, and what sentences cost in each tokeniser."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.tokens import maths, training
from model_utils.reading import Reading
from model_utils.tokenising import Tokeniser, tokenise

Span = tuple[int, int]


@dataclass(frozen=True)
class Unit:
    """A text in pieces of one kind, and where each stands in it."""

    tokens: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Sentence:
    """The same sentence in one language; `language` is a key of the labels."""

    language: str
    text: str


def in_units(text: str) -> dict[str, Unit]:
    """The text as what a reader calls characters, as code points, as bytes, and as words."""
    graphemes = maths.graphemes(text)
    ends = [*accumulate(map(len, graphemes), initial=0)]
    each = [(place, place + 1) for place in range(len(text))]
    spelled = [(f"<0x{byte:02X}>", span) for span in each for byte in maths.utf8(text[span[0]])]
    return {
        "graphemes": Unit(tuple(graphemes), tuple(pairwise(ends))),
        "code_points": Unit(tuple(text), tuple(each)),
        "bytes": Unit(tuple(piece for piece, _ in spelled), tuple(span for _, span in spelled)),
        "words": _found(maths.words(text), text),
    }


def _found(pieces: Sequence[str], text: str) -> Unit:
    """Pieces that stand in the text in this order, with their spans."""
    spans, at = [], 0
    for piece in pieces:
        start = text.index(piece, at)
        at = start + len(piece)
        spans.append((start, at))
    return Unit(tuple(pieces), tuple(spans))


def sentences() -> tuple[Sentence, ...]:
    """One sentence in eight languages, our own."""
    found = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
    return tuple(Sentence(language, text) for language, text in found.items())


def cost(reading: Reading) -> int:
    """Tokens that the text itself makes, without those that the tokeniser puts around it."""
    return sum(end > start for start, end in reading.spans)


def lost(tokeniser: Tokeniser, reading: Reading) -> int:
    """Tokens that only say "unknown": the text behind them is gone."""
    return sum(token == tokeniser.unknown for token in reading.ids)


def costs(tokenisers: Sequence[Tokeniser], texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tokens of each text in each tokeniser, and how many of them are unknown: (texts, tokenisers) each."""
    table = [[(cost(found), lost(one, found)) for one in tokenisers for found in [tokenise(one, text)]]
             for text in texts]  # fmt: skip
    counted = np.array(table, dtype=np.int64).reshape(len(texts), len(tokenisers), 2)
    return counted[..., 0], counted[..., 1]


def two_cuts(tokeniser: Tokeniser, word: str) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Log probabilities of the pieces of a word's likeliest cut, and of its letters; None where letters are unknown.

    tokeniser: a unigram model learnt in the page; `word` with the space before it.
    """
    log_p = training.log_probabilities(tokeniser)
    _, best = maths.likeliest_cut(word, log_p)
    if not best or any(letter not in log_p for letter in word):
        return None
    return tuple(log_p[piece] for piece in best), tuple(log_p[letter] for letter in word)
