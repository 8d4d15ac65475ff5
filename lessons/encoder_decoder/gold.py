"""Meadow's own translation of a sentence and its alignment: the grammar is run along the learner's words.

The grammar says English and Chinese together, so whoever walks it along a sentence hears its Chinese, and knows which
word of the one came with which of the other. No list of translations, and no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_utils.meadow import NotMeadow, tokenize
from model_utils.meadow.annotate import Piece, document
from model_utils.meadow.inference import explore
from model_utils.meadow.kinds import meadow
from model_utils.meadow.text import LONGEST
from model_utils.meadow.types import Choose, Notes, Say, Word

Span = tuple[int, int]


@dataclass(frozen=True)
class Gold:
    """W words of English, their places in the text, the Chinese, and the span of it that each word speaks of."""

    text: str
    words: tuple[str, ...]  # W
    places: tuple[Span, ...]  # W
    chinese: str
    alignment: tuple[Span, ...]  # W


@lru_cache(maxsize=256)
def gold(text: str) -> Gold | None:
    """Meadow's translation of a complete document, the likeliest derivation's; None for any other text."""
    words = tokenize(text, LONGEST + 1)
    derived: list[tuple[float, str, Notes, list[Piece]]] = []

    def listening(choose: Choose, say: Say) -> None:
        """The grammar, with an ear at both verbs."""
        pieces: list[Piece] = []
        probability = 1.0

        def weighing(options: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
            nonlocal probability
            chosen = choose(options, weights)
            weights = weights or (1.0,) * len(options)
            probability *= next(w for o, w in zip(options, weights, strict=True) if o is chosen) / sum(weights)
            return chosen

        def hearing(word: Word | str, chinese: str | None = None, back: int = 0, role: str = "") -> None:
            say(word, chinese, back, role)  # raises where it departs from the words
            pieces.append((word, chinese, back, role))

        kind, notes = meadow(weighing, hearing)
        derived.append((probability, kind, notes, pieces))

    try:
        explore.__wrapped__(words, listening)  # not the kept one: this grammar is made for one call
    except NotMeadow:
        return None
    complete = [one for one in derived if _said(one[3]) == len(words)]
    if not complete:
        return None
    probability, kind, notes, pieces = max(complete, key=lambda one: one[0])
    found = document(kind, notes, pieces, probability)
    return Gold(text, found.words, places(text, found.words), found.chinese, found.alignment)


def links(found: Gold, source: Sequence[Span], target: Sequence[Span]) -> NDArray[np.bool_]:
    """Which tokens belong together, (N, S): source spans lie in the English text, target spans in the Chinese."""
    cells = np.zeros((len(target), len(source)), dtype=bool)
    for place, chinese in zip(found.places, found.alignment, strict=True):
        columns = [s for s, span in enumerate(source) if _overlap(span, place)]
        rows = [n for n, span in enumerate(target) if _overlap(span, chinese)]
        cells[np.ix_(rows, columns)] = True
    return cells


def places(text: str, pieces: Sequence[str]) -> tuple[Span, ...]:
    """Where each piece stands in the text, searched in order; (0, 0) for one that does not stand there."""
    spans, at = [], 0
    for piece in pieces:
        body = piece.strip()
        start = text.find(body, at) if body else -1
        spans.append((start, start + len(body)) if start >= 0 else (0, 0))
        at = spans[-1][1] or at
    return tuple(spans)


def _said(pieces: Sequence[Piece]) -> int:
    return sum(len(word.split()) if isinstance(word, str) else 1 for word, _, _, _ in pieces)


def _overlap(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
