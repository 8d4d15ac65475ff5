"""What the demos draw, computed by maths.py from runs: numpy in and out, plain values between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.encoder_decoder import maths
from lessons.encoder_decoder.gold import Gold, links
from lessons.masking.maths import relative_change
from model_utils.decoding import next_token_distribution
from model_utils.types import AttentionTrace, Floats, Trace

Bools = NDArray[np.bool_]
LIKELIEST = 5


@dataclass(frozen=True, eq=False)
class Looks:
    """Who may look at whom in one model, (N, N): rows look at columns. The first `source` tokens are the source's."""

    tokens: tuple[str, ...]  # N
    visible: Bools
    source: int = 0


@dataclass(frozen=True, eq=False)
class Written:
    """A translation and how it came about: row n of everything is the moment at which token n was written."""

    model_id: str
    text: str
    source: tuple[str, ...]  # S
    tokens: tuple[str, ...]  # N
    ids: tuple[int, ...]  # N
    weights: Floats  # (L, H, N, S) cross-attention
    losses: Floats  # (N,) nats
    likeliest: tuple[tuple[tuple[str, float, int], ...], ...]  # N times LIKELIEST: token, probability, id
    links: Bools | None  # (N, S) Meadow's own alignment, where it is known and the translation is Meadow's


def looks(run: Trace) -> Looks:
    """The real masks of a run: an encoder's square, a decoder's triangle, or both and the cross between them."""
    if run.model_kind != "seq2seq":
        return Looks(run.tokens, _anywhere(run, "self"))
    S, T = len(run.source_tokens), len(run.tokens)
    visible = np.zeros((S + T, S + T), dtype=bool)  # no attention leads from the source to the target
    visible[:S, :S], visible[S:, :S] = _anywhere(run, "encoder"), _anywhere(run, "cross")
    visible[S:, S:] = _anywhere(run, "self")
    return Looks((*run.source_tokens, *run.tokens), visible, S)


def expected(found: Looks, kind: str) -> Bools:
    """What maths.py says of such a model: all for an encoder, the past for a decoder, the four blocks for both."""
    N = len(found.tokens)
    if kind in ("encoder", "masked"):
        return np.ones((N, N), dtype=bool)
    return maths.who_sees_whom(found.source, N - found.source).numpy()


def written(run: Trace, ids: Sequence[int], vocabulary: Sequence[str], known: Gold | None = None) -> Written:
    """How the tokens `ids` come about in a run whose decoder read them: row n of the run predicts token n."""
    ids = tuple(ids[: len(run.tokens)])
    N, tokens = len(ids), tuple(vocabulary[one] for one in ids)
    return Written(
        model_id=run.model_id,
        text=run.text,
        source=run.source_tokens,
        tokens=tokens,
        ids=ids,
        weights=np.stack([one.attn_weights[:, :N] for one in cross(run)]),
        losses=losses(run, ids),
        likeliest=tuple(_likeliest(run.logits[n], vocabulary) for n in range(N)),
        links=_links(run, known, N),
    )


def cross(run: Trace) -> tuple[AttentionTrace, ...]:
    """The modules with which the decoder looks at the source, one a layer."""
    return tuple(one for one in run.attentions if one.kind == "cross")


def attended(run: Trace, layer: int, head: int, N: int) -> Floats:
    """The cross-attention of one head while N tokens were written, (N, S), from its own queries and keys."""
    one = cross(run)[layer]
    queries, keys = torch.from_numpy(one.queries[head, :N]), torch.from_numpy(one.keys[head])
    return maths.cross_weights(queries, keys, one.scaling).numpy()


def only_cross(run: Trace) -> Trace:
    """The run with no other attention: what the lens beside a translation shows."""
    return replace(run, attentions=cross(run))


def losses(run: Trace, ids: Sequence[int]) -> Floats:
    """Surprise at each target token, (N,) nats, in a run whose row n predicts token n."""
    logits = torch.from_numpy(run.logits[: len(ids)])
    return maths.target_losses(logits, torch.tensor(tuple(ids))).numpy()


def errors(found: Written) -> Floats | None:
    """The alignment error of every head, (L, H); None where Meadow's alignment is not known."""
    if found.links is None or not found.links.any():
        return None
    gold = torch.from_numpy(found.links)
    return np.stack([maths.alignment_error(torch.from_numpy(layer), gold).numpy() for layer in found.weights])


def best_head(found: Written) -> tuple[int, int]:
    """Layer and head with the smallest alignment error; without gold, the head whose rows are most decided."""
    missed = errors(found)
    score = -missed if missed is not None else found.weights.max(axis=-1).mean(axis=-1)  # (L, H)
    layer, head = np.unravel_index(int(score.argmax()), score.shape)
    return int(layer), int(head)


def change(run: Trace, other: Trace, side: str = "self") -> Floats | None:
    """How far each state moved from one run to the other, (L+1, T), relative to its length; side "encoder" or "self".

    None where the two have different numbers of tokens.
    """
    pair = [one.encoder_hidden_states if side == "encoder" else one.hidden_states for one in (run, other)]
    if pair[0].shape != pair[1].shape:
        return None
    return relative_change(*(torch.from_numpy(states) for states in reversed(pair))).numpy()


def _anywhere(run: Trace, kind: str) -> Bools:
    """What may be looked at in at least one layer: a sliding window in some of them hides nothing for good."""
    return np.any([one.visible for one in run.attentions if one.kind == kind], axis=0)


def _likeliest(logits: Floats, vocabulary: Sequence[str]) -> tuple[tuple[str, float, int], ...]:
    """The likeliest tokens over the whole vocabulary, without sorting all of it: a translator may have 65,000."""
    probs = next_token_distribution(logits)  # (V,)
    few = np.argpartition(-probs, LIKELIEST)[:LIKELIEST] if len(probs) > LIKELIEST else np.arange(len(probs))
    return tuple((vocabulary[i], float(probs[i]), int(i)) for i in few[np.argsort(-probs[few], kind="stable")])


def _links(run: Trace, known: Gold | None, N: int) -> Bools | None:
    """Meadow's alignment of the N tokens written, or None when they do not spell Meadow's translation."""
    if known is None or run.target_text != known.chinese:
        return None
    spans = (*run.spans[1:], (0, 0))[:N]  # the decoder reads the start token first, and never the closing one
    return links(known, run.source_spans, spans)
