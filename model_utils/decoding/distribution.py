"""From logits to the next token: always over the whole vocabulary, never over its top."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model_utils.types import Floats


def next_token_distribution(logits: Floats) -> NDArray[np.float64]:
    r"""\(p_i = e^{z_i} / \sum_{j=1}^{V} e^{z_j}\): logits (V,) -> probs (V,), in float64, summing to 1."""
    shifted = logits.astype(np.float64) - logits.max()  # (V,) the largest is 0: no overflow
    powers = np.exp(shifted)  # (V,)
    return powers / powers.sum()  # (V,)


def top(probs: NDArray[np.float64], vocabulary: Sequence[str], k: int) -> list[tuple[str, float, int]]:
    """The k likeliest tokens as (token, probability, id), likeliest first; equals in order of id."""
    order = np.argsort(-probs, kind="stable")[: max(k, 0)]
    return [(vocabulary[i], float(probs[i]), int(i)) for i in order]
