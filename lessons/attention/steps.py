"""What the demos draw, computed by maths.py from a run's own tensors: numpy in and out, plain values between."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from lessons.attention import maths
from model_utils.types import Floats, Trace

RANDOM_KEYS = 8
RANDOM_QUERIES = 400
WIDTHS = tuple(2**power for power in range(10))  # 1 to 512
TOY_COLUMNS = ("q₁", "q₂", "k₁", "k₂", "v₁", "v₂")
TOY = np.array([[0, 1, 3, 0, 0, 2], [0, 0, 0, 0, -2, -1], [2, 0, 0, 2, 2, -1]], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Steps:
    """One query of one head on its way to an output. S key tokens, D head width."""

    place: int  # the query's own place among the tokens
    query: Floats  # (D,)
    keys: Floats  # (S, D)
    values: Floats  # (S, D)
    products: Floats  # (S,) q · k
    scores: Floats  # (S,) after scaling (and position term), -inf where the mask hides
    weights: Floats  # (S,)
    contributions: Floats  # (S,) length of weight times value
    output: Floats  # (D,)
    scaling: float
    only_scaled: bool  # False: this model adds a position term to its scores, or bends them

    @property
    def strongest(self) -> int:
        """The place that this query looks at most."""
        return int(self.weights.argmax())


@dataclass(frozen=True, eq=False)
class Saturation:
    """Softmax with and without the division, over random vectors of unit variance; means over many queries."""

    widths: NDArray[np.int64]
    entropy_scaled: Floats  # (widths,) bits
    entropy_unscaled: Floats
    response_scaled: Floats  # (widths,)
    response_unscaled: Floats


def steps(run: Trace, layer: int, head: int, place: int) -> Steps:
    """The steps of one query: layer, head and place count from 0."""
    attention = run.attentions[layer]
    query, keys, values = (
        torch.tensor(states[head]) for states in (attention.queries[:, place], attention.keys, attention.values)
    )  # (D,), (S, D), (S, D)
    products = maths.dot_products(query.unsqueeze(0), keys)[0]  # (S,)
    scores = torch.tensor(attention.attn_scores[head, place])  # (S,)
    seen = scores.masked_fill(~torch.tensor(attention.visible[place]), -torch.inf)  # (S,)
    weights = maths.softmax(seen)  # (S,)
    return Steps(
        place=place,
        query=query.numpy(),
        keys=keys.numpy(),
        values=values.numpy(),
        products=products.numpy(),
        scores=seen.numpy(),
        weights=weights.numpy(),
        contributions=maths.contributions(weights.unsqueeze(0), values)[0].numpy(),
        output=maths.weighted_sum(weights, values).numpy(),
        scaling=attention.scaling,
        only_scaled=bool(torch.allclose(products * attention.scaling, scores, atol=1e-3)),
    )


def entropy(attn_weights: Floats) -> Floats:
    """Bits of each row. attn_weights: (..., T, S), returns (..., T)."""
    return maths.row_entropy(torch.tensor(attn_weights)).numpy()


def layer_entropies(run: Trace) -> Floats:
    """Mean entropy of the rows of each layer: (L,) bits."""
    return np.array([entropy(attention.attn_weights).mean() for attention in run.attentions], dtype=np.float32)


def score_asymmetry(scores: Floats) -> Floats:
    """score(i, j) - score(j, i) for one head, before any mask: (T, T) in and out."""
    return maths.asymmetry(torch.tensor(scores)).numpy()


def toy(table: Floats) -> tuple[Floats, Floats]:
    """Weights (3, 3) and outputs (3, 2) of an attention small enough to do by hand.

    table: (3, 6), a row a word, two columns each for its query, key and value.
    """
    queries, keys, values = torch.tensor(table).split(2, dim=1)  # (3, 2) each
    weights = maths.attention_weights(queries, keys)
    return weights.numpy(), maths.weighted_sum(weights, values).numpy()


def random_weights(width: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Weights of one random query over a few random keys: (keys,) with the division by sqrt(width), and without."""
    keys = maths.random_vectors(RANDOM_KEYS, width, seed)  # (S, D)
    query = maths.random_vectors(1, width, seed + 1)  # (1, D)
    products = maths.dot_products(query, keys)[0]  # (S,)
    return maths.softmax(maths.scaled(products, width)).numpy(), maths.softmax(products).numpy()


@cache
def saturation() -> Saturation:
    """Mean entropy and responsiveness for each of WIDTHS."""
    rows = [_mean_row(width) for width in WIDTHS]
    return Saturation(np.array(WIDTHS), *(np.array(column, dtype=np.float32) for column in zip(*rows, strict=True)))


def _mean_row(width: int) -> tuple[float, float, float, float]:
    keys = maths.random_vectors(RANDOM_KEYS, width, seed=0)
    products = maths.dot_products(maths.random_vectors(RANDOM_QUERIES, width, seed=1), keys)  # (T, S)
    intact, broken = maths.softmax(maths.scaled(products, width)), maths.softmax(products)
    measures = (maths.row_entropy, maths.responsiveness)
    return tuple(measure(weights).mean().item() for measure in measures for weights in (intact, broken))


def map_of(run: Trace, layer: int, head: int) -> Floats:
    """The weights (T, S) of one head, or of the last one where a model has fewer layers or heads."""
    weights = run.attentions[min(layer, len(run.attentions) - 1)].attn_weights  # (H, T, S)
    return weights[min(head, len(weights) - 1)]
