"""Sampling: run the grammar with dice, and keep what it said."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from model_utils.meadow.annotate import Piece, document
from model_utils.meadow.kinds import meadow
from model_utils.meadow.text import detokenize
from model_utils.meadow.types import Document, Notes, Word

T = TypeVar("T")


@lru_cache(maxsize=4096)
def _bounds(weights: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(accumulate(weights))


def _runs(seed: int) -> Iterator[tuple[str, Notes, list[Piece], float]]:
    """Endless runs of the grammar: (kind, notes, pieces said, probability of the choices made)."""
    random = Random(seed).random
    pieces: list[Piece] = []
    keep = pieces.append
    probability = 1.0

    def choose(options: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        nonlocal probability
        if weights is None:
            probability /= len(options)
            return options[int(random() * len(options))]
        bounds = _bounds(tuple(weights))
        index = bisect_right(bounds, random() * bounds[-1])
        probability *= weights[index] / bounds[-1]
        return options[index]

    def say(word: Word | str, chinese: str | None = None, back: int = 0, role: str = "") -> None:
        keep((word, chinese, back, role))

    while True:
        probability = 1.0
        kind, notes = meadow(choose, say)
        yield kind, notes, pieces, probability
        pieces.clear()


def _take(n: int, seed: int, build: Callable[..., T]) -> Iterator[T]:
    for _, run in zip(range(n), _runs(seed), strict=False):
        yield build(*run)


def sample_documents(n: int, seed: int) -> Iterator[Document]:
    """n documents, the same ones for the same seed, with everything that is known about them."""
    return _take(n, seed, document)


def sample_texts(n: int, seed: int) -> Iterator[str]:
    """The English of the same n documents, several times as fast: what training reads."""
    return _take(n, seed, lambda kind, notes, pieces, probability: detokenize(_english(pieces)))


def entropy(n: int, seed: int) -> float:
    """Meadow's entropy in nats a word (END counted as one), estimated from the exact surprisal of n documents."""
    counted = _take(n, seed, lambda kind, notes, pieces, probability:
                    (" ".join(_english(pieces)).count(" ") + 2, -math.log(probability)))
    words, surprisal = map(sum, zip(*counted, strict=True))
    return surprisal / words


def _english(pieces: list[Piece]) -> list[str]:
    said = [word if word.__class__ is str else word.english for word, _, _, _ in pieces]
    return [words for words in said if words]
