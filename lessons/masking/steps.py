"""What the demos draw, computed by maths.py from a run's own tensors: numpy in and out, plain values between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.masking import maths
from model_utils.types import Floats, Trace

Visible = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class Way:
    """One way of padding a batch: the side, whether the model is told what is padding, and what positions count."""

    side: str
    told: bool
    positions: str = "columns"


WAYS = {
    "right_masked": Way("right", told=True),
    "right_open": Way("right", told=False),
    "left_open": Way("left", told=False),
    "left_masked": Way("left", told=True),
    "left_counted": Way("left", told=True, positions="words"),
}


@dataclass(frozen=True, eq=False)
class Stages:
    """One head before and after its mask; all (T, S), one row of it (S,)."""

    scores: Floats
    masked_scores: Floats  # -inf where the mask hides
    weights_without: Floats  # softmax of scores
    weights: Floats  # softmax of masked_scores: what the model used
    visible: NDArray[np.bool_]

    @property
    def reach(self) -> float:
        """The largest magnitude of a score, where both colour scales end."""
        return float(np.abs(self.scores).max())


@dataclass(frozen=True, eq=False)
class InStep:
    """The probability of each word that really came next: from one run of the whole text, and from its prefixes."""

    words: tuple[str, ...]  # N words that came next
    at_once: Floats  # (N,)
    prefix_by_prefix: Floats  # (N,)

    @property
    def largest_difference(self) -> float:
        return float(np.abs(self.at_once - self.prefix_by_prefix).max(initial=0.0))


def stages(run: Trace, layer: int, head: int) -> Stages:
    """The four maps of one head of a causal or encoder model; layer and head count from 0."""
    attention = run.attentions[layer]
    scores, visible = torch.from_numpy(attention.attn_scores[head]), torch.from_numpy(attention.visible)
    everything = torch.ones_like(visible)
    return Stages(
        scores=scores.numpy(),
        masked_scores=maths.apply_mask(scores, visible).numpy(),
        weights_without=maths.masked_softmax(scores, everything).numpy(),
        weights=maths.masked_softmax(scores, visible).numpy(),
        visible=visible.numpy(),
    )


def before_and_after(found: Stages) -> tuple[tuple[str, Floats, Floats], ...]:
    """Scores and their softmax, without the mask and with it, each with the key of its label."""
    return (
        ("without_mask", found.scores, found.weights_without),
        ("with_mask", found.masked_scores, found.weights),
    )


def row_of(found: Stages, query: int) -> Stages:
    """One row of everything: (S,) instead of (T, S)."""
    return Stages(**{name: values[query] for name, values in vars(found).items()})


def prefixes(run: Trace) -> dict[int, str]:
    """The text up to and with token i, for every i that ends inside the text and has a token after it."""
    return {i: run.text[:end] for i, (_, end) in enumerate(run.spans[:-1]) if run.text[:end].strip()}


def in_step(whole: Trace, alone: Mapping[int, Trace]) -> InStep:
    """Compare one run of T tokens with runs of its prefixes, by the place of their last token.

    A prefix that the tokenizer cuts differently from the whole is left out: it asks another question.
    """
    same = [i for i, run in alone.items() if np.array_equal(run.token_ids, whole.token_ids[: i + 1])]
    losses = maths.next_word_losses(torch.from_numpy(whole.logits), torch.from_numpy(whole.token_ids))  # (T - 1,)
    by_prefix = [_probability(alone[i], whole.token_ids[i + 1]) for i in same]
    return InStep(
        words=tuple(whole.tokens[i + 1] for i in same),
        at_once=torch.exp(-losses[same]).numpy(),
        prefix_by_prefix=np.array(by_prefix, dtype=np.float32),
    )


def _probability(run: Trace, token_id: int) -> float:
    return float(torch.from_numpy(run.logits[-1]).softmax(dim=-1)[int(token_id)])


def ways(alone: Trace) -> dict[str, Way]:
    """The ways of padding that this model can be shown in: counting positions is a matter for causal models."""
    return {name: way for name, way in WAYS.items() if alone.model_kind == "causal" or way.positions == "columns"}


def layout(runs: Sequence[Trace], lengths: Sequence[int], way: str) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which cells of a padded batch are real tokens, (B, S), and the position number that each cell gets, (B, S)."""
    S = len(runs[0].tokens)
    real = maths.padding_mask(torch.tensor(lengths), S)  # (B, S), padding on the right
    real = real.flip(-1) if WAYS[way].side == "left" else real
    counted = maths.position_ids(real) if WAYS[way].positions == "words" else torch.arange(S).expand(len(runs), S)
    return real.numpy(), counted.numpy()


def unpadded(alone: Trace, padded: Trace, way: str) -> Trace:
    """The rows of `padded` that are words: what came out for the sentence itself, without its padding."""
    T, S = len(alone.tokens), len(padded.tokens)
    words = slice(S - T, S) if WAYS[way].side == "left" else slice(0, T)
    return replace(
        padded,
        tokens=padded.tokens[words],
        token_ids=padded.token_ids[words],
        spans=padded.spans[words],
        hidden_states=padded.hidden_states[:, words],
        logits=None if padded.logits is None else padded.logits[words],
    )


def moved(alone: Trace, words: Trace) -> float:
    """How far padding moved the words' last hidden states, relative to their length; the mean over the words."""
    states, reference = (torch.from_numpy(run.hidden_states[-1]) for run in (words, alone))  # (T, C)
    return float(maths.relative_change(states, reference).mean())


def hide(token: int, T: int) -> Visible:
    """The causal mask (T, T) with one token hidden from all that come after it."""
    visible = maths.causal_mask(T)
    visible[token + 1 :, token : token + 1] = False  # nothing, where there is no such token
    return tuple(map(tuple, visible.tolist()))
