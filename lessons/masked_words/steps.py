"""What the demos draw, computed by maths.py from a run's own tensors: numpy in and out, plain values between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.masked_words import maths
from model_utils.meadow import NotMeadow, next_word_probabilities
from model_utils.meadow.masked import TooManyFillings, masked_word_probabilities
from model_utils.types import Floats, Model, Trace

Truth = Mapping[str, float]
MASK = "[MASK]"
MOST_TRUTHS = 3  # gaps whose truth is worked out: with each, there are more texts to sum over


@dataclass(frozen=True, eq=False)
class Sides:
    """The same gap from the left alone and from both sides: what two models say of N words, and what is true."""

    words: tuple[str, ...]  # N
    left: Floats  # (N,) a causal model
    both: Floats  # (N,) a masked model
    left_truth: Floats | None  # (N,) where the text is Meadow
    both_truth: Floats | None


@dataclass(frozen=True, eq=False)
class Looks:
    """How the gap of a run shares its look: (L, 3), the left, itself, the right; each row sums to 1."""

    shares: Floats


@lru_cache(maxsize=512)
def truths(text: str) -> tuple[Truth, ...] | None:
    """The exact distribution of each gap of a text, over the others; None where it is not known."""
    if not 0 < text.count(MASK) <= MOST_TRUTHS:
        return None
    try:
        return tuple(masked_word_probabilities(text))
    except (NotMeadow, TooManyFillings):
        return None


@lru_cache(maxsize=512)
def truth_of_next(text: str) -> Truth | None:
    """The exact distribution of the next word; None where the text does not open a Meadow document."""
    try:
        return next_word_probabilities(text)
    except NotMeadow:
        return None


def by_word(logits: Floats, vocabulary: Sequence[str]) -> dict[str, float]:
    """Probability of each word of a vocabulary, whatever space its token begins with: logits (V,)."""
    probs = maths.word_probabilities(torch.from_numpy(logits).double()).tolist()  # (V,)
    merged: dict[str, float] = {}
    for token, probability in zip(vocabulary, probs, strict=True):
        word = token.strip() or token
        merged[word] = merged.get(word, 0.0) + probability
    return merged


def sides(
    left: Mapping[str, float], both: Mapping[str, float], left_truth: Truth | None, both_truth: Truth | None, k: int = 5
) -> Sides:
    """The k likeliest words of each of the four, in the order of their largest probability.

    NaN where a model has no single token for a word; 0 where the truth does not have it.
    """
    known = [found for found in (left, both, left_truth, both_truth) if found is not None]
    wanted = {word for found in known for word in nsmallest(k, found, key=lambda word: (-found[word], word))}
    words = sorted(wanted, key=lambda word: (-max(found.get(word, 0.0) for found in known), word))[: 2 * k]
    rows = ((left, np.nan), (both, np.nan), (left_truth, 0.0), (both_truth, 0.0))
    arrays = [
        None if found is None else np.array([found.get(word, other) for word in words], dtype=np.float32)
        for found, other in rows
    ]
    return Sides(tuple(words), *arrays)


def probs_at(run: Trace, place: int) -> NDArray[np.float64]:
    """Probabilities (V,) of what may stand at one place of a run."""
    return maths.word_probabilities(torch.from_numpy(run.logits[place]).double()).numpy()


def looks(run: Trace, place: int) -> Looks:
    """Where the token at `place` looks, layer by layer, the mean over the heads."""
    rows = [torch.from_numpy(attention.attn_weights[:, place]) for attention in run.attentions]  # L of (H, S)
    return Looks(np.stack([maths.where_it_looks(row, place).mean(dim=0).numpy() for row in rows]))


def telling_head(run: Trace, place: int) -> tuple[int, int]:
    """Layer and head in which the token at `place` looks hardest at one word to its right; signs are no words."""
    right = range(place + 1, len(run.tokens))
    words = [s for s in right if run.spans[s] != (0, 0) and any(map(str.isalnum, run.tokens[s]))]
    strength = np.array([a.attn_weights[:, place, words].max(axis=-1, initial=0.0) for a in run.attentions])  # (L, H)
    layer, head = np.unravel_index(int(strength.argmax()), strength.shape)
    return int(layer), int(head)


def gap_places(token_ids: NDArray[np.int64], mask_id: int) -> tuple[int, ...]:
    """Where the masks stand in a text: (T,) ids -> places."""
    return tuple(int(place) for place in np.nonzero(token_ids == mask_id)[0])


def leftwards(T: int) -> tuple[tuple[bool, ...], ...]:
    """A mask (T, T) that hides the right side from every token, as a model like GPT has it."""
    return tuple(tuple(s <= t for s in range(T)) for t in range(T))


def run_ids(model: Model, token_ids: torch.Tensor) -> torch.Tensor:
    """Logits (B, T, V) of texts given as ids, (B, T): what no text can spell, such as a random token, is read too."""
    with torch.inference_mode():
        return model.network(input_ids=token_ids.to(model.device)).logits.cpu()


def token_of(model: Model, word: str) -> int | None:
    """The one token that spells this word, after a space where there is such a token; None where no token does."""
    found = {token: i for i, token in enumerate(model.vocabulary) if token in (f" {word}", word)}
    return found.get(f" {word}", found.get(word))
