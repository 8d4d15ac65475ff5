"""Traces of random tensors with true softmax weights, in every shape the lens must take."""

import numpy as np

from model_utils.types import AttentionKind, AttentionTrace, Trace

HOSTILE = (
    "The", " dogs", "</script><script>document.title='x'</script>", "<img src=x onerror=document.title='x'>",
    "\u202eabc", "👨‍👩‍👧", "\x07", "<0xE4>", "\n", " שלום", "\ud800", "", " 狗", "=1+2",
)  # fmt: skip


def attention(
    layer: int, heads: int, rows: int, columns: int, width: int, kind: AttentionKind = "self", causal: bool = True,
    bias: float = 0.0,
) -> AttentionTrace:  # fmt: skip
    """Scores from float32 q and k, plus `bias` times the distance; weights by softmax over what is visible."""
    random = np.random.default_rng(1000 * layer + rows)
    queries, keys, values = (
        random.normal(size=(heads, length, width)).astype(np.float32) for length in (rows, columns, columns)
    )
    distance = np.abs(np.arange(rows)[:, None] - np.arange(columns)[None])
    scores = (queries @ keys.transpose(0, 2, 1) * width**-0.5 + bias * distance).astype(np.float32)
    visible = np.tri(rows, columns, dtype=bool) if causal else np.ones((rows, columns), bool)
    powers = np.where(visible, np.exp(scores - scores.max(axis=2, keepdims=True)), 0)
    weights = (powers / powers.sum(axis=2, keepdims=True)).astype(np.float32)
    return AttentionTrace(layer, kind, queries, keys, values, scores, visible, weights, width**-0.5)


def run(layers: int = 2, heads: int = 3, tokens: tuple[str, ...] | int = 6, width: int = 8, **options) -> Trace:
    """A causal model's run unless `causal=False`."""
    words = tuple(f" w{i}" for i in range(tokens)) if isinstance(tokens, int) else tokens
    attentions = tuple(attention(layer, heads, len(words), len(words), width, **options) for layer in range(layers))
    return _trace("causal", words, attentions)


def translator(source: int = 7, target: int = 4) -> Trace:
    """Encoder, decoder and cross-attention, S != T."""
    attentions = (
        attention(0, 2, source, source, 8, "encoder", causal=False),
        attention(0, 2, target, target, 8),
        attention(0, 2, target, source, 8, "cross", causal=False),
    )
    return _trace("seq2seq", tuple(f" t{i}" for i in range(target)), attentions, tuple(f" s{i}" for i in range(source)))


def _trace(kind, tokens: tuple[str, ...], attentions, source: tuple[str, ...] | None = None) -> Trace:
    return Trace(
        model_id="random", model_kind=kind, text="".join(tokens), tokens=tokens, token_ids=np.arange(len(tokens)),
        spans=((0, 0),) * len(tokens), hidden_states=np.zeros((1, len(tokens), 4), np.float32), logits=None,
        attentions=attentions, source_tokens=source,
    )  # fmt: skip
