"""A hidden Markov model learnt from texts by Baum and Welch's rounds, and a sentence's way through its states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lessons.language_models import HIDDEN_DOCUMENTS, ROUNDS, SAMPLE, SAMPLE_SEED, counting, cutting, maths
from lessons.language_models.counting import Source
from lessons.language_models.cutting import Words
from lessons.language_models.maths import Floats
from lessons.numbers import readable
from model_utils.meadow import END
from model_utils.meadow import vocabulary as meadow_words

GROUPS = 8  # texts of like length run side by side, so that little is padding
ALIKE = 5.0  # how alike the first guesses of the states are: a Dirichlet's concentration
SHARE = 1e-3  # of each state's probability, dealt out to all words equally once the states are learnt
MOST_TOKENS = 16_000  # of a text that states are learnt from
MANY = 10**12  # and more paths are written as a power of ten
LONGEST_TRELLIS = 14  # words of a sentence that are drawn


@dataclass(frozen=True, eq=False)
class Hidden:
    """K states over V words. `bits` has one number a round: bits a word of the text it learns from, before it."""

    vocabulary: Words
    pi: Floats  # (K,)
    A: Floats  # (K, K)
    B: Floats  # (K, V), each word having its share
    bits: Floats  # (R + 1,)
    tokens: int  # it learnt from


@dataclass(frozen=True, eq=False)
class Trellis:
    """One sentence through the states. T words, K states."""

    words: Words  # T
    names: tuple[str, ...]  # K: the likeliest words of each state
    emitted: Floats  # (T, K)
    alpha: Floats  # (T, K): P of each state, given the words so far
    probs: Floats  # (T,): P of each word, given the words before it
    delta: Floats  # (T, K): log of the likeliest way to each state
    came_from: NDArray[np.int64]  # (T, K)
    path: tuple[int, ...]  # T: the likeliest states
    unknown: Words  # words that the model does not have; they tell nothing of the state


def of_source(source: Source, texts: tuple[Words, ...], states: int, seed: int) -> Hidden:
    """The states of a learner's text, or of the sample of Meadow."""
    return of_meadow(states, seed) if source == "meadow" else learn(texts, states, seed)


@lru_cache(maxsize=32)
def of_meadow(states: int, seed: int) -> Hidden:
    sample = counting.meadow_texts(SAMPLE, SAMPLE_SEED)[:HIDDEN_DOCUMENTS]
    return learn(sample, states, seed, (END, *meadow_words()))


@lru_cache(maxsize=32)
def learn(texts: tuple[Words, ...], states: int, seed: int, vocabulary: Words | None = None) -> Hidden:
    """ROUNDS of Baum and Welch from a first guess in which all states are nearly alike."""
    vocabulary = vocabulary or cutting.vocabulary(texts)
    batches = [observed(group, vocabulary) for group in _groups(texts)]
    tokens = sum(int((batch >= 0).sum()) for batch in batches)
    pi, A, B = _first_guess(batches, states, len(vocabulary), np.random.default_rng(seed))
    bits = []
    for _ in range(ROUNDS):
        total, (pi, A, B) = one_round(pi, A, B, batches)
        bits.append(total / tokens)
    bits.append(sum(maths.surprise(maths.forward(pi, A, emissions(B, each))[1]).sum() for each in batches) / tokens)
    return Hidden(vocabulary, pi, A, (1 - SHARE) * B + SHARE / len(vocabulary), np.array(bits), tokens)


def one_round(
    pi: Floats, A: Floats, B: Floats, batches: Sequence[NDArray[np.int64]]
) -> tuple[float, tuple[Floats, Floats, Floats]]:
    """The surprise of all texts in bits, and what one round makes of the three tables. batches: (T, N) word ids."""
    total, parts = 0.0, []
    for ids in batches:
        emitted = emissions(B, ids)
        alpha, probs = maths.forward(pi, A, emitted)
        beta = maths.backward(A, emitted, probs)
        parts.append((*maths.expected(A, emitted, ids >= 0, alpha, beta, probs), ids))
        total += float(maths.surprise(probs).sum())
    return total, maths.reestimated(
        np.concatenate([gamma[0] for gamma, _, _ in parts]),
        sum(xi for _, xi, _ in parts),
        np.concatenate([gamma[ids >= 0] for gamma, _, ids in parts]),
        np.concatenate([ids[ids >= 0] for _, _, ids in parts]),
        B.shape[1],
    )


