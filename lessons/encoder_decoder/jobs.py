"""One sentence, one of its words hidden: what each kind of model makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lessons.encoder_decoder.gold import Span, places
from lessons.next_words import NextWords, next_words
from model_utils.decoding import next_token_distribution
from model_utils.meadow import NotMeadow, next_word_probabilities, tokenize
from model_utils.types import Model, Trace

SHOWN = 6


@dataclass(frozen=True)
class Hidden:
    """A text with one word hidden: the word, what stands left of it, and what stands right of it."""

    word: str
    left: str
    right: str

    def filled(self, blank: str) -> str:
        """The text with something in the place of the word."""
        return f"{self.left}{blank}{self.right}"


def words_of(text: str) -> tuple[str, ...]:
    """The words and marks of a text."""
    return tokenize(text)


def hide(text: str, place: int) -> Hidden:
    """Take out the word at one place, counted from 0; a text with fewer words loses its last."""
    spans: tuple[Span, ...] = places(text, tokenize(text))
    start, end = spans[min(place, len(spans) - 1)]
    return Hidden(text[start:end], text[:start], text[end:])


def at_blank(run: Trace, model: Model, k: int = SHOWN) -> NextWords | None:
    """What a masked model expects at the first blank of a run; None where there is no blank, or it predicts nothing."""
    blanks = np.flatnonzero(run.token_ids == (model.tokenizer.mask_token_id or -1))
    if run.logits is None or not len(blanks):
        return None
    return next_words(next_token_distribution(run.logits[blanks[0]]), model.vocabulary, k)


def at_end(run: Trace, vocabulary: Sequence[str], beside: Trace | None = None, k: int = SHOWN) -> NextWords:
    """What a model expects after all it has read, or wants to write first; with another run beside it."""
    both = [next_token_distribution(one.logits[-1]) for one in (run, beside) if one is not None]
    return next_words(both[0], vocabulary, k, both[1] if beside else None)


def chance(run: Trace, model: Model, word: str) -> float | None:
    """The probability of one word at the blank, or at the end where there is none; None if it is not one token."""
    ids = [i for i, token in enumerate(model.vocabulary) if token in (word, f" {word}")]
    if run.logits is None or not ids:
        return None
    blanks = np.flatnonzero(run.token_ids == model.tokenizer.mask_token_id) if model.kind == "masked" else []
    place = int(blanks[0]) if len(blanks) else -1
    return float(next_token_distribution(run.logits[place])[ids].sum())


def in_meadow(text: str, written: Sequence[str]) -> int | None:
    """How many of the tokens written after `text` Meadow itself might have said there; None where text is no Meadow."""
    for n, token in enumerate(written):
        try:
            following = next_word_probabilities(text)
        except NotMeadow:
            return n or None
        if token.strip() not in following:
            return n
        text += token
    return len(written)
