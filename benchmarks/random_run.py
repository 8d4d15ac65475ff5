"""A Trace of GPT-2's shape made of random numbers: what drawing costs does not depend on what is drawn."""

import numpy as np

from model_utils.types import AttentionTrace, Trace

LAYERS, HEADS, WIDTH = 12, 12, 64


def random_trace(tokens: int) -> Trace:
    """12 x 12 causal heads over so many tokens; scores and weights follow from the random queries and keys."""
    chance = np.random.default_rng(tokens)
    words = tuple(f" word{place}" for place in range(tokens))
    return Trace(
        model_id="random",
        model_kind="causal",
        text="".join(words),
        tokens=words,
        token_ids=np.arange(tokens),
        spans=tuple((0, 0) for _ in words),
        hidden_states=np.zeros((LAYERS + 1, tokens, 1), np.float32),
        logits=None,
        attentions=tuple(_attention(chance, layer, tokens) for layer in range(LAYERS)),
    )


def _attention(chance: np.random.Generator, layer: int, tokens: int) -> AttentionTrace:
    queries, keys, values = chance.standard_normal((3, HEADS, tokens, WIDTH), dtype=np.float32)
    scores = queries @ keys.transpose(0, 2, 1) / np.float32(WIDTH**0.5)  # (H, T, S)
    visible = np.tri(tokens, dtype=bool)
    raised = np.exp(np.where(visible, scores, -np.inf))
    weights = raised / raised.sum(-1, keepdims=True)
    return AttentionTrace(layer, "self", queries, keys, values, scores, visible, weights, WIDTH**-0.5)