def observed(texts: Sequence[Words], vocabulary: Words) -> NDArray[np.int64]:
    """Word ids, (T, N): a column a text, -1 for unknown words and where a text is over."""
    places = {word: place for place, word in enumerate(vocabulary)}
    ids = np.full((max(map(len, texts)), len(texts)), -1)
    for column, text in enumerate(texts):
        ids[: len(text), column] = [places.get(word, -1) for word in text]
    return ids


def emissions(B: Floats, ids: NDArray[np.int64]) -> Floats:
    """b_j(w) at each place, (..., K); 1 where there is no word, or one that nothing is known about."""
    emitted = B.T[ids]
    emitted[ids < 0] = 1.0
    return emitted


def next_word(model: Hidden, text: Sequence[str]) -> Floats:
    """P of each word after a text: (V,)."""
    if not text:
        return model.pi @ model.B
    alpha, _ = maths.forward(model.pi, model.A, emissions(model.B, observed([text], model.vocabulary)[:, 0]))
    return alpha[-1] @ model.A @ model.B


def trellis(model: Hidden, text: Words) -> Trellis:
    """Forward and Viterbi over one text."""
    emitted = emissions(model.B, observed([text], model.vocabulary)[:, 0])  # (T, K)
    alpha, probs = maths.forward(model.pi, model.A, emitted)
    with np.errstate(divide="ignore"):
        delta, came_from = maths.viterbi(np.log(model.pi), np.log(model.A), np.log(emitted))
    path = maths.best_path(delta, came_from)
    unknown = tuple(dict.fromkeys(word for word in text if word not in model.vocabulary))
    return Trellis(text, state_names(model), emitted, alpha, probs, delta, came_from, tuple(path), unknown)


def top_words(model: Hidden, count: int) -> tuple[NDArray[np.int64], Floats]:
    """The likeliest words of each state and their probabilities: (K, count) each."""
    order = np.argsort(-model.B, axis=1, kind="stable")[:, :count]
    return order, np.take_along_axis(model.B, order, axis=1)


def state_names(model: Hidden) -> tuple[str, ...]:
    """Each state by its two likeliest words."""
    order, _ = top_words(model, 2)
    return tuple(" ".join(model.vocabulary[word] for word in row) for row in order)


def in_words(model: Hidden, words: Mapping[str, str]) -> str:
    """What the rounds have brought, in one line."""
    before, after = readable(model.bits[0]), readable(model.bits[-1])
    return words["learnt"].format(rounds=ROUNDS, tokens=f"{model.tokens:,}", before=before, after=after)


def work_in_words(found: Trellis, words: Mapping[str, str]) -> str:
    """How many ways there are, and how few products the forward pass takes."""
    T, K = found.emitted.shape
    paths = f"{K**T:,}" if K**T < MANY else readable(float(K) ** T)
    return words["work"].format(states=K, words=T, paths=paths, products=f"{(T - 1) * K * K + T * K:,}")


def _groups(texts: Sequence[Words]) -> list[Sequence[Words]]:
    """As many texts as MOST_TOKENS allow, those of like length together."""
    kept, tokens = [], 0
    for text in texts:
        tokens += len(text)
        if kept and tokens > MOST_TOKENS:
            break
        kept.append(text)
    by_length = sorted(kept, key=len)
    size = -(-len(by_length) // GROUPS)
    return [by_length[at : at + size] for at in range(0, len(by_length), size)]


def _first_guess(
    batches: Sequence[NDArray[np.int64]], states: int, V: int, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Start and steps at random; words as often as in the text, a little different for each state."""
    pi, A = random.dirichlet(np.full(states, ALIKE)), random.dirichlet(np.full(states, ALIKE), size=states)
    often = sum(np.bincount(ids[ids >= 0], minlength=V) for ids in batches)
    B = random.dirichlet(np.full(V, ALIKE), size=states) * often
    return pi, A, B / B.sum(axis=1, keepdims=True)
